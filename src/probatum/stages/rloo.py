"""REINFORCE leave-one-out: several answers to each question, each against the mean of the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard
from probatum.networks.rendering import Template
from probatum.stages._grouped import GROUPED, learned
from probatum.stages._online import Score
from probatum.types import Example

SETTINGS = GROUPED


@card("REINFORCE leave-one-out", reference="doi:10.48550/arXiv.2402.14740")
def rloo(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    score: Score | None = None,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **settings: Any,
) -> Kit:
    """The kit after learning answers that score higher than others to the same question; its course: `Round`s.

    In each of `rounds` it draws `batch` answers, `group` to a question, of at most `longest` tokens, and learns from
    them in `passes`, `minibatch` at a time, held by `clip`. The divergence of a whole answer from the
    reference, times leash, is taken off its score. Others as in ppo.
    Raises `BadPlan`.
    """
    how: dict[str, Any] = {"template": template, "score": score, "adapter": adapter, "folder": folder, "heard": heard}
    return learned("rloo", kit, examples, settings, **how)
