"""Takes a request to the verbs: lends it one knowledge release, gives it a thread, sends it away when all are full."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response

from probatum import verbs
from probatum.knowledge import Knowledge
from probatum.types import Answer, Question
from probatum.web.gate import Gate
from probatum.web.memory import Memory
from probatum.web.shelf import Shelf

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on."""

    workers: int = 4  # requests at work at once; the work holds the interpreter for most of its time
    waiting: int = 128  # requests that wait their turn; beyond that 429
    body: int = 2 * 1024 * 1024  # bytes of a request's body
    look_after: float = 1.0  # seconds between two looks for a new knowledge release
    remembered: int = 256  # answers kept in memory


@dataclass(frozen=True, slots=True)
class Reception:
    """What the routes need: the shelf, and two gates, so that typing never stands behind a long question."""

    shelf: Shelf
    limits: Limits
    work: Gate
    quick: Gate
    memory: Memory

    def answer(self, knowledge: Knowledge, question: Question, method: str) -> Answer:
        """The answer of a method on the knowledge's own desk; raises `UnknownName`."""
        key = (knowledge.store.content, method, question)
        answer = self.memory.recall(key)
        if answer is None:
            answer = verbs.ask(knowledge.store, question, method, desk=knowledge.desk)
            self.memory.keep(key, answer)
        return answer

    def ranking(self, knowledge: Knowledge, question: Question, *, keep: int, explained: int) -> Answer:
        """At most `keep` diagnoses for the question's patient, the first `explained` of them with their reasons."""
        store, desk = knowledge.store, knowledge.desk
        return verbs.ask(store, question, "differential", desk=desk, keep=keep, explained=explained)

    async def long(self, task: Callable[[Knowledge], Result]) -> Result:
        """What `task` gives, on one snapshot from beginning to end."""
        return await self.work.run(lambda: self._on_loan(task))

    async def short(self, task: Callable[[Knowledge], Result]) -> Result:
        """The same for what takes milliseconds: a look-up, a completion."""
        return await self.quick.run(lambda: self._on_loan(task))

    def close(self) -> None:
        """Ends the threads, then closes the store."""
        self.work.close()
        self.quick.close()
        self.shelf.close()

    def _on_loan(self, task: Callable[[Knowledge], Result]) -> Result:
        with self.shelf.lend() as knowledge:
            return task(knowledge)


def reception_of(request: Request) -> Reception:
    """The reception of the application that serves a request."""
    found: Reception = request.app.state.reception
    return found


Here = Annotated[Reception, Depends(reception_of)]


def as_json(content: object) -> Response:
    """A JSON response; half of a surrogate pair, which JSON can smuggle in, becomes a question mark."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), media_type="application/json")
