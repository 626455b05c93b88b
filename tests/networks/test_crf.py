"""The field: Viterbi equals enumeration, labels and spans mirror each other, a model survives its folder."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.errors import BadFormat, NeedsFile
from probatum.networks import crf
from probatum.networks.features import described, tokens_of

LABELS = ("B-X", "E-X", "I-X", "O", "S-X")


def field_of(seed: int) -> crf.Field:
    draw = np.random.default_rng(seed)
    steps = draw.normal(size=(5, 5)).astype(np.float32)
    for a, one in enumerate(LABELS):
        for b, other in enumerate(LABELS):
            steps[a, b] = steps[a, b] if crf.follows(one, other) else crf.NEVER
    features = {f"f{place}": place for place in range(6)}
    return crf.Field(LABELS, features, draw.normal(size=(6, 5)).astype(np.float32), steps, {})


def score(field: crf.Field, rows: list[list[str]], labels: tuple[int, ...]) -> float:
    emitted = sum(field.weights[field.features[f], label] for row, label in zip(rows, labels, strict=True) for f in row)
    steps = sum(field.transitions[a, b] for a, b in pairwise(labels))
    ends = (LABELS[labels[0]][0] in "IE") + (LABELS[labels[-1]][0] in "BI")
    return float(emitted + steps + crf.NEVER * ends)


@pytest.mark.parametrize("seed", range(12))
def test_viterbi_is_the_best_of_all_labellings(seed: int) -> None:
    field, draw = field_of(seed), np.random.default_rng(seed + 100)
    rows = [[f"f{each}" for each in draw.choice(6, 2, replace=False)] for _ in range(1 + seed % 5)]
    best = max(product(range(5), repeat=len(rows)), key=lambda labels: score(field, rows, labels))
    assert field.labelled(rows) == [LABELS[each] for each in best]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from("XY")), max_size=4))
def test_labels_and_spans_mirror_each_other(drawn: list[tuple[int, int, str]]) -> None:
    spans: list[tuple[int, int, str]] = []
    for start, length, kind in drawn:
        if all(start + length <= a or b <= start for a, b, _ in spans):
            spans.append((start, start + length, kind))
    labels = crf.labels_of(spans, 14)
    assert crf.spans_of(labels) == sorted(spans)
    assert all(crf.follows(a, b) for a, b in pairwise(labels))


def test_it_learns_what_suffixes_say_and_survives_its_folder(tmp_path: Path) -> None:
    texts = {
        "He took aspirol today": 2,
        "She took nadolol again": 2,
        "They gave labetol twice": 2,
        "We saw nothing there": -1,
    }
    lessons = []
    for text, place in texts.items():
        (tokens,) = tokens_of(text)
        lessons.append(
            (described(tokens), crf.labels_of([(place, place + 1, "Drug")] if place > 0 else [], len(tokens)))
        )
    field = crf.train(lessons * 3, rounds=40, about={"data": "own"})
    field.save(tmp_path / "m")
    again = crf.load(tmp_path / "m")
    (tokens,) = tokens_of("He took pindolol today")
    rows = described(tokens)
    assert again.labelled(rows) == field.labelled(rows) == ["O", "O", "S-Drug", "O"]
    assert again.about["sentences"] == 12 and again.about["data"] == "own"


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match=r"about\.json"):
        crf.load(tmp_path)
    field_of(1).save(tmp_path)
    (tmp_path / "features.txt").write_text("f0\n")
    with pytest.raises(BadFormat, match="do not fit"):
        crf.load(tmp_path)
    (tmp_path / "weights.npy").write_bytes(b"\x80\x04pickle")
    with pytest.raises(BadFormat, match="not a trained tagger"):
        crf.load(tmp_path)
