"""A model that was trained here answers in the methods like any other."""

from __future__ import annotations

from asked_desks import OPEN, WHICH, desk_with

from probatum.methods.direct import direct
from probatum.methods.rag import rag
from probatum.methods.self_consistency import self_consistency
from probatum.models.local import answering
from probatum.networks.kit import tiny
from probatum.stages.sft import sft
from probatum.store.reader import Store
from probatum.types import Answer, Example


def test_it_answers_in_methods(small: Store) -> None:
    texts = ["The answer is B."]
    base = tiny("llama", texts, width=32, longest=2048)
    letters = sft(base, [Example("1", WHICH, Answer("The answer is B."))], steps=30, rate=1e-2, batch=1)
    desk = desk_with(small, answering(letters))
    assert direct(WHICH, desk, choose="likelihood").candidates[0].score > 1 / 3
    voted = self_consistency(WHICH, desk, samples=2)
    assert voted.choice == "B" and {step.what for step in voted.trace} >= {"votes", "cost"}
    answer = rag(OPEN, desk)
    assert answer.text or answer.abstained
