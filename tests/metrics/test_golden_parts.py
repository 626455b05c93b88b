"""Golden values of no metric's own file: rankings of a search, relations of a text, options read from words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from golden import golden, tokens

from probatum.metrics.extraction import extraction
from probatum.metrics.retrieval import retrieval
from probatum.metrics.rouge import per_text, rouge
from probatum.text.choices import choice
from probatum.types import Answer, Candidate, Origin, Relation

CUTOFFS = (1, 3, 5, 10)


def ranked(scores: Mapping[str, float]) -> Answer:
    return Answer(candidates=tuple(Candidate(id_, "", float(score)) for id_, score in scores.items()))


def test_a_search_is_scored_as_ir_measures_scores_it() -> None:
    shared = golden("retrieval")
    pairs = [(ranked(shared["qrels"][name]), ranked(found)) for name, found in shared["run"].items()]
    scores, wanted = retrieval(pairs, cutoffs=CUTOFFS), shared["values"]
    for ours, theirs in (
        ("ndcg@3", "nDCG@3"), ("ndcg@10", "nDCG@10"), ("recall@5", "R@5"), ("success@1", "Success@1"),
        ("map", "AP@10"), ("mrr", "RR@10"),
    ):  # fmt: skip
        assert scores[ours].value == pytest.approx(wanted[theirs], abs=1e-6), theirs
    strict = retrieval(pairs, relevant=2.0, cutoffs=CUTOFFS)
    assert strict["map"].value == pytest.approx(wanted["AP(rel=2)"], abs=1e-6)


def test_relations_are_scored_as_the_task_scores_them() -> None:
    origin = Origin("own", "1", "1")
    for case in golden("ie_micro_f1"):
        sides = [
            {each["sample_id"]: [Relation(one["head"], one["rel"], one["tail"], origin) for one in each["answer"]]
             for each in case[side]}
            for side in ("gold", "pred")
        ]  # fmt: skip
        pairs = [
            (Answer(found=tuple(said)), Answer(found=tuple(sides[1].get(id_, ())))) for id_, said in sides[0].items()
        ]
        scores = extraction(pairs)
        told = [scores[f"relation_{part}"].value for part in ("precision", "recall", "f1")]
        assert told == pytest.approx(case["micro_P_R_F1"], abs=1e-6)


def test_options_are_read_as_a_person_reads_them() -> None:
    for case in golden("answer_extraction_cases"):
        named = case["options"]
        options = (
            tuple((each, each) for each in named)
            if isinstance(named, str)
            else tuple(zip("ABCDE", named, strict=False))
        )
        wanted = case["gold"] or ""
        letter = next((key for key, text in options if text == wanted), wanted)  # several letters stand for themselves
        assert choice(case["output"], options).letter == letter, case["output"]


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_rouge_chinese_text_by_text(part: str) -> None:
    wanted, pairs = golden(part)["rouge_chinese_on_tokens"], tokens(part)
    means = rouge(pairs, tokens="none", style="rouge-chinese")
    each = per_text(pairs, tokens="none", style="rouge-chinese")
    for place, kind in enumerate(("1", "2", "L")):
        assert means[f"rouge-{kind}"].value == pytest.approx(wanted["avg"][f"rouge-{kind.lower()}"]["f"], abs=1e-6)
        told = [pair[f"rouge-{kind.lower()}"]["f"] for pair in wanted["per_pair"]]
        assert list(each[:, place, 2]) == pytest.approx(told, abs=1e-6)
