"""The model's own answer, with nothing given and nothing looked up: what every other method is measured against."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.methods._options import unaided
from probatum.naming import card
from probatum.types import Answer, Question


@card("Direct answer", survey="3.1.3", reference="doi:10.48550/arXiv.2005.14165", languages=("en", "zh"))
def direct(
    question: Question, desk: Desk, *, choose: str = "generation", temperature: float = 0.0, seed: int = 0
) -> Answer:
    """What the model says by itself; with options the letter, by `choose`: generation, or likelihood.

    The field `basis` says that no evidence stands behind it. Steps: ask; with options, read the letter (asked once more
    where none can be read) or compare the letters' likelihoods. Abstains with no-question, no-model, unanswered (the
    model declines), unparsed, tied, no-likelihoods. Raises `BadPlan` for an unknown form.
    """
    return unaided(question, desk, "direct", choose=choose, reasons=False, temperature=temperature, seed=seed)
