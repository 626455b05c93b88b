"""Tells somebody who waits for an answer what is being done for it: what is searched, what the model is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from probatum.desk import Desk
from probatum.shapes import LanguageModel
from probatum.types import Evidence, Question, Reply, Request

Heard = Callable[[str, int], None]  # what (searching, found, asking, written), and how many: facts, calls, words


def overheard(desk: Desk, heard: Heard) -> Desk:
    """The same desk; `heard` is told of each search and of each request to the model, from the thread that works."""

    def retrieve(question: Question, keep: int) -> list[Evidence]:
        heard("searching", 0)
        found = desk.retrieve(question, keep)
        heard("found", len(found))
        return found

    return replace(desk, retrieve=retrieve, model=_Writing(desk.model, heard))


@dataclass(slots=True)
class _Writing:
    """A model whose requests are counted aloud; what it writes is not told, for it is not checked yet."""

    model: LanguageModel
    heard: Heard
    calls: int = 0

    @property
    def leaves_host(self) -> bool:
        """As the model within."""
        return self.model.leaves_host

    def __call__(self, request: Request) -> Reply:
        """The model's reply."""
        self.calls += 1
        self.heard("asking", self.calls)
        reply = self.model(request)
        self.heard("written", len(reply.text.split()) if " " in reply.text else len(reply.text))
        return reply
