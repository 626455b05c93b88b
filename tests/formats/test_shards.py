"""Shards of bounded size: the same bytes each time, an index of what they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadPlan
from probatum.formats.shards import write_shards
from probatum.types import Answer, Example, Question


def test_shards_and_their_index(tmp_path: Path) -> None:
    every = [Example(str(n), Question(), Answer("a bean " * n)) for n in range(6)]
    made = write_shards(every, tmp_path, most=2)
    assert [(each.documents, each.tokens) for each in made] == [(2, 6), (2, 14), (1, 10)]
    assert [row["sha256"] for row in json.loads((tmp_path / "index.json").read_text())] == [e.sha256 for e in made]
    assert write_shards(every, tmp_path, most=2) == made
    assert [each.tokens for each in write_shards(every, tmp_path, most=9, tokens=len)] == [7 * 15]
    with pytest.raises(BadPlan):
        write_shards(every, tmp_path, most=0)
