"""Probatum: clinical knowledge, put to the proof.

import probatum
with probatum.open() as kb:
    kb.ask("What are the features of Gaucher disease type I?").text
    kb.rank(["short stature", "HP:0001250", "-fever"]).candidates
"""

from __future__ import annotations

from pathlib import Path

from probatum.knowledge import Knowledge, configured
from probatum.types import (
    Answer,
    Candidate,
    Concept,
    Evidence,
    Example,
    Mention,
    Name,
    Observation,
    Origin,
    Passage,
    Patient,
    Question,
    Reason,
    Relation,
    Release,
    Run,
    Score,
)  # fmt: skip
from probatum.verbs import annotate, ask, evaluate, ingest, retrieve

__all__ = [
    "Answer", "Candidate", "Concept", "Evidence", "Example", "Knowledge", "Mention", "Name", "Observation", "Origin",
    "Passage", "Patient", "Question", "Reason", "Relation", "Release", "Run", "Score", "annotate", "ask", "evaluate",
    "ingest", "open", "retrieve",
]  # fmt: skip


def open(folder: Path | str | None = None, *, as_of: str = "") -> Knowledge:
    """The knowledge store in `folder`; without one the store that the command line uses.

    `as_of` a day (ISO): only what was published and held then. Raises `NeedsFile`, `BadPlan`.
    """
    return Knowledge(Path(folder) if folder else Path(configured()["kb"]), as_of=as_of)
