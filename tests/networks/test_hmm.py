"""The hidden Markov model equals enumeration over all state sequences of small models."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from probatum.errors import BadPlan
from probatum.networks.hmm import Hmm, baum_welch, hmm

CASES = [(2, 2, 5), (3, 4, 4), (3, 2, 6), (1, 3, 3)]


def drawn(states: int, symbols: int, seed: int, *, holes: bool = False) -> Hmm:
    random = np.random.default_rng(seed)
    tables = [random.dirichlet(np.ones(n), size) for n, size in ((states, ()), (states, states), (symbols, states))]
    if holes and states > 1:  # a change that cannot be
        tables[1][0, 1] = 0.0
        tables[1][0] /= tables[1][0].sum()
    return hmm(*[table.tolist() for table in tables])


def joint(model: Hmm, path: tuple[int, ...], seen: tuple[int, ...]) -> float:
    """Probability of a path with its symbols, multiplied out."""
    chance = np.exp(model.start[path[0]]) * np.exp(model.shows[path[0], seen[0]])
    for before, now, symbol in zip(path, path[1:], seen[1:], strict=False):
        chance *= np.exp(model.change[before, now]) * np.exp(model.shows[now, symbol])
    return float(chance)


def paths(model: Hmm, seen: tuple[int, ...]) -> dict[tuple[int, ...], float]:
    states = range(len(model.start))
    return {path: joint(model, path, seen) for path in itertools.product(states, repeat=len(seen))}


@pytest.mark.parametrize(("states", "symbols", "length"), CASES)
@pytest.mark.parametrize("holes", [False, True])
def test_forward_backward_and_viterbi_equal_enumeration(states: int, symbols: int, length: int, holes: bool) -> None:
    for seed in range(5):
        model = drawn(states, symbols, seed, holes=holes)
        seen = tuple(int(each) for each in np.random.default_rng(seed + 50).integers(0, symbols, length))
        every = paths(model, seen)
        whole = sum(every.values())
        assert model.likelihood(seen) == pytest.approx(np.log(whole), abs=1e-10)
        posterior, ahead, behind = model.posterior(seen), model.forward(seen), model.backward(seen)
        for t, state in itertools.product(range(length), range(states)):
            here = sum(chance for path, chance in every.items() if path[t] == state)
            assert posterior[t, state] == pytest.approx(here / whole, abs=1e-10)
            before = sum(joint(model, path, seen[: t + 1]) for path in paths(model, seen[: t + 1]) if path[t] == state)
            assert np.exp(ahead[t, state]) == pytest.approx(before, abs=1e-12)
            if before > 0:
                assert np.exp(behind[t, state]) == pytest.approx(here / before, abs=1e-10)
        best, chance = model.viterbi(seen)
        assert np.exp(chance) == pytest.approx(max(every.values()))
        assert every[tuple(best)] == pytest.approx(max(every.values()))


@pytest.mark.parametrize(("states", "symbols", "length"), CASES[:3])
def test_one_round_of_learning_equals_counts_over_all_paths(states: int, symbols: int, length: int) -> None:
    model = drawn(states, symbols, 7)
    random = np.random.default_rng(8)
    sequences = [tuple(int(each) for each in random.integers(0, symbols, length - shorter)) for shorter in (0, 1)]
    start, change, shows = np.zeros(states), np.zeros((states, states)), np.zeros((states, symbols))
    for seen in sequences:
        every = paths(model, seen)
        whole = sum(every.values())
        for path, chance in every.items():
            start[path[0]] += chance / whole
            for now, symbol in zip(path, seen, strict=True):
                shows[now, symbol] += chance / whole
            for before, now in itertools.pairwise(path):
                change[before, now] += chance / whole
    learned, history = baum_welch(model, sequences, rounds=1)
    assert np.exp(learned.start) == pytest.approx(start / start.sum())
    assert np.exp(learned.change) == pytest.approx(change / change.sum(axis=1, keepdims=True))
    assert np.exp(learned.shows) == pytest.approx(shows / shows.sum(axis=1, keepdims=True))
    assert len(history) == 2 and history[1] >= history[0]


def test_learning_never_loses_likelihood_and_finds_what_made_the_sequences() -> None:
    truth = hmm([0.6, 0.4], [[0.9, 0.1], [0.2, 0.8]], [[0.85, 0.1, 0.05], [0.05, 0.15, 0.8]])
    random = np.random.default_rng(3)
    sequences = []
    for _ in range(30):
        state, seen = int(random.choice(2, p=np.exp(truth.start))), []
        for _ in range(30):
            seen.append(int(random.choice(3, p=np.exp(truth.shows[state]))))
            state = int(random.choice(2, p=np.exp(truth.change[state])))
        sequences.append(seen)
    begun = hmm([0.5, 0.5], [[0.6, 0.4], [0.4, 0.6]], [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    learned, history = baum_welch(begun, sequences, rounds=60)
    assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(history))
    assert history[-1] > sum(truth.likelihood(seen) for seen in sequences)
    assert np.abs(np.exp(learned.change) - np.exp(truth.change)).max() < 0.1
    assert np.abs(np.exp(learned.shows) - np.exp(truth.shows)).max() < 0.1


def test_long_sequences_do_not_underflow() -> None:
    model = drawn(3, 4, 1)
    seen = [int(each) for each in np.random.default_rng(2).integers(0, 4, 2_000)]
    assert -np.inf < model.likelihood(seen) < -2_000 * 0.5
    assert model.posterior(seen).sum(axis=1) == pytest.approx(np.ones(2_000))


def test_what_cannot_be_and_what_does_not_fit() -> None:
    model = hmm([1.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])
    assert model.viterbi([0, 1]) == ([], -np.inf) and model.likelihood([1]) == -np.inf
    assert not model.posterior([0, 1]).any()
    with pytest.raises(BadPlan, match="cannot come from"):
        baum_welch(model, [[0, 1]])
    learned, _ = baum_welch(model, [[0, 0]])
    assert np.exp(learned.shows).tolist() == [[1.0, 0.0], [0.0, 1.0]]  # the state never visited keeps its rows
    for wrong in ([], [2], [-1]):
        with pytest.raises(BadPlan):
            model.forward(wrong)
    with pytest.raises(BadPlan, match="sum to 1"):
        hmm([0.5, 0.4], [[1.0, 0.0], [0.0, 1.0]], [[1.0], [1.0]])
    with pytest.raises(BadPlan, match="fit together"):
        hmm([0.5, 0.5], [[1.0]], [[1.0], [1.0]])
    with pytest.raises(BadPlan, match="no sequence"):
        baum_welch(model, [])
