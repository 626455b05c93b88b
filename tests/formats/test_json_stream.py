"""JSON of any size."""

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import json_stream
from probatum.formats.json_stream import Record, json_lines, objects, records
from probatum.types import Malformed

NODES, EDGES = ("graphs", "*", "nodes", "*"), ("graphs", "*", "edges", "*")


def put(folder: Path, text: str | bytes, name: str = "x.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_records_come_from_their_places_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = put(tmp_path, '{"meta": [1, {"nodes": 2}],\n"graphs": [{"nodes": [{"id": 1},\n3], "edges": ["a"]}, 7]}\n')
    found = list(records(path, NODES, EDGES))
    assert found == [Record(NODES, 2, {"id": 1}), Record(NODES, 3, 3), Record(EDGES, 3, "a")]
    assert [each.value for each in records(path, ("meta",))] == [[1, {"nodes": 2}]]
    assert list(records(path, ("nowhere", "*"))) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_what_is_cut_by_a_block_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    said = [123, -1.5e10, "a\u00e9\n\u4e2d", True, None, {"k": [[], {}, {"l": "\U0001f600"}]}, 98765]
    monkeypatch.setattr(json_stream, "_BLOCK", size)
    for text in (json.dumps(said, indent=1), json.dumps(said, ensure_ascii=False)):
        for data in (text.encode(), gzip.compress(b"\xef\xbb\xbf" + text.encode(), mtime=0)):
            assert [each.value for each in records(put(tmp_path, data), ("*",))] == said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[{"a": 1}, {"a" 2}]', "not JSON: Expecting ':'"),
        ('[1,\n2', ", or ] was expected"),
        ('[1,\n2 3]', ", or ] was expected"),
        ('{"a": [1], 5: 2}', "a key was expected"),
        ("[1] x", "the end of the document"),
        ("", "not JSON"),
        ("[NaN]", "NaN is no JSON number"),
        ("[" + "9" * 5000 + "]", "not JSON"),
        ('["\\ud800"]', "half a character"),
        (b'["\xff"]', "not UTF-8"),
        ("[" + "[" * 300 + "]" * 300 + "]", "deep"),
        ("[" + "[" * 100_000, "deep"),
        ("[\x00]", "not JSON"),
        (gzip.compress(b"[1, 2, 3]" * 100, mtime=0)[:-9], "packed file is broken"),
    ],
)  # fmt: skip
def test_what_is_no_json_stops_in_words(tmp_path: Path, text: str | bytes, what: str) -> None:
    with pytest.raises(BadFormat, match=what):
        list(records(put(tmp_path, text), ("*",), ("a", "*")))


def test_an_error_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadFormat, match=r"x\.json:4:"):
        list(records(put(tmp_path, '[1,\n\n{"a":\n}]'), ("*",)))
    with pytest.raises(NeedsFile):
        list(records(tmp_path / "none", ("*",)))


def test_a_record_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST", 1 << 10)
    monkeypatch.setattr(json_stream, "_BLOCK", 1 << 9)
    with pytest.raises(BadFormat, match="more than 1,024 characters"):
        list(records(put(tmp_path, '["' + "a" * 10_000 + '"]'), ("*",)))


def test_memory_is_that_of_one_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", 1 << 14)
    path = put(
        tmp_path, '{"nodes": [' + ", ".join(json.dumps({"id": n, "text": "x" * 200}) for n in range(6_000)) + "]}"
    )
    tracemalloc.start()
    count = sum(1 for _ in records(path, ("nodes", "*")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000 and path.stat().st_size > 1_200_000 and peak < 700_000


def test_lines_and_arrays_of_objects(tmp_path: Path) -> None:
    as_lines = put(tmp_path, '{"a": 1}\n\n[2]\n{"a": \n{"a": 3}\n', "x.jsonl")
    found = list(json_lines(as_lines))
    assert [each for each in found if not isinstance(each, Malformed)] == [(1, {"a": 1}), (5, {"a": 3})]
    assert [each.line for each in found if isinstance(each, Malformed)] == [3, 4]
    assert list(objects(as_lines)) == found
    as_array = put(tmp_path, '\ufeff [{"a": 1},\n2]')
    assert list(objects(as_array)) == [(1, {"a": 1}), Malformed("x.json", 2, "a JSON object was expected", "2")]
    with pytest.raises(BadFormat, match="packed file is broken"):
        list(objects(put(tmp_path, gzip.compress(b'[{"a": 1}]', mtime=0)[:12])))
