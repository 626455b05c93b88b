"""A model whose exchanges were recorded once: it says again, to the byte, what was said then."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from probatum.errors import BadFormat, ModelFailed, NeedsFile
from probatum.naming import card
from probatum.shapes import LanguageModel
from probatum.types import Reply, Request


def hash_of(request: Request) -> str:
    """The sha256 of all that a reply depends on: messages, schema, choices and settings; not the evidence behind them.

    A request without messages (for a model that copies) is known by its question and evidence.
    """
    told = {
        name: getattr(request, name)
        for name in ("messages", "schema", "choices", "temperature", "seed", "longest", "stop")
    }
    if request.tools:
        told["tools"] = request.tools
    if not request.messages:
        told["copied"] = [request.question.text, [piece.text for piece in request.evidence]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@card("Replayed exchanges", languages=("en", "zh"))
def replay(*, file: str = "") -> LanguageModel:
    """A model over a file of recorded exchanges (JSON lines: request hash, number, reply).

    A request that was made several times gets its replies in their order, and the last one from then on. Raises
    `NeedsFile`, `BadFormat`, and `ModelFailed` for a request that was never recorded.
    """
    path = Path(file)
    if not file or not path.is_file():
        raise NeedsFile(f"no recorded exchanges at {file!r}", mend="record some: --record FILE")
    replies: dict[str, list[Reply]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            lists = {key: tuple(said["reply"].get(key, ())) for key in ("chances", "calls")}
            reply = Reply(**{**said["reply"], **lists})
            replies.setdefault(said["request"], []).append(reply)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadFormat(f"not a recorded exchange: {error}", where=f"{path}:{number}") from error
    return _Replay(replies)


def recording(model: LanguageModel, file: Path) -> LanguageModel:
    """The same model, each of whose exchanges is appended to a file that `replay` reads."""
    return _Recorder(model, file)


@dataclass(slots=True)
class _Replay:
    """The recorded replies and how often each request was made."""

    replies: dict[str, list[Reply]]
    leaves_host: bool = False
    _made: dict[str, int] = field(default_factory=dict)
    _turns: Lock = field(default_factory=Lock)

    def __call__(self, request: Request) -> Reply:
        """The reply that was recorded for a request."""
        key = hash_of(request)
        if key not in self.replies:
            raise ModelFailed(f"no reply was recorded for this request ({key[:12]})", mend="record it: --record FILE")
        with self._turns:
            turn = self._made.get(key, 0)
            self._made[key] = turn + 1
        known = self.replies[key]
        return known[min(turn, len(known) - 1)]


@dataclass(slots=True)
class _Recorder:
    """A model with a file beside it."""

    model: LanguageModel
    file: Path
    _turns: Lock = field(default_factory=Lock)

    @property
    def leaves_host(self) -> bool:
        """As the model that is recorded."""
        return self.model.leaves_host

    def __call__(self, request: Request) -> Reply:
        """The model's reply, written down before it is handed on."""
        reply = self.model(request)
        said: dict[str, Any] = {"request": hash_of(request), "reply": asdict(reply)}
        with self._turns, self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n")
        return reply
