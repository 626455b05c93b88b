"""Graph-guided diagnosis: findings of a note, ways to diseases, the ranker, the prompt, what the graph adds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from walked import ARDEN, BOREAL, CHILL, COUGH, TREMOR, laid, told, walked

from probatum.errors import BadPlan, NeedsFile
from probatum.methods._graph import Net
from probatum.methods.graph_guided_diagnosis import graph_guided_diagnosis, trained_on, ways_from
from probatum.store.reader import Store
from probatum.types import Observation, Patient, Question, Request

NOTE = Question("For a week he has had a grey cough and, since Monday, a blue tremor of both hands.")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def test_ways_are_all_paths_of_at_most_so_many_steps_to_diseases(store: Store) -> None:
    net = Net.over(laid(store), "en")
    assert [way.end for way in ways_from(net, COUGH, 1, ("Disease",), {COUGH})] == [ARDEN]
    found = ways_from(net, TREMOR, 3, ("Disease",), {TREMOR})
    ends = [(way.end, len(way.hops)) for way in found]
    assert ends == [(ARDEN, 1), (BOREAL, 1), (ARDEN, 3), (BOREAL, 3)]
    assert all(way.start == TREMOR and net.shown(way.hops).count("<--") >= 2 for way in found)
    assert ways_from(net, TREMOR, 2, ("Gene",), {TREMOR})[0].hops[-1].predicate.endswith("associated_with_condition")


def test_the_disease_that_most_findings_lead_to_comes_first(store: Store) -> None:
    answer = graph_guided_diagnosis(NOTE, laid(store))
    assert [candidate.id for candidate in answer.candidates] == [ARDEN, BOREAL]
    assert {reason.concept for reason in answer.candidates[0].reasons} == {COUGH, TREMOR}
    assert "Arden disease" in answer.text and answer.abstained is None
    shown = [step.said for step in answer.trace if step.what == "path"]
    assert shown[0].startswith(("Grey cough <-- ", "Blue tremor <-- ")) and len(shown) <= 8
    assert len([s for s in graph_guided_diagnosis(NOTE, laid(store), paths=1).trace if s.what == "path"]) == 1


def test_what_is_denied_or_of_another_is_no_finding_and_observations_are(store: Store) -> None:
    denied = graph_guided_diagnosis(Question("She denies grey cough. She has night chill."), laid(store))
    assert {reason.concept for each in denied.candidates for reason in each.reasons} == {CHILL}
    assert "grey cough" in next(step.said for step in denied.trace if step.what == "left out").lower()
    seen = Patient(observations=(Observation("phenotype", COUGH), Observation("phenotype", TREMOR, present=False)))
    observed = graph_guided_diagnosis(Question("What is it?", patient=seen), laid(store))
    assert [candidate.id for candidate in observed.candidates] == [ARDEN]


def reader(request: Request) -> str:
    """A model that knows of no disease but those of the paths that it is shown."""
    names = [name for name in ("Arden disease", "Boreal syndrome") if name in told(request)]
    return str({"diagnoses": names or ["Common cold"]}).replace("'", '"')


def test_the_paths_in_the_prompt_raise_recall(store: Store) -> None:
    cases = [(NOTE, {ARDEN}), (Question("A blue tremor, and night chill."), {BOREAL, ARDEN})]
    with_graph, without = 0.0, 0.0
    for question, gold in cases:
        desk = laid(store, reader)
        answer = graph_guided_diagnosis(question, desk)
        (request,) = desk.model.asked  # type: ignore[attr-defined]
        assert " <-- has phenotype <-- Arden disease" in told(request) or "--> Arden disease" in told(request)
        with_graph += len(gold & {each.id for each in answer.candidates}) / len(gold)
        bare = reader(Request((("user", question.text),)))
        without += len([id for id in gold if store.name_of(id) in bare]) / len(gold)
    assert (with_graph, without) == (2.0, 0.0)


def test_a_diagnosis_that_the_store_does_not_know_is_told_and_a_reply_unread_abstains(store: Store) -> None:
    desk = laid(store, ('{"diagnoses": ["Moon fever", "Arden disease"]}',))
    answer = graph_guided_diagnosis(NOTE, desk)
    assert [each.id for each in answer.candidates] == [ARDEN]
    assert any(step.what == "unknown" and step.said.startswith("Moon fever") for step in answer.trace)
    bad = graph_guided_diagnosis(NOTE, laid(store, ("no", '{"diagnoses": []}')))
    assert bad.abstained is not None and bad.abstained.startswith("unparsed")


def test_the_trained_ranker_learns_which_end_a_note_means(store: Store, tmp_path: Path) -> None:
    desk = laid(store)
    cases = [(Question(f"A blue tremor {word}."), frozenset({ARDEN})) for word in ("today", "at rest", "of the hand")]
    trained_on(desk, cases).save(tmp_path / "w.npz")
    asked = Question("A blue tremor since May.")
    answer = graph_guided_diagnosis(asked, desk, scorer="trained", weights=str(tmp_path / "w.npz"), paths=1)
    assert answer.candidates[0].id == ARDEN
    assert graph_guided_diagnosis(asked, desk).candidates[0].id == BOREAL
    with pytest.raises(NeedsFile):
        graph_guided_diagnosis(asked, desk, scorer="trained")
    with pytest.raises(BadPlan):
        graph_guided_diagnosis(asked, desk, form="guess")


def test_multiple_choice_chinese_and_abstentions(store: Store) -> None:
    options = (("A", "北风综合征"), ("B", "阿登病"))
    asked = Question("患者一周来灰咳。最可能的诊断是什么？", options)
    assert graph_guided_diagnosis(asked, laid(store)).choice == "B"
    desk = laid(store, ("阿登病有灰咳 [1]。答案是B",))
    assert graph_guided_diagnosis(asked, desk).choice == "B"
    assert "图谱中的路径" in told(desk.model.asked[0])  # type: ignore[attr-defined]
    assert graph_guided_diagnosis(asked, laid(store, ("A",)), form="likelihood").choice == "A"
    nothing = graph_guided_diagnosis(replace(NOTE, text="All is well."), laid(store))
    assert nothing.abstained is not None and nothing.abstained.startswith("no-entity")
    nowhere = graph_guided_diagnosis(NOTE, laid(store), kinds=("Food",))
    assert nowhere.abstained is not None and nowhere.abstained.startswith("no-path")
