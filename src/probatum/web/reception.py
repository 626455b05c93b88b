"""Takes a request to the verbs: lends it one knowledge release, gives it a thread, sends it away when all are full."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic_core import PydanticSerializationError, to_json

from probatum import verbs
from probatum.desk import LEAVES, Budget
from probatum.errors import UnknownName
from probatum.knowledge import Knowledge
from probatum.ledger.usage import Usage
from probatum.naming import plain
from probatum.shapes import LanguageModel
from probatum.types import Answer, Question
from probatum.web.gate import Gate
from probatum.web.memory import Memory
from probatum.web.overhearing import Heard, overheard
from probatum.web.shelf import Shelf

Result = TypeVar("Result")
BRIEFLY = 60.0  # seconds
NOBODY = "none"  # as the name of a model: what is said is copied
CODE = re.compile("[a-z-]{1,40}")  # of a reason; what else stands there may be words of the question


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes on."""

    workers: int = 4  # requests at work at once; the work holds the interpreter for most of its time
    waiting: int = 128  # requests that wait their turn; beyond that 429
    body: int = 2 * 1024 * 1024  # bytes of a request's body
    look_after: float = 1.0  # seconds between two looks for a new knowledge release
    remembered: int = 256  # answers kept in memory
    budget: Budget = field(default_factory=lambda: Budget(seconds=60.0))  # what one answer may take of a model


@dataclass(frozen=True, slots=True)
class Reception:
    """What the routes need: the shelf, and two gates, so that typing never stands behind a long question."""

    shelf: Shelf
    limits: Limits
    work: Gate
    quick: Gate
    memory: Memory[Answer]
    found: Memory[bytes]  # what searches were answered with
    writers: Mapping[str, LanguageModel] = field(default_factory=dict)  # by name; the copyist is none of them
    leaves: str = LEAVES[0]  # what a model on another computer may be told
    usage: Usage | None = None  # where what was asked is counted

    def answer(
        self,
        knowledge: Knowledge,
        question: Question,
        method: str,
        *,
        writer: str = "",
        settings: Mapping[str, Any] | None = None,
        heard: Heard | None = None,
        again: bool = False,
    ) -> Answer:
        """The answer of a method on the knowledge's own desk; raises `UnknownName`, `BadPlan`.

        `writer` names one of `writers`; without one nothing is written but copies. `heard` is told what is being done.
        `again`: nobody asked anew, a page is drawn again or its answer is saved; that is not counted.
        """
        if writer and writer not in self.writers:
            raise UnknownName(f"no model {writer!r} here", mend=f"there are: {', '.join(self.writers) or 'none'}")
        key, begun = (knowledge.store.content, asked_by(method, writer, settings), question), time.perf_counter()
        answer = self.memory.recall(key)
        if answer is None:
            desk = replace(knowledge.desk, model=self.writers[writer]) if writer else knowledge.desk
            desk = overheard(desk, heard) if heard else desk
            budget, given = self.limits.budget, settings or {}
            answer = verbs.ask(
                knowledge.store, question, method, desk=desk, budget=budget, leaves=self.leaves, **given
            )  # fmt: skip
            # A server that was down may be up again soon; to open a source of what stands in need not wait for it.
            self.memory.keep(key, answer, BRIEFLY if failed(answer) else math.inf)
        if not again:
            self._count(method, answer, begun)
        return answer

    @property
    def writer(self) -> str:
        """The name of the language model in use; empty where there is none."""
        return next(iter(self.writers), "")

    @property
    def usual(self) -> str:
        """The method of those who name none."""
        return self.chosen("", "")[0]

    def chosen(self, method: str, model: str) -> tuple[str, str]:
        """(method, writer) for what a request names, each perhaps empty; `NOBODY` as the model wants copies."""
        writer = "" if model == NOBODY else model or self.writer
        return method or ("rag" if writer else "quoted"), writer

    def ranking(self, knowledge: Knowledge, question: Question, *, keep: int, explained: int) -> Answer:
        """At most `keep` diagnoses for the question's patient, the first `explained` of them with their reasons."""
        store, desk = knowledge.store, knowledge.desk
        begun = time.perf_counter()
        answer = verbs.ask(store, question, "differential", desk=desk, keep=keep, explained=explained)
        self._count("differential", answer, begun)
        return answer

    async def remembered(self, kind: str, question: Question, write: Callable[[Knowledge], Response]) -> Response:
        """What `write` gives, asked once for a kind of request, a question and a content of the knowledge.

        What is remembered waits for no thread: it is given at once, however many questions are at work.
        """
        begun = time.perf_counter()
        with self.shelf.lend() as standing:
            key = standing.store.content, kind, question
        body = self.found.recall(key)
        if body is not None:
            if answer := self.memory.recall(key):
                self._count(kind.partition(" ")[0], answer, begun)
            return Response(body, media_type="application/json")

        def written(lent: Knowledge) -> Response:
            made = write(lent)
            key = lent.store.content, kind, question
            self.found.keep(key, bytes(made.body), self.memory.left(key))
            return made

        return await self.long(written)

    async def long(self, task: Callable[[Knowledge], Result], as_of: str = "") -> Result:
        """What `task` gives, on one snapshot from beginning to end; with `as_of` (ISO) on what was held that day."""
        if not as_of:
            return await self.work.run(lambda: self._on_loan(task))

        def earlier() -> Result:
            with self.shelf.earlier(as_of) as knowledge:
                return task(knowledge)

        return await self.work.run(earlier)

    async def short(self, task: Callable[[Knowledge], Result]) -> Result:
        """The same for what takes milliseconds: a look-up, a completion."""
        return await self.quick.run(lambda: self._on_loan(task))

    def close(self) -> None:
        """Ends the threads, then closes the store."""
        self.work.close()
        self.quick.close()
        self.shelf.close()
        if self.usage:
            self.usage.write()

    def _count(self, method: str, answer: Answer, begun: float) -> None:
        if self.usage:
            code = (answer.abstained or "").partition(":")[0].strip()
            outcome = code if CODE.fullmatch(code) else "other" if code else ""
            self.usage.asked(plain(method), outcome, time.perf_counter() - begun)

    def _on_loan(self, task: Callable[[Knowledge], Result]) -> Result:
        with self.shelf.lend() as knowledge:
            return task(knowledge)


def asked_by(method: str, writer: str = "", settings: Mapping[str, Any] | None = None) -> str:
    """What an answer is remembered by, besides its question and the knowledge."""
    return f"{method} {writer} {sorted((settings or {}).items())}"


def failed(answer: Answer) -> bool:
    """Whether the language model failed and the quoted answer stands in."""
    return any(step.what == "model" and step.said.startswith("failed") for step in answer.trace)


def reception_of(request: Request) -> Reception:
    """The reception of the application that serves a request."""
    found: Reception = request.app.state.reception
    return found


Here = Annotated[Reception, Depends(reception_of)]


def as_json(content: object) -> Response:
    """A JSON response; half of a surrogate pair, which JSON can smuggle in, becomes a question mark."""
    try:
        body = to_json(content, inf_nan_mode="null")
    except PydanticSerializationError:  # half of a surrogate pair is no UTF-8
        body = to_json(_encodable(content), inf_nan_mode="null")
    return Response(body, media_type="application/json")


def _encodable(content: Any) -> Any:
    """The same content as plain JSON values in which every text can be written."""
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode("utf-8")
    if isinstance(content, Mapping):
        return {_encodable(key): _encodable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_encodable(each) for each in content]
    if is_dataclass(content):
        return {each.name: _encodable(getattr(content, each.name)) for each in fields(content)}
    return content
