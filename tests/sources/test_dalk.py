"""The source dalk: triples under the year and the paper in which a model read them."""

from __future__ import annotations

import shutil
from pathlib import Path

from source_contract import check_contract

from probatum.sources.dalk import dalk
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

AT = Origin("dalk", "", "PMID:2100001")
TITLE = "Iron and amyloid in the ageing mouse."
PINNED: list[Fact] = [
    Concept("PMID:2100001", TITLE, "Publication", AT),
    Passage(
        "PMID:2100001#pubtator",
        "Iron made amyloid-beta clump faster in mice with Alzheimer's disease (AD).",
        TITLE,
        "en",
        AT,
        qualifiers=(("year", "2011"),),
    ),
    Relation(
        "PMID:2100001",
        "biolink:mentions",
        "MESH:D007501",
        Origin("dalk", "", "PMID:2100001", references=("PMID:2100001",), reliability="extracted"),
        qualifiers=(("year", "2011"),),
    ),
]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    check_contract("dalk", tiny / "sources/dalk", PINNED, tmp_path)


def triples(path: Path) -> list[Relation]:
    return [fact for fact in dalk(path) if isinstance(fact, Relation) and fact.origin.reliability == "generated"]


def test_triples_bear_year_paper_and_the_word_that_the_model_used(tiny: Path) -> None:
    said = [
        (f.subject, f.predicate, f.object, f.qualifiers, f.origin.references) for f in triples(tiny / "sources/dalk")
    ]
    assert said == [
        (
            "MESH:D007501",
            "biolink:affects",
            "NCBIGene:351",
            (("direction", "increased"), ("original_predicate", "upregulates"), ("year", "2011")),
            ("PMID:2100001",),
        ),
        (  # "AD (Alzheimer's disease)" is what PubTator found in that abstract under either name
            "MESH:D000544",
            "biolink:related_to",
            "dalk:amyloid_plaque",
            (("original_predicate", "INVOLVES"), ("year", "2011")),
            ("PMID:2100001",),
        ),
        (
            "NCBIGene:351",
            "biolink:associated_with",
            "MESH:D008569",
            (("original_predicate", "associates"), ("year", "2011")),
            ("PMID:2100002",),
        ),
        (
            "MESH:D000077543",
            "biolink:ameliorates_condition",
            "MESH:D008569",
            (("original_predicate", "palliates"), ("year", "2012")),
            ("PMID:2100003",),
        ),
        (  # a table of triples names no paper; its words are those that all abstracts of the year agree on
            "MESH:D000077543",
            "biolink:affects",
            "MESH:D007501",
            (("direction", "decreased"), ("original_predicate", "downregulates"), ("year", "2012")),
            (),
        ),
    ]


def test_names_are_those_of_the_texts(tiny: Path) -> None:
    found = {fact.id: fact for fact in dalk(tiny / "sources/dalk") if isinstance(fact, Concept)}
    disease = found["MESH:D000544"]
    assert (disease.name, disease.kind) == ("Alzheimer's disease", "Disease")
    assert disease.names == (Name("AD", "en", "related"),)
    assert found["dalk:amyloid_plaque"].kind == "NamedThing"
    assert found["dbSNP:rs63750264"].kind == "SequenceVariant"


def test_the_graph_grows_by_year(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", dalk(tiny / "sources/dalk"))
    known = {}
    for year in (2010, 2011, 2012):
        with Store(tmp_path / "kb", as_of=f"{year}-12-31") as store:
            claims = [claim for claim in store.relations() if claim.origin.reliability == "generated"]
            known[year] = {(claim.subject, claim.object) for claim in claims}
            assert all(store.concept(end) for pair in known[year] for end in pair)
            assert (store.passage("PMID:2100003#pubtator") is not None) == (year == 2012)
    assert known[2010] == set() and len(known[2011]) == 3 and known[2011] < known[2012]
    assert ("MESH:D000077543", "MESH:D008569") in known[2012] - known[2011]


def test_one_year_alone_and_broken_entries(tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny / "sources/dalk/extracted/2011_s2s.json", tmp_path)
    alone = triples(tmp_path)
    assert alone[0].subject == "dalk:iron" and alone[0].origin.at == "2011_s2s.json:1"
    (tmp_path / "2012_s2s.json").write_text(
        '[1, {"triplet": [2, {"entity1": {"entity_name": "a"}, "entity2": {}, "relation": "r"}]}]', encoding="utf-8"
    )
    (tmp_path / "extracted_triplet_2012.txt").write_text("a\tb\n\nc\tno-relation\td\n", encoding="utf-8")
    release, *facts = dalk(tmp_path)
    assert isinstance(release, Release) and release.version.startswith("2011-2012.")
    assert [fact.line for fact in facts if isinstance(fact, Malformed)] == [0, 0, 0, 1]
