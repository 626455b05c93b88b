"""The differential diagnosis: diseases ranked by what a patient shows, each with what speaks for and against it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods._changes import Bench
from probatum.methods._fusion import weights as learned_weights
from probatum.methods._patient import seen
from probatum.methods._profiles import Profiles, profiles
from probatum.methods._reasons import Explainer, Leaders
from probatum.methods._scores import Numbers
from probatum.methods._terms import Whole
from probatum.naming import card
from probatum.text.language import recognise
from probatum.types import Answer, Candidate, Question, Reason, Step

LEADING = 40  # diseases among which the next questions are to decide
CANDIDATES = ("omim", "all")


@card("Differential diagnosis from phenotypes", survey="", languages=("en", "zh", "es"))
def differential(
    question: Question,
    desk: Desk,
    *,
    candidates: str = "omim",
    keep: int = 30,
    explained: int = 10,
    weights: str = "whole",
) -> Answer:
    """The `keep` most probable diseases, the first `explained` of them with their reasons.

    A candidate's score is the probability that it is the patient's disease if one of the candidates is, all of them
    being equally likely before anything was seen. Candidates are the diseases of OMIM that have phenotypes (other
    catalogues' profiles only help them) or `all` diseases. `weights` names the learned weights (see `_weights.toml`).
    It abstains with `no-phenotype` where nothing usable is known of the patient, and `no-disease` where the store
    describes none. Raises `BadPlan` for other settings.
    """
    if candidates not in CANDIDATES:
        raise BadPlan(f"candidates = {candidates!r} is not known", mend=f"one of: {', '.join(CANDIDATES)}")
    known = profiles(desk.store)
    patient = seen(question, desk, known.terms)
    trace = tuple(Step("unknown", each) for each in patient.unknown)
    if not patient.case.present:
        reason = "no-phenotype: none of the patient's findings is a known phenotype that is present"
        return Answer(abstained=reason, trace=trace)
    table = bench_of(known).table(patient.case, desk.withheld)
    allowed = known.from_omim & ~table.empty if candidates == "omim" else ~table.empty
    live = np.flatnonzero(allowed)
    if not len(live):
        return Answer(abstained="no-disease: no disease in this store has phenotypes", trace=trace)
    learned = learned_weights(weights)
    probabilities = learned.probabilities(learned.fused(table.scores, len(patient.case.present))[live])
    best = leading(probabilities, max(keep, LEADING if explained else 0))
    chosen = live[best].astype(np.int32)
    reasons: list[tuple[Reason, ...]] = [()] * len(chosen)
    if explained:
        few = bench_of(known).remade(chosen, desk.withheld)
        among = probabilities[best] / probabilities[best].sum()
        leaders = Leaders(chosen, among, few.direct.toarray(), few.closed.toarray())
        language = question.language or recognise(question.text)
        explainer = Explainer(known, table.world, patient.case, leaders, desk, language=language)
        reasons[:explained] = [explainer.reasons(place) for place in range(min(explained, len(chosen)))]
    ranked = tuple(
        Candidate(known.diseases[live[place]], known.names[live[place]], score, why)
        for place, score, why in zip(best, probabilities[best].tolist(), reasons, strict=True)
    )
    return Answer(text=_said(ranked), candidates=ranked[:keep], trace=trace)


@lru_cache(maxsize=2)
def bench_of(known: Profiles) -> Bench:
    """The worlds of some profiles, kept for the questions that follow."""
    return Bench(known)


def leading(probabilities: Numbers, count: int) -> Whole:
    """The places of the greatest probabilities, greatest first, ties in the order of the diseases."""
    if count < len(probabilities):
        least = np.partition(probabilities, -count)[-count]
        places = np.flatnonzero(probabilities >= least)
    else:
        places = np.arange(len(probabilities))
    return places[np.argsort(-probabilities[places], kind="stable")][:count].astype(np.int32)


def _said(ranked: tuple[Candidate, ...]) -> str:
    lines = (f"{each.name} ({each.id}), {each.score:.1%}" for each in ranked[:5])
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
