"""A store of several sources with all that a store may hold: updates, a retracted paper, an acceptance, indexes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from probatum.naming import Card
from probatum.store.consent import accept
from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.store.retractions import withdraw_paper
from probatum.store.writer import write
from probatum.types import Concept, Fact, Gone, Malformed, Name, Origin, Passage, Relation, Release

GATED = Card("Closed", licence="closed", terms="Sign it.", gated=True)
DAY = "2089-06-01"  # all is published by then, and half of the claims of the second source hold
Part = Callable[[], Iterator[Fact]]


def ontology(many: int = 60) -> Iterator[Fact]:
    """Signs with names in two languages, definitions and an order of their own."""
    yield Release("signs", "2025-01-01", "CC0", "a" * 64, ("signs.obo",))
    for n in range(many):
        at = Origin("signs", "2025-01-01", f"HP:{n:07}", "PCS", (f"PMID:{n}",))
        names = (Name(f"Zeichen {n}", "de"), Name(f"sign {n}", scope="exact", kind="layperson"))
        yield Concept(
            f"HP:{n:07}", f"Sign {n}", "PhenotypicFeature", at, names, (f"HP:9{n:06}",), xrefs=(f"UMLS:C{n}",)
        )
        yield Passage(f"HP:{n:07}#definition", f"The sign {n}.", "", "en", at, "definition", (f"HP:{n:07}",))
        if n:
            yield Relation(f"HP:{n:07}", "biolink:subclass_of", f"HP:{n // 2:07}", at)


def claims(many: int = 60) -> Iterator[Fact]:
    """Claims of another source, some of them denied by it, some by a machine, some twice, with malformed records."""
    yield Release("diseases", "7", "CC BY 4.0", "b" * 64, ("diseases.tsv",), "2025-03-04")
    for n in range(many):
        kind = ("curated", "extracted", "generated")[n % 3]
        at = Origin("diseases", "7", f"row {n}", "", (f"PMID:{n % 9}", f"PMID:{n % 4}"), reliability=kind)
        told = (("frequency", f"{n % 8}/9"), ("valid_from", f"20{80 + n % 20}-01-01"))
        claim = Relation(f"OMIM:{n % 11}", "biolink:has_phenotype", f"HP:{n:07}", at, n % 7 == 0, told)
        yield claim
        if n % 5 == 0:
            yield claim
        if n % 10 == 3:
            yield Malformed("diseases.tsv", n, "five columns where six belong", "a\tb")


def papers(many: int = 40) -> Iterator[Fact]:
    """A literature source's first release."""
    yield Release("papers", "n1", "free", "c" * 64, ("n1.xml",))
    for n in range(many):
        yield from _paper(n, "n1")


def update(many: int = 40) -> Iterator[Fact]:
    """Its next, which replaces some papers and takes others back."""
    yield Release("papers", "n2", "free", "d" * 64, ("n2.xml",), manner="updates")
    for n in range(0, many, 4):
        yield from _paper(n, "n2")
        yield Gone(f"PMID:{n + 1}", Origin("papers", "n2", f"PMID:{n + 1}"))


def _paper(n: int, release: str) -> Iterator[Fact]:
    at = Origin("papers", release, f"PMID:{n}", "", (f"PMID:{n}",))
    yield Concept(f"PMID:{n}", f"Paper {n}", "Publication", at, xrefs=(f"doi:10.1/{n}",))
    told = (("status", "corrected"), ("year", f"{1990 + n}"))
    yield Passage(
        f"PMID:{n}", f"What paper {n} says as of {release}.", "", "en", at, about=(f"HP:{n:07}",), qualifiers=told
    )
    yield Relation(f"PMID:{n}", "biolink:related_to", f"HP:{n:07}", at)


PARTS: tuple[Part, ...] = (ontology, claims, papers, update)


def build(folder: Path, parts: tuple[Part, ...] = PARTS, order: random.Random | None = None) -> None:
    """Writes the parts and does the rest; with `order` the records of each part come in an order drawn by it."""
    for part in parts:
        first, *rest = part()
        if order:
            order.shuffle(rest)
        write(folder, [first, *rest])
    withdraw_paper(folder, "PMID:3", "made up")
    accept(folder, "closed", GATED, "Dr. A. Example")
    index(folder)


def index(folder: Path) -> None:
    """Builds the indexes of what is seen without a day and on that day."""
    for day in ("", DAY):
        with Store(folder, as_of=day) as store:
            store.suggest("sign")
            Graph.open(store)


def told(folder: Path) -> list[object]:
    """All that a reader can be told."""
    with Store(folder) as store, Store(folder, as_of=DAY) as before:
        return [
            each
            for one in (store, before)
            for each in (
                *one.concepts(), *one.relations(), *one.passages(), *one.names(), *one.assertions(), one.content,
                one.stats(), one.releases(), [one.resolve(f"HP:9{n:06}") for n in range(9)],
            )
        ]  # fmt: skip


def larger() -> Iterator[Fact]:
    """A source with names enough that an index of them needs room."""
    yield Release("many", "1", "CC0", "e" * 64)
    for n in range(2_000):
        yield Concept(f"X:{n}", f"A finding that is numbered {n}", "PhenotypicFeature", Origin("many", "1", f"X:{n}"))
