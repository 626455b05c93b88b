"""The last look at an answer: a verdict on each sentence, the other side of what sources dispute, the weakest grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from probatum.proof.disputes import disputed
from probatum.proof.grades import grade
from probatum.proof.marks import only_supported, verdicts
from probatum.proof.witnesses import Sight
from probatum.store.wording import in_words_with_source
from probatum.types import Answer, Evidence, Relation, Step

MOST_SIDES = 3  # claims of the other side that are set beside an answer


def sealed(answer: Answer, sight: Sight, policy: str, language: str = "en") -> Answer:
    """The answer with its verdicts and, in the trace, its grade; pinned to the content of the store.

    What has been dropped was dropped where it was written; what cites nothing (a model's own words, the result of a
    calculation) stays, and its verdict says so. Under `abstain` an answer that cites sources must be supported
    throughout. Claims that a source of the store disputes get the other side beside them.
    """
    answer = replace(answer, knowledge=sight.store.content)
    if not answer.text:
        return answer
    if policy == "abstain" and answer.evidence:
        answer = only_supported(answer, sight)
        if answer.abstained:
            return answer
    answer = _with_other_side(answer, sight, language) if policy != "mark" or answer.evidence else answer
    answer = replace(answer, verdicts=verdicts(answer, sight))
    certainty = grade(answer)
    if certainty:
        answer = replace(answer, trace=(*answer.trace, Step("grade", f"{certainty}: that of the weakest evidence")))
    return answer


def _with_other_side(answer: Answer, sight: Sight, language: str) -> Answer:
    """The answer followed by the claims of other sources that speak against a claim that it cites."""
    there = {each.fact for each in answer.evidence}
    found = list(dict.fromkeys(claim for claim in _against(answer, sight) if claim not in there))[:MOST_SIDES]
    if not found:
        return answer
    pieces = [Evidence(claim, in_words_with_source(sight.store, claim, language), 0.0, "conflicts") for claim in found]
    first = len(answer.evidence) + 1
    lines = [f"{each.text} [{number}]" for number, each in enumerate(pieces, first)]
    steps = [Step("conflict", f"set beside it: {each.text}") for each in pieces]
    text = "\n".join([answer.text, *lines])
    return replace(answer, text=text, evidence=(*answer.evidence, *pieces), trace=(*answer.trace, *steps))


def _against(answer: Answer, sight: Sight) -> Iterator[Relation]:
    for each in answer.evidence:
        if isinstance(each.fact, Relation):
            for conflict in disputed(sight.store, each.fact):
                if each.fact in conflict.one:
                    yield from conflict.other
                elif each.fact in conflict.other:
                    yield from conflict.one
