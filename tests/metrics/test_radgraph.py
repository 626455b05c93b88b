"""F1 over the graphs of reports against golden values."""

from __future__ import annotations

import pytest
from golden import golden

from probatum.errors import NeedsFile
from probatum.metrics.radgraph import Entity, Graph, one, radgraph
from probatum.types import Answer


def graph(said: dict) -> Graph:
    return {
        key: Entity(each["tokens"], each["label"], tuple((name, other) for name, other in each["relations"]))
        for key, each in said["entities"].items()
    }


def test_the_three_rules() -> None:
    for case in golden("radgraph_f1"):
        wanted = case["F1_simple_partial_complete"]
        assert one(graph(case["ref"]), graph(case["hyp"])) == pytest.approx(wanted, abs=1e-6)


def test_a_relation_that_is_missing_costs_partial_and_complete_alone() -> None:
    lungs, clear = Entity("lungs", "Anatomy"), Entity("clear", "Observation", (("located_at", "1"),))
    with_it = {"1": lungs, "2": clear}
    without = {"1": lungs, "2": Entity("clear", "Observation")}
    assert one(with_it, without) == (1.0, 0.5, 0.5)
    graphs = {"a": with_it, "b": without}
    scores = radgraph([(Answer(text="a"), Answer(text="b"))], extract=lambda text: graphs[text])
    assert scores["radgraph_partial"].value == 0.5 and scores["radgraph_simple"].value == 1
    assert one({}, {}) == (0.0, 0.0, 0.0)


def test_without_a_reader_of_graphs_it_says_what_it_needs() -> None:
    with pytest.raises(NeedsFile, match="graph"):
        radgraph([])
