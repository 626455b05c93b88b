"""Graph-ToolFormer: the grammar, what it refuses, the functions against networkx, results filled in, training data."""

from collections.abc import Iterator

import networkx as nx
import pytest
from walked import ARDA, ARDEN, ARDENOL, BOREAL, TREMOR, laid, walked

from probatum.methods._graph import Net
from probatum.methods._graph_calls import Load, Misread, Reason, calls_in, parsed
from probatum.methods._graph_tools import TOOLS, Small, distance
from probatum.methods.graph_toolformer import Bench, filled, graph_toolformer, shown, training
from probatum.store.reader import Store
from probatum.types import Question


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def test_nested_calls_are_parsed_and_written_back() -> None:
    inner = '[GR(GL("store", {"a"}), "property:center") --> r]'
    text = '[GR(GL("store", {"a", "b"}, {"treats"}), "path:distance", "a", ' + inner + ")-->r]"
    call = parsed(text)
    inside = Reason(Load("store", ("a",)), "property:center", (), True)
    assert call == Reason(Load("store", ("a", "b"), ("treats",)), "path:distance", ("a", inside), True)
    assert parsed(f"[{shown(call)} --> r]") == Reason(
        call.graph,
        call.function,
        ("a", Reason(inside.graph, inside.function)),
        True,  # type: ignore[union-attr]
    )
    assert parsed('[GL("store", {}, {})]') == Load("store")
    found = list(calls_in(f'Before [GL("store")] and {text} after'))
    assert [type(each) for _, _, each in found] == [Load, Reason]


@pytest.mark.parametrize(
    "text",
    [
        '[GR(GL("store"), "os:system(1)", "ls")]',
        '[GR(GL("store"), __import__("os").system("ls"))]',
        '[GR(GL(open("x")), "node:degree", "a")]',
        '[GR(GL("store"), "node:degree", lambda: 1)]',
        '[GR(GL("store"), "node:degree", "a"); import os]',
        '[GR(GL("store"), "node:degree", "a") --> r] import os',
        '[GR(GL("store"), "a\\"b:c")]',
        "[eval(1)]",
        "GR()",
        "",
        '[GL("store") --> r]',
        '[GL("store", {"a"}, {"b"}, {"c"})]',
        "[" + 'GR(GL("s"), "a:b", ' * 20 + '"x"' + ")" * 20 + "]",
    ],
)
def test_code_and_whatever_is_no_call_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        parsed(text)


@pytest.mark.parametrize("seed", range(4))
def test_every_function_equals_networkx(seed: int) -> None:
    oracle = nx.relabel_nodes(nx.connected_watts_strogatz_graph(14, 4, 0.4, seed=seed), lambda node: f"n{node:02}")
    small = Small({node: tuple(sorted(oracle[node])) for node in sorted(oracle)})
    wholes = {
        "order": nx.number_of_nodes, "size": nx.number_of_edges, "density": nx.density,
        "components": nx.number_connected_components, "diameter": nx.diameter, "radius": nx.radius,
        "transitivity": nx.transitivity,
    }  # fmt: skip
    for name, function in wholes.items():
        assert TOOLS[f"property:{name}"][0](small) == pytest.approx(function(oracle))
    assert TOOLS["property:center"][0](small) == tuple(sorted(nx.center(oracle)))
    assert TOOLS["property:periphery"][0](small) == tuple(sorted(nx.periphery(oracle)))
    ranks = nx.pagerank(oracle, tol=1e-14, max_iter=10_000)
    for node in oracle:
        assert TOOLS["node:degree"][0](small, node) == oracle.degree(node)
        assert TOOLS["node:neighbours"][0](small, node) == tuple(sorted(oracle[node]))
        assert TOOLS["node:eccentricity"][0](small, node) == nx.eccentricity(oracle, node)
        assert TOOLS["node:triangles"][0](small, node) == nx.triangles(oracle, node)
        assert TOOLS["node:pagerank"][0](small, node) == pytest.approx(ranks[node], abs=1e-9)
        assert TOOLS["path:distance"][0](small, "n00", node) == nx.shortest_path_length(oracle, "n00", node)
        assert list(TOOLS["path:shortest"][0](small, "n00", node)) in list(nx.all_shortest_paths(oracle, "n00", node))
    assert len(TOOLS) == 16


