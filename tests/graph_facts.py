"""Short ways to write down the facts of graph sources; the release is left open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.naming import find
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation


class Facts:
    """The facts of one source, as its tests pin them."""

    def __init__(self, source: str, language: str = "en", reliability: str = "curated") -> None:
        self.source, self.language, self.reliability = source, language, reliability

    def origin(self, at: str, *references: str, evidence: str = "") -> Origin:
        return Origin(self.source, "", at, evidence, references, reliability=self.reliability)

    def concept(self, id: str, name: str, kind: str, *names: Name, xrefs: tuple[str, ...] = ()) -> Concept:
        label = (Name(name, self.language, "label"),) if self.language != "en" and not name.isascii() else ()
        return Concept(id, name, kind, self.origin(id), (*label, *names), xrefs=xrefs)

    def claim(
        self, subject: str, predicate: str, object: str, at: str, *references: str, negated: bool = False, **more: str
    ) -> Relation:
        ids = subject, f"biolink:{predicate}" if ":" not in predicate else predicate, object
        return Relation(*ids, self.origin(at, *references), negated, tuple(sorted(more.items())))


def read(name: str, path: Path, **settings: object) -> list[Fact]:
    """Every fact of a source after its Release."""
    found: Iterator[Fact] = find("sources", name)(path, **settings)
    next(found)
    return list(found)


def claims(facts: list[Fact]) -> set[tuple[str, str, str, bool]]:
    """(subject, predicate, object, negated) of every claim."""
    return {(each.subject, each.predicate, each.object, each.negated) for each in facts if isinstance(each, Relation)}


def claim_of(facts: list[Fact], subject: str, predicate: str, object: str) -> Relation:
    """The one claim of these three."""
    (found,) = {
        each
        for each in facts
        if isinstance(each, Relation) and (each.subject, each.predicate, each.object) == (subject, predicate, object)
    }
    return found


def concepts(facts: list[Fact]) -> dict[str, Concept]:
    """Concepts by id, of several of one id the first."""
    found: dict[str, Concept] = {}
    for each in facts:
        if isinstance(each, Concept):
            found.setdefault(each.id, each)
    return found


def passages(facts: list[Fact]) -> dict[str, Passage]:
    """Passages by id."""
    return {each.id: each for each in facts if isinstance(each, Passage)}


def refused(facts: list[Fact]) -> list[tuple[str, int]]:
    """(file, line) of what is in quarantine."""
    return [(each.path, each.line) for each in facts if isinstance(each, Malformed)]
