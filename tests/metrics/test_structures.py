"""Structured extraction scores by hand: entities, relations, triggers and arguments, and a line that did not read."""

from __future__ import annotations

import pytest

from probatum.metrics.structures import structures
from probatum.types import Answer, Mention, Origin, Relation

HERE = Origin("own", "1", "x")
# "aspirin caused gout ; gout began": a drug, an ill and two events of which one has arguments
DRUG, ILL = Mention(0, 7, "aspirin", "D:1", kind="Drug"), Mention(15, 19, "gout", "I:1", kind="Disease")
CAUSED, BEGAN = Mention(8, 14, "caused", "", kind="Harm"), Mention(27, 32, "began", "", kind="Onset")


def relation(subject: str, predicate: str, object_: str, kind: str = "") -> Relation:
    return Relation(subject, predicate, object_, HERE, qualifiers=(("subject_type", kind),) if kind else ())


GOLD = Answer(
    found=(
        DRUG, ILL, CAUSED, BEGAN, relation("D:1", "causes", "I:1"),
        relation("caused", "agent", "aspirin", "Harm"), relation("caused", "outcome", "gout", "Harm"),
    )
)  # fmt: skip


def test_what_is_right_of_each_kind_of_structure() -> None:
    given = Answer(
        found=(
            Mention(0, 7, "aspirin", "", kind="Drug"), CAUSED, Mention(15, 19, "gout", "", kind="Symptom"),
            relation("aspirin", "causes", "gout", "Drug"),  # in words what the gold says by concepts
            relation("caused", "agent", "aspirin", "Harm"), relation("caused", "agent", "gout", "Harm"),
        )
    )  # fmt: skip
    scores = structures([(GOLD, given)], events=("Harm", "Onset"))
    told = {name: round(score.value, 4) for name, score in scores.items()}
    assert (told["entity_precision"], told["entity_recall"], told["entity_f1"]) == (0.5, 0.5, 0.5)
    assert (told["relation_precision"], told["relation_recall"], told["relation_f1"]) == (1, 1, 1)
    assert (told["trigger_precision"], told["trigger_recall"], told["trigger_f1"]) == (1, 0.5, 0.6667)
    assert (told["argument_precision"], told["argument_recall"], told["argument_f1"]) == (0.5, 0.5, 0.5)


def test_without_events_each_mention_is_an_entity() -> None:
    scores = structures([(GOLD, GOLD)])
    assert set(scores) == {f"{what}_{how}" for what in ("entity", "relation") for how in ("precision", "recall", "f1")}
    assert all(score.value == 1 and not score.unparsed for score in scores.values())
    assert scores["entity_f1"].signature.startswith("entity|f1|micro|strict|events:|")


def test_what_did_not_read_found_nothing_and_is_counted() -> None:
    pairs = [(GOLD, Answer(abstained="unusable: the model's line does not read: not closed")), (GOLD, GOLD)]
    score = structures(pairs, events=("Harm", "Onset"))["argument_f1"]
    assert score.value == pytest.approx(2 / 3) and (score.n, score.unparsed) == (2, 1)
    assert score.low is not None and score.high is not None and score.low <= 2 / 3 <= score.high
