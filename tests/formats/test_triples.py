"""Tables of triples, however they are handed round."""

import gzip
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.triples import Triple, triples
from probatum.types import Malformed


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_a_csv_is_known_by_its_columns(tmp_path: Path) -> None:
    path = put(
        tmp_path, "x.csv", '\ufeffHead,relation,tail,head_type,PMID,score\n"a, b",treats,c,drug,12,0.5\nd,,e,,,\n'
    )
    first, second = triples(path)
    assert first == Triple("a, b", "treats", "c", 2, subject_kind="drug", reference="12", others=(("score", "0.5"),))
    assert second == Malformed("x.csv", 3, "subject, relation and object were expected", "d\t\te\t\t\t")


@pytest.mark.parametrize("name", ["x.tsv", "x.txt", "x.tsv.gz"])
def test_a_table_of_tabs_in_chinese(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, "头实体\t关系\t尾实体\n戈谢病\t症状\t脾大\n戈谢病\t症状\n")
    first, second = triples(path)
    assert first == Triple("戈谢病", "症状", "脾大", 2)
    assert isinstance(second, Malformed) and second.reason == "2 columns; 3 were expected"


def test_a_file_without_a_header_has_an_order(tmp_path: Path) -> None:
    path = put(tmp_path, "x.txt", "人参\t补气\t功能\n\n")
    assert list(triples(path, order=("subject", "object", "relation"))) == [Triple("人参", "功能", "补气", 1)]


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_json_holds_objects(tmp_path: Path, name: str) -> None:
    rows = ['{"head": {"name": "a", "x": 1}, "relation": "treats", "tail": "b", "source": ["S", "T"]}', '{"head": "a"}']
    path = put(tmp_path, name, f"[{','.join(rows)}]" if name.endswith("json") else "\n".join(rows))
    first, second = triples(path)
    assert first == Triple("a", "treats", "b", 1, source="S|T")
    assert isinstance(second, Malformed)


def test_what_is_no_table_of_triples(tmp_path: Path) -> None:
    for text in ("a,b,c\n1,2,3\n", "", '"a\n', "\x00"):
        with pytest.raises(BadFormat):
            list(triples(put(tmp_path, "x.csv", text)))
    with pytest.raises(NeedsFile):
        list(triples(tmp_path / "none.csv"))