def test_parts_that_do_not_hang_together() -> None:
    small = Small({"a": ("b",), "b": ("a",), "c": ()})
    oracle = nx.Graph([("a", "b")])
    oracle.add_node("c")
    assert TOOLS["property:components"][0](small) == 2
    assert TOOLS["node:pagerank"][0](small, "c") == pytest.approx(
        nx.pagerank(oracle, tol=1e-13, max_iter=5_000)["c"], abs=1e-9
    )
    with pytest.raises(Misread):
        distance(small, "a", "c")
    with pytest.raises(Misread):
        TOOLS["property:diameter"][0](small)


def test_a_question_becomes_a_call_and_its_path_is_quoted(store: Store) -> None:
    answer = graph_toolformer(Question("What is the shortest path from Ardenol to Arden disease?"), laid(store))
    assert answer.fields == (("result", f"Ardenol ({ARDENOL}), ARDA1 ({ARDA}), Arden disease ({ARDEN})"),)
    assert "Ardenol: affects ARDA1" in answer.text and "[2]" in answer.text and len(answer.evidence) == 2
    assert [step.what for step in answer.trace[:3]] == ["entities", "calls", "result"]
    degree = graph_toolformer(Question("阿登病有多少个邻居？", (("A", "3"), ("B", "4"))), laid(store))
    assert (degree.choice, degree.abstained) == ("B", None)


def test_the_results_over_the_store_equal_networkx(store: Store) -> None:
    net = Net.over(laid(store), "en")
    bench = Bench(net, 9, 0.7)
    graph = bench.load(Load("store", ("Arden disease",)))
    oracle = nx.Graph([(node, far) for node, some in graph.beside.items() for far in some])
    ranks = nx.pagerank(oracle, tol=1e-13, max_iter=5_000)
    rank = bench.result(parsed('[GR(GL("store", {"Arden disease"}), "node:pagerank", "Blue tremor")]'))
    assert rank == pytest.approx(ranks[TREMOR], abs=1e-9)
    assert bench.result(parsed('[GR(GL("store", {"Ardenol"}), "path:distance", "Ardenol", "BORE2")]')) == 5
    nested = '[GR(GL("store", {"Ardenol"}), "node:degree", GR(GL("store", {"Ardenol"}), "property:center"))]'
    assert bench.result(parsed(nested)) == oracle.degree(sorted(nx.center(oracle))[0])
    linked = bench.load(Load("store", ("Boreal syndrome",), ("treats",)))
    assert sum(map(len, linked.beside.values())) == 2


def test_results_are_filled_in_and_exported_as_training_data(store: Store) -> None:
    net = Net.over(laid(store), "en")
    good = 'It is [GR(GL("store", {"Arden disease"}), "path:distance", "Ardenol", "Arden disease") --> r] steps away.'
    assert filled(good, net) == "It is 2 steps away."
    bad = 'Look: [GR(GL("../etc/passwd"), "node:degree", "x") --> r]'
    assert filled(bad, net) == bad
    made = list(training(laid(store), [("How far?", good), ("What?", bad), ("None?", "no call")]))
    assert [(each.question.text, each.answer.text) for each in made] == [("How far?", good)]
    assert dict(made[0].answer.fields)["result"] == "It is 2 steps away."


def test_a_model_writes_calls_and_nothing_else_of_it_is_told(store: Store) -> None:
    call = '[GR(GL("store", {"Boreal syndrome"}), "node:degree", "Boreal syndrome") --> r]'
    desk = laid(store, ("I would run os.remove.", f"It is fatal. {call}"))
    answer = graph_toolformer(Question("Degree of Boreal syndrome?"), desk, scorer="model")
    assert answer.text.endswith("→ 4") and "fatal" not in answer.text and BOREAL not in answer.text
    assert [step.what for step in answer.trace].count("unparsed") == 1


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [
        ("Who won the cup?", None, "no-call"),
        ("What is Arden disease?", None, "no-call"),
        ("x", ("no", "no"), "no-call"),
        ("x", ('[GR(GL("file.txt"), "node:degree", "a")]',), "bad-call"),
        ("x", ('[GR(GL("store", {"Ardenol"}), "node:explode", "a")]',), "bad-call"),
        ("x", ('[GR(GL("store", {"Ardenol"}), "node:degree")]',), "bad-call"),
    ],
)
def test_abstains_with_a_code(store: Store, text: str, says: tuple[str, ...] | None, code: str) -> None:
    answer = graph_toolformer(Question(text), laid(store, says), scorer="model" if says else "words")
    assert answer.abstained is not None and answer.abstained.startswith(f"{code}: ")
