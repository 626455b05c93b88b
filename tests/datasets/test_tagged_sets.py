"""CBLUE, ChiMST and ClinGen's sixteen: every task in its layout, tags of every scheme, broken records refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from probatum.datasets._tagged import mentions
from probatum.datasets.cblue import cblue
from probatum.datasets.chimst import chimst
from probatum.datasets.clingen_16 import TASKS, clingen_16
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of
from probatum.types import Mention, Relation

SPAN = '{"start_idx": 0, "end_idx": 9, "type": "dis", "entity": "ab"}'
SPO = '{"subject": "a", "predicate": "b", "object": {}}'


def spans(found: tuple[object, ...]) -> list[tuple[int, int, str, str]]:
    return [(each.start, each.end, each.text, each.kind) for each in found if isinstance(each, Mention)]


def test_entities_and_relations_of_cblue(tiny: Path) -> None:
    second, first, none = cblue(tiny / "datasets/cblue")
    assert spans(first.answer.found) == [(4, 7, "肾结石", "dis"), (8, 10, "左肾", "bod"), (8, 12, "左肾积水", "sym")]
    assert none.answer.found == () and second.labels == (("split", "test"),) and first.id == "cmeee:CMeEE_train:2"
    (only,) = cblue(tiny / "datasets/cblue", "cmeie")
    (relation,) = only.answer.found
    assert isinstance(relation, Relation)
    assert (relation.subject, relation.predicate, relation.object) == ("肾结石", "预防", "多饮水")
    assert relation.qualifiers == (("object_type", "其他治疗"), ("subject_type", "疾病"))


@pytest.mark.parametrize(
    ("part", "gold"),
    [("chip_ctc", "Age"), ("chip_sts", "1"), ("kuake_qic", "治疗方案"), ("kuake_qtr", "3"), ("kuake_qqr", "1")],
)
def test_classes_and_grades_of_cblue(tiny: Path, part: str, gold: str) -> None:
    (only,) = cblue(tiny / "datasets/cblue", part)
    assert only.answer.choice == gold and only.question.context
    assert not only.question.options or gold in dict(only.question.options)


def test_standard_terms_of_cblue(tiny: Path) -> None:
    (only,) = cblue(tiny / "datasets/cblue", "chip_cdn")
    assert [each.id for each in only.answer.candidates] == ["肾结石", "肾积水"]


def test_spans_of_both_versions(tmp_path: Path) -> None:
    rows = [
        {"text": "有肾结石", "entities": [{"start_idx": 1, "end_idx": end, "type": "dis", "entity": "肾结石"}]}
        for end in (3, 4)
    ]
    (tmp_path / "CMeEE-V2_dev.json").write_text(json.dumps(rows), encoding="utf-8")
    assert [spans(each.answer.found) for each in cblue(tmp_path)] == [[(1, 4, "肾结石", "dis")]] * 2


def test_letters_of_chimst(tiny: Path) -> None:
    ache, gout, drug = chimst(tiny / "datasets/chimst")
    assert spans(gout.answer.found) == [(3, 5, "痛风", "DIS")] and spans(drug.answer.found) == [(1, 2, "药", "DRU")]
    assert spans(ache.answer.found) == [(0, 2, "头痛", "SYM")] and ache.labels == (("split", "test"),)
    assert card_of(chimst).gated


def test_words_and_labels_of_clingen(tiny: Path, tmp_path: Path) -> None:
    first, second, third, made = clingen_16(tiny / "datasets/clingen_16")
    assert spans(first.answer.found) == [(4, 16, "renal stones", "Disease")] and not second.answer.found
    assert made.origin and third.origin
    assert (made.origin.reliability, third.origin.reliability) == ("generated", "curated") and len(TASKS) == 16
    number, name = clingen_16(tiny / "datasets/clingen_16", "chemprot")
    assert (number.answer.choice, name.answer.choice) == ("Downregulator", "NOT") and len(number.question.options) == 3
    (several,) = clingen_16(tiny / "datasets/clingen_16", "litcovid")
    assert [each.id for each in several.answer.candidates] == ["Prevention", "Transmission"]
    (pair,) = clingen_16(tiny / "datasets/clingen_16", "mediqa_nli")
    assert pair.question.context == ("The own patient is well.", "He is ill.") and pair.answer.choice == "contradiction"
    (tmp_path / "mqp").mkdir()
    row = {"text1": "Is it gout?", "text2": "Have I gout?", "label": 1}
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "mqp/train_few.parquet")
    (few,) = clingen_16(tmp_path, "mqp")
    assert dict(few.labels) == {"split": "few", "task": "sentence similarity"} and few.answer.choice == "1"


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("O B-a I-a B-a O", [(2, 5), (6, 7)]),
        ("I-a I-a I-b B-b I-a", [(0, 3), (4, 5), (6, 7), (8, 9)]),
        ("B-a M-a E-a S-a S-a", [(0, 5), (6, 7), (8, 9)]),
        ("B-a L-a I-a U-a O", [(0, 3), (4, 5), (6, 7)]),
    ],
)
def test_tags_of_every_scheme(tags: str, wanted: list[tuple[int, int]]) -> None:
    said, found = mentions(list("vwxyz"), tags.split(), " ", "here")
    assert said == "v w x y z" and [(each.start, each.end) for each in found] == wanted
    for wrong in (["X-a"] * 5, ["B-"] * 5, ["B"] * 5, ["O"] * 4):
        with pytest.raises(BadFormat, match="here"):
            mentions(list("vwxyz"), wrong, " ", "here")


@pytest.mark.parametrize(
    ("loader", "part", "name", "text"),
    [
        (cblue, "cmeee", "CMeEE_dev.json", f'[{{"text": "ab", "entities": [{SPAN}]}}]'),
        (cblue, "cmeee", "CMeEE_dev.json", '[{"text": "ab", "entities": [3]}]'),
        (cblue, "cmeee", "CMeEE_dev.json", '[{"text": "ab", "entities": {"a": 1}}]'),
        (cblue, "cmeee", "CMeEE_dev.json", '[{"text": ""}]'),
        (cblue, "cmeie", "CMeIE_dev.json", f'[{{"text": "ab", "spo_list": [{SPO}]}}]'),
        (cblue, "cmeie", "CMeIE_dev.json", '[{"text": "ab", "spo_list": ["x"]}]'),
        (cblue, "chip_sts", "CHIP-STS_dev.json", '[{"text1": "a", "text2": "b", "label": "7"}]'),
        (cblue, "chip_cdn", "CHIP-CDN_dev.json", '[{"normalized_result": "a"}]'),
        (clingen_16, "gad", "test.jsonl", '{"text": "x"}\n'),
        (clingen_16, "gad", "test.jsonl", '{"text": "x", "label": true}\n'),
        (clingen_16, "cdr", "test.jsonl", '{"label": "x"}\n'),
        (clingen_16, "chemdner", "test.jsonl", '{"tokens": ["a"], "tags": []}\n'),
        (clingen_16, "chemdner", "test.jsonl", '{"tokens": [1], "tags": ["O"]}\n'),
    ],
)  # fmt: skip
def test_what_is_broken(loader: Any, part: str, name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(loader(tmp_path, part))
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat, match=name.replace(".", r"\.")):
        list(loader(tmp_path / name, part))
    with pytest.raises(BadFormat, match="part"):
        list(loader(tmp_path / name, "other"))


def test_what_is_broken_in_chimst(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(chimst(tmp_path))
    for text in (b"\xe7\x97\x9b\n", b"a\tX\n", b"\xff\tO\n"):
        (tmp_path / "train.tsv").write_bytes(text)
        with pytest.raises(BadFormat, match=r"train\.tsv:1"):
            list(chimst(tmp_path))


def test_labels_are_those_of_their_list(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "gad").mkdir()
    (tmp_path / "gad/label.txt").write_text("yes\nno\n")
    (tmp_path / "gad/test.jsonl").write_text('{"text": "x", "label": 2}\n')
    with pytest.raises(BadFormat, match=r"none of the 2 of label\.txt"):
        list(clingen_16(tmp_path, "gad"))
