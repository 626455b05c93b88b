"""The YAML of DrugMechDB, of which only lists and texts are read."""

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.drugmechdb_yaml import Mechanism, mechanisms
from probatum.types import Malformed


def test_mechanisms_with_their_links_and_references(tiny: Path) -> None:
    first, second, *rest = mechanisms(tiny / "sources/drugmechdb/paths.yaml")
    assert isinstance(first, Mechanism) and first.drug == "drugbank:DB00053" and first.line == 1
    assert first.links[1] == ("PR:P04062", "decreases abundance of", "CHEBI:18368")  # without its byte-order mark
    assert first.references[0] == "https://go.drugbank.com/drugs/DB00053#mechanism-of-action"
    assert isinstance(second, Mechanism) and second.references == ()
    assert isinstance(rest[0], Malformed) and rest[0].reason == "line 24: '!' is not read here"


def test_quoted_texts(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    text = "- drug: 'a''b:1'\n  disease: \"c:\\u00e9\"\n  id: P1\n  mechanism_links:\n  - subject: x:1 # why\n"
    path.write_text(text + "    predicate: treats\n    object: y:2\n", encoding="utf-8")
    assert list(mechanisms(path)) == [Mechanism("a'b:1", "c:é", (("x:1", "treats", "y:2"),), (), 1, "P1")]


@pytest.mark.parametrize(
    "hostile",
    [
        "- disease: &a MESH:D1\n  drug: *a\n",
        "- disease: MESH:D1\n  drug: {a: 1}\n",
        "- disease: MESH:D1\n  drug: |\n    text\n",
        '- disease: "unclosed\n  drug: MESH:D2\n',
        "- disease: 'unclosed\n  drug: MESH:D2\n",
        '- disease: "\\ud800"\n  drug: MESH:D2\n',
        "- disease: MESH:D1\n  drug: MESH:D2\n  mechanism_links:\n    subject: MESH:D1\n",
        "- disease: MESH:D1\n  drug: MESH:D2\n  mechanism_links:\n  - subject: MESH:D1\n  references: []\n",
        "- - -\n",
    ],
)
def test_what_is_no_part_of_the_layout_is_set_aside(tmp_path: Path, hostile: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("---\n# made by hand\n" + hostile, encoding="utf-8")
    assert all(isinstance(each, Malformed) for each in mechanisms(path))


@pytest.mark.parametrize("text", ["", "-  x: 1\n", "drug: x\n", "\x00", "# nothing\n"])
def test_a_file_without_a_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat):
        list(mechanisms(path))
