"""Greedy matching of vectors against golden values of bert-score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from golden import golden

from probatum.errors import NeedsFile
from probatum.metrics.bertscore import bertscore, matching, rarity
from probatum.types import Answer


def test_matching_is_bert_scores() -> None:
    for case in golden("bertscore_matching"):
        said, wanted = np.array(case["hyp_emb"]), np.array(case["ref_emb"])
        weights = {
            "no_idf": (np.ones(len(said)), np.ones(len(wanted))),
            "idf": (np.array(case["hyp_idf"]), np.array(case["ref_idf"])),
        }
        for name, (first, second) in weights.items():
            told = matching(said, wanted, first, second)
            assert told == pytest.approx([case[name][each] for each in ("P", "R", "F1")], abs=1e-6)
            rescaled = matching(said, wanted, first, second, 0.3)[2]
            assert rescaled == pytest.approx(case[name]["F1_rescaled_baseline_0.3"], abs=1e-6)


def letters(text: str) -> tuple[list[str], np.ndarray]:
    words = text.split()
    return words, np.array([[float(word.count(letter)) for letter in "abcdefgh"] for word in words]).reshape(-1, 8)


def test_the_encoder_is_part_of_the_name() -> None:
    pairs = [(Answer(text="abc def"), Answer(text="def abc")), (Answer(text="abc"), Answer())]
    scores = bertscore(pairs, encode=letters)
    assert scores["bertscore_f1"].value == pytest.approx(0.5) and scores["bertscore_f1"].empty == 1
    assert "encoder:letters" in scores["bertscore_f1"].signature
    assert bertscore(pairs, encode=letters, idf=True)["bertscore_f1"].signature.count("idf:True") == 1


def test_rare_words_weigh_more() -> None:
    rare = rarity([["a", "b"], ["a"], ["a"]])
    assert rare["a"] == 0 < rare["b"] < rare[""]


def test_without_an_encoder_it_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="encoder"):
        bertscore([])
    with pytest.raises(NeedsFile, match="checkpoint"):
        bertscore([], model=tmp_path)
