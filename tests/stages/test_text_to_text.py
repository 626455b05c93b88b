"""Text to text: the loss is transformers' own with an encoder, that of fine-tuning without; targets are learnt."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from training_samples import made

from probatum.errors import BadPlan
from probatum.models.local import answering
from probatum.networks import kit as kits
from probatum.networks.losses import token_loss
from probatum.networks.packing import padded
from probatum.networks.pairing import asked, collator, pair_loss, paired
from probatum.networks.rendering import IGNORED, encoded, template_of
from probatum.stages._course import padding
from probatum.stages.sft import sft
from probatum.stages.text_to_text import text_to_text
from probatum.types import Answer, Example, Question, Request

DRUGS = ("aspirin", "metformin", "warfarin", "insulin")


def note(number: int) -> Example:
    """A long text and its short form."""
    drug = DRUGS[number % 4]
    text = f"The patient of bed {number} came by day and was given {drug} in the evening."
    return Example(str(number), Question(context=(text,)), Answer(f"given {drug}"))


NOTES = [note(number) for number in range(24)]
TEXTS = [text for each in NOTES for text in (*each.question.context, each.answer.text, "Summarise:")]
PLAIN = template_of("plain")


def t5() -> kits.Kit:
    return kits.tiny("t5", TEXTS, width=32, vocabulary=320)


def test_with_an_encoder_the_loss_is_that_of_transformers() -> None:
    kit = t5()
    batch = collator(kit, padding(kit))([paired(kit, each, PLAIN, 64) for each in (NOTES[0], NOTES[5], NOTES[10])])
    kit.model.eval()
    with torch.no_grad():
        theirs = kit.model(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=batch["labels"]
        ).loss
        assert float(pair_loss(kit.model, batch)) == pytest.approx(float(theirs), abs=1e-5)
    source, target = paired(kit, NOTES[0], PLAIN, 64).ids, paired(kit, NOTES[0], PLAIN, 64).labels
    assert kit.tokenizer.decode(source, skip_special_tokens=True) == NOTES[0].question.context[0] + "\n"
    assert kit.tokenizer.decode(target) == "given aspirin</s>"


def test_without_an_encoder_the_loss_is_that_of_fine_tuning() -> None:
    kit = made()
    pairs = [paired(kit, each, PLAIN, 96) for each in NOTES[:3]]
    same = [encoded(each, kit.tokenizer, PLAIN, longest=96, supervise="last") for each in NOTES[:3]]
    assert pairs == same and all(sum(label != IGNORED for label in each.labels) < 20 for each in pairs)
    batch = padded(pairs, pad=padding(kit))
    kit.model.eval()
    with torch.no_grad():
        logits = kit.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        assert float(pair_loss(kit.model, batch)) == float(token_loss(logits, batch["labels"]))
    ours = text_to_text(made(), NOTES[:8], steps=3, batch=4)
    theirs = sft(made(), NOTES[:8], steps=3, batch=4, template="plain", supervise="last")
    assert ours.courses[-1].losses == theirs.courses[-1].losses and ours.history == ("text_to_text",)


def test_the_instruction_stands_before_or_around_the_text() -> None:
    question = NOTES[0].question
    assert asked(question, "") == question
    assert asked(question, "Summarise:") == Question(f"Summarise:\n{question.context[0]}")
    assert asked(question, "Text: {text} TL;DR").text == f"Text: {question.context[0]} TL;DR"


@pytest.mark.slow
@pytest.mark.parametrize("instruction", ["", "Summarise:"])
def test_targets_are_learnt_and_written(instruction: str) -> None:
    tuned = text_to_text(t5(), NOTES, instruction=instruction, steps=90, rate=1e-2, batch=12, longest=64)
    model = answering(tuned, template="plain")
    right = 0
    for example in NOTES[:8]:
        told = asked(example.question, instruction)
        text = f"{told.context[0]}\n" if told.context else told.text
        right += model(Request((("user", text),), longest=12)).text.strip() == example.answer.text
    assert right >= 6


def test_what_cannot_write_is_refused() -> None:
    with pytest.raises(BadPlan, match="writes"):
        text_to_text(kits.tiny("bert", TEXTS, width=32), NOTES)
    with pytest.raises(BadPlan, match="nothing to learn"):
        text_to_text(t5(), [replace(NOTES[0], answer=Answer())])
