"""The source medline: the last version of each citation, deletions, retractions, updates on a store."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.formats.citations import Citation, Substance
from probatum.sources._medline_files import Latest, medline_files, missing, number, version
from probatum.sources._publications import terms
from probatum.sources.medline import medline
from probatum.types import Concept, Fact, Gone, Malformed, Name, Origin, Passage, Relation, Release

RELEASE = "pubmed26n0001-n0002"
AT = Origin("medline", RELEASE, "PMID:2000002")
PINNED: list[Fact] = [
    Concept("MESH:D000795", "Fabry Disease", "OntologyClass", Origin("medline", RELEASE, "MESH:D000795")),
    Concept("MESH:C000001", "Burning hands of childhood", "Disease", Origin("medline", RELEASE, "MESH:C000001")),
    Concept(
        "PMID:2000002",
        "[Pain in the hands as the first sign of Fabry disease].",
        "Publication",
        AT,
        names=(Name("以手痛为首发表现的法布里病", "zh", "exact"),),
    ),
    Passage(
        "PMID:2000002",
        "Burning hands in a boy of nine led to the diagnosis.",
        "[Pain in the hands as the first sign of Fabry disease].",
        "en",
        AT,
        about=("MESH:D000795",),
        qualifiers=(
            ("journal", "Zhonghua zao xi bing za zhi"),
            ("language", "zh"),
            ("published", "2019"),
            ("revised", "2019-11-21"),
            ("study", "Case Reports"),
            ("year", "2019"),
        ),
    ),
]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    check_contract("medline", tiny / "sources/medline", PINNED, tmp_path)


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny collection that a test may change."""
    return Path(shutil.copytree(tiny / "sources/medline", tmp_path / "files"))


def passages(path: Path) -> dict[str, Passage]:
    return {fact.id: fact for fact in medline(path) if isinstance(fact, Passage)}


def test_updates_replace_and_deletions_remove(folder: Path) -> None:
    both = passages(folder)
    assert set(both) == {"PMID:2000001", "PMID:2000002", "PMID:2000002#abstract-1"} | {
        f"PMID:200000{last}" for last in (4, 5, 6)
    }
    assert both["PMID:2000001"].text == "The plasma values of this trial cannot be relied on."
    old = passages(folder / "baseline")
    assert "PMID:2000003" in old
    assert old["PMID:2000001"].text.splitlines()[2] == "RESULTS: Plasma Gb3 fell by 30% & 52%."
    said = dict(old["PMID:2000001"].qualifiers)
    assert said["section"] == "BACKGROUND; METHODS; RESULTS" and said["study"] == "Randomized Controlled Trial"
    assert said["copyright"] == "Copyright 2020 The Society." and "status" not in said


def test_a_retraction_marks_the_paper_and_points_to_the_notice(folder: Path) -> None:
    facts = list(medline(folder))
    found = [fact for fact in facts if isinstance(fact, Relation) and fact.predicate == "biolink:related_to"]
    retraction = [fact for fact in found if fact.qualifier("original_predicate") == "RetractionIn"]
    # the paper's record and the notice's both say it, in one direction
    assert [(fact.subject, fact.object) for fact in retraction] == [("PMID:2000001", "PMID:2000005")] * 2
    assert {fact.origin.at for fact in retraction} == {"PMID:2000001", "PMID:2000005"}
    paper = passages(folder)["PMID:2000001"]
    assert dict(paper.qualifiers)["status"] == "retracted"
    (mention,) = [fact for fact in facts if isinstance(fact, Relation) and fact.subject == "PMID:2000001"
                  and fact.predicate == "biolink:mentions"]  # fmt: skip
    assert mention.qualifiers == (
        ("major", "yes"),
        ("original_predicate", "MeshHeading"),
        ("status", "retracted"),
        ("subheading", "MESH:Q000188*"),
    )


def test_an_update_alone_updates_and_takes_back(folder: Path) -> None:
    release, *facts = medline(folder / "updatefiles")
    assert isinstance(release, Release) and (release.version, release.manner) == ("pubmed26n0002", "updates")
    gone = [fact for fact in facts if isinstance(fact, Gone)]
    assert [fact.record for fact in gone] == ["PMID:2000003", "PMID:1999999"]
    assert next(medline(folder)).manner == "replaces"  # type: ignore[union-attr]


