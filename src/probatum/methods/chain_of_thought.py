"""The model reasons step by step before it answers."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.methods._options import unaided
from probatum.naming import card
from probatum.types import Answer, Question


@card("Chain of thought", survey="3.1.3", reference="doi:10.48550/arXiv.2201.11903", languages=("en", "zh"))
def chain_of_thought(
    question: Question, desk: Desk, *, choose: str = "generation", temperature: float = 0.0, seed: int = 0
) -> Answer:
    """The answer after written steps; with options the letter at their end, or the likeliest letter after them.

    Steps of the paper: reason, then answer. It shows worked examples; here an instruction asks for the steps, so that
    no example leads the answer. The field `basis` says that no evidence stands behind it. Abstains with no-question,
    no-model, unanswered, unparsed, tied, no-likelihoods. Raises `BadPlan` for an unknown form.
    """
    return unaided(question, desk, "chain_of_thought", choose=choose, reasons=True, temperature=temperature, seed=seed)
