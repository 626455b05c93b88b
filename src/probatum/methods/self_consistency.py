"""Several ways of reasoning are sampled, and what most of them come to is the answer."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods import _asking as asking
from probatum.methods._options import TIES, by_votes, chosen, cost, counting, known_form, unready
from probatum.naming import card
from probatum.types import Answer, Question, Step


@card("Self-consistency", survey="3.1.3", reference="doi:10.48550/arXiv.2203.11171", languages=("en", "zh"))
def self_consistency(
    question: Question,
    desk: Desk,
    *,
    samples: int = 11,
    temperature: float = 0.7,
    ties: str = "abstain",
    choose: str = "generation",
    seed: int = 0,
) -> Answer:
    """The option that most of `samples` reasoned answers choose; the candidates tell the share of each.

    Steps of the paper: sample reasonings at a temperature (here under the seeds from `seed` on, two apart, since one
    that gives no letter is asked again under the next), read the option of each, take the plurality. By likelihood the
    chances of the letters after each reasoning are averaged, the paper's weighted sum. Ties: `abstain`, or `likelier`,
    by the letters' likelihoods. Abstains with no-question, no-model, no-options (free text has no votes to count),
    unanswered, unparsed, tied, no-likelihoods; raises `BadPlan`.
    """
    known_form(choose)
    if ties not in TIES or samples < 1:
        raise BadPlan(f"ties = {ties!r}, samples = {samples}", mend=f"ties: {', '.join(TIES)}; samples: 1 or more")
    language, steps = asking.language_of(question), list[Step]()
    if wanting := unready(question, desk):
        return asking.abstaining(wanting, language)
    counted, meter = counting(desk)
    task = asking.prompt("self_consistency", "task", language)
    votes = [
        chosen(
            question, counted, task, steps, choose=choose, temperature=temperature, seed=seed + 2 * turn,
            what=f"sample {turn + 1}",
        )
        for turn in range(samples)
    ]  # fmt: skip
    answer = by_votes(question, counted, votes, steps, ties=ties, task=task)
    return asking.with_step(answer, cost(meter))
