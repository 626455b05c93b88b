"""A store of a few facts of our own, for tests that need one: two sources, two languages, claims that contradict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Passage, Relation, Release

HAS = "biolink:has_phenotype"
LARGE_SPLEEN, SEIZURE, ECTOPIA, RECESSIVE = "HP:0001744", "HP:0001250", "HP:0001083", "HP:0000007"
GAUCHER, GAUCHER_ORPHA, MARFAN = "OMIM:230800", "ORPHA:77259", "OMIM:154700"


def origin(at: str, evidence: str = "", *references: str, source: str = "own") -> Origin:
    return Origin(source, "1", at, evidence, references)


def claim(subject: str, object_: str, evidence: str, reference: str, *, negated: bool = False, **said: str) -> Relation:
    qualifiers = tuple(sorted({"aspect": "P", **said}.items()))
    at = f"{subject} {object_} {reference}"
    return Relation(subject, HAS, object_, origin(at, evidence, reference), negated, qualifiers)


def facts() -> Iterator[Fact]:
    """Phenotypes, two diseases (one under two ids), a gene, their relations and definitions."""
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    for id, name, chinese, kind in (
        (LARGE_SPLEEN, "Splenomegaly", "脾肿大", "PhenotypicFeature"),
        (SEIZURE, "Seizure", "癫痫发作", "PhenotypicFeature"),
        (ECTOPIA, "Ectopia lentis", "晶状体异位", "PhenotypicFeature"),
        (RECESSIVE, "Autosomal recessive inheritance", "常染色体隐性遗传", "OntologyClass"),
    ):
        yield Concept(id, name, kind, origin(id), (Name(chinese, "zh"), Name(f"{name}s", "en", "exact")))
    yield Concept(GAUCHER, "Gaucher disease, type I", "Disease", origin(GAUCHER))
    yield Concept(GAUCHER_ORPHA, "Gaucher disease type 1", "Disease", origin(GAUCHER_ORPHA))
    yield Concept("OMIM:230900", "Gaucher disease, type II", "Disease", origin("OMIM:230900"))
    yield Concept(MARFAN, "Marfan syndrome", "Disease", origin(MARFAN))
    yield Concept("NCBIGene:2629", "GBA1", "Gene", origin("NCBIGene:2629"))
    yield Concept("NCBIGene:847", "CAT", "Gene", origin("NCBIGene:847"))
    yield claim(GAUCHER, LARGE_SPLEEN, "PCS", "PMID:11", frequency="3/7")
    yield claim(GAUCHER, LARGE_SPLEEN, "IEA", "OMIM:230800")
    yield claim(GAUCHER_ORPHA, LARGE_SPLEEN, "TAS", "ORPHA:77259", frequency="HP:0040281")
    yield claim(GAUCHER, SEIZURE, "PCS", "PMID:12", negated=True, frequency="0/9")
    yield claim(GAUCHER, SEIZURE, "PCS", "PMID:13", frequency="1/20")
    yield claim(MARFAN, ECTOPIA, "PCS", "PMID:14", frequency="60%")
    recessive = (("aspect", "I"),)
    yield Relation(
        GAUCHER, "biolink:has_mode_of_inheritance", RECESSIVE, origin("i", "PCS", "PMID:15"), False, recessive
    )  # fmt: skip
    yield Relation("NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER, origin("g"))
    text = "A spleen that is larger than it should be."
    yield Passage(f"{LARGE_SPLEEN}#definition", text, "Splenomegaly", "en", origin("d"), "definition", (LARGE_SPLEEN,))


def texts() -> Iterator[Fact]:
    """Five documents of a second source."""
    yield Release("texts", "1", "CC0-1.0", "1" * 64)
    for id, title, text, language in (
        ("t1", "What are the treatments for Gaucher disease type 1?",
         "Enzyme replacement is given every two weeks. It makes the spleen smaller. See [3] for more.", "en"),
        ("t2", "What causes Gaucher disease?", "A change in the gene GBA1 causes Gaucher disease.", "en"),
        ("t3", "What are the symptoms of Marfan syndrome?",
         "People with Marfan syndrome are often tall. Their lenses may slip out of place.", "en"),
        ("t4", "How is a broken arm treated?", "A cast holds the arm still for some weeks.", "en"),
        ("t5", "戈谢病的治疗", "戈谢病患者可接受酶替代治疗。治疗后脾脏缩小。", "zh"),
    ):  # fmt: skip
        about = (GAUCHER,) if id == "t1" else ()
        yield Passage(id, text, title, language, origin(id, source="texts"), about=about)


def small_store(folder: Path) -> Store:
    """A store in that folder that holds both sources."""
    write(folder, facts())
    write(folder, texts())
    return Store(folder)
