"""Reasoned answers are sampled, then the model reads them all and answers again, several times; most votes win."""

from __future__ import annotations

from collections.abc import Sequence

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods import _asking as asking
from probatum.methods._grounding import found_for, on_evidence
from probatum.methods._grounding import snippets as snippets_of
from probatum.methods._options import TIES, by_votes, chosen, cost, counting, known_form, unready
from probatum.naming import card
from probatum.types import Answer, Evidence, Question, Step


@card("Ensemble refinement", survey="3.1.3", reference="doi:10.48550/arXiv.2305.09617", languages=("en", "zh"))
def ensemble_refinement(
    question: Question,
    desk: Desk,
    *,
    samples: int = 11,
    refinements: int = 33,
    snippets: int = 0,
    temperature: float = 0.7,
    ties: str = "abstain",
    choose: str = "generation",
    seed: int = 0,
) -> Answer:
    """The option that most of `refinements` second answers choose, each written in sight of all `samples` first ones.

    Steps of the paper (Med-PaLM 2): (1) `samples` reasoned answers at a temperature; (2) the model, given the question
    and all of them, writes a refined reasoning and answer; (3) that `refinements` times; (4) plurality. Its numbers are
    the defaults. With `snippets` so many pieces of evidence, found without the options, stand before both passes, and
    what is said is held against what it cites. Different: a first answer that gives no letter is asked for again once
    and then left out of the second pass; ties abstain (or go by likelihood) where the paper says nothing. The trace
    ends with the cost; at least samples + refinements calls. Abstains with no-question, no-model, no-options,
    no-evidence, unanswered, unparsed, tied, no-likelihoods, unsupported; raises `BadPlan`.
    """
    known_form(choose)
    if ties not in TIES or samples < 1 or refinements < 1:
        raise BadPlan(
            f"ties = {ties!r}, samples = {samples}, refinements = {refinements}",
            mend=f"ties: {', '.join(TIES)}; the numbers: 1 or more",
        )
    language, steps = asking.language_of(question), list[Step]()
    if wanting := unready(question, desk):
        return asking.abstaining(wanting, language)
    evidence = _evidence(question, desk, snippets, steps)
    if snippets and not evidence:
        return asking.abstaining("no-evidence", language, steps)
    extra = asking.prompt("asking", "marked", language) if evidence else ""
    counted, meter = counting(desk)
    task = asking.prompt("ensemble_refinement", "task", language)
    first = [
        chosen(
            question, counted, task, steps, evidence=evidence, extra=extra, temperature=temperature,
            seed=seed + 2 * turn, what=f"sample {turn + 1}",
        )
        for turn in range(samples)
    ]  # fmt: skip
    kept = [each for each in first if each.read.letter]
    if not kept:
        return asking.with_step(asking.unread(first[0].read, language, steps), cost(meter))
    refine = _refining([each.text for each in kept], language)
    second = [
        chosen(
            question, counted, refine, steps, choose=choose, evidence=evidence, extra=extra, temperature=temperature,
            seed=seed + 2 * (samples + turn), what=f"refinement {turn + 1}",
        )
        for turn in range(refinements)
    ]  # fmt: skip
    answer = by_votes(question, counted, second, steps, ties=ties, task=refine)
    if evidence and answer.choice:
        answer = on_evidence(question, answer, evidence, desk)
    return asking.with_step(answer, cost(meter))


def _evidence(question: Question, desk: Desk, most: int, steps: list[Step]) -> list[Evidence]:
    """The snippets for both passes, those that stand in the store as they were found."""
    if most < 1:
        return []
    kept = asking.sound(snippets_of(question.text, desk, found_for(question, desk, most), most), desk, steps)
    steps.append(Step("snippets", "; ".join(asking.place(each) for each in kept) or "none"))
    return kept


def _refining(attempts: Sequence[str], language: str) -> str:
    """The task of the second pass, with all attempts between fences."""
    mark = asking.fence(attempts)
    task = asking.prompt("ensemble_refinement", "refine", language, count=len(attempts), fence=mark)
    listed = [
        f"{asking.prompt('ensemble_refinement', 'attempt', language, number=number)}\n{text}"
        for number, text in enumerate(attempts, 1)
    ]
    return "\n".join([task, mark, *listed, mark])
