"""Probes of multiple choice: what is taken away is gone, and what is dealt out anew keeps its degrees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from small_store import GAUCHER, facts, small_store

from probatum import probes, verbs
from probatum.types import Answer, Candidate, Example, Question, Relation

ABC = (("A", "x"), ("B", "y"), ("C", "z"))


def example(id: str, letter: str) -> Example:
    return Example(id, Question("Which?", ABC), Answer(choice=letter, candidates=(Candidate(letter, "", 1.0),)))


def test_the_rules_that_read_nothing_leave_the_question_itself_out() -> None:
    some = [example("1", "A"), example("2", "A"), example("3", "B")]
    assert [each.choice for each in probes.prior_only(some)] == ["A", "A", "A"]
    assert [each.choice for each in probes.options_by_habit(some)] == ["A", "A", "A"]
    assert probes.prior_only([example("1", "B")])[0].choice == ""


def test_shuffling_keeps_the_right_text() -> None:
    seen = set()
    for seed in range(8):
        mixed = probes.shuffled(example("1", "B"), seed)
        assert (
            dict(mixed.question.options)[mixed.answer.choice]
            == "y"
            == dict(mixed.question.options)[mixed.answer.candidates[0].id]
        )
        seen.add(mixed.question.options)
    assert len(seen) > 1 and probes.shuffled(example("1", "B"), 3) == probes.shuffled(example("1", "B"), 3)


def test_the_question_is_taken_away() -> None:
    left = probes.without_question(Question("Which gene?", ABC, ("context",), (("user", "before"),), language="zh"))
    assert (left.options, left.context, left.turns) == (ABC, (), ()) and "gene" not in left.text


def test_a_graph_dealt_out_anew_keeps_its_degrees_and_another_is_empty() -> None:
    whole = list(facts())
    dealt = list(probes.permuted(whole, 1))
    for side in ("subject", "object"):
        counts = [
            Counter((getattr(f, side), f.predicate) for f in some if isinstance(f, Relation)) for some in (whole, dealt)
        ]
        assert counts[0] == counts[1]
    assert dealt != whole and len(dealt) == len(whole)
    assert not any(isinstance(fact, Relation) for fact in probes.without_claims(whole))


def test_what_stands_around_a_question(tmp_path: Path) -> None:
    with small_store(tmp_path) as store:
        found = probes.around(verbs.lay(store, retriever="bm25"), ["Gaucher disease, type I"])
        ends = {end for fact in found if isinstance(fact, Relation) for end in (fact.subject, fact.object)}
        assert GAUCHER in ends and "OMIM:154700" not in ends
