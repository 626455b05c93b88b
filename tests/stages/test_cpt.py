"""Continued pre-training: documents are learnt, replay is exact."""

from __future__ import annotations

from training_samples import DOCUMENTS, made

from probatum.stages.cpt import cpt
from probatum.types import Answer, Example, Question


def test_reading_documents_lowers_the_loss_and_replay_is_exact() -> None:
    general = [Example("g", Question(), Answer("The sun shines on the sea. " * 8))]
    kit = cpt(made(), DOCUMENTS, longest=64, replay=general, replay_share=0.2, steps=15, batch=4, rate=5e-3)
    course = kit.courses[-1]
    assert kit.history == ("cpt",) and course.losses[-1] < course.losses[0] - 0.5
