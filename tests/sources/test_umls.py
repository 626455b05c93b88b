"""The UMLS source: names, types and definitions side by side, relations read from the right end, retired concepts."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest
from source_contract import check_contract, check_hostile

from probatum.naming import card_of
from probatum.sources.umls import umls
from probatum.store.graph import Graph
from probatum.store.linking import concepts_in
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation, Release

AT = ("umls", "2026AA")
FABRY = Concept(
    "UMLS:C0002986",
    "Fabry Disease",
    "Disease",
    Origin(*AT, "C0002986"),
    names=(
        Name("Alpha-Galactosidase A Deficiency", "en", "exact", "MSH"),
        Name("FABRY DISEASE", "en", "exact", "OMIM"),
        Name("Enfermedad de Fabry", "es", "label", "MSHSPA"),
    ),
    xrefs=("MESH:D000795", "OMIM:301500"),
)


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny release that a test may change: without MRFILES, which promises sizes."""
    copy = Path(shutil.copytree(tiny / "sources/umls", tmp_path / "umls"))
    (copy / "META/MRFILES.RRF").unlink()
    return copy


def concepts(folder: Path, **settings: object) -> dict[str, Concept]:
    return {fact.id: fact for fact in umls(folder, **settings) if isinstance(fact, Concept)}  # type: ignore[arg-type]


def claims(folder: Path, **settings: object) -> list[tuple[str, str, str, bool]]:
    facts = [fact for fact in umls(folder, **settings) if isinstance(fact, Relation)]  # type: ignore[arg-type]
    ours = [fact for fact in facts if fact.subject[:4] == "UMLS" and fact.predicate != "biolink:category"]
    return [(fact.subject[5:], fact.predicate, fact.object[5:], fact.negated) for fact in ours]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    first = list(umls(tiny / "sources/umls"))[:4]
    assert first[1] == Concept(
        "umls:CHV", "Consumer Health Vocabulary", "InformationContentEntity", Origin(*AT, "MRSAB CHV"),
        xrefs=("UMLS:C1135584",),
    )  # fmt: skip
    assert isinstance(first[3], Passage) and first[3].qualifiers == (
        ("status", "restriction level 0"),
        ("version", "2026"),
    )
    check_contract("umls", tiny / "sources/umls", first, tmp_path)


@pytest.mark.slow
def test_hostile_tables_that_nothing_promises(folder: Path, tmp_path: Path) -> None:
    check_hostile("umls", umls, folder, tmp_path / "hostile")


def test_pinned_records(tiny: Path) -> None:
    facts = list(umls(tiny / "sources/umls"))
    assert isinstance(facts[0], Release) and (facts[0].version, facts[0].published) == ("2026AA", "2026-05-04")
    assert FABRY in facts
    assert Relation("UMLS:C0002986", "biolink:category", "STY:T047", Origin(*AT, "AT00000001")) in facts
    assert Passage(
        "UMLS:C0017205#AT00000023", "Manque de glucocérébrosidase.", "Gaucher Disease", "fr",
        Origin(*AT, "AT00000023"), "definition", ("UMLS:C0017205",), (("vocabulary", "MSHFRE"),),
    ) in facts  # fmt: skip
    assert not any(isinstance(fact, Malformed) for fact in facts)
    assert not any("old wording" in fact.text for fact in facts if isinstance(fact, Passage))
    card = card_of(umls)
    assert card.gated and "MRSAB" in card.terms


def test_suppressed_names_are_left_out_unless_nothing_else_stands(tiny: Path) -> None:
    found = concepts(tiny / "sources/umls")
    gaucher = found["UMLS:C0017205"]
    assert not gaucher.obsolete and "Kerasin thesaurismosis" not in {name.text for name in gaucher.names}
    assert "SNOMEDCT:1234" not in gaucher.xrefs and "SNOMEDCT:190794006" in gaucher.xrefs
    assert found["UMLS:C0023520"].obsolete and found["UMLS:C0023520"].name == "Withdrawn heading"


def test_the_preferred_name_and_who_says_the_others(tiny: Path) -> None:
    metformin = concepts(tiny / "sources/umls")["UMLS:C0025598"]
    assert metformin.name == "metformin" and metformin.kind == "Drug"
    assert Name("Metformin", "en", "exact", "DRUGBANK MSH") in metformin.names
    # an attribute that is an id elsewhere is one; a suppressed one is not
    assert metformin.xrefs == ("DRUGBANK:DB00331", "MESH:D008687", "RXCUI:6809", "UNII:9100L32L2N")


