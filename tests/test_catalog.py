"""Every name of every wing has a whole card and the shape of its wing, reads its tiny sample, and has its test."""

from __future__ import annotations

import ast
import inspect
import itertools
from pathlib import Path

import pytest

from probatum import plans
from probatum.errors import BadPlan
from probatum.naming import card_of, find, names
from probatum.types import Example, Release

ROOT = Path(__file__).parents[1]
SHAPES = {  # the parameters that come before the settings
    "sources": ("path",),
    "datasets": ("path",),
    "models": (),
    "annotators": ("store",),
    "retrievers": ("store",),
    "methods": ("question", "desk"),
    "metrics": ("pairs",),
    "tools": ("given",),
    "makers": ("desk",),
    "stages": ("kit", "examples"),
}
OVER_JUDGEMENTS = {"agreement", "elo", "wins"}  # metrics of what raters said
THINGS = [(wing, name) for wing in SHAPES for name in names(wing)]
DATA = [(wing, name) for wing, name in THINGS if wing in {"sources", "datasets"}]


@pytest.mark.parametrize(("wing", "name"), THINGS)
def test_a_card_is_whole(wing: str, name: str) -> None:
    thing = find(wing, name)
    card = card_of(thing)
    assert card.title and thing.__name__ == name and inspect.getdoc(thing)
    if wing in {"sources", "datasets"}:
        assert card.licence and card.languages and card.where


@pytest.mark.parametrize(("wing", "name"), THINGS)
def test_a_thing_has_the_shape_of_its_wing(wing: str, name: str) -> None:
    parameters = list(inspect.signature(find(wing, name)).parameters.values())
    first = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY and p.kind is not p.VAR_KEYWORD]
    shape = ("judgements",) if wing == "metrics" and name in OVER_JUDGEMENTS else SHAPES[wing]
    assert tuple(first[: len(shape)]) == shape
    assert all(p.default is not p.empty for p in parameters[len(SHAPES[wing]) :] if p.kind is not p.VAR_KEYWORD)


@pytest.mark.parametrize(("wing", "name"), DATA)
def test_a_tiny_sample_gives_records(wing: str, name: str, tiny: Path) -> None:
    samples = sorted(each for each in (tiny / wing).glob(f"{name}*") if each.name.partition(".")[0] == name)
    assert samples, f"tests/tiny/{wing}/{name} or {name}.* is not there"
    records = list(itertools.islice(find(wing, name)(samples[0]), 3))
    assert len(records) == 3
    assert isinstance(records[0], Release) if wing == "sources" else all(isinstance(r, Example) for r in records)


@pytest.mark.parametrize("name", names("sources"))
def test_every_source_is_held_to_the_contract(name: str) -> None:
    test = ROOT / "tests" / "sources" / f"test_{name}.py"
    assert f'check_contract("{name}"' in test.read_text(encoding="utf-8"), "see tests/source_contract.py"


@pytest.mark.parametrize("name", names("benchmarks"))
def test_a_benchmark_names_things_that_stand(name: str) -> None:
    plan = plans.benchmark(name)
    if plan.members:
        assert set(plan.members) <= set(names("benchmarks")) - {name}
        return
    assert plan.dataset in names("datasets") and set(plan.metrics) <= set(names("metrics"))
    wing, part = {
        "ask": ("methods", plan.method),
        "retrieve": ("retrievers", plan.retriever),
        "annotate": ("annotators", plan.method),
    }[plan.verb]
    assert part in names(wing)


def test_the_catalogue_lists_what_stands_and_what_is_missing() -> None:
    entries = plans.catalog()
    standing = [(entry.wing, entry.name, entry.test) for entry in entries if entry.state == "works"]
    assert set(THINGS) <= {each[:2] for each in standing} and len(standing) == len(set(standing))
    told = sorted(id_ for entry in entries for id_ in entry.survey_ids)
    assert told == sorted(system.id for system in plans.survey())
    assert {entry.wing for entry in plans.catalog("sources")} == {"sources"}
    with pytest.raises(BadPlan, match="did you mean 'sources'"):
        plans.catalog("source")


def test_every_system_that_works_names_a_test_that_stands() -> None:
    for system in plans.survey():
        if system.works:
            wing, _, name = system.answer.partition("/")
            assert name in names(wing), system
            path, _, function = system.test.partition("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, system


@pytest.mark.parametrize("wing", plans.WINGS)
def test_every_thing_has_a_test_of_its_own(wing: str) -> None:
    tests = [entry.test.partition("::")[0] for entry in plans.catalog(wing) if entry.state == "works"]
    assert [test for test in tests if not (ROOT / test).is_file()] == []
