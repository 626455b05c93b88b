"""The verbs over HTTP: JSON in and out, described by OpenAPI 3.1."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from probatum import knowledge
from probatum.knowledge import Knowledge
from probatum.store.reader import Store
from probatum.text.language import recognise
from probatum.types import Mention, Observation, Passage, Patient, Question, Relation
from probatum.web import bodies, drawing
from probatum.web.answers import kinds
from probatum.web.case import read_age
from probatum.web.documents import licence
from probatum.web.given import tree
from probatum.web.problems import MEDIA_TYPE, invalid, not_found
from probatum.web.reception import Here, as_json, asked_by

PROBLEM: dict[str, Any] = {
    "description": "Problem details (RFC 9457) with a stable `code`",
    "content": {MEDIA_TYPE: {"schema": bodies.ProblemBody.model_json_schema()}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 404, 413, 422, 429, 502, 503), PROBLEM)
KINDS = ("PhenotypicFeature",)
NEIGHBOURS = 60  # claims in the drawing of a concept where the caller does not say

router = APIRouter(prefix="/api", responses=PROBLEMS)


IdPath = Annotated[str, Path(min_length=1, max_length=200)]


@router.post("/ask", response_model=bodies.AnswerBody, summary="Answers a question with sources")
async def ask(body: bodies.AskBody, reception: Here) -> Response:
    """The answer, its evidence numbered as the marks in the text; `abstained` says why where there is none."""
    if not body.question.strip():
        raise invalid("the question is empty")
    question = Question(body.question, language=body.language)
    method, writer = reception.chosen(body.method, body.model)

    def answered(kb: Knowledge) -> Response:
        return as_json(knowledge.shown(reception.answer(kb, question, method, writer=writer)))

    return await reception.remembered(asked_by(method, writer), question, answered)


@router.post("/rank", response_model=bodies.AnswerBody, summary="Ranks diagnoses for a patient")
async def rank(body: bodies.RankBody, reception: Here) -> Response:
    """The candidates in falling order of their score, each with its reasons."""
    if (body.patient is None) == (body.phenopacket is None):
        raise invalid("give either a patient or a phenopacket")
    patient = _patient(body.patient) if body.patient else tree(body.phenopacket or {})

    def ranked(kb: Knowledge) -> Response:
        question = Question(patient=patient)
        return as_json(knowledge.shown(reception.ranking(kb, question, keep=body.keep, explained=body.explained)))

    return await reception.long(ranked)


@router.post("/annotate", response_model=bodies.MentionsBody, summary="Finds concepts in a text")
async def annotate(body: bodies.AnnotateBody, reception: Here) -> Response:
    """The mentions in order; the text is not kept."""

    def found(kb: Knowledge) -> list[dict[str, Any]]:
        mentions = (one for one in kb.annotate(body.text) if isinstance(one, Mention))
        return [asdict(one) | {"name": kb.store.name_of(one.concept)} for one in mentions]

    return as_json({"mentions": await reception.long(found)})


@router.get("/search", response_model=bodies.FoundBody, summary="Finds passages and claims for a text")
async def search(
    reception: Here,
    q: Annotated[str, Query(min_length=1, max_length=4000, description="what is looked for")],
    keep: Annotated[int, Query(ge=1, le=100, description="passages, and claims, at most")] = 10,
) -> Response:
    """The evidence of a question without an answer over it, each piece with its origin."""

    def search_in(kb: Knowledge) -> Response:
        return as_json({"evidence": knowledge.pieces(kb.retrieve(q, keep)), "knowledge": kb.store.content})

    return await reception.remembered(f"search {keep}", Question(q), search_in)


@router.get("/suggest", response_model=bodies.SuggestionsBody, summary="Completes the name of a phenotype")
async def suggest(
    reception: Here,
    q: Annotated[str, Query(max_length=200, description="what has been typed")] = "",
    language: Annotated[bodies.Language, Query(description="of the names given back; empty: as typed")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Response:
    """Concepts whose names match; what is typed is matched in its own script, whatever the page's language."""
    typed_in = recognise(q) if recognise(q) == "zh" else "en" if language in ("", "zh") else language

    def found(kb: Knowledge) -> list[dict[str, str]]:
        return [
            {"id": id, "name": kb.store.name_of(id, language or typed_in), "matched": name}
            for id, name in kb.store.suggest(q, typed_in, KINDS, limit)
        ]

    return as_json({"suggestions": await reception.short(found) if q.strip() else []})


@router.get("/passages/{id:path}", response_model=bodies.PassageBody, summary="A stored text")
async def passage(id: IdPath, reception: Here) -> Response:
    """The text as it was read from its source; the spans of evidence count its code points."""

    def found(kb: Knowledge) -> dict[str, Any]:
        one = kb.store.passage(id)
        if one is None:
            raise not_found("passage", id)
        return asdict(one) | {"licence": licence(kb.store, one.origin.source, one.origin.release)}

    return as_json(await reception.short(found))


@router.get("/concepts/{id:path}", response_model=bodies.ConceptBody, summary="A concept with its names")
async def concept(id: IdPath, reception: Here) -> Response:
    """The concept of that id; a merged or replaced id leads to the present one."""

    def found(kb: Knowledge) -> dict[str, Any]:
        one = kb.store.concept(id) or kb.store.concept(kb.store.resolve(id) or "")
        if one is None:
            raise not_found("concept", id)
        return asdict(one)

    return as_json(await reception.short(found))


@router.get("/releases", response_model=bodies.ReleasesBody, summary="The knowledge in use")
async def releases(reception: Here) -> Response:
    """Every source with its release and licence, and the hash over all of it."""

    def found(kb: Knowledge) -> dict[str, Any]:
        return {"content": kb.store.content, "releases": [asdict(one) for one in kb.store.releases()]}

    return as_json(await reception.short(found))


@router.get("/graph", response_model=bodies.GraphBody, summary="What is known around a concept, drawn")
async def graph(
    reception: Here,
    concept: Annotated[str, Query(min_length=1, max_length=200)],
    language: Annotated[bodies.Language, Query()] = "en",
    keep: Annotated[int, Query(ge=1, le=drawing.MOST)] = NEIGHBOURS,
) -> Response:
    """Nodes and edges with places; the marks of an edge count the claims of the concept in their order."""

    def found(kb: Knowledge) -> dict[str, Any]:
        id = kb.store.resolve(concept)
        if id is None:
            raise not_found("concept", concept)
        claims = _around(kb.store, id, keep)
        return asdict(drawing.draw(claims, lambda one: kb.store.name_of(one, language), kinds(kb.store)))

    return as_json(await reception.short(found))


def _patient(body: bodies.PatientBody) -> Patient:
    observations = tuple(Observation("phenotype", one.concept, one.present, one.text) for one in body.observations)
    return Patient(age=read_age(body.age), sex=body.sex, observations=observations, notes=tuple(body.notes))


def _around(store: Store, id: str, keep: int) -> list[Relation | Passage]:
    claims: list[Relation | Passage] = []
    seen: set[tuple[str, str, str]] = set()
    for side in (store.relations(subject=id), store.relations(object=id)):
        for claim in side:
            if len(seen) < keep or (claim.subject, claim.predicate, claim.object) in seen:
                seen.add((claim.subject, claim.predicate, claim.object))
                claims.append(claim)
            else:
                break
    return claims
