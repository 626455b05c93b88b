"""ROUGE against golden values and against rouge_score and rouge-chinese on random pairs."""

from __future__ import annotations

import pytest
from golden import golden, seeded, texts, tokens

from probatum.errors import BadPlan
from probatum.metrics.rouge import per_item, rouge
from probatum.types import Answer

CUT = {"default_nostem": "rouge", "default_stem": "rouge-stem", "char_tokenizer": "char", "jieba_tokenizer": "jieba"}


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_rouge_scores_numbers(part: str) -> None:
    for name, wanted in golden(part)["rouge_score"].items():
        if CUT[name] == "jieba":
            pytest.importorskip("jieba")
        scores = rouge(texts(part), tokens=CUT[name])
        for kind in ("1", "2", "L", "Lsum"):
            assert scores[f"rouge-{kind}"].value == pytest.approx(wanted[f"rouge{kind}"]["F_mean"], abs=1e-6)


def test_rouge_chinese_and_the_captioning_code() -> None:
    wanted = golden("text_zh")["rouge_chinese_on_tokens"]["avg"]
    scores = rouge(tokens("text_zh"), tokens="none", style="rouge-chinese")
    for kind in ("1", "2", "L"):
        assert scores[f"rouge-{kind}"].value == pytest.approx(wanted[f"rouge-{kind.lower()}"]["f"], abs=1e-6)
    for part in ("text_en", "text_zh"):
        value = rouge(tokens(part), tokens="none", style="coco")["rouge-L"].value
        assert value == pytest.approx(golden(part)["pycocoevalcap_on_tokens"]["ROUGE-L_beta1.2"], abs=1e-6)


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("stemmed", [False, True])
def test_500_random_pairs_as_rouge_score(lines: bool, stemmed: bool) -> None:
    scorer = pytest.importorskip("rouge_score.rouge_scorer")
    kinds = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    oracle = scorer.RougeScorer(kinds, use_stemmer=stemmed)
    pairs = seeded(500, lines=lines)
    values = per_item(pairs, tokens="rouge-stem" if stemmed else "rouge")
    for (gold, given), row in zip(pairs, values, strict=True):
        wanted = oracle.score(gold.text, given.text)
        for place, kind in enumerate(kinds):
            assert tuple(row[place]) == pytest.approx(tuple(wanted[kind]), abs=1e-9)


def test_chinese_is_never_cut_into_latin_words() -> None:
    score = rouge(seeded(50, chinese=True))["rouge-L"]
    assert "tok:char" in score.signature and score.value > 0.3


def test_an_empty_answer_counts_zero() -> None:
    score = rouge([(Answer(text="fever and rash"), Answer())])["rouge-1"]
    assert (score.value, score.empty) == (0, 1)


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(BadPlan, match="style"):
        rouge([], style="own")
