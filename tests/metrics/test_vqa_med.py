"""The scores of VQA-Med: by hand, equal to the evaluator's figures on 500 random answers, and with what is empty."""

from __future__ import annotations

import string
import warnings

import numpy as np
import pytest
from nltk.stem.snowball import SnowballStemmer
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from probatum.metrics.vqa_med import vqa_med
from probatum.text.snowball import stem
from probatum.types import Answer, Candidate

# the evaluator's own normalisation and comparison gave this accuracy for the 500 items of `drawn`
RECORDED = 0.598
WORDS = (
    "left right upper lower lobe mass lesion lesions cyst cysts kidney enlarged enlarging ct mri mr t2-weighted "
    "contrast with of the a in no two three 3 acute fractures fracture, (benign) tumor/mass. 4.1 cm effusion effusions"
).split()
SIGNS = ("", "", "", ".", "?", ", ", " - ", "; ")


def drawn(count: int) -> list[tuple[Answer, Answer]]:
    draws = np.random.default_rng(11)
    pairs = []
    for _ in range(count):
        golds = [_text(draws, int(draws.integers(1, 9))) for _ in range(int(draws.integers(1, 3)))]
        said = golds[int(draws.integers(0, len(golds)))] if draws.random() < 0.7 else _text(draws, 4)
        if draws.random() < 0.6:
            said = _changed(draws, said)
        candidates = tuple(Candidate(each, each, 1.0) for each in golds) if len(golds) > 1 else ()
        pairs.append((Answer(golds[0], candidates=candidates), Answer(said)))
    return pairs


def _text(draws: np.random.Generator, length: int) -> str:
    return "".join(
        f"{WORDS[int(draws.integers(0, len(WORDS)))]}{SIGNS[int(draws.integers(0, 8))]} " for _ in range(length)
    )


def _changed(draws: np.random.Generator, text: str) -> str:
    words = text.split()
    way = int(draws.integers(0, 4))
    if way == 0:
        return text.upper()
    if way == 1:
        return " ".join(["The", *words])
    if way == 2:
        return " ".join(words[:-1]) or "none"
    return " ".join(each.replace("3", "three").replace("-", " ") for each in words)


def test_by_hand() -> None:
    several = Answer(
        "renal cyst", candidates=(Candidate("a", "renal cyst", 1), Candidate("b", "cyst of the kidney", 1))
    )
    pairs = [
        (Answer("two lesions"), Answer("The 2 lesions.")),
        (several, Answer("Cyst of kidney")),
        (several, Answer("a cyst of the kidney")),
        (Answer("ct"), Answer("mri")),
    ]
    scores = vqa_med(pairs)
    assert scores["vqa_med_accuracy"].value == 0.75 and scores["vqa_med_bleu"].value == 0
    long = "large cystic mass seen in left kidney"
    assert vqa_med([(Answer(long), Answer("Large cystic masses, seen in the left kidneys"))])[
        "vqa_med_bleu"
    ].value == pytest.approx((6 / 6 * 5 / 5 * 4 / 4 * 3 / 3) ** 0.25)


def test_500_random_answers_as_the_evaluator() -> None:
    pairs = drawn(500)
    scores = vqa_med(pairs)
    assert scores["vqa_med_accuracy"].value == pytest.approx(RECORDED, abs=1e-6) and 0.2 < RECORDED < 0.8
    from probatum.metrics.vqa_med import _STOP  # the evaluator's list is a download

    stemmer, smoothing = SnowballStemmer("english"), SmoothingFunction().method0

    def stems(text: str) -> list[str]:
        words = text.lower().translate(str.maketrans("", "", string.punctuation)).split()
        return [stemmer.stem(word) for word in words if word not in _STOP]

    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for gold, given in pairs:
            golds = [stems(each.name) for each in gold.candidates] or [stems(gold.text)]
            said = stems(given.text)
            each = [
                1.0 if not g and not said else sentence_bleu([g], said, smoothing_function=smoothing) for g in golds
            ]
            told.append(max(each))
    assert scores["vqa_med_bleu"].value == pytest.approx(np.mean(told), abs=1e-6) and 0.1 < np.mean(told) < 0.9


def test_an_empty_answer_is_never_right() -> None:
    scores = vqa_med([(Answer("the"), Answer(""))])
    assert (scores["vqa_med_accuracy"].value, scores["vqa_med_bleu"].value, scores["vqa_med_bleu"].empty) == (0, 0, 1)
    assert vqa_med([])["vqa_med_accuracy"].n == 0


def test_stems_are_those_of_snowball() -> None:
    stemmer = SnowballStemmer("english")
    words = (
        "generously communication arsenal skies dying only herrings proceeding exceedingly ties cries gas this kiwis "
        "agreed feedly hopping hoping hopped falling luxuriated sized boy cry by say nationality digitization "
        "operators conformably hopefulness vietnamization analogously tropically electricity formative goodness "
        "adjustment adoption irritant probate rate cease controll rolling yyyy youth sheep's patients' 'quoted ss "
        "us bus apologies infections metastases nuclei ulceration hypoechoic biopsies"
    ).split()
    assert [stem(each) for each in words] == [stemmer.stem(each) for each in words]
