"""Group relative policy optimisation: several answers to each question, each in standard deviations of its group."""

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


@card("Group relative policy optimisation", reference="doi:10.48550/arXiv.2402.03300")
def grpo(
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
    them in `passes`, `minibatch` at a time, held by `clip`. The divergence from the reference, times leash,
    stands in the loss of each word. Others as in ppo.
    Raises `BadPlan`.
    """
    how: dict[str, Any] = {"template": template, "score": score, "adapter": adapter, "folder": folder, "heard": heard}
    return learned("grpo", kit, examples, settings, **how)
