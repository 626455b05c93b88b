"""A source as a page shows it: a document with the quoted span marked, or an assertion with every claim of it."""

from __future__ import annotations

from dataclasses import dataclass

from probatum.store.reader import Store
from probatum.types import Relation
from probatum.web.problems import not_found
from probatum.web.references import Reference, reference


@dataclass(frozen=True, slots=True)
class Document:
    """A passage in three parts: before the span, the span, after it; joined they are the stored text."""

    id: str
    title: str
    before: str
    quoted: str
    after: str
    language: str
    source: str
    release: str
    licence: str
    retrieved: str
    at: Reference
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim of an assertion: who says so, how often, on what ground."""

    qualifiers: tuple[tuple[str, str], ...]
    source: str
    release: str
    licence: str
    at: str
    code: str
    references: tuple[Reference, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """A relation with its claims, and those that say the opposite."""

    subject: str
    subject_name: str
    predicate: str
    object: str
    object_name: str
    claims: tuple[Claimed, ...]
    opposed: tuple[Claimed, ...]


def document(store: Store, id: str, start: int, end: int) -> Document:
    """The passage of that id; a span outside of it marks nothing; raises `Problem` 404."""
    passage = store.passage(id)
    if passage is None:
        raise not_found("passage", id)
    text, origin = passage.text, passage.origin
    if not 0 <= start < end <= len(text):
        start = end = 0
    return Document(
        passage.id, passage.title, text[:start], text[start:end], text[end:], passage.language, origin.source,
        origin.release, licence(store, origin.source, origin.release), origin.retrieved,
        reference(origin.at), tuple(map(reference, origin.references)),
    )  # fmt: skip


def assertion(store: Store, subject: str, predicate: str, object: str, *, negated: bool, language: str) -> Assertion:
    """An assertion with all its claims; raises `Problem` 404 where nobody makes it."""
    found = list(store.relations(subject, predicate, object)) if subject and predicate and object else []
    said = tuple(_claimed(store, claim, language) for claim in found if claim.negated == negated)
    if not said:
        raise not_found("relation", f"{subject} {predicate} {object}")
    opposed = tuple(_claimed(store, claim, language) for claim in found if claim.negated != negated)
    names = store.name_of(subject, language), store.name_of(object, language)
    return Assertion(subject, names[0], predicate, object, names[1], said, opposed)


def licence(store: Store, source: str, release: str) -> str:
    """The licence under which a release came."""
    fits = (one.licence for one in store.releases() if (one.source, one.version) == (source, release))
    return next(fits, "")


def _claimed(store: Store, claim: Relation, language: str) -> Claimed:
    origin = claim.origin
    # A class of frequency or an onset is a term: its name is what a reader wants.
    said = tuple((name, _named(store, value, language)) for name, value in claim.qualifiers if name != "aspect")
    return Claimed(
        said, origin.source, origin.release, licence(store, origin.source, origin.release), origin.at,
        origin.evidence, tuple(map(reference, origin.references)), claim.negated,
    )  # fmt: skip


def _named(store: Store, value: str, language: str) -> str:
    if not value.startswith("HP:"):
        return value
    return ", ".join(f"{store.name_of(id, language)} ({id})" for id in value.replace(",", ";").split(";") if id)