def test_the_last_of_many_versions_stands_wherever_it_is(folder: Path) -> None:
    text = (folder / "baseline/pubmed26n0001.xml").read_text(encoding="utf-8")
    head, _, rest = text.partition("<PubmedArticle>")
    first = "<PubmedArticle>" + rest.partition("</PubmedArticle>")[0] + "</PubmedArticle>"
    again = first.replace("40 men", "41 men").replace('PMID Version="1">2000001', 'PMID Version="2">2000001')
    late = head + first + again + first.replace("2000001", "2000009").replace("40 men", "9 men")
    deletes = '<DeleteCitation><PMID Version="1">2000001</PMID><PMID Version="1">2000009</PMID></DeleteCitation>'
    (folder / "pubmed26n0003.xml").write_text(f"{late}{deletes}</PubmedArticleSet>", encoding="utf-8")
    found = passages(folder)
    assert "41 men" in found["PMID:2000001"].text  # version 2 outlives the deletion of version 1
    assert dict(found["PMID:2000001"].qualifiers)["version"] == "2"
    assert "PMID:2000009" not in found


def test_files_are_read_in_the_order_of_their_numbers(folder: Path) -> None:
    (folder / "updatefiles/pubmed26n0002.xml").rename(folder / "pubmed26n0010.xml")
    (folder / "baseline/pubmed26n0001.xml").rename(folder / "zz.xml")
    assert [file.name for file in medline_files(folder)] == ["pubmed26n0010.xml", "zz.xml"]
    assert passages(folder)["PMID:2000001"].text.startswith("BACKGROUND")
    assert number(folder / "pubmed26n0010.xml.gz") == (26, 10) and number(folder / "zz.xml") is None
    named = [Path(f"pubmed26n{each:04}.xml.gz") for each in (1, 2, 5)]
    assert missing(named) == ["pubmed26n0003", "pubmed26n0004"]
    assert version(named, "") == "pubmed26n0001-n0005" and version(named[:1], "") == "pubmed26n0001"
    assert version([*named, Path("x.xml")], "ab") == "ab"


def test_oddly_written_records_are_found_by_the_parser_alone(folder: Path) -> None:
    file = folder / "baseline/pubmed26n0001.xml"
    text = file.read_text(encoding="utf-8").replace('<PMID Version="1">2000004', '<!-- x --><PMID Version="1">2000004')
    file.write_text(text, encoding="utf-8")
    assert "PMID:2000004" in passages(folder)


def test_the_last_word_takes_two_bytes_a_citation() -> None:
    latest = Latest()
    latest.note(0, 5, 1)
    latest.note(1, 5, 1)
    assert not latest.wanted(0, 5) and latest.wanted(1, 5) and latest.wanted(3, 6)
    latest.delete(2, 5, 1)
    assert latest.deleted(5) and not latest.wanted(1, 5) and not latest.deleted(10**7)


def test_tagged_text_is_read_too(tiny: Path) -> None:
    facts = list(medline(tiny / "formats/search.nbib"))
    assert isinstance(facts[0], Release) and facts[0].version == facts[0].sha256 and facts[0].manner == "updates"
    (passage,) = [fact for fact in facts if isinstance(fact, Passage) and fact.id == "PMID:2000010"]
    said = dict(passage.qualifiers)
    assert said["headings"] == "*Fabry Disease/complications/*diagnosis; Humans" and said["status"] == "corrected"
    assert said["study"] == "Observational Study"
    assert any(isinstance(fact, Relation) and fact.object == "clinicaltrials:NCT00000102" for fact in facts)


def test_a_broken_file_stops_with_its_name(folder: Path) -> None:
    (folder / "pubmed26n0003.xml.gz").write_bytes(b"\x1f\x8bno")
    with pytest.raises(BadFormat, match=r"pubmed26n0003\.xml\.gz"):
        list(medline(folder))


@pytest.mark.shared
def test_the_real_citations(shared: Path) -> None:
    facts = list(medline(shared / "pubmed-medline"))
    assert not any(isinstance(fact, Malformed) for fact in facts)
    found = {fact.id: fact for fact in facts if isinstance(fact, Passage)}
    assert len([id for id in found if "#" not in id]) == 605
    trial = found["PMID:29768149"]
    assert dict(trial.qualifiers)["study"].startswith("Clinical Trial, Phase III; Comparative Study")
    assert "MESH:D001249" in trial.about


def test_substances_bear_the_numbers_that_mesh_registers_for_them() -> None:
    substances = [
        Substance("D008687", "Metformin", "9100L32L2N", "Chemical"),
        Substance("C000002", "an older salt", "657-24-9", "Chemical"),
        Substance("D000519", "alpha-Galactosidase", "EC 3.2.1.22", "Chemical"),
        Substance("D000001", "a group of substances", "0", "Chemical"),
    ]
    parts = dict.fromkeys(Citation._fields, ()) | {"pmid": 1}
    told = terms(Citation(**{**parts, "substances": tuple(substances)}), "r", set())
    assert [each.xrefs for each in told] == [("UNII:9100L32L2N",), ("CAS:657-24-9",), (), ()]
