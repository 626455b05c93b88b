"""Thirteen questions put to real sources: who treats what, on whose word, by what steps, and what speaks against it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum import verbs
from probatum.knowledge import Knowledge
from probatum.store.conflicts import conflicts, parties
from probatum.store.reader import Store
from probatum.types import Answer, Relation

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDERS = {
    "hpo": "hpo", "mondo": "mondo", "doid": "doid", "ordo": "ordo", "hetionet": "hetionet",
    "drugmechdb": "drugmechdb", "pharmacotherapydb": "pharmacotherapydb", "labeledin": "labeledin",
    "medquad": "medquad", "cpic": "api-captures/cpic",
}  # fmt: skip


@pytest.fixture(scope="module")
def kb(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    folder = tmp_path_factory.mktemp("real") / "kb"
    for source, place in FOLDERS.items():
        verbs.ingest(folder, source, shared / place)
    with Knowledge(folder) as knowledge:
        yield knowledge


def said(answer: Answer) -> set[str]:
    """ "source: subject predicate object" of every claim that is cited, "not" before a predicate that is denied."""
    return {
        f"{each.origin.source}: {fact.subject} {'not ' * fact.negated}{fact.predicate.partition(':')[2]} {fact.object}"
        for each in answer.evidence
        if isinstance(fact := each.fact, Relation)
    }


# A question, the sources that must be heard, claims that must be among those cited, words that the answer must hold.
QUESTIONS = [
    ("What treats Fabry disease, on whose word, and what speaks against it?",
     {"drugmechdb", "medquad"},
     {"drugmechdb: DRUGBANK:DB00103 treats MESH:D000795", "drugmechdb: DRUGBANK:DB05018 treats MESH:D000795"},
     ["Fabry disease (MESH:D000795)", "says drugmechdb", "U.S. Food and Drug Administration"]),
    ("What treats Pompe disease, on whose word?",
     {"drugmechdb", "medquad"},
     {"drugmechdb: DRUGBANK:DB01272 treats MESH:D006009"}, ["glycogen storage disease II", "alglucosidase alfa"]),
    ("What treats Gaucher disease, on whose word?",
     {"drugmechdb", "medquad"},
     {"drugmechdb: DRUGBANK:DB00419 treats MESH:D005776", "drugmechdb: DRUGBANK:DB00053 treats MESH:D005776"},
     ["Miglustat", "“Enzyme replacement therapy is available"]),
    ("Which gene is associated with Fabry disease, on whose word?",
     {"hpo", "medquad"},
     {"hpo: NCBIGene:2717 gene_associated_with_condition OMIM:301500",
      "hpo: NCBIGene:2717 gene_associated_with_condition ORPHA:324"}, ["GLA", "says hpo"]),
    ("How is miglustat connected with splenomegaly?",
     {"drugmechdb", "hpo"},
     {"drugmechdb: DRUGBANK:DB00419 treats MESH:D052556", "hpo: ORPHA:646 has_phenotype HP:0001744"},
     ["Miglustat", "Splenomegaly", "30-79%"]),
    ("Does metformin treat type 2 diabetes mellitus, on whose word?",
     {"pharmacotherapydb", "drugmechdb", "medquad"},
     {"pharmacotherapydb: DRUGBANK:DB00331 treats DOID:9352", "drugmechdb: DRUGBANK:DB00331 treats MESH:D003924"},
     ["evidence DM", "says pharmacotherapydb", "says drugmechdb"]),
    ("Does carteolol treat hypertension, on whose word, and what speaks against it?",
     {"pharmacotherapydb", "drugmechdb"},
     {"pharmacotherapydb: DRUGBANK:DB00521 not treats DOID:10763",
      "drugmechdb: DRUGBANK:DB00521 treats MESH:D006973"}, ["does not treat", "evidence NOT"]),
    ("What treats gout, on whose word, and what speaks against it?",
     {"pharmacotherapydb", "drugmechdb", "labeledin", "medquad"},
     {"pharmacotherapydb: DRUGBANK:DB00437 treats DOID:13189", "drugmechdb: DRUGBANK:DB00437 treats MESH:D006073",
      "labeledin: RXCUI:2683 treats UMLS:C0018099"}, ["Allopurinol"]),
    ("痛风的治疗药物有哪些？依据是什么？",
     {"pharmacotherapydb", "drugmechdb", "labeledin"},
     {"pharmacotherapydb: DRUGBANK:DB00437 treats DOID:13189", "drugmechdb: DRUGBANK:DB00437 treats MESH:D006073"},
     ["Allopurinol：治疗", "来源 pharmacotherapydb", "来源 drugmechdb"]),
    ("骨质疏松用什么药治疗？谁说的？",
     {"pharmacotherapydb", "drugmechdb"},
     {"pharmacotherapydb: DRUGBANK:DB00399 treats DOID:11476", "drugmechdb: DRUGBANK:DB00399 treats MESH:D010024",
      "pharmacotherapydb: DRUGBANK:DB00603 not treats DOID:11476"}, ["Zoledronate：治疗", "不能治疗"]),
    ("By what mechanism does warfarin act in pulmonary embolism?",
     {"drugmechdb", "medquad"},
     {"drugmechdb: UniProtKB:Q9BQB6 regulates GO:0007596", "drugmechdb: GO:0007596 causes MESH:D011655"},
     ["blood coagulation", "“Warfarin prevents (inhibits) the action of VKORC1"]),
    ("How is CYP2C19 connected with acute coronary syndrome?",
     {"cpic", "labeledin"},
     {"cpic: cpic:gene/CYP2C19 affects RXCUI:32968", "labeledin: RXCUI:32968 treats UMLS:C0948089"},
     ["CYP2C19: affects clopidogrel", "evidence A", "clopidogrel: treats Acute coronary syndrome"]),
    ("Gaucher disease 的相关基因有哪些？谁说的？",
     {"hpo", "medquad"},
     {"hpo: NCBIGene:2629 gene_associated_with_condition OMIM:230800"}, ["GBA1", "来源 hpo"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sources", "claims", "words"), QUESTIONS, ids=[row[0][:40] for row in QUESTIONS])
def test_real_sources_answer(
    kb: Knowledge, question: str, sources: set[str], claims: set[str], words: list[str]
) -> None:
    answer = kb.ask(question)
    assert answer.abstained is None, answer
    assert {each.origin.source for each in answer.evidence} >= sources, answer.text
    assert said(answer) >= claims, answer.text
    assert all(word in answer.text for word in words), answer.text
    assert all(each.origin.release for each in answer.evidence)


def test_a_mechanism_is_told_step_by_step_under_names_of_its_partners(kb: Knowledge) -> None:
    answer = kb.ask("By what mechanism does miglustat act in Gaucher disease?")
    steps = [each.fact for each in answer.evidence if isinstance(each.fact, Relation)][:5]
    assert [step.object for step in steps] == [
        "MESH:C059896", "UniProtKB:Q16739", "GO:0006679", "CHEBI:36500", "MESH:D005776",
    ]  # fmt: skip
    assert "close to Miglustat: affects" in answer.text, "the source's own id has no name: that of its close match"
    assert "no name known (UniProtKB:Q16739)" in answer.text, "what no source names is said to have no name"


def test_two_real_sources_speak_against_each_other_under_different_ids(kb: Knowledge) -> None:
    found = {
        (one.subject, one.object): parties(one)
        for one in conflicts(kb.store, kinds=["negation"])
        if one.predicate == "biolink:treats"
    }
    assert set(found) == {("DRUGBANK:DB00521", "MESH:D006973"), ("DRUGBANK:DB00325", "MESH:D006973")}
    for one, other in found.values():
        assert [side.partition("@")[0] for side in (*one, *other)] == ["drugmechdb", "pharmacotherapydb"]


def test_a_wrong_edit_in_a_copy_of_a_real_source_is_a_conflict(shared: Path, tmp_path: Path) -> None:
    """One indication of 1,388 turned into a non-indication: the other source, which writes other ids, contradicts."""
    copy = tmp_path / "pharmacotherapydb"
    shutil.copytree(shared / "pharmacotherapydb", copy, copy_function=shutil.copyfile)
    for folder in (copy, copy / "catalog"):
        folder.chmod(0o755)
    path = copy / "catalog" / "indications.tsv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (place,) = (n for n, row in enumerate(rows) if row.startswith("DOID:13189\tDB00437\t") and "\tDM\t" in row)
    rows[place] = rows[place].replace("\tDM\t", "\tNOT\t")
    path.write_text("".join(rows), encoding="utf-8")
    caught = {}
    for name, place_of in (("honest", shared / "pharmacotherapydb"), ("edited", copy)):
        for source, data in (("mondo", shared / "mondo"), ("drugmechdb", shared / "drugmechdb"),
                             ("pharmacotherapydb", place_of)):  # fmt: skip
            verbs.ingest(tmp_path / name, source, data)
        with Store(tmp_path / name) as store:
            found = conflicts(store, "DRUGBANK:DB00437", ["negation"])
            caught[name] = [(one.predicate, one.object, parties(one)) for one in found]
    assert caught["honest"] == []
    ((predicate, disease, sides),) = caught["edited"]
    assert (predicate, disease) == ("biolink:treats", "MESH:D006073")
    assert [side.partition("@")[0] for pair in sides for side in pair] == ["drugmechdb", "pharmacotherapydb"]
