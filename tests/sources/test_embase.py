"""The source embase: Emtree terms, their mappings with grounds, doubles of MEDLINE citations."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.naming import card_of
from probatum.sources._duplicates import Citations, printed
from probatum.sources.embase import embase, emtree
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation


def at(record: str, reliability: str = "curated") -> Origin:
    return Origin("embase", "", record, reliability=reliability)


TITLE = "Kidney outcome under enzyme replacement in Fabry disease"
PINNED: list[Fact] = [
    Concept("EMTREE:fabry_disease", "Fabry disease", "OntologyClass", at("EMTREE:fabry_disease")),
    Concept("EMTREE:proteinuria", "proteinuria", "OntologyClass", at("EMTREE:proteinuria")),
    Concept("embase:L2000000005", TITLE, "Publication", at("embase:L2000000005"), xrefs=("doi:10.5555/kn.2018.7",)),
    Relation(
        "embase:L2000000005",
        "skos:exactMatch",
        "PMID:2000007",
        at("embase:L2000000005"),
        qualifiers=(
            ("comment", "both state the same DOI"),
            ("confidence", "0.98"),
            ("mapping_justification", "semapv:CompositeMatching"),
        ),
    ),
    Passage(  # the citation has no abstract, so this one is kept
        "embase:L2000000005",
        "Proteinuria rose more slowly.",
        TITLE,
        "en",
        at("embase:L2000000005"),
        about=("EMTREE:fabry_disease", "EMTREE:proteinuria"),
        qualifiers=(("journal", "Kidney Notes"), ("published", "2018"), ("year", "2018")),
    ),
]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    check_contract("embase", tiny / "sources/embase", PINNED, tmp_path)
    assert card_of(embase).gated


def relations(path: Path, predicate: str) -> list[Relation]:
    return [fact for fact in embase(path) if isinstance(fact, Relation) and fact.predicate == predicate]


def test_doubles_of_medline_citations_are_told_with_their_ground(tiny: Path) -> None:
    found = {fact.subject: fact for fact in relations(tiny / "sources/embase", "skos:exactMatch")}
    doubles = {id: (fact.object, fact.qualifier("comment")) for id, fact in found.items() if id.startswith("embase")}
    assert doubles == {
        "embase:L2000000001": ("PMID:2000001", "the record states the PMID"),
        "embase:L2000000003": ("PMID:2000002", "same title, year, first author and first page"),
        "embase:L2000000005": ("PMID:2000007", "both state the same DOI"),
    }
    # where MEDLINE has the abstract, a second copy is left out
    passages = {fact.id for fact in embase(tiny / "sources/embase") if isinstance(fact, Passage)}
    assert passages == {f"embase:L200000000{last}" for last in (2, 3, 4, 5)}


def test_emtree_terms_are_mapped_by_a_table_and_by_shared_articles(tiny: Path) -> None:
    table = [fact for fact in relations(tiny / "sources/embase", "skos:exactMatch") if fact.subject[:6] == "EMTREE"]
    assert [(fact.subject, fact.object, fact.qualifier("confidence")) for fact in table] == [
        ("EMTREE:agalsidase_beta", "MESH:C000002", "0.97"),
        ("EMTREE:heart_arrhythmia", "MESH:D001145", "0.95"),
    ]
    close = relations(tiny / "sources/embase", "skos:closeMatch")
    assert {(fact.subject, fact.object, fact.qualifier("confidence")) for fact in close} == {
        ("EMTREE:fabry_disease", "MESH:D000795", "0.60"),  # 2 of 3 articles
        ("EMTREE:child", "MESH:D002648", "0.67"),
        ("EMTREE:human", "MESH:D006801", "0.50"),  # 1 of 2; a plural
        ("EMTREE:proteinuria", "MESH:D011507", "0.67"),
    }
    assert {fact.qualifier("mapping_justification") for fact in close} == {"semapv:LexicalMatching"}
    assert {fact.origin.reliability for fact in close} == {"extracted"}


def test_without_shared_articles_no_words_are_matched(tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny / "sources/embase/search.ris", tmp_path)
    assert relations(tmp_path, "skos:closeMatch") == []
    (stated,) = relations(tmp_path, "skos:exactMatch")
    assert (stated.subject, stated.object) == ("embase:L2000000001", "PMID:2000001")
    assert {fact.id for fact in embase(tmp_path) if isinstance(fact, Passage)} == {
        "embase:L2000000001",
        "embase:L2000000002",
    }


def test_a_record_in_two_exports_is_told_once(tiny: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny / "sources/embase", tmp_path / "embase"))
    shutil.copy(folder / "search.ris", folder / "again.ris")
    once = [type(fact) for fact in embase(tiny / "sources/embase")]
    assert [type(fact) for fact in embase(folder)] == once


def test_emtree_ids_are_names_and_no_two_names_share_one() -> None:
    assert emtree("Fabry disease") == "EMTREE:fabry_disease"
    assert len({emtree(name) for name in ("CD4+ T", "CD4- T", "CD4 T", "CD4_T/x", "é", "e")}) == 6


def test_different_articles_of_one_title_stay_apart() -> None:
    assert printed("Reply", "2020", "Ito") is None and printed("Four words of title", "", "Ito") is None
    assert printed("[Four words: of title].", "2020", "Ito") == printed("Four Words of Title", "2020", "ITO")
    nothing = Citations().find(pmid=0, doi="10.1/x", title="Four words of title", year="2020", author="Ito", page="1")
    assert nothing == (0, None, ())


def test_a_mapping_of_other_vocabularies_is_set_aside(tiny: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny / "sources/embase", tmp_path / "embase"))
    table = folder / "emtree-mesh.sssom.tsv"
    row = "DOID:1\tx\tskos:exactMatch\tMESH:D1\ty\tsemapv:ManualMappingCuration\t1\n"
    table.write_text(table.read_text(encoding="utf-8") + row, encoding="utf-8")
    (bad,) = [fact for fact in embase(folder) if isinstance(fact, Malformed)]
    assert bad.text == "DOID:1 MESH:D1"


@pytest.mark.parametrize("name", ["x.ris", "x.csv"])
def test_records_without_id_or_title_are_set_aside(tmp_path: Path, name: str) -> None:
    said = {"x.ris": "TY  - JOUR\nT1  - a\nER  - \n", "x.csv": '"Title","PUI"\n"","L2000000001"\n'}
    (tmp_path / name).write_text(said[name], encoding="utf-8")
    _, bad = embase(tmp_path)
    assert isinstance(bad, Malformed) and bad.path == name
