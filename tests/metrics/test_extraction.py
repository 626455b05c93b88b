"""Extraction scores: by hand, equal to seqeval's strict figures, and with what is empty."""

from __future__ import annotations

import pytest

from probatum.metrics.extraction import extraction
from probatum.types import Answer, Mention, Origin, Relation

HERE = Origin("own", "1", "x")


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
