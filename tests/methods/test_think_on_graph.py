"""Think-on-Graph: the beam against enumeration, its limits, its stops, and replies in every shape that models write."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from walked import ARDEN, ARDENOL, BOREAL, BOREALINE, TREMOR, laid, told, walked

from probatum.errors import BadPlan
from probatum.methods._beam import Beam, Limits, Path
from probatum.methods._graph import Hop, Net
from probatum.methods._stepping import figures, scored, verdict
from probatum.methods.think_on_graph import think_on_graph
from probatum.store.reader import Store
from probatum.types import Question, Request, Step

JOIN = Question("How does Ardenol connect with Arden disease?")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


class Numbers:
    """A judge whose scores are made of the names alone, so that a test can count them for itself."""

    def value(self, text: str) -> float:
        return 1 + sum(map(ord, text)) % 7

    def relations(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        return [self.value(f"{hop.relation}") for hop in hops]

    def ends(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        return [self.value(hop.far) for hop in hops]

    def enough(self, paths: Sequence[Path]) -> bool:
        return False


def every_path(net: Net, start: str, length: int) -> dict[tuple[Hop, ...], float]:
    """All paths of a length that meet no node twice, by plain recursion over the edges, with their products."""
    judge, found = Numbers(), dict[tuple[Hop, ...], float]()

    def on(at: str, seen: tuple[str, ...], walked_: tuple[Hop, ...], product: float) -> None:
        if len(walked_) == length:
            found[walked_] = product
            return
        open_ = [hop for hop in net.hops(at) if hop.far not in seen]
        kinds = {hop.relation for hop in open_}
        of_kinds = sum(judge.value(f"{kind}") for kind in kinds)
        for hop in open_:
            beside = [other for other in open_ if other.relation == hop.relation]
            share = judge.value(f"{hop.relation}") / of_kinds
            end = judge.value(hop.far) / sum(judge.value(other.far) for other in beside)
            on(hop.far, (*seen, hop.far), (*walked_, hop), product * share * end)

    on(start, (start,), (), 1.0)
    return found


@pytest.mark.parametrize("start", [ARDEN, BOREAL, TREMOR, ARDENOL])
def test_an_exhaustive_beam_equals_all_paths(store: Store, start: str) -> None:
    net, steps = Net.over(laid(store), "en"), list[Step]()
    beam, paths = Beam(net, Numbers(), Limits(0, 0, 0, 0, frozenset()), 0, steps), [Path.at(start)]
    for length in range(1, 6):
        paths = beam.grow(paths, length)
        wanted = every_path(net, start, length)
        assert {path.hops: path.score for path in paths} == pytest.approx(wanted)
        assert [path.score for path in paths] == sorted((path.score for path in paths), reverse=True)
    narrow = Beam(net, Numbers(), Limits(2, 0, 0, 0, frozenset()), 0, [])
    first = every_path(net, start, 1)
    best = sorted(first.values(), reverse=True)[:2]
    assert [path.score for path in narrow.grow([Path.at(start)], 1)] == pytest.approx(best)


def test_finds_the_way_and_stops_when_it_suffices(store: Store) -> None:
    answer = think_on_graph(JOIN, laid(store))
    assert answer.abstained is None and answer.fields == ()
    assert "Ardenol: affects ARDA1" in answer.text and "ARDA1: gene associated with Arden disease" in answer.text
    said = [(step.what, step.said) for step in answer.trace]
    assert ("enough 1", "no") in said and ("enough 2", "yes") in said and ("ended", "enough") in said
    assert not any(what.startswith("beam 3") for what, _ in said)
    assert any(what == "dropped 2" for what, _ in said)


def test_width_and_depth_are_settings(store: Store) -> None:
    shallow = think_on_graph(JOIN, laid(store), depth=1)
    assert shallow.abstained is not None and shallow.abstained.startswith("depth-used-up")
    flagged = think_on_graph(JOIN, laid(store), depth=1, at_end="partial")
    assert flagged.abstained is None and flagged.fields == (("partial", "depth-used-up"),)
    for width in (1, 2, 5):
        answer = think_on_graph(JOIN, laid(store), width=width, at_end="partial")
        beams = [step.said for step in answer.trace if step.what.startswith("beam ")]
        assert beams and all(said.count(" (0.") + said.count(" (1.") <= width for said in beams)


def test_excluded_relations_are_not_walked(store: Store) -> None:
    answer = think_on_graph(JOIN, laid(store), exclude=("biolink:affects",), at_end="partial")
    assert "affects" not in answer.text
    nowhere = think_on_graph(Question("What is Ardenol?"), laid(store), exclude=("biolink:affects",))
    assert nowhere.abstained is not None and nowhere.abstained.startswith("no-path")


def test_many_far_ends_are_sampled_with_the_seed(store: Store) -> None:
    asked = Question("What are the symptoms of Arden disease?")
    one = think_on_graph(asked, laid(store), many=2, sample=2, seed=3)
    assert one == think_on_graph(asked, laid(store), many=2, sample=2, seed=3)
    drawn = [step.said for step in one.trace if step.what == "sampled 1"]
    assert len(drawn) == 1 and drawn[0].endswith("of 3")
    assert not [step for step in think_on_graph(asked, laid(store)).trace if step.what.startswith("sampled")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1. {affects (Score: 0.4))}: it acts\n2. {treats (Score: 0.6)}", [0.4, 0.6]),
        ("{affects (Score: 1)}", [1.0, 0.0]),
        ("affects (score: .5)\ntreats((Score: 0.5))", [0.5, 0.5]),
        ("{Affects（分数：0.3）}\n{biolink:treats（得分：0.7）}", [0.3, 0.7]),
        ("{2 (Score: 0.9)}", [0.0, 0.9]),
        ("{cures (Score: 0.9)}", None),
        ("{affects (Score: 0)}", None),
        ("I do not know", None),
    ],
)
def test_scores_are_read_tolerantly(text: str, wanted: list[float] | None) -> None:
    assert scored(text, ["affects", "treats"]) == wanted


def test_figures_and_verdicts() -> None:
    assert figures("Scores: 0.5, 0.3, 0.2", 3) == [0.5, 0.3, 0.2]
    assert figures("1, 0", 2) == [1.0, 0.0]
    assert figures("0.5, 0.3", 3) is None and figures("12, 0.5", 2) is None
    assert (
        verdict("{Yes}. The edges say it.") is True and verdict("{ No }") is False and verdict("No, not yet") is False
    )
    assert verdict("{是}") is True and verdict("{否}") is False
    assert verdict("Perhaps") is None and verdict("{Yes} or {No}") is None


def talker(request: Request) -> str:
    """A model that always likes acting relations, and finds that two edges suffice."""
    said = told(request)
    if "{ Yes }" in said:
        return "{Yes}" if "gene associated with Arden" in said else "{No}"
    if "name at most three" in said:
        listed = said.rpartition("Relations of")[2]
        return (
            "1. {affects (Score: 1)}"
            if ". affects\n" in f"{listed}\n"
            else "{gene_associated_with_condition (Score: 0.9))}"
        )
    if "Score how much" in said:
        return "{Arden disease (Score: 1)}"
    return "Ardenol affects ARDA1 [1]. ARDA1 is associated with Arden disease [2]. It cures all."


def test_with_a_model_every_question_has_its_temperature_and_the_answer_is_checked(store: Store) -> None:
    desk = laid(store, talker)
    answer = think_on_graph(Question("What does Ardenol act on?"), desk, scorer="model")
    assert answer.abstained is None and "cures" not in answer.text and "[2]" in answer.text
    asked = desk.model.asked  # type: ignore[attr-defined]
    exploring = [request.temperature for request in asked if "You walk through" in told(request)]
    rest = [request.temperature for request in asked if "You walk through" not in told(request)]
    assert set(exploring) == {0.4} and set(rest) == {0.0}
    assert [step.what for step in answer.trace if step.what == "enough"] == ["enough", "enough"]


def test_a_reply_that_cannot_be_read_is_asked_for_once_more_then_abstained_on(store: Store) -> None:
    desk = laid(store, ("hm", "hm"))
    answer = think_on_graph(JOIN, desk, scorer="model")
    assert answer.abstained is not None and answer.abstained.startswith("unparsed")
    assert len(desk.model.asked) == 2 and "could not be used" in told(desk.model.asked[1])  # type: ignore[attr-defined]
    assert [step.what for step in answer.trace].count("unparsed") == 2
    bare = think_on_graph(JOIN, laid(store), scorer="model")
    assert bare.abstained is not None and bare.abstained.startswith("no-model")


def test_multiple_choice_ends_at_an_option(store: Store) -> None:
    options = (("A", "Arden disease"), ("B", "Boreal syndrome"))
    asked = Question("Which disease does Ardenol reach through its gene?", options)
    answer = think_on_graph(asked, laid(store))
    assert (answer.choice, answer.abstained) == ("A", None)
    said = replace(laid(store, ("The answer is B.",)))
    assert think_on_graph(asked, said).choice == "B"
    assert think_on_graph(asked, laid(store, ("B",)), form="likelihood").choice == "B"


def test_in_chinese_and_where_nothing_is_named(store: Store) -> None:
    answer = think_on_graph(Question("北风碱与北风综合征有什么关系？"), laid(store))
    assert answer.abstained is None and "北风碱" in answer.text and "北风综合征" in answer.text
    assert any(piece.fact.subject == BOREALINE for piece in answer.evidence)  # type: ignore[union-attr]
    nothing = think_on_graph(Question("谁赢得了世界杯？"), laid(store))
    assert nothing.abstained is not None and nothing.abstained.startswith("no-entity: 问题")
    with pytest.raises(BadPlan):
        think_on_graph(JOIN, laid(store), at_end="guess")
