"""The MedQuAD source: every answered pair a passage under the id by which experts judged it."""

from __future__ import annotations

import shutil
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.tables import comma_separated
from probatum.sources.medquad import medquad
from probatum.types import Concept, Malformed, Name, Origin, Passage, Release

CSV = "qrels-odd/Answers-retrieved-from-MedQuAD_odd-questions.csv"


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny collection that a test may change."""
    return Path(shutil.copytree(tiny / "sources/medquad", tmp_path / "medquad"))


def passages(folder: Path) -> dict[str, Passage]:
    return {fact.id: fact for fact in medquad(folder) if isinstance(fact, Passage)}


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    site, gaucher = "https://rarediseases.info.nih.gov/gard/2396/gaucher-disease", ("UMLS:C0017205",)
    blood = "https://www.nlm.nih.gov/medlineplus/ency/article/003657.htm"
    said = (
        ("ADAM_0000486_Sec2.txt", 'Drawing blood, is of "little" risk; veins differ.', blood, ()),
        (
            "GARD_0002396_Sec1.txt",
            "An inherited illness in which a fat called glucocerebroside gathers in spleen, liver and bone.",
            site,
            gaucher,
        ),
        ("GARD_0002396_Sec2.txt", "A large spleen & liver, few platelets, pain in the bones.", site, gaucher),
    )
    titles = (
        "Who is at risk for Blood differential test?",
        "What is (are) Gaucher disease ?",
        "What are the symptoms of Gaucher disease ?",
    )
    pinned = [
        Passage(id, text, title, "en", Origin("medquad", "", at), about=about)
        for (id, text, at, about), title in zip(said, titles, strict=True)
    ]
    check_contract("medquad", tiny / "sources/medquad", pinned, tmp_path)


def test_the_first_tenth_and_last_facts(tiny: Path) -> None:
    first, *facts = medquad(tiny / "sources/medquad")
    assert isinstance(first, Release)
    assert first.version == first.sha256 and len(first.sha256) == 64
    assert first.files == ("medquad-xml", "Answers-retrieved-from-MedQuAD_odd-questions.csv")
    assert facts[1] == Passage(
        id="GARD_0002396_Sec1.txt",
        text="An inherited illness in which a fat called glucocerebroside gathers in spleen, liver and bone.",
        title="What is (are) Gaucher disease ?",
        language="en",
        origin=Origin("medquad", first.version, "https://rarediseases.info.nih.gov/gard/2396/gaucher-disease"),
        about=("UMLS:C0017205",),
    )
    assert facts[9] == Concept(
        id="UMLS:C0017205",
        name="Gaucher disease",
        kind="Disease",
        origin=Origin("medquad", first.version, "UMLS:C0017205"),
        names=tuple(
            Name(text, "en", "exact")
            for text in ("GBA deficiency", "Gaucher disease type 1", "Glucocerebrosidase deficiency")
        ),
    )
    assert isinstance(facts[-1], Concept) and facts[-1].id == "UMLS:C1961835"
    assert len(facts) == 11


def test_judged_answers_bear_their_ids_and_their_own_text(tiny: Path) -> None:
    found = passages(tiny / "sources/medquad")
    # the fifth pair by its number is the fourth in its document, and its text is that of the judged answer
    treated = found["GARD_0002396_Sec4.txt"]
    assert treated.text == "The missing enzyme can be given,  or less of the fat made."
    assert treated.title == "What are the treatments for Gaucher disease ?"
    assert treated.about == ("UMLS:C0017205",)
    # the XML has no answer to this one
    assert found["ADAM_0000486_Sec2.txt"].text == 'Drawing blood, is of "little" risk; veins differ.'
    assert found["ADAM_0000486_Sec2.txt"].title == "Who is at risk for Blood differential test?"
    # nor any document for this one
    assert found["ADAM_0009999_Sec1.txt"].origin.at == "https://www.nlm.nih.gov/medlineplus/ency/article/003068.htm"


def test_pairs_without_an_answer_are_no_passages(tiny: Path) -> None:
    assert "ADAM_0000486_Sec1.txt" not in passages(tiny / "sources/medquad")


def test_without_judged_answers_the_xml_stands(folder: Path) -> None:
    (folder / CSV).unlink()
    found = passages(folder)
    assert found["GARD_0002396_Sec4.txt"].text == "The missing enzyme can be given, or less of the fat made."
    assert len(found) == 7


def test_an_archive_gives_the_same_as_its_folder(folder: Path) -> None:
    before = list(medquad(folder))
    with tarfile.open(folder / "medquad-xml.tar.gz", "w:gz") as tar:
        for file in sorted(folder.rglob("*.xml")):
            tar.add(file, file.relative_to(folder).as_posix())
    for inner in folder.iterdir():
        if inner.is_dir() and inner.name != "qrels-odd":
            shutil.rmtree(inner)
    assert list(medquad(folder)) == before
    alone = list(medquad(folder / "medquad-xml.tar.gz"))
    assert sum(isinstance(fact, Passage) for fact in alone) == 7


def test_of_two_answers_of_one_id_the_first_stands(folder: Path) -> None:
    with (folder / CSV).open("a", encoding="utf-8") as file:
        file.write('GARD_0002396_Sec4.txt,"Question: q\nURL: u\nAnswer: another"\n')
    facts = list(medquad(folder))
    assert [(fact.line, fact.text) for fact in facts if isinstance(fact, Malformed)] == [(18, "GARD_0002396_Sec4.txt")]
    assert passages(folder)["GARD_0002396_Sec4.txt"].text.startswith("The missing enzyme")


def test_a_second_document_of_the_same_name(folder: Path) -> None:
    (folder / "3_GHR_QA").mkdir()
    text = (folder / "2_GARD_QA/0002397.xml").read_text(encoding="utf-8")
    (folder / "3_GHR_QA/0002397.xml").write_text(text, encoding="utf-8")
    assert not any(isinstance(fact, Malformed) for fact in medquad(folder))
    (folder / "3_GHR_QA/0002397.xml").write_text(text.replace("spares", "hurts"), encoding="utf-8")
    assert [fact.path for fact in medquad(folder) if isinstance(fact, Malformed)] == ["3_GHR_QA/0002397.xml"]
    assert passages(folder)["GARD_0002397_Sec1.txt"].text == "The form that spares the nerves."


def test_broken_documents_and_rows_are_put_aside_and_the_rest_loads(folder: Path) -> None:
    before = passages(folder)
    (folder / "2_GARD_QA/0009999.xml").write_bytes(b"<Document id='1' source='GARD'>\n<Focus>")
    (folder / "2_GARD_QA/0009998.xml").write_bytes(b"\x89PNG")
    (folder / "2_GARD_QA/0009997.xml").write_bytes(b"<!DOCTYPE d [<!ENTITY a 'b'>]><Document/>")
    with (folder / CSV).open("ab") as file:
        file.write(b'../x,"Question: q\nURL: u\nAnswer: a"\nGARD_1_Sec1.txt,no question\n\xff,x\n')
    facts = list(medquad(folder))
    bad = [fact for fact in facts if isinstance(fact, Malformed)]
    assert [Path(each.path).name for each in bad] == [
        *[Path(CSV).name] * 3,
        "0009997.xml",
        "0009998.xml",
        "0009999.xml",
    ]
    assert bad[-1].line == 2
    assert passages(folder).keys() == before.keys()


def test_kinds_follow_the_semantic_type(folder: Path) -> None:
    file = folder / "2_GARD_QA/0002396.xml"
    file.write_text(file.read_text(encoding="utf-8").replace("T047", "T184"), encoding="utf-8")
    (folder / "2_GARD_QA/0002397.xml").unlink()
    assert [fact.kind for fact in medquad(folder) if isinstance(fact, Concept)] == ["ClinicalFinding"]


def test_a_path_without_the_collection_is_refused_with_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBATUM_DATA", str(tmp_path))
    for path in (None, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NeedsFile, match=r"github\.com/abachaa/MedQuAD \(CC BY 4\.0\)"):
            list(medquad(path))


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "medquad-xml.tar.gz").write_bytes(b"\x1f\x8bno")
    with pytest.raises(BadFormat, match="tar archive"):
        list(medquad(tmp_path))


@pytest.mark.shared
@pytest.mark.slow
def test_the_whole_collection(shared: Path) -> None:
    counts: Counter[str] = Counter()
    found: dict[str, Passage] = {}
    for fact in medquad(shared / "medquad"):
        counts[type(fact).__name__] += 1
        if isinstance(fact, Passage):
            found[fact.id] = fact
    # 16,423 answered pairs, and 823 judged answers of which the XML lacks the text
    assert counts == {"Release": 1, "Passage": 17_246, "Concept": 7_021}
    assert len(found) == 17_246
    rows = list(comma_separated(shared / "medquad" / CSV, ("AnswerID", "Answer")))
    assert len(rows) == 1_494 and not any(isinstance(row, Malformed) for row in rows)
    judged = {row[1][0]: row[1][1] for row in rows if not isinstance(row, Malformed)}
    assert len(judged) == 1_065
    # under every judged id stands the judged text; those with a document know what it is about
    assert all(found[id_].text in said and f"Question: {found[id_].title}" in said for id_, said in judged.items())


def test_a_drug_without_an_id_is_named_by_its_page(folder: Path) -> None:
    place = folder / "11_MPlusDrugs_QA"
    place.mkdir()
    (place / "0000009.xml").write_text(
        '<Document id="0000009" source="MPlusDrugs" url="https://example.org/a1.html">'
        "<Focus>Made-up Statin  Oral</Focus>"
        "<FocusAnnotations><Category>Drug</Category></FocusAnnotations><QAPairs><QAPair pid='1'>"
        "<Question qid='1' qtype='usage'>How is it used ?</Question><Answer>With water.</Answer></QAPair></QAPairs>"
        "</Document>"
    )
    facts = list(medquad(folder))
    drug = next(each for each in facts if isinstance(each, Concept) and each.kind == "Drug")
    assert (drug.id, drug.name) == ("medquad:made-up_statin_oral", "Made-up Statin  Oral")
    assert passages(folder)["MPlusDrugs_0000009_Sec1.txt"].about == (drug.id,)
