"""Rejection sampling: of several answers that the model draws, the best by reward is what it then learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, Trained, fit
from probatum.networks.losses import token_loss
from probatum.networks.packing import padded
from probatum.networks.rendering import Template, encoded, template_of
from probatum.stages._course import course_of, model_loss, next_tokens, padding
from probatum.stages._online import Score, answered, texts_of
from probatum.types import Answer, Example

_WHOLE = 1 << 20  # tokens: what was drawn is short already


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one round of drawing and learning came to."""

    drawn: float  # mean reward of all answers that were drawn
    kept: float  # mean reward of the best of each question
    course: Trained


@card("Rejection sampling", survey="3.1.1", reference="doi:10.48550/arXiv.2304.06767")
def rejection(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    score: Score | None = None,
    draws: int = 8,
    rounds: int = 1,
    longest: int = 64,
    temperature: float = 1.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning, in each of `rounds`, the best of `draws` answers of its own to each question.

    What is best says the kit's reward model, or `score`; of equals the first that was drawn. An answer has at most
    `longest` tokens. Its last course is a tuple of `Sampled`. Others: `networks.loop.Course`. Raises `BadPlan`.
    """
    torch, settings, shape = needed("torch"), course_of(course), template_of(template)
    working = adapted(kit, adapter, seed=settings.seed)
    how = {"template": shape, "longest": longest, "temperature": temperature, "score": score}
    history: list[Sampled] = []
    for number in range(rounds):
        chance = np.random.default_rng((settings.seed, number))
        best: list[Example] = []
        worth: list[tuple[float, float]] = []
        with torch.random.fork_rng():
            torch.manual_seed(int(chance.integers(2**31)))
            for example in examples:
                told = answered(working, [example.question] * draws, how)
                place = int(told["scores"].argmax())
                best.append(replace(example, answer=Answer(texts_of(kit, told)[place]), rejected=()))
                worth.append((float(told["scores"].mean()), float(told["scores"][place])))
        texts = [
            encoded(each, kit.tokenizer, shape, longest=_WHOLE, supervise="last")
            for each in best
            if each.answer.text.strip()
        ]
        at = folder / f"round-{number + 1}" if folder else None
        collate = partial(padded, pad=padding(kit))
        trained = fit(
            working.model, texts, collate, model_loss(token_loss), settings, weigh=next_tokens, folder=at, heard=heard
        )
        means = np.mean(worth, axis=0)
        history.append(Sampled(float(means[0]), float(means[1]), trained))
    working.model.eval()
    return working.after("rejection", tuple(history))
