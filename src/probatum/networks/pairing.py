"""Texts that become other texts: sources and targets as batches, of models with an encoder and of models without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from probatum.networks.kit import Kit, needed
from probatum.networks.packing import padded
from probatum.networks.rendering import IGNORED, Template, Tokens, encoded, prompt
from probatum.types import Answer, Example, Question


def paired(kit: Kit, example: Example, template: Template, longest: int) -> Tokens:
    """Source and target of an example, each of at most `longest` tokens; a target ends with the end.

    Of a model with an encoder `ids` is the source and `labels` the target; of another, both stand in one row of which
    the target alone is learnt.
    """
    target = example.answer.text or example.answer.choice
    if kit.objective == "sequence-to-sequence":
        source = _source(kit, example.question, template, longest)
        said = kit.tokenizer(target, add_special_tokens=False)["input_ids"][: longest - 1]
        return Tokens(tuple(source), (*said, int(kit.tokenizer.eos_token_id)))
    return encoded(replace(example, answer=Answer(target)), kit.tokenizer, template, longest=longest, supervise="last")


def _source(kit: Kit, question: Question, template: Template, longest: int) -> list[int]:
    """The tokens of a source: of a dialogue the end of it, of another text its beginning."""
    head = [] if kit.tokenizer.bos_token_id is None else [int(kit.tokenizer.bos_token_id)]
    ids = list(kit.tokenizer(prompt(question, template), add_special_tokens=False)["input_ids"])
    room = longest - len(head)
    return head + (ids[max(0, len(ids) - room) :] if question.turns else ids[:room])


def batched_pairs(texts: Sequence[Tokens], *, pad: int, start: int) -> Mapping[str, Any]:
    """The tensors of sources and targets for a model with an encoder; `start` is what its decoder begins with."""
    torch = needed("torch")
    width, height = (max(map(len, rows)) for rows in ([t.ids for t in texts], [t.labels for t in texts]))
    ids, mask = torch.full((len(texts), width), pad), torch.zeros(len(texts), width, dtype=torch.long)
    labels = torch.full((len(texts), height), IGNORED)
    for row, text in enumerate(texts):
        ids[row, : len(text.ids)], mask[row, : len(text.ids)] = torch.tensor(text.ids), 1
        labels[row, : len(text.labels)] = torch.tensor(text.labels)
    before = torch.cat([torch.full((len(texts), 1), start), labels[:, :-1].masked_fill(labels[:, :-1] < 0, pad)], 1)
    return {"input_ids": ids, "attention_mask": mask, "decoder_input_ids": before, "labels": labels}


def collator(kit: Kit, pad: int) -> Any:
    """What makes a batch of pairs, by the kind of model."""
    if kit.objective != "sequence-to-sequence":
        return lambda texts: padded(texts, pad=pad)
    start = int(kit.model.config.decoder_start_token_id)
    return lambda texts: batched_pairs(texts, pad=pad, start=start)


def pair_loss(model: Any, batch: Mapping[str, Any]) -> Any:
    """The mean cross-entropy of the target's tokens, however the model reads its source."""
    functional = needed("torch.nn.functional")
    given = {name: value for name, value in batch.items() if name not in {"labels", "real"}}
    logits, labels = model(**given).logits.float(), batch["labels"]
    if "decoder_input_ids" not in batch:  # a row foretells its next token
        logits = logits[:, logits.shape[1] - labels.shape[1] : -1]  # virtual tokens stand before the text
        labels = labels[:, 1:]
    return functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1), ignore_index=IGNORED)


def asked(question: Question, instruction: str) -> Question:
    """The question behind an instruction; without one as it is."""
    if not instruction:
        return question
    whole = "\n".join(each for each in (question.text, *question.context) if each)
    return replace(question, text=instruction.replace("{text}", whole) if "{text}" in instruction else
                   f"{instruction}\n{whole}", context=())  # fmt: skip
