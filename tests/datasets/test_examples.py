"""Examples as this program writes them: read back whole, whatever they hold; broken lines are told with their field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.datasets.examples import examples
from probatum.errors import BadFormat
from probatum.formats.example_files import json_line
from probatum.naming import find

TINY = Path(__file__).parents[1] / "tiny" / "datasets"


@pytest.mark.parametrize(
    "name", ["bc5cdr.BioC.xml", "medqa", "phenopackets", "disc_med_sft", "aci_bench", "examples.jsonl", "slake"]
)
def test_every_kind_of_example_comes_back_whole(tmp_path: Path, name: str) -> None:
    read = list(find("datasets", name.partition(".")[0])(TINY / name))
    file = tmp_path / "kept.jsonl"
    file.write_text("".join(f"{json_line(each)}\n" for each in read), encoding="utf-8")
    assert read and list(examples(file)) == read


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[]", "object was expected"),
        ("{", "not JSON"),
        ('{"id": "a"}', "'question' is missing"),
        ('{"id": 1, "question": {}, "answer": {}}', "expected str"),
        ('{"id": "a", "question": {"text": ["x"]}, "answer": {}}', "expected str"),
        ('{"id": "a", "question": {}, "answer": {}, "groups": "g"}', "expected a list"),
        ('{"id": "a", "question": ' + "[" * 1_000 + "]" * 1_000 + ', "answer": {}}', "nested"),
    ],
)
def test_broken_lines_are_told(tmp_path: Path, line: str, why: str) -> None:
    good = json.dumps({"id": "a", "question": {"text": "Why?"}, "answer": {"text": "So."}})
    file = tmp_path / "some.jsonl"
    file.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadFormat, match=why) as caught:
        list(examples(file))
    assert "some.jsonl:2" in caught.value.where
