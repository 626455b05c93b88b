"""The model reasons step by step before it answers."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._options import BASIS, OWN, chosen, known_form
from probatum.naming import card
from probatum.types import Answer, Question, Request, Step


@card("Chain of thought", survey="3.1.3", reference="doi:10.48550/arXiv.2201.11903", languages=("en", "zh"))
def chain_of_thought(
    question: Question, desk: Desk, *, choose: str = "generation", temperature: float = 0.0, seed: int = 0
) -> Answer:
    """The answer after written steps; with options the letter at their end, or the likeliest letter after them.

    Steps of the paper: reason, then answer. It shows worked examples; here an instruction asks for the steps, so that
    no example leads the answer. The field `basis` says that no evidence stands behind it. Abstains with no-question,
    no-model, unanswered, unparsed, tied, no-likelihoods. Raises `BadPlan` for an unknown form.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    if not asking.has_model(desk):
        return asking.abstaining("no-model", language)
    task = asking.prompt("chain_of_thought", "task", language)
    if question.options:
        made = chosen(
            question, desk, task, steps, choose=choose, temperature=temperature, seed=seed, what="thought"
        )  # fmt: skip
        if not made.read.letter:
            return asking.unread(made.read, language, steps)
        return Answer(made.text, made.read.letter, BASIS, made.candidates, trace=(*steps, Step("basis", OWN)))
    request = Request(asking.messages(task, question), question, temperature=temperature, seed=seed)
    text = asking.say(desk, request, steps, "thought")
    if asking.declines(text):
        return asking.abstaining("unanswered", language, steps)
    return Answer(text, fields=BASIS, trace=(*steps, Step("basis", OWN)))
