"""The page Ask: a question, by whom and from when it is answered, the answer with its proof; also as it comes about."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from probatum.errors import ProbatumError
from probatum.knowledge import Knowledge
from probatum.naming import card_of, find, names, plain
from probatum.store.linking import concepts_in
from probatum.types import Answer, Question
from probatum.web import answers, pages, usage
from probatum.web.overhearing import Heard
from probatum.web.pages import Asked, asked_of, html, page
from probatum.web.problems import Problem, invalid, of_error
from probatum.web.reception import Here, Reception

router = APIRouter(include_in_schema=False)
LONGEST = 4000  # characters of a question
GIVEN = 12  # snippets for a method that usually has none
DAYS = 12  # earlier days that are offered
PATIENTS = ("differential",)  # methods that ask for a patient, who has a page of its own


@router.get("/ask")
async def ask(request: Request, reception: Here) -> Response:
    """The page Ask: a question, its answer, the sources."""
    asked, marked = usage.told(asked_of(request))
    question = _question(asked)
    return await reception.long(
        lambda kb: html(_drawn(reception, kb, asked, question, marked=marked)[0]), asked.get("as_of")
    )


@router.get("/ask.events")
async def ask_events(request: Request, reception: Here) -> Response:
    """The same as it comes about (server-sent events): `step` what is being done, `sentence` what holds, `page`."""
    asked = asked_of(request, "/ask")
    question = _question(asked)
    loop, told = asyncio.get_running_loop(), asyncio.Queue[tuple[str, int] | None]()

    def heard(what: str, count: int) -> None:
        loop.call_soon_threadsafe(told.put_nowait, (what, count))

    def drawn(kb: Knowledge) -> tuple[str, answers.Shown | None]:
        try:
            return _drawn(reception, kb, asked, question, heard)
        finally:
            loop.call_soon_threadsafe(told.put_nowait, None)

    task = asyncio.ensure_future(reception.long(drawn, asked.get("as_of")))
    task.add_done_callback(lambda _: told.put_nowait(None))  # also where it never began
    return StreamingResponse(_events(request, asked, task, told), media_type="text/event-stream")


@router.get("/ask.json")
async def ask_json(request: Request, reception: Here) -> Response:
    """The answer of the page Ask as JSON."""
    asked = asked_of(request)
    question = _question(asked)

    def drawn(kb: Knowledge) -> Response:
        return pages.json_file(_answer(reception, kb, asked, question, again=True), "answer.json")

    return await reception.long(drawn, asked.get("as_of"))


@router.get("/ask.csv")
async def ask_csv(request: Request, reception: Here) -> Response:
    """The sources of the page Ask as a table."""
    asked = asked_of(request)
    question = _question(asked)

    def drawn(kb: Knowledge) -> Response:
        shown = answers.shown(_answer(reception, kb, asked, question, again=True), kb.store, asked.language)
        return pages.table_file(answers.table(shown.sources), "sources.csv")

    return await reception.long(drawn, asked.get("as_of"))


async def _events(
    request: Request,
    asked: Asked,
    task: asyncio.Future[tuple[str, answers.Shown | None]],
    told: asyncio.Queue[tuple[str, int] | None],
) -> AsyncIterator[bytes]:
    while step := await told.get():
        what, count = step
        yield _event("step", {"what": what, "said": asked.words[f"doing_{what}"].format(count)})
    try:
        drawn, shown = await task
    except (Problem, ProbatumError) as error:
        problem = error if isinstance(error, Problem) else of_error(error)
        drawn, shown = page("problem.html", asked, None, problem=problem), None
    for claim in shown.claims if shown else ():
        text = " ".join(piece.text for piece in claim.pieces)
        marks = [mark for piece in claim.pieces for mark in piece.marks]
        yield _event("sentence", {"number": claim.number, "text": text, "marks": marks, "support": claim.support})
    yield _event("page", {"html": drawn})


def _event(name: str, said: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(said, ensure_ascii=True)}\n\n".encode()


def _drawn(
    reception: Reception,
    kb: Knowledge,
    asked: Asked,
    question: Question,
    heard: Heard | None = None,
    *,
    marked: str = "",
) -> tuple[str, answers.Shown | None]:
    """The page and what it shows; nothing is asked where there is no question."""
    method, writer = reception.chosen(asked.get("method"), asked.get("model"))
    choices: dict[str, Any] = {
        "methods": [(name, card_of(find("methods", name)).title) for name in _methods()],
        "models": list(reception.writers),
        "days": _days(kb),
        "writer": writer,
    }
    if not question.text:
        return page("ask.html", asked, kb.store, question="", shown=None, opened=None, **choices), None
    answer = _answer(reception, kb, asked, question, heard, again=bool(marked or asked.get("open")))
    shown = answers.shown(answer, kb.store, asked.language, _named(kb, question.text))
    opened = asked.number("open")
    source = shown.sources[opened - 1] if 0 < opened <= len(shown.sources) else None
    document = pages.opened(kb.store, source.query, asked.language) if source else None
    choices |= {"question": question.text, "shown": shown, "opened": source, "document": document}
    choices |= {"marked": marked, **usage.form(reception, plain(method))}
    return page("ask.html", asked, kb.store, **choices), shown


def _methods() -> list[str]:
    return [name for name in names("methods") if name not in PATIENTS and hasattr(find("methods", name), "card")]


def _days(kb: Knowledge) -> list[str]:
    """The days on which something was published, newest first; the newest of all is what is used without a day."""
    view = kb.store.view
    return sorted({one.dated for one in (*view.shown, *view.hidden)}, reverse=True)[1 : DAYS + 1]


def _named(kb: Knowledge, text: str) -> list[frozenset[str]]:
    """The things that a question names, in its order, each by all of its ids."""
    found: dict[tuple[int, int], set[str]] = {}
    for link in concepts_in(kb.store, text, kb.annotate(text)):
        found.setdefault((link.start, link.end), set()).update((link.concept, *kb.store.same(link.concept)))
    return [frozenset(found[span]) for span in sorted(found)]


def _question(asked: Asked) -> Question:
    text = asked.get("q").strip()
    if len(text) > LONGEST:
        raise invalid(f"a question has at most {LONGEST} characters")
    return Question(text)


def _answer(
    reception: Reception,
    kb: Knowledge,
    asked: Asked,
    question: Question,
    heard: Heard | None = None,
    *,
    again: bool = False,
) -> Answer:
    method, writer = reception.chosen(asked.get("method"), asked.get("model"))
    known = inspect.signature(find("methods", method)).parameters
    # A discussion that the method would hold without evidence is given some here: what a page says is cited.
    settings = {"snippets_kept": GIVEN} if "snippets_kept" in known and not known["snippets_kept"].default else {}
    return reception.answer(kb, question, method, writer=writer, settings=settings, heard=heard, again=again)
