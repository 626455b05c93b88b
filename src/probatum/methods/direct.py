"""The model's own answer, with nothing given and nothing looked up: what every other method is measured against."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._options import BASIS, OWN, chosen, known_form
from probatum.naming import card
from probatum.types import Answer, Question, Request, Step


@card("Direct answer", survey="3.1.3", reference="doi:10.48550/arXiv.2005.14165", languages=("en", "zh"))
def direct(
    question: Question, desk: Desk, *, choose: str = "generation", temperature: float = 0.0, seed: int = 0
) -> Answer:
    """What the model says by itself; with options the letter, by `choose`: generation, or likelihood.

    The field `basis` says that no evidence stands behind it. Steps: ask; with options, read the letter (asked once more
    where none can be read) or compare the letters' likelihoods. Abstains with no-question, no-model, unanswered (the
    model declines), unparsed, tied, no-likelihoods. Raises `BadPlan` for an unknown form.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    if not asking.has_model(desk):
        return asking.abstaining("no-model", language)
    task = asking.prompt("direct", "task", language)
    if question.options:
        made = chosen(
            question, desk, task, steps, choose=choose, reasons=False, temperature=temperature, seed=seed
        )  # fmt: skip
        if not made.read.letter:
            return asking.unread(made.read, language, steps)
        return Answer(made.text, made.read.letter, BASIS, made.candidates, trace=(*steps, Step("basis", OWN)))
    request = Request(asking.messages(task, question), question, temperature=temperature, seed=seed)
    text = asking.say(desk, request, steps, "answer")
    if asking.declines(text):
        return asking.abstaining("unanswered", language, steps)
    return Answer(text, fields=BASIS, trace=(*steps, Step("basis", OWN)))
