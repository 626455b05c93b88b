"""Knowledge Solver: the oracle's walk is the shortest, refused picks are asked again, gold walks train a chooser."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest
from walked import ARDEN, ARDENOL, BOREAL, CONCEPTS, COUGH, LONELY, laid, told, walked

from probatum.errors import BadPlan, NeedsFile
from probatum.methods._graph import Hop, Net
from probatum.methods.knowledge_solver import Walk, knowledge_solver, read_pick, tuned_on, turns
from probatum.store.reader import Store
from probatum.types import Question, Step

OPTIONS = (("A", "Arden disease"), ("B", "Boreal syndrome"), ("C", "Lonelin"))
ASKED = Question("Which disease does Ardenol reach through its gene?", OPTIONS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


class Oracle:
    """Knows the distance of every node to the target, by its own breadth-first search."""

    def __init__(self, net: Net, target: str) -> None:
        self.far = {target: 0}
        ring = [target]
        while ring:
            new = sorted({hop.far for node in ring for hop in net.hops(node)} - set(self.far))
            self.far.update(dict.fromkeys(new, self.far[ring[0]] + 1))
            ring = new

    def __call__(self, path: Sequence[Hop], at: str, hops: Sequence[Hop], refused: str) -> str:
        ends = [self.far.get(hop.far, 99) for hop in hops]
        return str(ends.index(min(ends)) + 1)


def test_an_oracle_reaches_every_target_in_exactly_the_shortest_distance(store: Store) -> None:
    net = Net.over(laid(store), "en")
    ids = [id for id, *_ in CONCEPTS if id != LONELY]
    lengths = []
    for start, target in permutations(ids, 2):
        oracle = Oracle(net, target)
        path, ended = Walk(ASKED, net, {target: ("A",)}, oracle, []).go(start, 8)
        assert (ended, len(path)) == ("reached", oracle.far[start])
        (gold, *_) = net.graph.shortest_paths(start, target, hops=8)
        assert len(path) == len(gold)
        lengths.append(len(path))
        if len(path) > 1:
            _, ended = Walk(ASKED, net, {target: ("A",)}, oracle, []).go(start, len(path) - 1)
            assert ended == "rounds-used-up"
    assert (len(lengths), max(lengths)) == (72, 5)


def test_words_walk_to_the_option_and_the_whole_path_is_told(store: Store) -> None:
    answer = knowledge_solver(ASKED, laid(store))
    assert (answer.choice, answer.abstained) == ("A", None)
    (said,) = [value for name, value in answer.fields if name == "path"]
    assert said == "Ardenol --> affects --> ARDA1 | ARDA1 --> gene associated with --> Arden disease"
    assert [piece.origin.references for piece in answer.evidence] == [("PMID:9008",), ("PMID:9006",)]
    names = [step.what for step in answer.trace]
    assert [name for name in names if name.startswith("walked")] == ["walked 1", "walked 2"]


@pytest.mark.parametrize(
    ("said", "place"),
    [("2", 1), ("(2)", 1), ("2.", 1), ("Night chill", 1), ("2. Night chill", 1), ("I pick Night chill.", 1),
     ("9", None), ("0", None), ("Arden disease", None), ("chill or cough", None), ("", None),
     ("Grey cough or Night chill", None), ("1. Night chill", None)],
)  # fmt: skip
def test_a_pick_is_read_only_where_it_stands_in_the_list(said: str, place: int | None) -> None:
    assert read_pick(said, ["Grey cough", "Night chill"]) == place


def test_a_pick_outside_the_list_is_refused_and_asked_for_again(store: Store) -> None:
    desk = laid(store, ("Aspirin", "ARDA1", "Arden disease", "Ardenol affects ARDA1 [1]."))
    answer = knowledge_solver(ASKED, desk, scorer="model")
    asked = desk.model.asked  # type: ignore[attr-defined]
    assert (answer.choice, len(asked), answer.text) == ("A", 4, "Ardenol affects ARDA1 [1].")
    assert "none of the numbered steps" in told(asked[1]) and "1. (affects, ARDA1)" in told(asked[0])
    assert ("refused 1", "Aspirin") in [(step.what, step.said) for step in answer.trace]
    twice = knowledge_solver(ASKED, laid(store, ("Aspirin", "7")), scorer="model")
    assert twice.abstained is not None and twice.abstained.startswith("refused")
    assert twice.choice == ""


@pytest.mark.parametrize(
    ("question", "settings", "code"),
    [
        (Question("Ardenol?"), {}, "no-options"),
        (Question("Who won?", OPTIONS), {}, "no-entity"),
        (Question("Ardenol?", (("A", "yes"), ("B", "no"))), {}, "no-known-option"),
        (Question("Lonelin?", OPTIONS[:2]), {}, "no-path"),
        (Question("Ardenol?", OPTIONS), {"rounds": 1}, "rounds-used-up"),
        (Question("Ardenol?", OPTIONS), {"scorer": "model"}, "no-model"),
        (Question("Ardenol?", (("A", "Arden disease"), ("B", "阿登病"))), {}, "tied-options"),
    ],
)
def test_abstains_with_a_code(store: Store, question: Question, settings: dict[str, object], code: str) -> None:
    answer = knowledge_solver(question, laid(store), **settings)  # type: ignore[arg-type]
    assert answer.abstained is not None and answer.abstained.startswith(f"{code}: ")


def test_in_chinese(store: Store) -> None:
    answer = knowledge_solver(
        Question("阿登醇经由基因与哪种疾病有关？", (("A", "北风综合征"), ("B", "阿登病"))), laid(store)
    )
    assert answer.choice == "B" and "阿登醇" in answer.text


def test_turns_of_gold_paths_and_a_chooser_trained_on_them(store: Store, tmp_path: Path) -> None:
    desk = laid(store)
    found = list(turns(desk, ASKED, ARDENOL, BOREAL, hops=6))
    assert [turn.answer.text for turn in found[:2]] == ["ARDA1", "Arden disease"]
    assert found[-1].answer.text == "Boreal syndrome" and len(found) == 4
    for turn in found:
        letters = dict(turn.question.options)
        assert turn.answer.text in letters[turn.answer.choice] and turn.answer.found
        assert letters[turn.answer.choice].split(" → ")[1] in turn.question.text
    assert list(turns(desk, ASKED, ARDENOL, LONELY)) == []
    pairs = [(COUGH, ARDENOL, "drug"), (COUGH, BOREAL, "shared feature")]
    texts = [(f"From the feature to the {what}?", start, end) for start, end, what in pairs]
    made = [(text, turn) for text, start, end in texts for turn in turns(desk, Question(text), start, end, hops=6)]
    tuned_on(made, epochs=40).save(tmp_path / "weights.npz")
    asked = Question("From the feature Grey cough to the drug?", (("A", "Boreal syndrome"), ("B", "Ardenol")))
    answer = knowledge_solver(asked, desk, scorer="tuned", weights=str(tmp_path / "weights.npz"))
    assert answer.choice == "B"
    with pytest.raises(NeedsFile):
        knowledge_solver(asked, desk, scorer="tuned")
    with pytest.raises(BadPlan):
        knowledge_solver(asked, desk, scorer="guess")


def test_the_subgraph_bounds_the_walk(store: Store) -> None:
    net, steps = Net.over(laid(store), "en"), list[Step]()
    walk = Walk(ASKED, net, {ARDEN: ("A",)}, lambda *_: "", steps)
    walk.bound([ARDENOL], 1)
    assert walk.local is not None and BOREAL not in walk.local and ARDEN in walk.local
    assert steps[0].said.startswith(f"{len(walk.local)} nodes")
