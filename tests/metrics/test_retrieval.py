"""Measures of retrieval against ir_measures, which asks trec_eval."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probatum.metrics.retrieval import per_question, ranked, retrieval
from probatum.types import Answer, Candidate

ids = st.sampled_from([f"d{number}" for number in range(12)])
grades = st.dictionaries(ids, st.integers(-1, 3), max_size=12)
runs = st.dictionaries(ids, st.sampled_from([0.0, 0.5, 1.0, 1 / 61, 1 / 61 + 1e-12, 2.25, -1.0]), max_size=12)


def answer(scores: Mapping[str, float]) -> Answer:
    return Answer(candidates=tuple(Candidate(id, "", score) for id, score in scores.items()))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(grades, runs), min_size=1, max_size=5))
def test_equals_ir_measures(questions: list[tuple[dict[str, int], dict[str, float]]]) -> None:
    ir = pytest.importorskip("ir_measures")
    judged = [(gold, found) for gold, found in questions if gold]
    if not judged:
        return
    qrels = [ir.Qrel(str(n), id, grade) for n, (gold, _) in enumerate(judged) for id, grade in gold.items()]
    run = [ir.ScoredDoc(str(n), id, score) for n, (_, found) in enumerate(judged) for id, score in found.items()]
    for relevant in (1, 2):
        wanted = {
            "ndcg@5": ir.nDCG @ 5, "map": ir.AP(rel=relevant), "mrr": ir.RR(rel=relevant),
            "recall@5": ir.R(rel=relevant) @ 5, "success@5": ir.Success(rel=relevant) @ 5,
        }  # fmt: skip
        theirs = ir.calc_aggregate(list(wanted.values()), qrels, run)
        ours = retrieval([(answer(gold), answer(found)) for gold, found in judged], relevant=relevant, cutoffs=(5,))
        for name, measure in wanted.items():
            assert ours[name].value == pytest.approx(theirs[measure], abs=1e-9), name


def test_hand_worked_question() -> None:
    gold = answer({"a": 3, "b": 0, "c": 2})
    found = per_question(gold, answer({"b": 9.0, "a": 8.0, "x": 7.0}), cutoffs=(10,))
    assert found["ndcg@10"] == pytest.approx((3 / math.log2(3)) / (3 + 2 / math.log2(3)))
    assert found["map"] == pytest.approx((1 / 2) / 2)
    assert (found["mrr"], found["recall@10"], found["success@10"]) == (0.5, 0.5, 1.0)


def test_ties_go_to_the_higher_id() -> None:
    assert ranked(answer({"a": 1.0, "c": 1.0, "b": 2.0})) == ["b", "c", "a"]


def test_interval_holds_the_mean_and_is_wider_where_questions_share_a_group() -> None:
    pairs = [(answer({"a": 1}), answer({"a" if n < 10 else "x": 1.0})) for n in range(20)]
    alone = retrieval(pairs)["mrr"]
    grouped = retrieval(pairs, groups=[("first" if n < 10 else "second",) for n in range(20)])["mrr"]
    assert alone.value == grouped.value == 0.5
    assert alone.low is not None and alone.high is not None and grouped.low is not None and grouped.high is not None
    assert 0 < alone.low < 0.5 < alone.high < 1
    assert (grouped.low, grouped.high) == (0.0, 1.0)


def test_no_question_gives_no_interval() -> None:
    score = retrieval([])["map"]
    assert (score.value, score.n, score.low) == (0.0, 0, None)
