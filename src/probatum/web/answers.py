"""An answer as a page shows it: numbered sentences with their marks and support, sources, conflicts, the drawing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from probatum.store.reader import Store
from probatum.types import Answer, Evidence, Pairs, Passage, Relation, Step, Verdict
from probatum.web import tables, trace
from probatum.web.drawing import Drawing, draw
from probatum.web.references import Reference, reference
from probatum.web.trace import Expert, Hop

_MARKS = re.compile(r"(?:\s*\[\d{1,4}\])+")
_ENDS = ".。;；,， "
_GOES_ON = (";", "；", ",", "，")
_QUOTES = '"“”「」 '
_NUMBER = re.compile(r"\d+")
WORST = ("contradicted", "unsupported", "partial", "supported")
COLUMNS = ("number", "text", "source", "release", "licence", "at", "evidence", "references", "found_by")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence and the marks that stand after it."""

    text: str
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer; `number` is 0 for a line that claims nothing (a heading)."""

    number: int
    pieces: tuple[Piece, ...]
    support: str  # verbatim, record, cited, none; or a verdict: supported, partial, contradicted, unsupported
    why: str = ""  # what the verdict finds wanting
    grade: str = ""  # of the weakest evidence


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered piece of evidence with all that a reader needs to judge and to find it."""

    number: int
    kind: str  # passage, relation
    title: str
    text: str
    query: str  # of the page /source that shows it
    source: str
    release: str
    licence: str
    retrieved: str
    at: str
    code: str
    references: tuple[Reference, ...]
    found_by: str
    score: float
    negated: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """All of an answer's page."""

    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    conflicts: tuple[tuple[tuple[Source, ...], tuple[Source, ...]], ...]  # what asserts, what denies
    drawing: Drawing
    way: tuple[Hop, ...]  # between the things that the question names, where the cited claims join them
    experts: tuple[Expert, ...]
    fields: Pairs  # what a method tells besides its text: consensus, votes ...
    steps: tuple[Step, ...]
    dropped: tuple[str, ...]
    failed: bool  # whether the language model failed and the quoted answer stands in
    abstained: str  # the reason in a sentence, where there is no answer
    code: str  # its stable code
    plain: str  # the answer with its references, to be copied


def shown(answer: Answer, store: Store, language: str, named: Sequence[Collection[str]] = ()) -> Shown:
    """The answer prepared for a page in that language; `named` are the things that the question names, by their ids."""
    licences = {(release.source, release.version): release.licence for release in store.releases()}
    sources = tuple(source(number, found, licences) for number, found in enumerate(answer.evidence, start=1))
    facts = [found.fact for found in answer.evidence]

    def name_of(id: str) -> str:
        return store.name_of(id, language)

    code, said = reason(answer.abstained or "")
    opposed = tuple(
        (tuple(sources[mark - 1] for mark in one), tuple(sources[mark - 1] for mark in other))
        for one, other in conflicts(answer.evidence)
    )
    failed = any(step.what == "model" and step.said.startswith("failed") for step in answer.trace)
    return Shown(
        claims(answer), sources, opposed, draw(facts, name_of, kinds(store)),
        trace.way(answer.evidence, named, name_of), trace.discussion(answer.trace), answer.fields,
        trace.others(answer.trace), trace.dropped(answer.trace), failed, said, code,
        plain(answer.text, sources, answer.knowledge),
    )  # fmt: skip


def reason(abstained: str) -> tuple[str, str]:
    """(code, sentence) of why an answer abstains; the code is empty where none stands before the sentence."""
    code, _, said = abstained.partition(":")
    return (code.strip(), said.strip()) if said and re.fullmatch(r"[a-z-]{1,40}", code.strip()) else ("", abstained)


def kinds(store: Store) -> Callable[[str], str]:
    """What gives a concept's kind by its id; empty where the concept is not known."""

    def kind_of(id: str) -> str:
        found = store.concept(id)
        return found.kind if found else ""

    return kind_of


def claims(answer: Answer) -> tuple[Claim, ...]:
    """The sentences of an answer: each ends with its marks or with its line; what a `;` continues belongs to it."""
    found: list[list[Piece]] = []
    spans: list[tuple[int, int]] = []
    begins = 0
    for whole in answer.text.splitlines(keepends=True):
        line, at, first = whole.rstrip("\r\n"), 0, True
        for marks in [*_MARKS.finditer(line), None]:
            text = line[at : marks.start() if marks else len(line)].strip()
            numbers = tuple(map(int, _NUMBER.findall(marks[0]))) if marks else ()
            span = begins + at, begins + (marks.end() if marks else len(line))
            at = marks.end() if marks else at
            if not text.strip(_ENDS) and (not numbers or first):
                continue  # marks that no word stands before bear nothing out
            if not first and text.startswith(_GOES_ON):
                found[-1].append(Piece(text, numbers))
                spans[-1] = spans[-1][0], span[1]
            else:
                found.append([Piece(text, numbers)])
                spans.append(span)
            first = False
        begins += len(whole)
    numbers_of = [0 if _heads(pieces) else 1 for pieces in found]
    return tuple(
        Claim(
            sum(numbers_of[: at + 1]) if numbers_of[at] else 0,
            tuple(pieces),
            *_judged(support(pieces, answer.evidence), spans[at], answer.verdicts),
        )
        for at, pieces in enumerate(found)
    )


