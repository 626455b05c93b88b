"""OBO graphs: hp.json says the same as hp.obo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat
from probatum.formats.obographs import release, terms
from probatum.formats.ontology import Term
from probatum.types import Malformed, Name


def graph(tmp_path: Path, **parts: Any) -> Path:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"graphs": [parts]}), encoding="utf-8")
    return file


def test_the_tiny_graph(tiny: Path) -> None:
    file = tiny / "formats/hp.json"
    found = list(terms(file))
    assert release(file) == "2025-01-16"
    assert len(found) == 4
    assert found[0] == Term("HP:0000118", "Phenotypic abnormality", 0)
    assert found[2] == Term(
        id="HP:0001250",
        name="Seizure",
        line=0,
        definition='A spell in which nerve cells "fire" together, seen from without or not.',
        definition_references=("PMID:12345678",),
        synonyms=(Name("Seizures", scope="exact", kind="layperson"), Name("Epileptic seizure", scope="narrow")),
        is_a=("HP:0000707",),
        alternatives=("HP:0001275",),
        xrefs=("UMLS:C0036572",),
    )
    assert found[-1] == Term(
        id="HP:0000284",
        name="obsolete Abnormality of the ocular region",
        line=0,
        replaced_by=("HP:0000118",),
        consider=("HP:0001250",),
        obsolete=True,
    )


@pytest.mark.parametrize(
    "node",
    [
        7,
        {},
        {"id": 3},
        {"id": "http://purl.obolibrary.org/obo/X_1", "lbl": 5},
        {"id": "no id", "lbl": "x"},
        {"id": "X:1", "lbl": "x", "meta": []},
        {"id": "X:1", "lbl": "x", "meta": {"definition": {"val": 1}}},
        {"id": "X:1", "lbl": "x", "meta": {"definition": {"val": "d", "xrefs": [1]}}},
        {"id": "X:1", "lbl": "x", "meta": {"synonyms": {"a": 1}}},
        {"id": "X:1", "lbl": "x", "meta": {"synonyms": [{"pred": "hasNoSynonym", "val": "y"}]}},
        {"id": "X:1", "lbl": "x", "meta": {"synonyms": [{"pred": "hasExactSynonym", "val": "y", "synonymType": 1}]}},
        {"id": "X:1", "lbl": "x", "meta": {"basicPropertyValues": [{"pred": "p"}]}},
    ],
)
def test_a_broken_node_is_put_aside_and_the_rest_read(tmp_path: Path, node: Any) -> None:
    found = list(terms(graph(tmp_path, nodes=[node, {"id": "X:2", "lbl": "two"}], edges=[])))
    assert isinstance(found[0], Malformed)
    assert found[1:] == [Term("X:2", "two", 0)]


def test_broken_edges_second_nodes_and_foreign_nodes(tmp_path: Path) -> None:
    nodes = [{"id": "X:1", "lbl": "a"}, {"id": "X:1", "lbl": "b"}, {"id": "X:2"}, {"id": "X:3", "type": "INDIVIDUAL"}]
    found = list(
        terms(graph(tmp_path, nodes=nodes, edges=[{"sub": "X:1"}, {"sub": "X:1", "pred": "is_a", "obj": "X:1"}]))
    )
    assert [type(each) for each in found] == [Malformed, Term, Malformed]
    assert found[1] == Term("X:1", "a", 0, is_a=("X:1",))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"graphs": []}', '{"graphs": [1]}', '{"graphs": {}}', "\x00", "[" * 5000]
)
def test_what_is_no_graph_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat, match=r"t\.json"):
        list(terms(file))


def test_parts_of_another_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFormat, match="nodes must be a list"):
        list(terms(graph(tmp_path, nodes={}, edges=[])))


@pytest.mark.shared
def test_graphs_of_other_ontologies_are_read_too(shared: Path) -> None:
    files = sorted(shared.glob("ordo/*.json.gz"))
    assert files
    found = list(terms(files[0]))
    assert sum(isinstance(each, Term) for each in found) > 10_000
