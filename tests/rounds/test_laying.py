"""A protocol is read strictly; what is laid is balanced, shuffled, sealed and the same again."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from rating_material import ALONE, PROTOCOL, RATERS, runs

from probatum.errors import BadFormat, BadPlan, NeedsFile, StoreDamaged
from probatum.rounds.laying import Item, lay, opened, read_runs, seal, written
from probatum.rounds.protocol import read_protocol
from probatum.types import Answer


def test_a_protocol_is_what_its_table_says() -> None:
    read = read_protocol(PROTOCOL, "p.toml")
    assert [each.name for each in read.criteria] == ["correct", "safe"]
    assert read.criteria[0].anchors == ("wrong", "mostly wrong", "half right", "small slips", "correct throughout")
    assert (read.stop_items, read.stop_width, read.raters_per_item, read.repeat_calibration) == (20, 0.5, 3, True)
    assert read.attention[0].expected == (("correct", 1), ("safe", 1))
    assert read.attention[0].tolerance == 0 and read.calibration[0].tolerance == 1


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("raters_per_item = 3", "raters_pre_item = 3", "did you mean 'raters_per_item'"),
        ("raters_per_item = 3", "raters_per_item = 0", "whole number from 1"),
        ('form = "both"', 'form = "stars"', "one of: ratings, pairs, both"),
        ('form = "both"', 'form = "pairs"', "belong to ratings"),
        ('form = "both"', 'form = "ratings"', "comparisons belong to pairs"),
        ('5 = "no harm" }', '6 = "no harm" }', "a text for each of 1, 2, 3, 4, 5"),
        ("correct = 5", "corect = 5", "did you mean 'correct'"),
        ("correct = 5", "correct = 7", "must be 1 to 5"),
        ('name = "better"', 'name = "safe"', "stands twice"),
        ('id = "att-1"', 'id = "cal-1"', "stands twice"),
        ("width = 0.5", "width = 3", "from 0 to 2"),
        ('sampling = "random"', 'sampling = "strata"', "stratum must be a text"),
        ("[stop]", "[stop", "valid TOML"),
    ],
)
def test_what_does_not_belong_is_named(was: str, becomes: str, said: str) -> None:
    assert was in PROTOCOL
    with pytest.raises(BadPlan) as caught:
        read_protocol(PROTOCOL.replace(was, becomes), "p.toml")
    assert str(caught.value).startswith("p.toml") and said in str(caught.value)


def test_a_round_is_sealed_and_comes_out_as_it_was(tmp_path: Path) -> None:
    items = read_runs(runs(tmp_path))
    protocol = read_protocol(PROTOCOL, "p.toml")
    layout = lay(protocol, items, RATERS)
    assert seal(layout) == seal(lay(protocol, items, RATERS[::-1]))  # not who was named first
    assert seal(layout) != seal(lay(read_protocol(PROTOCOL.replace("= 11", "= 12"), "p"), items, RATERS))
    text = written(layout)
    assert opened(text, seal(layout), "r") == layout
    with pytest.raises(StoreDamaged, match="not the round"):
        opened(text.replace("spleen", "liver"), seal(layout), "r")


def test_screens_are_shuffled_and_turned_in_balance(tmp_path: Path) -> None:
    layout = lay(read_protocol(PROTOCOL, "p.toml"), read_runs(runs(tmp_path)), RATERS)
    orders = set()
    for sheet in layout.sheets.values():
        kinds = Counter(screen.kind for screen in sheet)
        assert kinds == {"rating": 60, "pair": 30, "attention": 1, "calibration": 2}
        assert sheet[0].kind == sheet[-1].kind == "calibration"
        first = Counter(screen.systems[0] for screen in sheet if screen.kind == "pair")
        assert first == {"Alder": 15, "Birch": 15}
        assert not any(one.item == other.item for one, other in pairwise(sheet)
                       if one.kind == other.kind == "rating")  # fmt: skip
        orders.add(tuple(screen.item for screen in sheet))
    assert len(orders) == 3


@pytest.mark.parametrize(("count", "k", "people"), [(30, 2, 5), (31, 3, 7), (50, 2, 3)])
def test_the_assignment_is_balanced(tmp_path: Path, count: int, k: int, people: int) -> None:
    text = ALONE.replace("items = 30", "items = 0").replace("per_item = 3", f"per_item = {k}")
    raters = [f"r{number}" for number in range(people)]
    layout = lay(read_protocol(text, "p.toml"), read_runs(runs(tmp_path, count)), raters)
    of = {rater: {s.item for s in sheet if s.kind == "rating"} for rater, sheet in layout.sheets.items()}
    loads = [len(items) for items in of.values()]
    assert sum(loads) == count * k and max(loads) - min(loads) <= 1
    assert set(Counter(item for items in of.values() for item in items).values()) == {k}
    met = [len(of[one] & of[other]) for one, other in combinations(raters, 2)]
    assert max(met) - min(met) <= 4


def test_samples_are_drawn_as_the_protocol_says(tmp_path: Path) -> None:
    items = read_runs(runs(tmp_path))
    strata = ALONE.replace('"random"', '"strata"\nstratum = "area"').replace("items = 30", "items = 12")
    drawn = lay(read_protocol(strata, "p.toml"), items, RATERS).items
    assert Counter(dict(each.labels)["area"] for each in drawn) == {"a0": 4, "a1": 4, "a2": 4}
    spread = ALONE.replace('"random"', '"spread"').replace("items = 30", "items = 3")
    assert [each.id for each in lay(read_protocol(spread, "p.toml"), items, RATERS).items] == ["q0", "q10", "q20"]


def test_what_cannot_be_laid_is_refused(tmp_path: Path) -> None:
    protocol = read_protocol(PROTOCOL, "p.toml")
    items = read_runs(runs(tmp_path))
    for raters in (RATERS[:2], ("ana", "ana", "bo")):
        with pytest.raises(BadPlan, match="each item needs 3"):
            lay(protocol, items, raters)
    with pytest.raises(BadPlan, match="but the runs share 3"):
        lay(protocol, items[:3], RATERS)
    with pytest.raises(BadPlan, match="two at least"):
        lay(protocol, [Item(each.id, each.question, each.answers[:1]) for each in items], RATERS)
    with pytest.raises(NeedsFile):
        read_runs({"a": tmp_path / "none.jsonl"})
    (tmp_path / "b.jsonl").write_text('{"id": "q1", "output": "x"}\n', encoding="utf-8")
    with pytest.raises(BadFormat, match="no question"):
        read_runs({"b": tmp_path / "b.jsonl"})
    (tmp_path / "c.jsonl").write_text("[1]\n", encoding="utf-8")
    with pytest.raises(BadFormat, match=r"c\.jsonl:1"):
        read_runs({"c": tmp_path / "c.jsonl"})


def test_an_answer_that_names_its_system_is_told(tmp_path: Path) -> None:
    items = read_runs(runs(tmp_path))
    assert lay(read_protocol(PROTOCOL, "p"), items, RATERS).leaks == ()
    told = Item("q0", items[0].question, (("Alder", Answer(text="I, ALDER, say so.")), items[0].answers[1]))
    assert lay(read_protocol(PROTOCOL, "p"), (told, *items[1:]), RATERS).leaks == (("q0", "Alder"),)
