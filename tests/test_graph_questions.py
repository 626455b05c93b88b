"""Ten questions over a graph of several sources: who treats what, on whose word, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum.knowledge import Knowledge
from probatum.naming import find
from probatum.store.query import Pattern, matching, routes
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Concept, Fact, Name, Origin, Passage, Relation, Release

FABRY, GAUCHER, GOUT = "MONDO:0010526", "MONDO:0018150", "MONDO:0005393"
BETA, MIGALASTAT, IMIGLUCERASE = "DRUGBANK:DB00103", "DRUGBANK:DB05018", "DRUGBANK:DB00053"
ALLOPURINOL, AZATHIOPRINE, ASPIRIN = "DRUGBANK:DB00437", "DRUGBANK:DB00993", "DRUGBANK:DB00945"
GLA, GLA_PROTEIN, GB3 = "NCBIGene:2717", "UniProtKB:P06280", "CHEBI:18313"


class Said:
    """The facts of one source, each claim with a reference of its own."""

    def __init__(self, source: str, number: int) -> None:
        self.source, self.facts = source, list[Fact]()
        self.facts.append(Release(source, "2024-01-01", "CC0-1.0", f"{number}" * 64))

    def concept(self, id: str, name: str, kind: str, *chinese: str, xrefs: tuple[str, ...] = ()) -> None:
        names = tuple(Name(text, "zh") for text in chinese)
        self.facts.append(Concept(id, name, kind, Origin(self.source, "2024-01-01", id), names, xrefs=xrefs))

    def claim(self, subject: str, predicate: str, object: str, *, negated: bool = False, **said: str) -> None:
        at = f"{subject} {object}"
        origin = Origin(self.source, "2024-01-01", at, said.pop("evidence", ""), (f"PMID:9{len(self.facts):06d}",))
        what = predicate if ":" in predicate else f"biolink:{predicate}"
        self.facts.append(Relation(subject, what, object, origin, negated, tuple(sorted(said.items()))))


def ontology() -> Said:
    said = Said("ontology", 1)
    said.concept(FABRY, "Fabry disease", "Disease", "法布雷病")
    said.concept(GAUCHER, "Gaucher disease", "Disease", "戈谢病")
    said.concept(GOUT, "Gout", "Disease", "痛风")
    said.concept("HP:0001014", "Angiokeratoma", "PhenotypicFeature", "血管角化瘤")
    said.claim(FABRY, "skos:exactMatch", "OMIM:301500", mapping_justification="semapv:ManualMappingCuration")
    said.claim(FABRY, "skos:exactMatch", "ORPHA:324", mapping_justification="semapv:ManualMappingCuration")
    said.claim(GAUCHER, "skos:exactMatch", "ORPHA:355", mapping_justification="semapv:ManualMappingCuration")
    said.claim("OMIM:301500", "has_phenotype", "HP:0001014", frequency="31/50")
    return said


def drugs() -> Said:
    said = Said("drugs", 2)
    for id, name, chinese in (
        (BETA, "Agalsidase beta", "阿加糖酶β"), (MIGALASTAT, "Migalastat", "米加司他"),
        (ASPIRIN, "Aspirin", "阿司匹林"),
        (IMIGLUCERASE, "Imiglucerase", "伊米苷酶"), (ALLOPURINOL, "Allopurinol", "别嘌醇"),
        (AZATHIOPRINE, "Azathioprine", "硫唑嘌呤"),
    ):  # fmt: skip
        said.concept(id, name, "Drug", chinese)
    said.claim(BETA, "treats", "ORPHA:324", evidence="approved")
    said.claim(IMIGLUCERASE, "treats", "ORPHA:355", evidence="approved")
    said.claim(BETA, "has_side_effect", "MDR:10037660")
    said.claim(ALLOPURINOL, "treats", GOUT)
    said.claim(ALLOPURINOL, "interacts_with", AZATHIOPRINE, severity="major", comment="raises its level")
    said.claim(MIGALASTAT, "directly_physically_interacts_with", GLA_PROTEIN, action="chaperone")
    return said


def physicians() -> Said:
    said = Said("physicians", 3)
    said.claim(BETA, "treats", FABRY, evidence="DM", curators="3")
    said.claim(MIGALASTAT, "treats", "OMIM:301500", evidence="DM", curators="2")
    said.claim(ASPIRIN, "treats", GOUT, negated=True, evidence="NOT", curators="3")
    said.claim(ALLOPURINOL, "treats", GOUT, evidence="SYM")
    return said


def labels() -> Said:
    said = Said("labels", 4)
    said.concept("MDR:10020751", "Hypersensitivity", "ClinicalFinding", "超敏反应")
    said.concept("MDR:10037660", "Pyrexia", "ClinicalFinding", "发热")
    said.claim(BETA, "contraindicated_in", "MDR:10020751", jurisdiction="US")
    said.claim(BETA, "has_adverse_event", "MDR:10037660", frequency="39%")
    said.claim(ASPIRIN, "contraindicated_in", GOUT, jurisdiction="US")
    said.claim(AZATHIOPRINE, "interacts_with", ALLOPURINOL, severity="major")
    origin = Origin("labels", "2024-01-01", "beta")
    text = "Agalsidase beta is given for Fabry disease by infusion every two weeks."
    said.facts.append(Passage("labels:1", text, "Treatment of Fabry disease", "en", origin, about=(FABRY,)))
    return said


def mechanisms() -> Said:
    said = Said("mechanisms", 5)
    said.concept(GLA_PROTEIN, "Alpha-galactosidase A", "Protein")
    said.concept(GB3, "Globotriaosylceramide", "ChemicalEntity")
    said.concept(GLA, "GLA", "Gene")
    said.claim(GLA_PROTEIN, "affects", GB3, direction="decreased")
    said.claim(GB3, "causes", FABRY)
    said.claim(GLA, "gene_associated_with_condition", "OMIM:301500")
    return said


def catalogue() -> Said:
    said = Said("catalogue", 6)
    said.claim(GLA, "gene_associated_with_condition", "ORPHA:324")
    said.claim("ORPHA:324", "has_phenotype", "HP:0001014", frequency="HP:0040281")
    return said


def dull() -> Said:
    said = Said("corridor", 7)
    for number in range(60):
        origin = Origin("corridor", "2024-01-01", f"note-{number}")
        said.facts.append(
            Passage(f"note-{number}", f"At {number} the corridor was quiet.", f"Note {number}", "en", origin)
        )
    return said


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    folder = tmp_path_factory.mktemp("questions") / "kb"
    for said in (ontology(), drugs(), physicians(), labels(), mechanisms(), catalogue(), dull()):
        write(folder, said.facts)
    with Knowledge(folder) as knowledge:
        yield knowledge


def claims(answer: Answer) -> set[tuple[str, str, bool]]:
    """(source, "subject predicate object", negated) of every claim that is cited."""
    return {
        (
            each.origin.source,
            f"{each.fact.subject} {each.fact.predicate.partition(':')[2]} {each.fact.object}",
            each.fact.negated,
        )
        for each in answer.evidence
        if isinstance(each.fact, Relation)
    }


TEN = [
    ("What treats Fabry disease, on whose word, and what speaks against it?",
     {"drugs", "physicians", "labels"},
     [f"{BETA} treats ORPHA:324", f"{BETA} treats {FABRY}", f"{MIGALASTAT} treats OMIM:301500",
      f"{BETA} contraindicated_in MDR:10020751", f"{BETA} has_adverse_event MDR:10037660"],
     ["says drugs", "says physicians"]),
    ("Which gene is associated with Fabry disease?",
     {"mechanisms", "catalogue"},
     [f"{GLA} gene_associated_with_condition OMIM:301500", f"{GLA} gene_associated_with_condition ORPHA:324"], ["GLA"]),
    ("What are the symptoms of Fabry disease and how frequent are they?",
     {"ontology", "catalogue"},
     ["OMIM:301500 has_phenotype HP:0001014", "ORPHA:324 has_phenotype HP:0001014"], ["31 of 50 patients"]),
    ("By what mechanism does migalastat act in Fabry disease?",
     {"drugs", "mechanisms"},
     [f"{MIGALASTAT} directly_physically_interacts_with {GLA_PROTEIN}", f"{GLA_PROTEIN} affects {GB3}",
      f"{GB3} causes {FABRY}"],
     ["Alpha-galactosidase A"]),
    ("Does allopurinol interact with azathioprine?",
     {"drugs", "labels"},
     [f"{ALLOPURINOL} interacts_with {AZATHIOPRINE}", f"{AZATHIOPRINE} interacts_with {ALLOPURINOL}"], []),
    ("Does aspirin treat gout? What speaks against it?",
     {"physicians", "labels"},
     [f"{ASPIRIN} treats {GOUT}", f"{ASPIRIN} contraindicated_in {GOUT}"], ["not treat"]),
    ("What are the side effects of agalsidase beta, and in whom is it contraindicated?",
     {"drugs", "labels"},
     [f"{BETA} has_adverse_event MDR:10037660", f"{BETA} has_side_effect MDR:10037660",
      f"{BETA} contraindicated_in MDR:10020751"], ["39% of patients"]),
    ("How is migalastat connected with angiokeratoma?",
     {"physicians", "ontology"},
     [f"{MIGALASTAT} treats OMIM:301500", "OMIM:301500 has_phenotype HP:0001014"], []),
    ("法布雷病的治疗药物有哪些？依据是什么？",
     {"drugs", "physicians"},
     [f"{BETA} treats ORPHA:324", f"{MIGALASTAT} treats OMIM:301500"], ["阿加糖酶β：治疗 法布雷病", "来源 physicians"]),
    ("别嘌醇治疗痛风是谁说的？",
     {"drugs", "physicians"}, [f"{ALLOPURINOL} treats {GOUT}"], ["来源 drugs", "来源 physicians"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sources", "said", "words"), TEN, ids=[row[0][:40] for row in TEN])
def test_each_question_is_answered_with_claims_of_its_sources(
    kb: Knowledge, question: str, sources: set[str], said: list[str], words: list[str]
) -> None:
    answer = kb.ask(question)
    assert answer.abstained is None, answer
    found = claims(answer)
    assert {what for _, what, _ in found} >= set(said), answer.text
    assert {source for source, _, _ in found} >= sources, answer.text
    assert all(word in answer.text for word in words), answer.text
    marks = [f"[{number}]" for number in range(1, len(answer.evidence) + 1)]
    assert all(mark in answer.text for mark in marks)


def test_both_sides_of_a_conflict_are_shown_unasked(kb: Knowledge) -> None:
    answer = kb.ask("Does aspirin treat gout?")
    assert {(source, what.split()[1], negated) for source, what, negated in claims(answer)} >= {
        ("physicians", "treats", True), ("labels", "contraindicated_in", False),
    }  # fmt: skip


def test_a_mechanism_is_told_step_by_step(kb: Knowledge) -> None:
    answer = kb.ask("By what mechanism does migalastat act in Fabry disease?")
    steps = [each.fact for each in answer.evidence if isinstance(each.fact, Relation)][:3]
    assert [step.object for step in steps] == [GLA_PROTEIN, GB3, FABRY]


def test_what_nobody_says_is_not_answered(kb: Knowledge) -> None:
    answer = kb.ask("Does imiglucerase interact with aspirin?")
    assert answer.abstained is not None and answer.abstained.startswith("no-evidence")


@pytest.mark.shared
@pytest.mark.slow
def test_a_treatment_published_under_one_id_is_found_under_another(shared: Path, tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    maps.mkdir()
    for name in ("mesh", "omim", "orphanet"):
        (maps / f"{name}.sssom.tsv").symlink_to(shared / "mondo" / f"mondo_exactmatch_{name}.sssom.tsv")
    for name, place in (("sssom", maps), ("drugmechdb", shared / "drugmechdb")):
        write(tmp_path / "kb", find("sources", name)(place))
    with Store(tmp_path / "kb") as store:
        assert {"MONDO:0010526", "OMIM:301500", "ORPHA:324", "MESH:D000795"} == set(store.same("OMIM:301500"))
        treating = {
            (row.bindings[0][1], row.claims[0].origin.source)
            for row in matching(store, Pattern("?drug", "treats", "OMIM:301500"))
        }
        assert treating == {(BETA, "drugmechdb"), (MIGALASTAT, "drugmechdb")}
        (way,) = routes(store, MIGALASTAT, "ORPHA:324")
        assert [step.edge.object for step in way.steps] == ["MESH:D000795"]
