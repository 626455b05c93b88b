"""The field as a layer: as pytorch-crf reckons it, as counting every labelling does, and never a broken labelling."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import torch
from field_cases import case

from probatum.networks.crf import spans_of
from probatum.networks.field import allowed, best, log_likelihood

FOUND = json.loads(Path(__file__).with_name("field_reference.json").read_text())["found"]


def test_a_hundred_cases_as_pytorch_crf() -> None:
    assert len(FOUND) == 100
    for seed, expected in enumerate(FOUND):
        scores, labels, mask, *steps = case(seed)
        told = log_likelihood(scores, labels, mask, tuple(steps))
        assert told.tolist() == pytest.approx(expected["told"], abs=1e-9)
        assert best(scores, mask, tuple(steps)) == expected["paths"]


@pytest.mark.parametrize("seed", range(20))
def test_as_counting_every_labelling(seed: int) -> None:
    torch.manual_seed(seed)
    t, n = 1 + seed % 4, 3
    scores, first, between, last = torch.randn(1, t, n), torch.randn(n), torch.randn(n, n), torch.randn(n)
    worth = {}
    for path in itertools.product(range(n), repeat=t):
        value = first[path[0]] + last[path[-1]] + sum(scores[0, at, label] for at, label in enumerate(path))
        worth[path] = float(value + sum(between[one, other] for one, other in itertools.pairwise(path)))
    whole = torch.logsumexp(torch.tensor(list(worth.values())), 0)
    mask = torch.ones(1, t, dtype=torch.bool)
    top = max(worth, key=worth.__getitem__)
    assert best(scores, mask, (first, between, last)) == [list(top)]
    told = log_likelihood(scores, torch.tensor([top]), mask, (first, between, last))
    assert float(told) == pytest.approx(worth[top] - float(whole), abs=1e-5)


def test_no_labelling_is_broken() -> None:
    labels = ["O", *(f"{part}-{kind}" for kind in ("Drug", "Disease") for part in "BIES")]
    torch.manual_seed(0)
    scores, mask = torch.randn(40, 6, len(labels)) * 3, torch.ones(40, 6, dtype=torch.bool)
    for path in best(scores, mask, allowed(labels)):
        said = [labels[each] for each in path]
        assert sum(end - start for start, end, _ in spans_of(said)) == sum(label != "O" for label in said)
