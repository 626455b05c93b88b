"""A language model behind any server that speaks the OpenAI protocol: vLLM, Ollama, llama.cpp, or a cloud."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from probatum.errors import ModelFailed, NeedsFile
from probatum.formats.fetch import Incoming, NamedServer
from probatum.naming import card
from probatum.shapes import LanguageModel
from probatum.types import Reply, Request

LARGEST = 4 << 20  # bytes of one reply; an endless stream ends here, or when its time is up
OK = 200
TOLD = 20  # alternatives whose likelihood a server tells at most
_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})


@card(
    "OpenAI-shaped server",
    reference="https://platform.openai.com/docs/api-reference/chat",
    languages=("en", "zh"),
)
def openai(*, url: str = "", model: str = "", key: str = "", seconds: float = 60.0, tries: int = 3) -> LanguageModel:
    """A model at `url` (as http://127.0.0.1:8000/v1); also PROBATUM_MODEL_URL, PROBATUM_MODEL and PROBATUM_MODEL_KEY.

    A reply is had within `seconds` altogether, tries and waiting included (429 and 5xx are tried again, a server's
    Retry-After being heeded), or `ModelFailed` is raised; a reply that is cut off, empty, endless or no JSON is never
    taken for one. JSON is asked for by `response_format`; likelihoods of choices are read from the alternatives of the
    first token, -inf where a choice is not among them. Raises `NeedsFile` without an address.
    """
    base = url or os.environ.get("PROBATUM_MODEL_URL", "")
    if not base:
        raise NeedsFile("no model server is named", mend="--set url=http://127.0.0.1:8000/v1 or PROBATUM_MODEL_URL")
    name = model or os.environ.get("PROBATUM_MODEL", "")
    secret = key or os.environ.get("PROBATUM_MODEL_KEY", "")
    return _Server(NamedServer(base, key=secret), name, seconds, tries)


@dataclass(frozen=True, slots=True)
class _Server:
    """A server, the model asked for there, and how long to wait. Threads may share it."""

    server: NamedServer
    model: str
    seconds: float
    tries: int

    @property
    def leaves_host(self) -> bool:
        """Whether the server is another computer."""
        return not self.server.is_here

    def __call__(self, request: Request) -> Reply:
        """The server's reply."""
        began = time.monotonic()
        until = began + self.seconds
        for turn in range(1, self.tries + 1):
            try:
                with self.server.post("chat/completions", self._asked(request), until=until) as answer:
                    if answer.status == OK:
                        return _reply(answer, request, until, began)
                    wait, why = _wait(answer, turn), f"it answered {answer.status}"
                    if answer.status not in _AGAIN:
                        raise ModelFailed(f"the model server refused: {why}", where=answer.url, mend=_mend(answer))
            except ConnectionError as error:
                wait, why = 0.2 * 2.0**turn, str(error)
            if turn == self.tries or time.monotonic() + wait >= until:
                break
            time.sleep(wait)
        raise ModelFailed(f"the model server gave no reply: {why}", where=self.server.base, mend=_LOOK)

    def _asked(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": role, "content": text} for role, text in request.messages],
            "temperature": request.temperature,
            "seed": request.seed,
            "max_tokens": 1 if request.choices else request.longest,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.choices:
            body |= {"logprobs": True, "top_logprobs": TOLD}
        if request.schema:
            schema = {"name": "reply", "schema": json.loads(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body


_LOOK = "see whether the server runs and the address is right; the answer without a model stands meanwhile"


def _reply(answer: Incoming, request: Request, until: float, began: float) -> Reply:
    """The reply that a stream of events, or one JSON object, tells."""
    text: list[str] = []
    ended = ""
    usage: Any = {}
    told: list[Any] = []
    for event in _events(answer, until):
        usage = event.get("usage") or usage
        for choice in event.get("choices") or ():
            said = (choice.get("delta") or choice.get("message") or {}).get("content")
            text.append(said if isinstance(said, str) else "")
            ended = choice.get("finish_reason") or ended
            told = told or ((choice.get("logprobs") or {}).get("content") or [])[:1]
    whole = "".join(text)
    if not ended:
        raise ModelFailed("the model's reply was cut off", where=answer.url, mend=_LOOK)
    if not whole.strip() and not request.choices:
        raise ModelFailed("the model's reply is empty", where=answer.url, mend=_LOOK)
    if request.schema:
        try:
            json.loads(whole)
        except ValueError as error:
            raise ModelFailed(f"the model's reply is no JSON: {error}", where=answer.url) from error
    counted = usage if isinstance(usage, Mapping) else {}
    return Reply(
        whole,
        _chances(told, request.choices),
        int(counted.get("prompt_tokens") or 0),
        int(counted.get("completion_tokens") or 0),
        time.monotonic() - began,
        "length" if ended == "length" else "stop",
    )


def _events(answer: Incoming, until: float) -> Iterator[dict[str, Any]]:
    size = 0
    lines: list[str] = []
    streamed = "text/event-stream" in answer.kind
    for line in _lines(answer, until):
        size += len(line)
        if size > LARGEST:
            raise ModelFailed(f"the model's reply is longer than {LARGEST:,} bytes", where=answer.url)
        if not streamed:
            lines.append(line)
        elif line.startswith("data:") and line[5:].strip() != "[DONE]":
            yield _object(line[5:], answer)
    if lines:
        yield _object("\n".join(lines), answer)


def _lines(answer: Incoming, until: float) -> Iterator[str]:
    """The lines of a body, as long as there is time: a server that drips is not waited for byte by byte."""
    rest, size = b"", 0
    for block in answer.blocks:
        size += len(block)
        if time.monotonic() > until or size > LARGEST:
            raise ModelFailed("the model's reply came to no end in time", where=answer.url, mend=_LOOK)
        *whole, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
    if rest:
        yield rest.decode("utf-8", "replace")


def _object(text: str, answer: Incoming) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelFailed(f"the model server sent what is no JSON: {text[:80]!r}", where=answer.url) from error
    if not isinstance(value, dict) or value.get("error"):
        raise ModelFailed(f"the model server sent an error: {text[:200]}", where=answer.url)
    return value


def _chances(told: list[Any], choices: tuple[str, ...]) -> tuple[float, ...]:
    """The likelihood of each choice among the alternatives of the first token; the best where several spell it."""
    alternatives = (told[0].get("top_logprobs") or []) if told else []
    best: dict[str, float] = {}
    for each in alternatives:
        spelled, value = str(each.get("token", "")).strip(), float(each.get("logprob", -math.inf))
        best[spelled] = max(value, best.get(spelled, -math.inf))
    return tuple(best.get(choice, -math.inf) for choice in choices)


def _wait(answer: Incoming, turn: int) -> float:
    return float(answer.retry_after) if answer.retry_after.isdigit() else 0.2 * 2.0**turn


def _mend(answer: Incoming) -> str:
    return "see to the key (PROBATUM_MODEL_KEY)" if answer.status in {401, 403} else "see to the name of the model"
