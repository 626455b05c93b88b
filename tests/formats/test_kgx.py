"""KGX tables and JSON lines: what older and newer files say, broken rows, and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.errors import BadFormat
from probatum.formats.kgx import Edge, Node, edges, nodes, write
from probatum.types import Malformed


def test_a_table_of_nodes(tmp_path: Path) -> None:
    path = tmp_path / "nodes.tsv"
    path.write_text(
        "id\tcategory\tname\tsynonym\txref\tdeprecated\tprovided_by\tiri\n"
        "A:1\tbiolink:NamedThing|biolink:Disease\tOne\tUno%7CEins|Un\tB:2\ttrue\tinfores:x\thttp://x/1|2\n"
        "A:2\tbiolink:Disease\tTwo\t\t\tperhaps\t\t\n"
        "\tbiolink:Disease\tNo id\t\t\t\t\t\n"
        "A:3\tfew\n",
        encoding="utf-8",
    )
    one, *broken = nodes(path)
    assert one == Node(
        "A:1", ("biolink:NamedThing", "biolink:Disease"), "One", synonyms=("Uno|Eins", "Un"), xrefs=("B:2",),
        provided_by=("infores:x",), deprecated=True, others=(("iri", "http://x/1|2"),), line=2,
    )  # fmt: skip
    assert [(each.line, each.reason[:12]) for each in broken if isinstance(each, Malformed)] == [
        (3, "deprecated i"), (4, "id expected"), (5, "2 columns; 8"),
    ]  # fmt: skip


def test_edges_of_older_files_name_their_source_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "edges.tsv"
    path.write_text(
        "id\tsubject\tpredicate\tobject\trelation\tknowledge_source\nu:1\tA:1\tbiolink:treats\tA:2\tRO:1\tx.json\n"
    )
    assert list(edges(path)) == [
        Edge("A:1", "biolink:treats", "A:2", "u:1", primary_source="x.json", others=(("relation", "RO:1"),), line=2)
    ]


def test_json_lines_keep_lists_numbers_and_what_lies_deeper(tmp_path: Path) -> None:
    path = tmp_path / "edges.jsonl"
    good = {
        "subject": "A:1", "predicate": "biolink:treats", "object": "A:2", "negated": True, "publications": ["PMID:1"],
        "primary_knowledge_source": "infores:x", "score": 0.5, "words": ["a", "b"], "deep": {"b": 1, "a": None},
    }  # fmt: skip
    lines = [json.dumps(good), "[1]", "{", json.dumps({"subject": "A:1", "object": "A:2"}),
             json.dumps(good | {"subject": ["A:1", "A:3"]}), '{"subject": "\\ud800"}']  # fmt: skip
    path.write_text("\n".join(lines) + "\n")
    edge, *broken = edges(path)
    assert isinstance(edge, Edge) and edge.negated and edge.publications == ("PMID:1",)
    assert edge.others == (("deep", '{"a": null, "b": 1}'), ("score", "0.5"), ("words", "a"), ("words", "b"))
    assert edge.said("words") == ("a", "b")
    assert [each.line for each in broken if isinstance(each, Malformed)] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("text", ["", "subject\tobject\nA:1\tA:2\n", "id\tid\n", "\x89PNG\0\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "nodes.tsv"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(BadFormat):
        list(nodes(path) if "id" in text else edges(path))


COLUMNS = ["id", "category", "name", "synonym", "xref", "deprecated", "provided_by", "score"]
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(bool)
ANY = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
PERCENT = st.text(st.sampled_from("%257C|x"), min_size=1, max_size=12)
LIST = st.lists(PLAIN | PERCENT, max_size=3).map(tuple)


@given(
    rows=st.lists(
        st.fixed_dictionaries({"id": PLAIN, "name": PLAIN, "synonym": LIST, "xref": LIST, "score": PLAIN}), max_size=4
    ),
    ending=st.sampled_from(["tsv", "jsonl", "tsv.gz", "jsonl.gz"]),
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | tuple[str, ...]]], ending: str
) -> None:
    path = tmp_path_factory.mktemp("kgx") / f"nodes.{ending}"
    assert write(path, COLUMNS, rows) == len(rows)
    read = [each for each in nodes(path) if isinstance(each, Node)]
    assert [(each.id, each.name, each.synonyms, each.xrefs, each.said("score")) for each in read] == [
        (row["id"], row["name"], row["synonym"], row["xref"], (row["score"],)) for row in rows
    ]
    again = path.read_bytes()
    write(path, COLUMNS, rows)
    assert path.read_bytes() == again


@given(name=ANY)
def test_json_lines_hold_any_text(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("kgx") / "nodes.jsonl"
    write(path, COLUMNS, [{"id": "A:1", "provided_by": [name]}])
    assert [each.provided_by for each in nodes(path) if isinstance(each, Node)] == [(name,)]