def _judged(support: str, span: tuple[int, int], verdicts: Sequence[Verdict]) -> tuple[str, str, str]:
    """(support, why, grade) of a sentence by the worst verdict on it; a copy that is borne out stays called a copy."""
    on = [each for each in verdicts if each.start < span[1] and span[0] < each.end]
    if not on:
        return support, "", ""
    worst = min(on, key=lambda each: WORST.index(each.support) if each.support in WORST else 0)
    if worst.support == "supported" and support in ("verbatim", "record"):
        return support, "", worst.grade
    return worst.support, reason(worst.why)[1], worst.grade


def _heads(pieces: Sequence[Piece]) -> bool:
    return not any(piece.marks for piece in pieces) and pieces[-1].text.endswith((":", "："))


def support(pieces: Sequence[Piece], evidence: Sequence[Evidence]) -> str:
    """How a sentence stands on what it cites: `verbatim` in a text, put in words from a `record`, `cited`, `none`."""
    marks = [mark for piece in pieces for mark in piece.marks]
    cited = [evidence[mark - 1] for mark in marks if 0 < mark <= len(evidence)]
    if not cited or len(cited) < len(marks):
        return "none"
    if all(isinstance(found.fact, Relation) for found in cited):
        return "record"
    bare = [piece.text.strip(_QUOTES) for piece in pieces if piece.text.strip(_ENDS)]
    texts = [found.fact.text for found in cited if isinstance(found.fact, Passage)]
    return "verbatim" if all(any(part in text for text in texts) for part in bare) else "cited"


def conflicts(evidence: Sequence[Evidence]) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """The numbers of evidence that assert and that deny the same thing."""
    sides: dict[tuple[str, str, str], tuple[list[int], list[int]]] = {}
    for number, found in enumerate(evidence, start=1):
        if isinstance(found.fact, Relation):
            fact = found.fact
            sides.setdefault((fact.subject, fact.predicate, fact.object), ([], []))[fact.negated].append(number)
    return tuple((tuple(said), tuple(denied)) for said, denied in sides.values() if said and denied)


def source(number: int, found: Evidence, licences: dict[tuple[str, str], str]) -> Source:
    """A piece of evidence with its number."""
    fact, origin = found.fact, found.origin
    if isinstance(fact, Passage):
        kind, title, where = "passage", fact.title or fact.id, passage_query(fact.id, found.start, found.end)
    else:
        kind, title, where = "relation", "", relation_query(fact.subject, fact.predicate, fact.object, fact.negated)
    return Source(
        number, kind, title, found.text, where, origin.source, origin.release,
        licences.get((origin.source, origin.release), ""), origin.retrieved, origin.at, origin.evidence,
        tuple(map(reference, origin.references)), found.found_by, found.score,
        isinstance(fact, Relation) and fact.negated,
    )  # fmt: skip


def passage_query(id: str, start: int = 0, end: int = 0) -> str:
    """The query of the page that shows a passage, with a span marked."""
    span = {"start": start, "end": end} if end > start else {}
    return urlencode({"passage": id, **span}, safe=":")


def relation_query(subject: str, predicate: str, object: str, negated: bool) -> str:
    """The query of the page that shows every claim of an assertion."""
    said = {"subject": subject, "predicate": predicate, "object": object}
    return urlencode(said | ({"negated": "1"} if negated else {}), safe=":")


def plain(text: str, sources: Sequence[Source], knowledge: str = "") -> str:
    """An answer and its numbered references as plain text."""
    lines = [text.strip(), ""]
    for one in sources:
        said = [one.title, f"{one.source} {one.release}", one.at, one.code, *(found.id for found in one.references)]
        lines.append(f"[{one.number}] " + ". ".join(filter(None, said)) + ".")
    lines += ["", f"Probatum, knowledge {knowledge}"] if knowledge else []
    return "\n".join(lines).strip() + "\n"


def table(sources: Sequence[Source]) -> str:
    """The sources as CSV (RFC 4180)."""
    rows = [
        (str(one.number), one.text, one.source, one.release, one.licence, one.at, one.code,
         " ".join(found.id for found in one.references), one.found_by)
        for one in sources
    ]  # fmt: skip
    return tables.table(COLUMNS, rows)
