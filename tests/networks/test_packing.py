"""Packed rows: every token once, and no text sees another."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("torch")

import torch

from probatum.networks.kit import tiny
from probatum.networks.packing import batched, packed, wasted
from probatum.networks.rendering import IGNORED, Tokens


def texts(lengths: list[int]) -> list[Tokens]:
    return [
        Tokens(tuple(range(10 + n, 10 + n + size)), tuple(range(10 + n, 10 + n + size)))
        for n, size in enumerate(lengths)
    ]


def test_every_token_stands_in_exactly_one_row() -> None:
    chance = random.Random(1)
    given = texts([chance.randint(1, 90) for _ in range(300)])
    rows = packed(given, 64)
    assert sorted(t for row in rows for text in row for t in text.ids) == sorted(t for text in given for t in text.ids)
    assert all(sum(len(text.ids) for text in row) <= 64 for row in rows)
    real = sum(len(text.ids) for text in given)
    assert len(rows) * 64 / real < 1.05  # little is left empty
    assert wasted([len(text.ids) for text in given], 64, 8) > 0.3  # what padding would have cost


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_no_text_sees_another(family: str) -> None:
    kit = tiny(family, ["a fever and a cough"], width=32)
    given = texts([7, 12, 5])
    model = kit.model.eval()
    (row,) = packed(given, 64)
    batch = batched([row], pad=0)
    shown = {name: batch[name] for name in ("input_ids", "attention_mask", "position_ids")}
    with torch.no_grad():
        together = model(**shown).logits[0]
        at = 0
        for text in row:
            alone = model(input_ids=torch.tensor([text.ids])).logits[0]
            assert (together[at : at + len(text.ids)] - alone).abs().max() < 1e-5
            at += len(text.ids)


def test_the_first_token_of_a_text_is_not_predicted_from_the_text_before() -> None:
    (row,) = packed(texts([3, 4]), 16)
    labels = batched([row], pad=0)["labels"][0]
    assert labels[0] == IGNORED and labels[4] == IGNORED and int((labels != IGNORED).sum()) == 5
