"""Lines sorted on disk: whatever their number and letters, as sorted in memory."""

from __future__ import annotations

import pytest

from probatum.formats import sorting


def test_lines_come_back_sorted_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "RUN", 500)
    lines = [f"{number * 7_919 % 1_000:03}\x1f\u2028{number}" for number in range(1_000)]
    with sorting.Sorted() as held:
        for line in lines:
            held.add(line)
        assert list(held) == sorted(lines)


def test_nothing_and_little() -> None:
    with sorting.Sorted() as held:
        assert list(held) == []
    with sorting.Sorted() as held:
        held.add("b")
        held.add("a")
        held.add("b")
        assert list(held) == ["a", "b", "b"]