def test_a_relation_is_what_the_second_concept_has_to_the_first(tiny: Path) -> None:
    found = Counter(claims(tiny / "sources/umls"))
    # CUI1 PAR CUI2: CUI2 is the parent; CUI2 CHD CUI1 of its mirror image and MRHIER say the same: one claim
    assert found["C0017205", "biolink:subclass_of", "C0037899", False] == 2  # of MSH and of SNOMED
    assert found["C0025598", "biolink:treats_or_applied_or_studied_to_treat", "C0011860", False] == 1
    assert found["C0017205", "biolink:has_phenotype", "C0038002", False] == 1
    assert found["C0037899", "skos:broadMatch", "C0085078", False] == 1
    assert found["C0011860", "biolink:related_to", "C0017205", True] == 1  # XR: not related
    assert len(found) == 7  # siblings, synonymy within a concept and suppressed rows are no claims


def test_a_row_and_its_mirror_image_are_one_claim(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", umls(tiny / "sources/umls"))
    with Store(tmp_path / "kb") as store:
        (claim,) = store.relations("UMLS:C0025598", "biolink:treats_or_applied_or_studied_to_treat")
        assert claim.origin.at == "A0000016 A0000005"
        assert claim.qualifiers == (("original_predicate", "may_treat"), ("vocabulary", "MED-RT"))
        told = {each.qualifiers for each in store.relations("UMLS:C0017205", "biolink:subclass_of")}
        assert told == {
            (("original_predicate", "CHD"), ("vocabulary", "MSH")),
            (("original_predicate", "isa"), ("vocabulary", "SNOMEDCT_US")),
        }


def test_no_way_leads_through_a_semantic_type(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", umls(tiny / "sources/umls"))
    with Store(tmp_path / "kb") as store:
        assert [each.object for each in store.relations("UMLS:C0017205", "biolink:category")] == ["STY:T047"]
        near = [id for id, _ in Graph.open(store).neighbours("UMLS:C0017205", hops=2)]
        assert "UMLS:C0085078" in near and not [id for id in near if id.startswith("STY:")]


def test_relations_that_no_table_knows_are_read_one_way(folder: Path) -> None:
    with (folder / "META/MRREL.RRF").open("a", encoding="utf-8") as file:
        for first, rela, second in (
            ("C0017205", "likes", "C0025598"),
            ("C0025598", "liked_by", "C0017205"),
            ("C0017205", "meets", "C0025598"),
            ("C0025598", "meets", "C0017205"),
        ):
            file.write(f"{first}||CUI|RO|{second}||CUI|{rela}|R1||NCI|NCI|||N||\n")
    with (folder / "META/MRDOC.RRF").open("a", encoding="utf-8") as file:
        file.write("RELA|meets|rela_inverse|meets|\n")
    facts = [fact for fact in umls(folder) if isinstance(fact, Relation) and fact.qualifier("vocabulary") == "NCI"]
    assert len([fact for fact in facts if fact.qualifier("original_predicate") == "meets"]) == 1
    odd = [fact for fact in facts if fact.qualifier("original_predicate").startswith("like")]
    assert len(odd) == 1 and odd[0].qualifier("original_predicate") == "liked_by"
    assert (odd[0].subject, odd[0].predicate, odd[0].object) == (
        "UMLS:C0017205",
        "biolink:related_to",
        "UMLS:C0025598",
    )


def test_retired_concepts_lead_to_what_stands_in_their_place(tiny: Path, tmp_path: Path) -> None:
    found = concepts(tiny / "sources/umls")
    assert found["UMLS:C0000258"].name == "A heading that nobody used" and found["UMLS:C0000258"].obsolete
    assert found["UMLS:C0017207"].consider == ("UMLS:C0017205", "UMLS:C0085078")
    write(tmp_path / "kb", umls(tiny / "sources/umls"))
    with Store(tmp_path / "kb") as store:
        assert store.resolve("UMLS:C0017206") == store.resolve("UMLS:C0017209") == "UMLS:C0017205"
        assert store.resolve("UMLS:C0000258") == "UMLS:C0000258"  # nothing stands in its place


def test_what_is_chosen(tiny: Path) -> None:
    place = tiny / "sources/umls"
    assert {name.language for name in concepts(place, languages=("en",))["UMLS:C0017205"].names} == {"en"}
    free = concepts(place, restriction=0)["UMLS:C0017205"]
    assert {name.language for name in free.names} == {"en"} and "SNOMEDCT:190794006" not in free.xrefs
    assert Counter(claims(place, restriction=0))["C0017205", "biolink:subclass_of", "C0037899", False] == 1
    only = concepts(place, vocabularies=("OMIM",))
    assert only["UMLS:C0017205"].name == "GAUCHER DISEASE, TYPE I" and "UMLS:C0025598" not in only
    assert [claim[1] for claim in claims(place, vocabularies=("OMIM",))] == ["biolink:has_phenotype"]


def test_shuffled_tables_give_the_same_content(folder: Path, tmp_path: Path) -> None:
    before = write(tmp_path / "a", umls(folder)).content
    (folder / "META/release.dat").write_text("umls.release.name=2026AA\n", encoding="utf-8")
    for file in [*(folder / "META").glob("MR*.RRF")]:
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        # names keep their order within a concept: the first of equals is the label
        lines.sort(key=lambda line: line.partition("|")[0], reverse=True)
        file.write_text("".join(lines), encoding="utf-8")
    assert write(tmp_path / "b", umls(folder)).content == before


def test_a_row_cut_short_and_a_row_without_its_concept(folder: Path) -> None:
    with (folder / "META/MRSTY.RRF").open("a", encoding="utf-8") as file:
        file.write("C9999999|T047|B2|Disease or Syndrome|AT9||\nC0085078|T047|B2\nC0085078|47|B2|Disease|AT9||\n")
    with (folder / "META/MRHIER.RRF").open("a", encoding="utf-8") as file:
        file.write(
            "C0017205|A0000007|2|A9999999|MSH||A0000024.A9999999|||\nC0017205|A0000007|3|A0000021|MSH||A1.A2|||\n"
        )
    aside = [(fact.path, fact.line, fact.reason[:24]) for fact in umls(folder) if isinstance(fact, Malformed)]
    assert sorted(aside) == [
        ("MRHIER.RRF", 4, "a parent that MRCONSO do"),
        ("MRHIER.RRF", 5, "the way to the root does"),
        ("MRSTY.RRF", 9, "rows of an id that the t"),
        ("MRSTY.RRF", 10, "2 columns; 6 were expect"),
        ("MRSTY.RRF", 11, "a semantic type (T047) w"),
    ]


def test_the_semantic_network_alone(tiny: Path, tmp_path: Path) -> None:
    facts = list(umls(tiny / "sources/umls/NET"))
    assert facts[0].files == ("SRDEF", "SRSTR")  # type: ignore[union-attr]
    relations = [fact for fact in facts if isinstance(fact, Relation)]
    assert [(fact.subject, fact.predicate, fact.object, fact.negated) for fact in relations] == [
        ("STY:T047", "biolink:subclass_of", "STY:T046", False),
        ("STY:T001", "biolink:subclass_of", "STY:T071", False),
        ("STY:T121", "biolink:treats", "STY:T046", False),
        ("STY:T046", "biolink:occurs_in", "STY:T071", True),  # the structure blocks this one
    ]


@pytest.mark.shared
def test_the_semantic_network_of_the_shared_data(shared: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", umls(shared / "umls-semantic-net"))
    with Store(tmp_path / "kb") as store:
        # 5,868 lines; the table of types knows all 135 that they speak of
        assert store.stats()["claims"] == 5_868 and store.stats()["quarantine"] == 0
        assert sum(1 for _ in store.concepts()) == 135
        assert store.name_of("STY:T047") == "Disease or Syndrome"
        treats = {claim.object for claim in store.relations("STY:T121", "biolink:treats")}
        assert {"STY:T019", "STY:T048"} <= treats
        above = Graph.open(store).ancestors("STY:T047")
        assert {"STY:T046", "STY:T038", "STY:T051"} <= set(above)


def test_a_question_does_not_name_a_semantic_type(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", umls(tiny / "sources/umls"))
    with Store(tmp_path / "kb") as store:
        named = {
            link.concept for link in concepts_in(store, "What organism or pathologic function is Gaucher disease?")
        }
        assert "UMLS:C0017205" in named and not [id for id in named if id.startswith("STY:")]


def test_packed_tables_in_parts_give_the_same_release(folder: Path) -> None:
    before = list(umls(folder))
    for name in ("MRCONSO", "MRREL"):
        file = folder / f"META/{name}.RRF"
        data, middle = file.read_bytes(), file.stat().st_size // 2
        for letters, part in (("aa", data[:middle]), ("ab", data[middle:])):
            (folder / f"META/{name}.RRF.{letters}.gz").write_bytes(gzip.compress(part))
        file.unlink()
    assert list(umls(folder)) == before
