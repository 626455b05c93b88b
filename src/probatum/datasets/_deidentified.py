"""Notes without what would identify a patient: their makers' placeholders become kinds, what slipped through too."""

from __future__ import annotations

import re

from probatum.text.scrubbing import scrubbed

# MIMIC-III writes [**Hospital1 18**], [**2101-10-20**], [**First Name3 (LF) 123**]; MIMIC-IV writes ___
_PLACEHOLDER = re.compile(r"\[\*\*(.*?)\*\*\]", re.DOTALL)
_KINDS = (
    ("name", ("name", "initials", "attending", "doctor", "dictator")),
    ("place", ("hospital", "location", "street", "address", "country", "state", "university", "ward", "company")),
    ("number", ("telephone", "number", "identifier", "pager", "md number", "job", "unit", "cc contact", "contact")),
    ("age", ("age over 90",)),
)


def deidentified(text: str) -> str:
    """The text with [name], [place], [date], [number] ... for its makers' placeholders and for what they left.

    What they left is found by rules (`text.scrubbing`); three underscores stay as they are.
    """
    return scrubbed(_PLACEHOLDER.sub(lambda found: f"[{_kind(found[1])}]", text))[0]


def _kind(said: str) -> str:
    plain = said.lower()
    if not any(letter.isalpha() for letter in plain):
        return "date"
    for kind, words in _KINDS:
        if any(word in plain for word in words):
            return kind
    return "date" if any(word in plain for word in ("month", "day", "year", "date", "holiday")) else "removed"
