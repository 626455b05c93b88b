"""A small graph of our own invention for tests of methods that walk: diseases, features, genes, drugs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from probatum.desk import Desk
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Relation, Release, Request

ARDEN, ARDEN_ONCE, BOREAL = "MONDO:9000001", "MONDO:9000009", "MONDO:9000002"
COUGH, TREMOR, CHILL = "HP:9000001", "HP:9000002", "HP:9000003"
ARDA, BORE = "HGNC:9001", "HGNC:9002"
ARDENOL, BOREALINE, LONELY = "CHEBI:9000001", "CHEBI:9000002", "CHEBI:9000003"
HAS, GENE, AFFECTS, TREATS = (
    f"biolink:{name}" for name in ("has_phenotype", "gene_associated_with_condition", "affects", "treats")
)
CONCEPTS = (
    (ARDEN, "Arden disease", "阿登病", "Disease"),
    (BOREAL, "Boreal syndrome", "北风综合征", "Disease"),
    (COUGH, "Grey cough", "灰咳", "PhenotypicFeature"),
    (TREMOR, "Blue tremor", "蓝颤", "PhenotypicFeature"),
    (CHILL, "Night chill", "夜寒", "PhenotypicFeature"),
    (ARDA, "ARDA1", "", "Gene"),
    (BORE, "BORE2", "", "Gene"),
    (ARDENOL, "Ardenol", "阿登醇", "Drug"),
    (BOREALINE, "Borealine", "北风碱", "Drug"),
    (LONELY, "Lonelin", "孤素", "Drug"),
)
# (subject, predicate, object, reference, year, frequency)
EDGES = (
    (ARDEN, HAS, COUGH, "PMID:9001", "2011", "HP:0040281"),
    (ARDEN, HAS, TREMOR, "PMID:9002", "2012", "1/10"),
    (ARDEN_ONCE, HAS, CHILL, "PMID:9003", "2013", ""),
    (BOREAL, HAS, TREMOR, "PMID:9004", "2014", "7/10"),
    (BOREAL, HAS, CHILL, "PMID:9005", "2014", ""),
    (ARDA, GENE, ARDEN, "PMID:9006", "2015", ""),
    (BORE, GENE, BOREAL, "PMID:9007", "2016", ""),
    (ARDENOL, AFFECTS, ARDA, "PMID:9008", "2017", ""),
    (BOREALINE, AFFECTS, BORE, "PMID:9009", "2018", ""),
    (BOREALINE, TREATS, BOREAL, "PMID:9010", "2019", ""),
)


def facts() -> Iterator[Fact]:
    """The concepts with their Chinese names, then the edges, each with its paper and year."""
    yield Release("walked", "1", "CC0-1.0", "0" * 64, published="2010-01-01")
    for id, name, chinese, kind in CONCEPTS:
        names = (Name(chinese, "zh"),) if chinese else ()
        once = (ARDEN_ONCE,) if id == ARDEN else ()
        yield Concept(id, name, kind, Origin("walked", "1", id), names, alternatives=once)
    for subject, predicate, object_, paper, year, frequency in EDGES:
        said = [("year", year), *([("frequency", frequency)] if frequency else [])]
        origin = Origin("walked", "1", f"{subject} {object_}", "", (paper,))
        yield Relation(subject, predicate, object_, origin, False, tuple(sorted(said)))


def walked(folder: Path, *, as_of: str = "") -> Store:
    """The store in that folder, filled on the first call."""
    if not (folder / "filled").exists():
        write(folder, facts())
        (folder / "filled").touch()
    return Store(folder, as_of=as_of)


def laid(store: Store, says: tuple[str, ...] | Callable[[Request], str] | None = None) -> Desk:
    """A desk with the copyist, or with a scripted model."""
    model = find("models", "copyist")() if says is None else scripted(says=says)
    return Desk(store, find("retrievers", "graph")(store), find("annotators", "dictionary")(store), model)


def told(request: Request) -> str:
    """All that a request tells the model."""
    return "\n".join(text for _, text in request.messages)
