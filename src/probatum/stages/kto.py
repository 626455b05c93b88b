"""Kahneman-Tversky optimisation: single answers that were liked become likelier, others less so, without pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.losses import kto_loss, sequence_logps
from probatum.networks.packing import padded
from probatum.networks.rendering import Template, Tokens, encoded, template_of
from probatum.stages._course import course_of, padding, split
from probatum.types import Answer, Example


@dataclass(frozen=True, slots=True)
class _Judged:
    """An answer, whether it was liked, the question with another's answer, and what the reference holds of both."""

    own: Tokens
    other: Tokens
    liked: bool
    reference: tuple[float, float]


@card("Kahneman-Tversky optimisation", reference="doi:10.48550/arXiv.2402.01306")
def kto(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    longest: int = 512,
    beta: float = 0.1,
    gain: float = 1.0,
    loss: float = 1.0,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning from each example's answer, which is liked, and each rejected one.

    An example of a disliked answer alone has an empty answer. `gain` weighs the liked, `loss` the others. How far the
    policy is from its reference is seen on questions with the answers of other examples, a batch at a time, and never
    below 0. Others as in dpo.
    """
    settings, shape = course_of(course), template_of(template)
    judge = kit.reference if kit.reference is not None else kit.model
    learn, kept = split(examples, held_out, settings.seed)
    items, others = (_judged(each, kit, judge, shape, longest) for each in (learn, kept))
    working = adapted(kit, adapter, seed=settings.seed)
    pad = padding(kit)

    def collate(judged: Sequence[_Judged]) -> Mapping[str, Any]:
        torch = needed("torch")
        texts = padded([each.own for each in judged] + [each.other for each in judged], pad)
        theirs, liked = ([each.reference for each in judged], [each.liked for each in judged])
        return {**texts, "reference": torch.tensor(theirs), "liked": torch.tensor(liked)}

    def of(model: Any, batch: Mapping[str, Any]) -> Any:
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        own, other = sequence_logps(logits, batch["labels"]).chunk(2)
        theirs = batch["reference"]
        apart = (other - theirs[:, 1]).mean().detach().clamp(min=0)
        return kto_loss(own, theirs[:, 0], batch["liked"], apart, beta=beta, gain=gain, loss=loss)

    trained = fit(working.model, items, collate, of, settings, held_out=others, folder=folder, heard=heard)
    return working.after("kto", trained)


def _judged(examples: Sequence[Example], kit: Kit, judge: Any, template: Template, longest: int) -> list[_Judged]:
    torch = needed("torch")
    judge.eval()
    told: list[tuple[Example, Answer, bool]] = []
    for example in examples:
        told += [(example, example.answer, True)] if example.answer.text else []
        told += [(example, answer, False) for answer in example.rejected]
    found = []
    for place, (example, answer, liked) in enumerate(told):
        both = [
            encoded(replace(example, answer=each), kit.tokenizer, template, longest=longest, supervise="last")
            for each in (answer, told[place - 1][1])  # the question with the answer of another, as trl cycles them
        ]
        batch = padded(both, padding(kit))
        with torch.no_grad():
            logits = judge(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
            logs = sequence_logps(logits, batch["labels"])
        found.append(_Judged(both[0], both[1], liked, (float(logs[0]), float(logs[1]))))
    return found
