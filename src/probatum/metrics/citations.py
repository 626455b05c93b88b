"""How far what an answer says stands in what it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Evidence, Passage, Score


@card("Citations: precision, recall, unsupported claims", survey="6.1", reference="doi:10.48550/arXiv.2305.14627")
def citations(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`claims_supported`, `claims_unsupported` (of all sentences checked), `citation_precision` and `citation_recall`.

    The first two are shares of the sentences of all answers, by the verdicts on them; contradicted ones count as
    unsupported. Precision and recall compare the cited documents and claims with those of the gold evidence, over the
    answers whose gold names some. An answer that abstains says nothing and counts for neither share. 0 to 1 each.
    Intervals are 95% bootstrap over answers, or over what shares one of `groups`.
    """
    clusters = clusters_of(len(pairs), groups)
    checked = np.array([len(given.verdicts) for _, given in pairs], np.float64)
    empty = sum(not given.text.strip() and given.abstained is None for _, given in pairs)
    scores: dict[str, Score] = {}

    def add(name: str, hits: list[float], counts: np.ndarray) -> None:
        shares = np.divide(np.array(hits, np.float64), counts, out=np.zeros(len(counts)), where=counts > 0)
        total = float(counts.sum())
        low, high = interval(shares, counts, clusters, seed) if total else (0.0, 0.0)
        value = float(sum(hits) / total) if total else 0.0
        scores[name] = Score(value, int(total), f"{name}|bootstrap:{RESAMPLES}|seed:{seed}", low, high, empty=empty)

    add("claims_supported", [_said(given, "supported") for _, given in pairs], checked)
    add("claims_unsupported", [_said(given, "unsupported", "contradicted") for _, given in pairs], checked)
    cited = [(_facts(gold), _facts(given)) for gold, given in pairs]
    known = [bool(wanted) for wanted, _ in cited]
    both = [float(len(wanted & said)) if wanted else 0.0 for wanted, said in cited]
    add("citation_precision", both, np.array([len(s) * k for (_, s), k in zip(cited, known, strict=True)], np.float64))
    add("citation_recall", both, np.array([len(wanted) for wanted, _ in cited], np.float64))
    return scores


def _said(answer: Answer, *kinds: str) -> float:
    return float(sum(verdict.support in kinds for verdict in answer.verdicts))


def _facts(answer: Answer) -> set[tuple[str, ...]]:
    return {_key(each) for each in answer.evidence}


def _key(evidence: Evidence) -> tuple[str, ...]:
    fact = evidence.fact
    return (fact.id,) if isinstance(fact, Passage) else (fact.subject, fact.predicate, fact.object, str(fact.negated))
