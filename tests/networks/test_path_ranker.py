"""The path ranker: its gradient against differences, what training changes, its file."""

from pathlib import Path

import numpy as np
import pytest

from probatum.errors import BadFormat
from probatum.networks.path_ranker import Case, PathRanker, mean, vectors

CASE = Case("cough and fever at night", "cough", ("cough --> has --> flu", "fever --> of --> ague"), frozenset({1}))


def test_word_vectors_are_the_same_everywhere_and_of_length_one() -> None:
    assert vectors("Cough cough").shape == (2, 64)
    assert np.allclose((vectors("a 咳嗽 b") ** 2).sum(axis=1), 1)
    assert vectors("cough")[0, 0] == pytest.approx(vectors("COUGH")[0, 0])
    assert not mean("").any() and len(vectors("")) == 0


def test_the_gradient_equals_differences() -> None:
    random = np.random.default_rng(1)
    ranker = PathRanker(random.standard_normal((8, 8)), random.standard_normal((8, 9)))
    _, by_text, by_concept = ranker.loss(CASE)
    for matrix, gradient in ((ranker.over_text, by_text), (ranker.over_concept, by_concept)):
        for place in [(0, 0), (3, 5), (7, 1)]:
            kept = matrix[place]
            matrix[place] = kept + 1e-6
            above = ranker.loss(CASE)[0]
            matrix[place] = kept - 1e-6
            below = ranker.loss(CASE)[0]
            matrix[place] = kept
            assert gradient[place] == pytest.approx((above - below) / 2e-6, abs=1e-6)


def test_untrained_it_counts_shared_words_and_training_learns_what_words_do_not_tell() -> None:
    plain = PathRanker.fresh()
    assert np.argmax(plain.scores(Case("fever", "", ("cough --> flu", "fever --> ague")))) == 1
    cases = [
        Case(f"{word} sought", "", (f"{word} --> alpha", f"{word} --> beta", f"{word} --> gamma"), frozenset({2}))
        for word in "one two three four five six".split()
    ]
    unseen = Case("seven sought", "", ("seven --> alpha", "seven --> gamma", "seven --> beta"))
    ranker = PathRanker.trained(cases, seed=3)
    assert np.argmax(ranker.scores(unseen)) == 1
    assert ranker.loss(cases[0])[0] < PathRanker.fresh().loss(cases[0])[0]
    again = PathRanker.trained(cases, seed=3)
    assert ranker.scores(unseen) == again.scores(unseen)


def test_its_file(tmp_path: Path) -> None:
    PathRanker.fresh().save(tmp_path / "w.npz")
    assert PathRanker.load(tmp_path / "w.npz").scores(CASE) == PathRanker.fresh().scores(CASE)
    (tmp_path / "bad.npz").write_bytes(b"no weights")
    with pytest.raises(BadFormat):
        PathRanker.load(tmp_path / "bad.npz")


def test_nothing_to_rank() -> None:
    assert PathRanker.fresh().scores(Case("a", "b", ())) == []
    assert PathRanker.fresh().scores(Case("", "", ("x",))) == [0.0]
