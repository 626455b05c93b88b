"""A model that says what it was told to say: control flow, agents and attacks are tried on it without any model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from probatum.errors import ModelFailed
from probatum.naming import card
from probatum.shapes import LanguageModel
from probatum.types import Reply, Request

Say = Callable[[Request], str]


@card("Scripted model", languages=("en", "zh"))
def scripted(*, says: Sequence[str] | Say = (), leaves_host: bool = False) -> LanguageModel:
    """A model that gives the lines of a script in their order, or what a function makes of each request.

    Tokens are counted as words. Raises `ModelFailed` where the script is at its end: an answer is never made up.
    """
    return _Scripted(says, leaves_host)


@dataclass(slots=True)
class _Scripted:
    """The script and how far it was read. Threads may share it; they take turns."""

    says: Sequence[str] | Say
    leaves_host: bool
    asked: list[Request] = field(default_factory=list)
    _turns: Lock = field(default_factory=Lock)

    def __call__(self, request: Request) -> Reply:
        """The next line of the script."""
        with self._turns:
            place = len(self.asked)
            self.asked.append(request)
            if callable(self.says):
                text = self.says(request)
            elif place < len(self.says):
                text = self.says[place]
            else:
                raise ModelFailed(f"the script has {len(self.says)} lines; line {place + 1} was asked for")
        chances = tuple(0.0 if choice == text.strip() else float("-inf") for choice in request.choices)
        words = sum(len(said.split()) for _, said in request.messages)
        return Reply(text, chances, words, len(text.split()))
