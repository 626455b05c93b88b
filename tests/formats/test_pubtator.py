"""PubTator: what stands at the offsets, ids by type, broken rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.pubtator import Annotation, Document, curies, documents, exported
from probatum.types import Malformed


def test_documents(tiny: Path) -> None:
    first, second = documents(tiny / "sources/dalk/by_year/2011.pubtator")
    assert isinstance(first, Document) and isinstance(second, Document)
    assert (first.pmid, first.title) == (2100001, "Iron and amyloid in the ageing mouse.")
    assert first.annotations[0] == Annotation(0, 4, "Iron", "Chemical", ("MESH:D007501",))
    assert all(first.text[each.start : each.end] == each.text for each in first.annotations)
    assert [each.ids for each in second.annotations] == [
        ("dbSNP:rs63750264",),
        ("NCBIGene:351",),
        ("MESH:D008569",),
        (),
    ]


def test_relations_and_documents_without_a_line_between(tmp_path: Path) -> None:
    rows = "1\t0\t7\tAspirin\tChemical\tD001241\n1\tCID\tD001241\tD001249\n"
    text = f"1|t|Aspirin and asthma\n1|a|One drug.\n{rows}2|t|Next\n"
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    first, second = documents(tmp_path / "x.txt")
    assert isinstance(first, Document) and first.relations == (("CID", "D001241", "D001249"),)
    assert first.annotations == (Annotation(0, 7, "Aspirin", "Chemical", ("MESH:D001241",)),)
    assert isinstance(second, Document) and (second.title, second.abstract) == ("Next", "")


@pytest.mark.parametrize(
    ("type_", "written", "wanted"),
    [
        ("Disease", "MESH:D000544", ("MESH:D000544",)),
        ("Disease", "OMIM:104300|MESH:D000544", ("OMIM:104300", "MESH:D000544")),
        ("Gene", "351;23621", ("NCBIGene:351", "NCBIGene:23621")),
        ("Species", "9606", ("NCBITaxon:9606",)),
        ("CellLine", "CVCL_0004", ("cellosaurus:CVCL_0004",)),
        ("ProteinMutation", "tmVar:p|SUB|V|717|I;RS#:63750264", ("dbSNP:rs63750264",)),
        ("Chemical", "-", ()),
        ("Chemical", "", ()),
    ],
)
def test_ids(type_: str, written: str, wanted: tuple[str, ...]) -> None:
    assert curies(type_, written) == wanted


def test_broken_rows_are_set_aside(tmp_path: Path) -> None:
    rows = "5\t0\t3\tbad\tGene\t1\n5\tx\t3\tA t\tGene\t1\n6\t0\t1\tA\tGene\t1\n5\t0\t1\tA\tGene\t1\n"
    (tmp_path / "x.txt").write_text(f"5|t|A title\n5|a|Text\n{rows}\n\n|t|no number\n\nnothing\n", encoding="utf-8")
    found = list(documents(tmp_path / "x.txt"))
    assert [type(each) for each in found] == [Malformed, Malformed, Malformed, Document, Malformed, Malformed]
    good = found[3]
    assert isinstance(good, Document) and len(good.annotations) == 1
    assert [each.line for each in found if isinstance(each, Malformed)] == [3, 4, 5, 9, 11]


def entry(**changed: object) -> bytes:
    """An export of one small document."""
    gene = {"text": "GLA", "infons": {"type": "Gene", "identifier": "2717"}, "locations": [{"offset": 0, "length": 3}]}
    pain = {
        "text": "pain",
        "infons": {"type": "Disease", "identifier": "MESH:D010146"},
        "locations": [{"offset": 17, "length": 4}],
    }
    roles = {"role1": pain["infons"], "role2": gene["infons"], "type": "Association"}
    said = {
        "pmid": 2100009,
        "passages": [{"text": "GLA in men", "annotations": [gene]}, {"text": "Their pain.", "annotations": [pain]}],
        "relations": [{"infons": roles}],
    }
    return json.dumps({"PubTator3": [said | changed]}).encode()


def test_an_export_in_json() -> None:
    (found,) = exported(entry(), "x")
    assert found == Document(
        2100009,
        "GLA in men",
        "Their pain.",
        (
            Annotation(0, 3, "GLA", "Gene", ("NCBIGene:2717",)),
            Annotation(17, 21, "pain", "Disease", ("MESH:D010146",)),
        ),
        (("Association", "MESH:D010146", "NCBIGene:2717"),),
        ("",),
    )
    moved, whole = exported(
        entry(passages=[{"text": "A", "annotations": [{"text": "GLA", "locations": [{"offset": 0, "length": 3}]}]}]),
        "x",
    )
    assert isinstance(moved, Malformed) and isinstance(whole, Document) and whole.annotations == ()
    for changed in ({"pmid": "x"}, {"passages": []}, {"passages": 1}):
        (bad,) = exported(entry(**changed), "x")
        assert isinstance(bad, Malformed)
    for data in (b"[]", b'{"PubTator3": 1}', b"{", b"\xff"):
        with pytest.raises(BadFormat):
            list(exported(data, "x"))


@pytest.mark.shared
def test_the_real_exports(shared: Path) -> None:
    for name, places, relations in (("20516115", 9, 1), ("22663011", 40, 0)):
        file = shared / f"api-captures/pubtator/export_{name}.json"
        (found,) = exported(file.read_bytes(), file.name)
        assert isinstance(found, Document) and found.pmid == int(name)
        assert len(found.annotations) == places and all(
            found.text[each.start : each.end] == each.text for each in found.annotations
        )
        assert len(found.relations) >= relations
    assert ("Positive_Correlation", "MESH:C560077", "MESH:D004487") in found.relations
