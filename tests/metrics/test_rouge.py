"""ROUGE against golden values and against rouge_score and rouge-chinese on random pairs."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from golden import golden, reference, seeded, texts, tokens

from probatum.errors import BadPlan
from probatum.metrics.rouge import per_text, rouge
from probatum.types import Answer

CUT = {"default_nostem": "rouge", "default_stem": "rouge-stem", "char_tokenizer": "char", "jieba_tokenizer": "jieba"}


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_rouge_scores_numbers(part: str) -> None:
    for name, wanted in golden(part)["rouge_score"].items():
        if CUT[name] == "jieba" and find_spec("jieba") is None:
            continue  # it has no wheel; the other ways of cutting are always there
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
    cut = "rouge-stem" if stemmed else "rouge"
    values = per_text(seeded(500, lines=lines), tokens=cut)
    assert np.abs(values - np.array(reference(cut + ("-lines" if lines else "")))).max() < 1e-8


def test_chinese_is_never_cut_into_latin_words() -> None:
    score = rouge(seeded(50, chinese=True))["rouge-L"]
    assert "tok:char" in score.signature and score.value > 0.3


def test_an_empty_answer_counts_zero() -> None:
    score = rouge([(Answer(text="fever and rash"), Answer())])["rouge-1"]
    assert (score.value, score.empty) == (0, 1)


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(BadPlan, match="style"):
        rouge([], style="own")
