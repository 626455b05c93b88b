"""Sequence labelling: names are found where they stand, scored as seqeval does, and a saved tagger finds the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_samples import made

from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.networks.crf import labels_of
from probatum.networks.kit import tiny
from probatum.networks.labelling import Tagger, load
from probatum.stages.tag import sentences_of, tag
from probatum.types import Answer, Example, Mention, Question

DRUGS = ("aspirin", "ibuprofen", "metformin", "warfarin sodium", "lisinopril", "valproic acid")
ILLS = ("gout", "heart failure", "asthma", "chronic kidney disease", "anaemia", "migraine")


def sample(drug: str, ill: str, number: int) -> Example:
    text = f"Patient {number} took {drug} daily. Then {ill} was seen."
    found = [Mention(text.index(drug), text.index(drug) + len(drug), drug, "", kind="Drug")]
    found.append(Mention(text.index(ill), text.index(ill) + len(ill), ill, "", kind="Disease"))
    return Example(str(number), Question(context=(text,)), Answer(found=tuple(found)))


LEARN = [sample(drug, ill, 10 * a + b) for a, drug in enumerate(DRUGS) for b, ill in enumerate(ILLS) if a != b]
HELD = [sample(drug, ill, 90 + a) for a, (drug, ill) in enumerate(zip(DRUGS, ILLS, strict=True))]


def found(tagger: Tagger, example: Example) -> set[tuple[int, int, str]]:
    return {(each.start, each.end, each.kind) for each in tagger(example.question.context[0])}


@pytest.mark.parametrize("body", ["lstm", "encoder"])
def test_what_was_learnt_is_found_in_other_texts_and_after_saving(body: str, tmp_path: Path) -> None:
    kit = made() if body == "lstm" else tiny("bert", [each.question.context[0] for each in LEARN], width=32)
    tuned = tag(kit, LEARN, body=body, width=24, epochs=8, rate=1e-2, batch=16)
    tuned.model.save(tmp_path)
    again = load(tmp_path)
    hits = given = gold = 0
    for example in HELD:
        mine, theirs = found(tuned.model, example), {(m.start, m.end, m.kind) for m in example.answer.found}  # type: ignore[union-attr]
        assert found(again, example) == mine
        hits, given, gold = hits + len(mine & theirs), given + len(mine), gold + len(theirs)
    assert 2 * hits / (given + gold) > 0.9
    assert tuned.history == ("tag",) and tuned.courses[-1].losses[-1] < tuned.courses[-1].losses[0] / 4


def test_labels_stand_on_the_tokens() -> None:
    (first, second) = sentences_of([sample("warfarin sodium", "chronic kidney disease", 1)])
    assert [label for label in first[1] if label != "O"] == ["B-Drug", "E-Drug"]
    assert second[1][1:4] == ["B-Disease", "I-Disease", "E-Disease"]
    assert labels_of([(0, 1, "Drug")], 2) == ["S-Drug", "O"]


def test_a_body_that_does_not_fit_and_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadPlan):
        tag(made(), LEARN, body="encoder")
    with pytest.raises(NeedsFile):
        load(tmp_path)
    (tmp_path / "about.json").write_text("{}")
    (tmp_path / "tagger.safetensors").write_bytes(b"")
    with pytest.raises(BadFormat):
        load(tmp_path)
