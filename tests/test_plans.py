"""Tables are read strictly, and the survey is whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from probatum import plans
from probatum.errors import BadPlan, UnknownName

MISSING_AT_MOST = 125  # systems of the survey that nothing answers yet; this number only falls

WHOLE = """
title = "T"
version = "1"
dataset = "phenopackets"
verb = "ask"
method = "differential"
metrics = ["diagnosis"]
keep = 50
reference = "R"
note = "N"
capability = "question answering"
manner = "automatic"
[settings]
form = ["keep", "alone"]
"""


def test_a_benchmark_is_what_its_table_says() -> None:
    made = plans.read_benchmark(WHOLE, "mine", "mine.toml")
    assert (made.name, made.dataset, made.method, made.retriever) == ("mine", "phenopackets", "differential", "")
    assert (made.keep, made.metrics, made.settings) == (50, ("diagnosis",), {"form": ("keep", "alone")})


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("keep = 50", "kepe = 50", "'kepe' is not a key here; did you mean 'keep'?"),
        ("keep = 50", "keep = 0", "keep = 0 must be a whole number from 1"),
        ("keep = 50", "keep = true", "keep = True must be a whole number from 1"),
        ('verb = "ask"', 'verb = "train"', "verb = 'train' is not known here"),
        ('title = "T"', "", "title must be a text, not None"),
        ('title = "T"', "title = 3", "title must be a text, not 3"),
        ('metrics = ["diagnosis"]', "metrics = []", "metrics must be a list of texts, not []"),
        ('form = ["keep", "alone"]', 'form = "keep"', "form must be a list of texts, not 'keep'"),
        ("[settings]", "[settings", "it must be valid TOML"),
        ('manner = "automatic"', 'manner = "auto"', "one of: automatic, human, both"),
        ('capability = "question answering"', 'capability = "speed"', "capability = 'speed' is not known here"),
        ('manner = "automatic"', 'manner = "human"\nextractor = "first letter"', "extractor = 'first letter'"),
    ],
)
def test_what_does_not_belong_is_named(was: str, becomes: str, said: str) -> None:
    with pytest.raises(BadPlan) as caught:
        plans.read_benchmark(WHOLE.replace(was, becomes), "mine", "mine.toml")
    assert str(caught.value).startswith("mine.toml") and said in str(caught.value)


def test_a_suite_has_members_and_no_data() -> None:
    text = "".join(f'{key} = "x"\n' for key in ("title", "version", "reference", "note"))
    text += 'capability = "knowledge"\nmanner = "both"\nmembers = ["a", "b"]\n'
    made = plans.read_benchmark(text, "suite", "suite.toml")
    assert (made.members, made.dataset, made.metrics) == (("a", "b"), "", ())
    with pytest.raises(BadPlan, match="'dataset' is not a key here"):
        plans.read_benchmark(text + 'dataset = "phenopackets"', "suite", "suite.toml")


def test_settings_fall_back_to_the_first_value_and_refuse_others() -> None:
    made = plans.read_benchmark(WHOLE, "mine", "mine.toml")
    assert made.settle({}) == {"form": "keep"}
    assert made.settle({"form": "alone"}) == {"form": "alone"}
    with pytest.raises(BadPlan, match="did you mean 'form'"):
        made.settle({"from": "keep"})
    with pytest.raises(BadPlan, match="one of: keep, alone"):
        made.settle({"form": "any"})


def test_an_unknown_benchmark_names_the_near_ones() -> None:
    with pytest.raises(UnknownName, match="phenopackets"):
        plans.benchmark("phenopacket")


def test_the_four_forms_of_the_case_benchmark() -> None:
    settings = plans.benchmark("phenopackets").settings
    assert settings["own_publication"] == ("keep", "alone", "any", "independent")
    assert settings["candidates"] == ("omim", "all")


ROW = '[[row]]\ngroup = "databases"\ntitle = "T"\n[row.systems]\na = "missing"\n'


def test_a_survey_row_is_answered_or_missing() -> None:
    first, second = plans.read_survey(ROW + 'b = { answer = "sources/b", test = "tests/b.py::t" }', "s.toml")
    assert (first.id, first.works, first.answer) == ("a", False, "missing")
    assert (second.id, second.works, second.answer, second.title) == ("b", True, "sources/b", "T")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('b = "misssing"', "must be 'missing' or"),
        ('b = { answer = "sources/b" }', "test must be a text"),
        ('b = { anwser = "sources/b", test = "t" }', "did you mean 'answer'"),
        (ROW, "'a' stands twice"),
        ('[[rows]]\ngroup = "x"', "did you mean 'row'"),
    ],
)
def test_a_survey_that_is_not_whole_is_refused(more: str, said: str) -> None:
    with pytest.raises(BadPlan, match=said):
        plans.read_survey(ROW + more, "s.toml")


def test_the_number_of_missing_systems_only_falls() -> None:
    missing = [system.id for system in plans.survey() if not system.works]
    assert len(missing) <= MISSING_AT_MOST
    assert len(plans.survey()) == 437


@pytest.mark.shared
def test_every_row_of_the_survey_is_here_in_its_order(shared: Path) -> None:
    with (shared.parent / "survey" / "acceptance.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["group"], r["row_title"], r["system_ids"].split()) for r in csv.DictReader(file)]
    wanted = [(id_, group, title) for group, title, ids in rows for id_ in ids]
    assert [(system.id, system.group, system.title) for system in plans.survey()] == wanted
