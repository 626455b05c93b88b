"""A hidden Markov model with discrete observations: forward, backward, Viterbi and Baum-Welch, all in log space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadPlan

Array = NDArray[np.float64]
Seen = Sequence[int]  # the observed symbols of one sequence, each from 0


@dataclass(frozen=True, slots=True)
class Hmm:
    """A model with S states and V symbols; everything is a natural-log probability, -inf where a thing cannot be."""

    start: Array  # (S,)
    change: Array  # (S, S): from a row's state to a column's
    shows: Array  # (S, V): a row's state shows a column's symbol

    def forward(self, seen: Seen) -> Array:
        """(T, S): log probability of the symbols up to t and of the state at t. Raises `BadPlan`, as all of these."""
        shown = self._shown(seen)
        table = np.empty_like(shown)
        table[0] = self.start + shown[0]
        for t in range(1, len(shown)):
            table[t] = _sum(table[t - 1][:, None] + self.change, 0) + shown[t]
        return table

    def backward(self, seen: Seen) -> Array:
        """(T, S): log probability of the symbols after t, given the state at t."""
        shown = self._shown(seen)
        table = np.zeros_like(shown)
        for t in range(len(shown) - 2, -1, -1):
            table[t] = _sum(self.change + shown[t + 1] + table[t + 1], 1)
        return table

    def likelihood(self, seen: Seen) -> float:
        """Log probability of a sequence of symbols, -inf where it cannot be."""
        return float(_sum(self.forward(seen)[-1], 0))

    def posterior(self, seen: Seen) -> Array:
        """(T, S): probability of each state at each time, given all symbols; zeros where the sequence cannot be."""
        both = self.forward(seen) + self.backward(seen)
        whole = _sum(both[-1], 0)
        return np.exp(both - whole) if np.isfinite(whole) else np.zeros_like(both)

    def viterbi(self, seen: Seen) -> tuple[list[int], float]:
        """(the likeliest states, the log probability of them with the symbols); of equal ones those of lower number.

        No states where the sequence cannot be.
        """
        shown = self._shown(seen)
        best, came = self.start + shown[0], np.zeros(shown.shape, dtype=np.intp)
        for t in range(1, len(shown)):
            ways = best[:, None] + self.change
            came[t] = np.argmax(ways, axis=0)
            best = np.max(ways, axis=0) + shown[t]
        chance = float(np.max(best))
        if not np.isfinite(chance):
            return [], chance
        states = [int(np.argmax(best))]
        for t in range(len(shown) - 1, 0, -1):
            states.append(int(came[t, states[-1]]))
        return states[::-1], chance

    def _shown(self, seen: Seen) -> Array:
        """(T, S): log probability that each state shows the symbol seen at t."""
        symbols = np.asarray(seen, dtype=np.intp)
        if not len(symbols):
            raise BadPlan("a sequence must have at least one symbol")
        if symbols.min() < 0 or symbols.max() >= self.shows.shape[1]:
            raise BadPlan(f"a symbol is not among the {self.shows.shape[1]} known, numbered from 0")
        return np.asarray(self.shows[:, symbols].T, dtype=np.float64)


def hmm(start: Sequence[float], change: Sequence[Sequence[float]], shows: Sequence[Sequence[float]]) -> Hmm:
    """The model with these probabilities. Raises `BadPlan` for shapes that do not fit, rows that do not sum to 1."""
    tables = [np.asarray(each, dtype=np.float64) for each in (start, change, shows)]
    states = len(tables[0])
    if tables[1].shape != (states, states) or tables[2].ndim != 2 or len(tables[2]) != states:
        raise BadPlan(f"the tables of a model with {states} states do not fit together")
    for table in tables:
        if (table < 0).any() or not np.allclose(table.sum(axis=-1), 1.0, atol=1e-6):
            raise BadPlan("each row of a hidden Markov model must hold probabilities that sum to 1")
    with np.errstate(divide="ignore"):
        first, second, third = (np.log(table) for table in tables)
    return Hmm(first, second, third)


def baum_welch(
    model: Hmm, sequences: Sequence[Seen], *, rounds: int = 100, least: float = 1e-6
) -> tuple[Hmm, list[float]]:
    """(the model fitted by expectation maximisation, the log likelihood before each round and at the end).

    Ends after `rounds`, or where a round gains less than `least`; the likelihood never falls. A state that is never
    visited keeps its rows. Raises `BadPlan` where a sequence cannot come from the model it starts from.
    """
    if not sequences:
        raise BadPlan("there is no sequence to learn from")
    history = [_total(model, sequences)]
    if not np.isfinite(history[0]):
        raise BadPlan("a sequence cannot come from the model that learning starts from")
    for _ in range(rounds):
        model = _round(model, sequences)
        history.append(_total(model, sequences))
        if history[-1] - history[-2] < least:
            break
    return model, history


def _total(model: Hmm, sequences: Sequence[Seen]) -> float:
    return sum(model.likelihood(seen) for seen in sequences)


def _round(model: Hmm, sequences: Sequence[Seen]) -> Hmm:
    """One step of expectation (log counts of starts, changes and showings) and maximisation (the counts, by row)."""
    start, change, shows = (np.full_like(table, -np.inf) for table in (model.start, model.change, model.shows))
    for seen in sequences:
        ahead, behind, shown = model.forward(seen), model.backward(seen), model._shown(seen)
        whole = _sum(ahead[-1], 0)
        visits = ahead + behind - whole
        start = np.logaddexp(start, visits[0])
        for t, symbol in enumerate(seen):
            shows[:, symbol] = np.logaddexp(shows[:, symbol], visits[t])
            if t:
                went = ahead[t - 1][:, None] + model.change + shown[t] + behind[t] - whole
                change = np.logaddexp(change, went)
    return Hmm(_rows(start, model.start), _rows(change, model.change), _rows(shows, model.shows))


def _rows(counts: Array, before: Array) -> Array:
    """Log counts made to log probabilities, row by row; a row without counts stays as it was."""
    whole = _sum(counts, -1)
    whole = whole[..., None]
    finite = np.isfinite(whole)
    return np.where(finite, counts - np.where(finite, whole, 0.0), before)


def _sum(table: Array, axis: int) -> Array:
    """Log of the sum of exponentials along an axis; -inf where all are -inf."""
    return np.asarray(np.logaddexp.reduce(table, axis=axis), dtype=np.float64)
