"""The pages Case and Source, and what all pages share: drawn on the server, all of their state in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.datastructures import UploadFile

from probatum import knowledge
from probatum.errors import BadFormat
from probatum.knowledge import Knowledge
from probatum.store.reader import Store
from probatum.text.language import recognise
from probatum.types import Answer, Question
from probatum.web import answers, case, diagnoses, documents, given
from probatum.web.markup import short, with_ids
from probatum.web.problems import Problem
from probatum.web.reception import Here, Reception, as_json
from probatum.web.words import LANGUAGES, Words, chosen, words

router = APIRouter(include_in_schema=False)
ENVIRONMENT = Environment(
    loader=PackageLoader("probatum.web"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(ids=with_ids, short=short)
ROWS = 10  # diagnoses on the page where the address does not say
MOST_ROWS = 100
TYPED = 200  # characters of a phenotype's name
OFFERED = 8  # phenotypes that an unclear name may mean


@dataclass(frozen=True, slots=True)
class Asked:
    """What every page needs to know of its request."""

    path: str
    items: tuple[tuple[str, str], ...]
    language: str

    @property
    def words(self) -> Words:
        """The page's words."""
        return words(self.language)

    def get(self, name: str) -> str:
        """One value of the address, or an empty string."""
        return dict(self.items).get(name, "")

    def number(self, name: str, otherwise: int = 0) -> int:
        """One value of the address as a number; `otherwise` where it is none."""
        return _number(self.get(name), otherwise)

    def address(self, **changes: str | int) -> str:
        """The address of this page with some values changed; an empty value is left out."""
        changed = dict(self.items) | {name: str(value) for name, value in changes.items()}
        query = urlencode([(name, value) for name, value in changed.items() if value], safe=":")
        return f"{self.path}?{query}" if query else self.path


def asked_of(request: Request, path: str = "") -> Asked:
    """The request, read; its language is the address's, or the browser's."""
    items = tuple(request.query_params.multi_items())
    accepted = request.headers.get("accept-language", "").split(",")
    return Asked(path or request.url.path, items, chosen(dict(items).get("lang", ""), accepted))


def page(template: str, asked: Asked, store: Store | None, **values: Any) -> str:
    """A page, rendered."""
    shared = {
        "asked": asked,
        "words": asked.words,
        "languages": LANGUAGES,
        "releases": store.releases() if store else [],
        "content": store.content if store else "",
    }
    return ENVIRONMENT.get_template(template).render(shared | values)


def problem_page(request: Request, problem: Problem) -> Response:
    """The page that says what went wrong and how to mend it."""
    response = html(page("problem.html", asked_of(request, "/ask"), None, problem=problem), problem.status_code)
    response.headers.update(problem.headers or {})
    return response


@router.get("/")
async def home(request: Request) -> Response:
    """Leads to the first page, in the language that was asked for."""
    return RedirectResponse(f"/ask?{request.url.query}" if request.url.query else "/ask", 307)


@router.get("/case")
async def case_page(request: Request, reception: Here) -> Response:
    """The page Case: phenotypes, the ranked diagnoses, what to ask next."""
    asked = asked_of(request)
    entered, typed = case.of_query(asked.items), asked.get("add").strip()[:TYPED]
    return await reception.long(lambda kb: _case(reception, kb, asked, entered, typed=typed))


@router.post("/case")
async def case_given(request: Request, reception: Here) -> Response:
    """The page Case after a note or a file was handed in: the form's fields, then what was read from them."""
    limits = {"max_files": 1, "max_fields": 2 * case.MOST, "max_part_size": reception.limits.body}
    async with request.form(**limits) as form:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) and file.filename else b""
    asked, note = asked_of(request), dict(fields).get("note", "").strip()
    entered = case.of_query(fields)

    def drawn(kb: Knowledge) -> Response:
        if not content:
            return _case(reception, kb, asked, entered, note=note)
        try:
            return _case(reception, kb, asked, case.of_patient(given.document(content)))
        except BadFormat as error:
            return _case(reception, kb, asked, entered, failed=error)

    return await reception.long(drawn)


@router.get("/case.json")
async def casejson_file(request: Request, reception: Here) -> Response:
    """The ranking of the page Case as JSON."""
    asked = asked_of(request)
    entered = case.of_query(asked.items)
    return await reception.long(
        lambda kb: json_file(_ranking(reception, kb, entered, asked.language), "diagnoses.json")
    )


@router.get("/case.csv")
async def case_csv(request: Request, reception: Here) -> Response:
    """The ranking of the page Case as a table."""
    asked = asked_of(request)
    entered = case.of_query(asked.items)

    def drawn(kb: Knowledge) -> Response:
        candidates = _ranking(reception, kb, entered, asked.language).candidates
        return table_file(diagnoses.table(diagnoses.diagnoses(candidates, kb.store, asked.language)), "diagnoses.csv")

    return await reception.long(drawn)


