"""Ranks paths of a graph for a text: the text's words attend to each path; trainable on a processor, with numpy alone.

Score of path p for text words x_i and concept c: log sum_i exp(p'Ax_i), whose gradient is the attention of the path
over the words (softmax, Vaswani et al. 2017), plus p'B[c, 1]. A and B start as a multiple of the identity, so that an
untrained ranker scores by shared words; word vectors are drawn once by a hash and stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadFormat
from probatum.text.likeness import words_of

Vector = NDArray[np.float64]
WIDTH = 64
SCALE = 4.0  # of the identity at the start: a shared word outweighs the noise of drawn vectors


@dataclass(frozen=True, slots=True)
class Case:
    """One text with its concept and the paths to rank; `gold` are the places of the right ones."""

    text: str
    concept: str
    paths: tuple[str, ...]
    gold: frozenset[int] = frozenset()


class PathRanker:
    """Two matrices over fixed word vectors."""

    def __init__(self, over_text: Vector, over_concept: Vector) -> None:
        """The matrices A (width x width) and B (width x width + 1)."""
        self.over_text, self.over_concept = over_text, over_concept

    @classmethod
    def fresh(cls, width: int = WIDTH) -> PathRanker:
        """An untrained ranker: shared words count."""
        return cls(SCALE * np.eye(width), SCALE * np.eye(width, width + 1))

    @classmethod
    def trained(
        cls, cases: Sequence[Case], *, seed: int = 0, epochs: int = 60, rate: float = 0.5, width: int = WIDTH
    ) -> PathRanker:
        """A ranker after stochastic gradient descent on the softmax of the gold paths; `rate` falls to a tenth."""
        ranker, order = cls.fresh(width), np.random.default_rng(seed)
        usable = [case for case in cases if case.gold and len(case.paths) > 1]
        for epoch in range(epochs):
            step = rate * (1 - 0.9 * epoch / epochs)
            for place in order.permutation(len(usable)):
                _, by_text, by_concept = ranker.loss(usable[int(place)])
                ranker.over_text -= step * by_text
                ranker.over_concept -= step * by_concept
        return ranker

    def scores(self, case: Case) -> list[float]:
        """The score of each path, the higher the better."""
        return [float(score) for score in self._scores(case)[0]]

    def loss(self, case: Case) -> tuple[float, Vector, Vector]:
        """The cross-entropy of the gold paths, shared evenly, and its gradients by A and by B."""
        scores, paths, attended, concept = self._scores(case)
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        wanted = np.zeros(len(scores))
        wanted[sorted(case.gold)] = 1 / len(case.gold)
        off = chances - wanted
        lost = float(-(wanted * np.log(np.maximum(chances, 1e-300))).sum())
        by_text = sum(
            (value * np.outer(path, words) for value, path, words in zip(off, paths, attended, strict=True)),
            np.zeros_like(self.over_text),
        )
        return lost, by_text, np.outer(off @ paths, concept)

    def save(self, file: Path) -> None:
        """Writes the matrices (npz)."""
        with file.open("wb") as out:
            np.savez(out, over_text=self.over_text, over_concept=self.over_concept)

    @classmethod
    def load(cls, file: Path) -> PathRanker:
        """The ranker that `save` wrote; raises `BadFormat`."""
        try:
            with np.load(file, allow_pickle=False) as held:
                return cls(held["over_text"], held["over_concept"])
        except (ValueError, KeyError, OSError) as error:
            raise BadFormat(f"these are no weights of a path ranker: {error}", where=str(file)) from error

    def _scores(self, case: Case) -> tuple[Vector, Vector, list[Vector], Vector]:
        """Scores; path vectors; for each path the word vector by which its score grows with A; the concept's vector."""
        width = len(self.over_text)
        words, concept = vectors(case.text, width), np.append(mean(case.concept, width), 1.0)
        paths = np.array([mean(path, width) for path in case.paths]).reshape(-1, width)
        attended, scores = list[Vector](), paths @ self.over_concept @ concept
        for place, path in enumerate(paths):
            fits = words @ (self.over_text.T @ path)
            most = float(fits.max(initial=0.0))
            share = np.exp(fits - most)
            if len(fits):
                scores[place] += most + float(np.log(share.sum()))
                share = share / share.sum()
            attended.append(share @ words)
        return scores, paths, attended, concept


def vectors(text: str, width: int = WIDTH) -> Vector:
    """A row of length 1 for each word of a text."""
    found = [_vector(word.folded, width) for word in words_of(text)]
    return np.array(found).reshape(-1, width)


def mean(text: str, width: int = WIDTH) -> Vector:
    """The sum of a text's word vectors, of length 1; zeros where it has no words."""
    whole: Vector = vectors(text, width).sum(axis=0)
    size = float(np.sqrt(whole @ whole))
    return whole / size if size else whole


@lru_cache(maxsize=50_000)
def _vector(word: str, width: int) -> Vector:
    """A vector of length 1 that is drawn from the word's hash: the same on every computer."""
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    drawn = np.random.default_rng(seed).standard_normal(width)
    found: Vector = drawn / np.sqrt(drawn @ drawn)
    return found
