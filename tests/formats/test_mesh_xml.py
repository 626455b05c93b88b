"""MeSH XML: the four kinds of files, terms with the scope of their concept, hostile and broken files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.mesh_xml import Action, Mapped, Record, Term, read
from probatum.types import Malformed


def by_id(path: Path) -> dict[str, Record]:
    return {each.ui: each for each in read(path) if isinstance(each, Record)}


def test_a_descriptor(tiny: Path) -> None:
    gaucher = by_id(tiny / "sources/mesh/desc2026.xml")["D005776"]
    assert (gaucher.what, gaucher.name, gaucher.class_) == ("Descriptor", "Gaucher Disease", "1")
    assert gaucher.trees == ("C16.320.565.595.554.825.400",) and gaucher.related == ("D013106",)
    assert gaucher.terms == (
        Term("Gaucher Disease", "exact", "EPO", permuted=False),
        Term("Disease, Gaucher", "exact", "EPO", permuted=True),
        Term("Glucocerebrosidase Deficiency", "exact", "NON", permuted=False),
        Term("Non-Neuronopathic Gaucher Disease", "narrow", "NON", permuted=False),
        Term("Gaucher Splenomegaly", "related", "NON", permuted=False),
    )
    assert gaucher.note.startswith("Too little glucocerebrosidase") and gaucher.note.endswith("marrow.")


def test_qualifiers_supplementary_records_and_actions(tiny: Path) -> None:
    folder = tiny / "sources/mesh"
    assert by_id(folder / "qual2026.xml")["Q000188"].trees == ("Y02.235",)
    crizotinib = by_id(folder / "supp2026.xml")["C551994"]
    assert (crizotinib.class_, crizotinib.note) == ("1", "Blocks the kinases ALK and MET.")
    assert crizotinib.mapped_to == (Mapped("D011720", "", True), Mapped("D011725", "", False))
    assert crizotinib.actions == ("D047428",) and crizotinib.numbers == ("53AH36668S",)
    assert list(read(folder / "pa2026.xml")) == [Action("D007004", "Hypoglycemic Agents", (("D008687", "Metformin"),))]


def test_packed_files_read_the_same(tiny: Path, tmp_path: Path) -> None:
    data = (tiny / "sources/mesh/desc2026.xml").read_bytes()
    (tmp_path / "desc2026.xml.gz").write_bytes(gzip.compress(data))
    assert list(read(tmp_path / "desc2026.xml.gz")) == list(read(tiny / "sources/mesh/desc2026.xml"))


def test_older_releases_give_one_number_and_semantic_types(tmp_path: Path) -> None:
    (tmp_path / "desc.xml").write_text(
        "<DescriptorRecordSet><DescriptorRecord><DescriptorUI>D000001</DescriptorUI><DescriptorName>"
        "<String>Calcimycin</String></DescriptorName><ConceptList><Concept PreferredConceptYN='Y'>"
        "<ConceptUI>M0000001</ConceptUI><RegistryNumber>37H9VM9WZL</RegistryNumber><SemanticTypeList><SemanticType>"
        "<SemanticTypeUI>T109</SemanticTypeUI></SemanticType></SemanticTypeList><TermList/></Concept></ConceptList>"
        "</DescriptorRecord></DescriptorRecordSet>",
        encoding="utf-8",
    )
    (calcimycin,) = by_id(tmp_path / "desc.xml").values()
    assert (calcimycin.numbers, calcimycin.types, calcimycin.terms) == (("37H9VM9WZL",), ("T109",), ())


def test_a_record_without_id_or_name_is_put_aside(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/mesh/desc2026.xml").read_text(encoding="utf-8")
    (tmp_path / "desc.xml").write_text(text.replace("<DescriptorUI>D000795<", "<DescriptorUI>Fabry<"), encoding="utf-8")
    found = list(read(tmp_path / "desc.xml"))
    (aside,) = [each for each in found if isinstance(each, Malformed)]
    assert aside.line > 1 and "Fabry Disease" in aside.text and len(found) == 17


@pytest.mark.parametrize(
    "text",
    [
        "<PubmedArticleSet/>",
        "no XML",
        "<!DOCTYPE d [<!ENTITY a 'b'>]><DescriptorRecordSet/>",
        "<DescriptorRecordSet><DescriptorRecord>",
        "<DescriptorRecordSet>" + "<a>" * 400,
    ],
)
def test_other_and_broken_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "desc.xml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat):
        list(read(tmp_path / "desc.xml"))
