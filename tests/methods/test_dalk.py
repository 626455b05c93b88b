"""DALK: concepts of question and options, ways and neighbours, the rerank, the graph of a year."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from walked import ARDENOL, laid, told, walked

from probatum.methods.dalk import dalk
from probatum.store.reader import Store
from probatum.types import Question

OPTIONS = (("A", "Boreal syndrome"), ("B", "Arden disease"))
ASKED = Question("Which disease goes with the gene that Ardenol affects?", OPTIONS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kb")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with walked(folder) as opened:
        yield opened


def step(answer: object, what: str) -> str:
    return next(each.said for each in answer.trace if each.what == what)  # type: ignore[attr-defined]


def test_options_are_linked_and_ways_lead_between_consecutive_concepts(store: Store) -> None:
    answer = dalk(ASKED, laid(store))
    assert "Boreal syndrome" in step(answer, "option A") and "Ardenol" in step(answer, "entities")
    ways = step(answer, "paths").split("; ")
    assert 1 <= len(ways) <= 5 and all(way.count(" | ") < 5 for way in ways)
    assert ways[0].count(" | ") <= ways[-1].count(" | ")
    assert len(step(answer, "kept").split("; ")) <= 5
    assert answer.choice == "B" and all(piece.origin.references for piece in answer.evidence)


def test_limits_are_settings(store: Store) -> None:
    near = dalk(ASKED, laid(store), hops=1, beside=1, keep=2)
    assert step(near, "paths") == "nothing" and len(step(near, "beside").split("; ")) == 3
    assert len(step(near, "kept").split("; ")) == 2
    one = dalk(ASKED, laid(store), paths=1)
    assert len(step(one, "paths").split("; ")) == 1


def test_the_graph_grows_by_year_by_the_setting_and_by_the_stores_day(store: Store, folder: Path) -> None:
    asked = Question("What do Ardenol and Arden disease have to do with each other?")
    offered = []
    for year in range(2010, 2020):
        by_setting = dalk(asked, laid(store), year=year)
        with walked(folder, as_of=f"{year}-12-31") as then:
            by_day = dalk(asked, laid(then))
        counted = [
            int(next((s.said for s in answer.trace if s.what == "triples"), "0").split()[0])
            for answer in (by_setting, by_day)
        ]
        assert counted[0] == counted[1]
        offered.append(counted[0])
        assert all(int(piece.fact.qualifier("year")) <= year for piece in by_setting.evidence)  # type: ignore[union-attr]
    assert offered == sorted(offered) and offered[0] == 0 and offered[-1] == 5
    before = dalk(asked, laid(store), year=2010)
    assert before.abstained is not None and before.abstained.startswith("no-path")


def test_the_model_weighs_the_triples_and_answers_from_those_alone(store: Store) -> None:
    desk = laid(store, ('{"keep": [99]}', '{"keep": [1, 1]}', "It says so [1]. The answer is B."))
    answer = dalk(ASKED, desk, scorer="model")
    asked = desk.model.asked  # type: ignore[attr-defined]
    assert (answer.choice, len(asked), len(answer.evidence)) == ("B", 3, 1)
    assert "must be a list of numbers from 1 to" in told(asked[1])
    assert "[2]" in told(asked[0]) and "\n[2]" not in told(asked[2])
    bad = dalk(ASKED, laid(store, ("no", "no")), scorer="model")
    assert bad.abstained is not None and bad.abstained.startswith("unparsed") and bad.choice == ""
    bare = dalk(ASKED, laid(store), scorer="model")
    assert bare.abstained is not None and bare.abstained.startswith("no-model")
    assert dalk(ASKED, laid(store, ("B",)), form="likelihood").choice == "B"


def test_in_chinese_without_a_model_and_where_nothing_is_named(store: Store) -> None:
    answer = dalk(Question("阿登病有哪些症状？", (("A", "灰咳"), ("B", "孤素"))), laid(store))
    assert answer.choice == "A" and "灰咳" in answer.text
    nothing = dalk(Question("谁赢得了世界杯？", (("甲", "是"),)), laid(store))
    assert nothing.abstained is not None and nothing.abstained.startswith("no-entity")
    assert ARDENOL in str(dalk(ASKED, laid(store)).trace)
