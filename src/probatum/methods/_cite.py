"""Evidence numbered, written down, and held against the store before anybody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probatum.desk import Desk
from probatum.models.copyist import written
from probatum.proof.marks import standing, verbatim
from probatum.types import Answer, Evidence, Question, Request, Step


def quoted_with_marks(question: Question, chosen: Sequence[Evidence], desk: Desk, trace: Sequence[Step] = ()) -> Answer:
    """An answer that says nothing but the chosen evidence, word for word, each piece marked and checked.

    The desk's model writes it; should it not copy, the copyist's own writing takes its place. What does not stand in
    the store is dropped, with the reason in the trace; where nothing stays the answer abstains.
    """
    steps = list(trace)
    sound: list[Evidence] = []
    for evidence in chosen:
        if why := standing(evidence, desk.store):
            steps.append(Step("proof", f"dropped: {why}"))
        else:
            sound.append(evidence)
    reply = desk.model(Request(question=question, evidence=tuple(sound)))
    answer = Answer(text=reply.text, evidence=tuple(sound), trace=tuple(steps))
    proved = verbatim(answer, desk.store)
    if not sound:
        return replace(proved, abstained="unsupported: none of what was found stands in the store as it was found")
    if proved.abstained:
        copied = Answer(text=written(question, sound), evidence=tuple(sound), trace=proved.trace)
        proved = verbatim(copied, desk.store)
    return proved
