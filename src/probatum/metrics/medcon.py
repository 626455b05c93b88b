"""How far an answer names the clinical concepts of the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.errors import BadPlan
from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Annotate, Pair
from probatum.types import Answer, Mention, Score

VARIANTS = ("cui-set", "aci-bench")
Concepts = list[tuple[str, str]]  # (the term in small letters, its concept)


@card("MEDCON: F1 over clinical concepts", survey="5.2.1", reference="doi:10.1038/s41597-023-02487-3")
def medcon(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    annotate: Annotate | None = None,
    dictionary: str = "",
    variant: str = "cui-set",
    seed: int = 0,
) -> Mapping[str, Score]:
    """`medcon`, or `medcon-DICTIONARY` on another dictionary than UMLS: the mean F1 over the concepts of the texts.

    `annotate` finds the concepts in both texts; without it those of the answers' own mentions count. Only a dictionary
    of UMLS concepts may bear the name alone; any other number is not comparable with published ones, and its signature
    says so. `variant`: cui-set (F1 of two sets of concepts) or aci-bench (the published code's rule, by terms, which
    divides reference terms by predicted terms and so can exceed 1). Two texts without concepts count 0.
    """
    if variant not in VARIANTS:
        raise BadPlan(f"variant = {variant!r} is not known here", mend=f"one of: {', '.join(VARIANTS)}")
    found = [(_concepts(gold, annotate), _concepts(given, annotate)) for gold, given in pairs]
    rule = _by_sets if variant == "cui-set" else _by_terms
    values = np.array([rule(wanted, said) for wanted, said in found], np.float64)
    prefixes = {concept.partition(":")[0] for each in found for side in each for _, concept in side}
    umls = prefixes <= {"UMLS"} and dictionary in {"", "UMLS"}
    known = dictionary or "+".join(sorted(prefixes))
    name = "medcon" if umls else f"medcon-{known.lower()}"
    comparable = "" if umls else "|not comparable with MEDCON on UMLS"
    said = f"{name}|{variant}|dictionary:{known}|bootstrap:{RESAMPLES}|seed:{seed}{comparable}"
    if not len(values):
        return {name: Score(0.0, 0, said)}
    low, high = interval(values, np.ones(len(values)), clusters_of(len(pairs), groups), seed)
    empty = sum(not given.text.strip() for _, given in pairs)
    return {name: Score(float(values.mean()), len(values), said, low, high, empty=empty)}


def _concepts(answer: Answer, annotate: Annotate | None) -> Concepts:
    mentions = answer.found if annotate is None else annotate(answer.text)
    return [(each.text.lower(), each.concept) for each in mentions if isinstance(each, Mention) and each.concept]


def _by_sets(wanted: Concepts, said: Concepts) -> float:
    golds, givens = ({concept for _, concept in each} for each in (wanted, said))
    return 2 * len(golds & givens) / max(len(golds) + len(givens), 1)


def _by_terms(wanted: Concepts, said: Concepts) -> float:
    golds, givens = {term for term, _ in wanted}, {term for term, _ in said}
    named = {concept for _, concept in said}
    hits = len({term for term, concept in wanted if concept in named})
    precision, recall = hits / max(len(givens), 1), hits / max(len(golds), 1)
    return 2 * precision * recall / (precision + recall) if hits else 0.0
