"""TCMScore against golden values of the published rule."""

from __future__ import annotations

import pytest
from golden import golden

from probatum.errors import NeedsFile
from probatum.metrics.tcmscore import one, sentences, tcmscore, term_f1
from probatum.types import Answer


def jaccard(first: str, second: str) -> float:
    return len(set(first) & set(second)) / len(set(first) | set(second))


def test_the_published_rule() -> None:
    for case in golden("tcmscore"):

        def segment(sentence: str, cut: dict = case["segmentation"]) -> list[tuple[str, bool]]:
            return [(token, token in cut[sentence]["tcm_terms"]) for token in cut[sentence]["tokens"]]

        assert sentences(case["ref"]) == case["ref_sentences"] and sentences(case["hyp"]) == case["hyp_sentences"]
        for place, sentence in enumerate(case["ref_sentences"]):
            told = [term_f1(segment(sentence), segment(other)) for other in case["hyp_sentences"]]
            wanted = [each["term_f1_counter"] for each in case["term_f1"][place]]
            assert told == pytest.approx(wanted, abs=1e-6)
        wanted = case["TCMScore_counter_softmax_lengthpenalty"]
        gold, given = Answer(text=case["ref"]), Answer(text=case["hyp"])
        assert one(gold.text, given.text, segment, jaccard) == pytest.approx(wanted["nli_jaccard_chars"], abs=1e-6)
        score = tcmscore([(gold, given)], segment=segment, entail=lambda a, b: 0.5)["tcmscore"]
        assert score.value == pytest.approx(wanted["nli_const_0.5"], abs=1e-6)


def test_a_sentence_without_terms_weighs_all_alike() -> None:
    assert term_f1([("水", False)], [("方", True)]) == 2 and term_f1([("方", True)], [("水", False)]) == 0


def test_without_its_parts_it_says_what_it_needs() -> None:
    with pytest.raises(NeedsFile, match="term dictionary"):
        tcmscore([(Answer(text="方"), Answer(text="方"))])
