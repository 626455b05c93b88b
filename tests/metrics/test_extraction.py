"""Extraction scores: by hand, equal to seqeval's strict figures, and with what is empty."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from probatum.metrics.extraction import extraction
from probatum.types import Answer, Mention, Origin, Relation

HERE = Origin("own", "1", "x")
RECORDED = [0.43964716805942433, 0.42696122633002703, 0.4332113449222324]


def mention(start: int, end: int, kind: str, concept: str = "") -> Mention:
    return Mention(start, end, "", concept, kind=kind)


def test_mentions_concepts_and_relations_by_hand() -> None:
    causes = Relation("A", "biolink:causes", "B", HERE)
    gold = Answer(
        found=(mention(0, 4, "Disease", "B"), mention(9, 12, "Drug", "A"), mention(20, 24, "Drug", "A"), causes)
    )
    given = Answer(found=(mention(0, 4, "Disease", "B"), mention(9, 13, "Drug", "A"), causes, causes))
    other = Answer(found=(Relation("A", "biolink:causes", "C", HERE),))
    scores = extraction([(gold, given), (Answer(), other)])
    said = {name: round(score.value, 4) for name, score in scores.items()}
    assert (said["mention_precision"], said["mention_recall"], said["mention_f1"]) == (0.5, 0.3333, 0.4)
    assert (said["mention_f1:Disease"], said["mention_f1:Drug"]) == (1.0, 0.0)
    assert (said["concept_precision"], said["concept_recall"]) == (1.0, 1.0)  # each once a text
    assert (said["relation_precision"], said["relation_recall"], said["relation_f1"]) == (0.5, 1.0, 0.6667)
    low, high = scores["relation_f1"].low, scores["relation_f1"].high
    assert low is not None and high is not None and low <= 0.6667 <= high


def test_the_figures_of_seqeval() -> None:
    # seqeval 1.2.2, mode strict, IOB2, over the two sentences that these spans stand for: P .6, R .75, F1 2/3
    gold = [((0, 2, "D"), (4, 5, "C"), (7, 9, "D")), ((1, 2, "C"),)]
    given = [((0, 2, "D"), (4, 5, "D"), (7, 9, "D")), ((1, 2, "C"), (3, 4, "C"))]
    pairs = [
        tuple(Answer(found=tuple(mention(*s) for s in side)) for side in both) for both in zip(gold, given, strict=True)
    ]
    scores = extraction(pairs)  # type: ignore[arg-type]
    assert [scores[f"mention_{m}"].value for m in ("precision", "recall", "f1")] == pytest.approx([0.6, 0.75, 2 / 3])


def test_nothing_found_is_nothing_right() -> None:
    scores = extraction([(Answer(found=(mention(0, 1, "D"),)), Answer())])
    assert [scores[f"mention_{measure}"].value for measure in ("precision", "recall", "f1")] == [0.0, 0.0, 0.0]
    assert extraction([(Answer(), Answer())]) == {}


def test_500_random_items_as_seqeval() -> None:
    draws = np.random.default_rng(7)
    pairs, golds, givens = [], [], []
    for _ in range(500):
        length = int(draws.integers(1, 25))
        sides = [_random_tags(draws, length) for _ in range(2)]
        if draws.random() < 0.5:  # often nearly right
            sides[1] = [tag if draws.random() < 0.9 else "O" for tag in sides[0]]
            sides[1] = _repaired(sides[1])
        golds.append(sides[0])
        givens.append(sides[1])
        gold, given = (Answer(found=tuple(mention(*span) for span in _spans(side))) for side in sides)
        pairs.append((gold, given))
    scores = extraction(pairs)
    told = [scores[f"mention_{measure}"].value for measure in ("precision", "recall", "f1")]
    # what seqeval 1.2.2 says of these items, for where it is not installed (it has no wheel)
    assert told == pytest.approx(RECORDED, abs=1e-6)
    if find_spec("seqeval") is None:
        return
    from seqeval import metrics as figures
    from seqeval import scheme

    said = {"mode": "strict", "scheme": scheme.IOB2, "average": "micro"}
    for measure, reference in (("precision", "precision_score"), ("recall", "recall_score"), ("f1", "f1_score")):
        wanted = getattr(figures, reference)(golds, givens, **said)
        assert scores[f"mention_{measure}"].value == pytest.approx(wanted, abs=1e-6) and 0 < wanted < 1
    by_kind = figures.classification_report(golds, givens, mode="strict", scheme=scheme.IOB2, output_dict=True)
    for kind in ("Chemical", "Disease", "基因"):
        assert scores[f"mention_f1:{kind}"].value == pytest.approx(by_kind[kind]["f1-score"], abs=1e-6)


def test_relations_of_500_random_items_as_scikit_learn() -> None:
    figures = pytest.importorskip("sklearn.metrics")
    draws = np.random.default_rng(8)
    drawn = draws.random((2, 500, 6)) < 0.3  # which of six relations stand in each text: a label each
    pairs = [
        tuple(
            Answer(found=tuple(Relation(f"S{n}", "biolink:causes", "O", HERE) for n in np.flatnonzero(side)))
            for side in both
        )
        for both in zip(*drawn, strict=True)
    ]
    scores = extraction(pairs)  # type: ignore[arg-type]
    wanted = figures.precision_recall_fscore_support(*drawn, average="micro")
    for place, measure in enumerate(("precision", "recall", "f1")):
        assert scores[f"relation_{measure}"].value == pytest.approx(wanted[place], abs=1e-6)


def _random_tags(draws: np.random.Generator, length: int) -> list[str]:
    tags: list[str] = []
    while len(tags) < length:
        if draws.random() < 0.5:
            tags.append("O")
            continue
        kind, more = str(draws.choice(["Chemical", "Disease", "基因"])), int(draws.integers(0, 3))
        tags += [f"B-{kind}", *[f"I-{kind}"] * more]
    return tags[:length]


def _repaired(tags: list[str]) -> list[str]:
    """IOB2 again: an I that follows nothing of its kind begins a mention."""
    return [
        f"B{tag[1:]}" if tag.startswith("I") and (not at or tags[at - 1][1:] != tag[1:]) else tag
        for at, tag in enumerate(tags)
    ]


def _spans(tags: list[str]) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    for at, tag in enumerate(tags):
        if tag.startswith("B"):
            spans.append((at, at + 1, tag[2:]))
        elif tag.startswith("I"):
            spans[-1] = (spans[-1][0], at + 1, tag[2:])
    return spans
