"""Direct preference optimisation: of two answers the better one becomes likelier, the worse one less so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.losses import preference_loss, sequence_logps
from probatum.networks.packing import padded
from probatum.networks.rendering import IGNORED, Template, Tokens, encoded, template_of
from probatum.stages._course import course_of, padding, split
from probatum.types import Example

Pair = tuple[Tokens, Tokens, float, float]  # chosen, rejected, and their log-probabilities by the reference


@card("Direct preference optimisation", survey="3.1.1", reference="doi:10.48550/arXiv.2305.18290")
def dpo(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    longest: int = 512,
    beta: float = 0.1,
    kind: str = "sigmoid",
    smoothing: float = 0.0,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning to prefer each example's answer to its first rejected one.

    The reference is the kit's own, else its model as it is now; its log-probabilities are computed once, before.
    `kind`: sigmoid (with `smoothing` cDPO), ipo or hinge. Examples without a rejected answer are left out. Others as in
    sft.
    """
    settings, shape = course_of(course), template_of(template)
    learn, kept = split([each for each in examples if each.rejected], held_out, settings.seed)
    judge = kit.reference if kit.reference is not None else kit.model
    items, others = (_pairs(each, kit, judge, (shape, longest, kind)) for each in (learn, kept))
    working = adapted(kit, adapter, seed=settings.seed)
    pad = padding(kit)

    def collate(pairs: Sequence[Pair]) -> Mapping[str, Any]:
        torch = needed("torch")
        both = [chosen for chosen, *_ in pairs] + [pair[1] for pair in pairs]
        return {**padded(both, pad), "reference": torch.tensor([pair[2:] for pair in pairs])}

    def loss(model: Any, batch: Mapping[str, Any]) -> Any:
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        logs = _measured(logits, batch["labels"], kind)
        half = len(logs) // 2
        theirs = batch["reference"]
        told = preference_loss(
            (logs[:half], logs[half:]), (theirs[:, 0], theirs[:, 1]), beta=beta, kind=kind, smoothing=smoothing
        )
        return told[0]

    trained = fit(working.model, items, collate, loss, settings, held_out=others, folder=folder, heard=heard)
    return working.after("dpo", trained)


def _pairs(examples: Sequence[Example], kit: Kit, judge: Any, how: tuple[Template, int, str]) -> list[Pair]:
    torch = needed("torch")
    template, longest, kind = how
    judge.eval()
    found: list[Pair] = []
    for example in examples:
        both = [
            encoded(replace(example, answer=answer), kit.tokenizer, template, longest=longest, supervise="last")
            for answer in (example.answer, example.rejected[0])
        ]
        batch = padded(both, padding(kit))
        with torch.no_grad():
            logits = judge(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
            logs = _measured(logits, batch["labels"], kind)
        found.append((both[0], both[1], float(logs[0]), float(logs[1])))
    return found


def _measured(logits: Any, labels: Any, kind: str) -> Any:
    """Log-probabilities of the answers: sums, for ipo means a token."""
    logs = sequence_logps(logits, labels)
    return logs / (labels[:, 1:] != IGNORED).sum(-1).clamp(min=1) if kind == "ipo" else logs