@router.get("/source")
async def source(request: Request, reception: Here) -> Response:
    """The page of one source: the document with the span marked, or every claim of an assertion."""
    asked = asked_of(request)

    def drawn(kb: Knowledge) -> Response:
        document = opened(kb.store, urlencode(asked.items), asked.language)
        return html(page("source.html", asked, kb.store, document=document))

    return await reception.short(drawn)


def _case(
    reception: Reception,
    kb: Knowledge,
    asked: Asked,
    entered: case.Case,
    *,
    typed: str = "",
    note: str = "",
    failed: BadFormat | None = None,
) -> Response:
    """The page Case for what is entered; `typed` is no phenotype yet, `note` is not read, a file may have `failed`."""
    pieces: list[given.Piece] = []
    offered: list[tuple[str, str]] | None = None
    known = entered = entered.renamed(kb.store.resolve)
    if note:
        pieces, found = given.note(note, kb.annotate(note), kb.store, asked.language)
        for id, present in found.observed:
            known = known.with_observed(id, present)
    if typed:
        known, offered = _added(kb.store, known, typed, asked.language)
    rows = min(max(asked.number("rows", ROWS), 1), MOST_ROWS)
    answer = _ranking(reception, kb, known, asked.language, rows + 1)  # one more tells whether there are more
    ranked = diagnoses.diagnoses(answer.candidates, kb.store, asked.language)
    drawn = page(
        "case.html", asked, kb.store, case=known, names=_names(kb.store, known, asked.language), answer=answer,
        ranked=ranked[:rows], more=len(ranked) > rows, questions=diagnoses.questions(ranked), pieces=pieces,
        typed="" if offered is None else typed, offered=offered, just_added=bool(typed), failed=failed,
        reason=answers.reason(answer.abstained or ""),
        age=case.said_age(known.age, asked.language), query=known.query(asked.get("lang")),
        link=lambda other: f"/case?{other.query(asked.get('lang'))}",
        examples=[(address, asked.words[key]) for key, address in case.EXAMPLES.items()],
    )  # fmt: skip
    return html(drawn, 422 if failed else 200)


def _added(store: Store, known: case.Case, typed: str, language: str) -> tuple[case.Case, list[tuple[str, str]] | None]:
    """The case with what was typed and None, where that names one phenotype; else what it may have meant."""
    id = store.resolve(typed) if case.ID.fullmatch(typed) else None
    if id is None:
        offered = store.suggest(typed, recognise(typed), ("PhenotypicFeature",), OFFERED)
        exact = [found for found, name in offered if name.casefold() == typed.casefold()]
        if len(exact) != 1:
            return known, [(found, store.name_of(found, language)) for found, _ in offered]
        id = exact[0]
    return (known if id in dict(known.observed) else known.with_observed(id, True)), None


def _names(store: Store, known: case.Case, language: str) -> dict[str, str]:
    return {id: store.name_of(id, language) for id, _ in known.observed}


def _ranking(reception: Reception, kb: Knowledge, entered: case.Case, language: str, rows: int = MOST_ROWS) -> Answer:
    if not entered.observed:
        return Answer()
    question = Question(patient=entered.renamed(kb.store.resolve).patient(), language=language)
    return reception.ranking(kb, question, keep=rows, explained=rows)


def opened(store: Store, query: str, language: str) -> documents.Document | documents.Assertion:
    """What the query of a source shows: a document with its span, or every claim of an assertion."""
    said = dict(parse_qsl(query))
    if "passage" in said:
        start, end = (_number(said.get(name, "")) for name in ("start", "end"))
        return documents.document(store, said["passage"], start, end)
    subject, predicate, object = (said.get(name, "") for name in ("subject", "predicate", "object"))
    negated = said.get("negated") == "1"
    return documents.assertion(store, subject, predicate, object, negated=negated, language=language)


def _number(said: str, otherwise: int = 0) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else otherwise


def html(text: str, status: int = 200) -> Response:
    """A page as a response."""
    # Half of a surrogate pair, which JSON can smuggle in, must not break a page.
    return Response(text.encode("utf-8", "replace"), status, media_type="text/html; charset=utf-8")


def json_file(answer: Answer, name: str) -> Response:
    """An answer as a file of JSON."""
    response = as_json(knowledge.shown(answer))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_file(text: str, name: str) -> Response:
    """A table as a file of CSV."""
    # A spreadsheet takes a table for UTF-8 only where it begins with a byte order mark.
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(("\ufeff" + text).encode("utf-8", "replace"), headers=headers, media_type="text/csv; charset=utf-8")
