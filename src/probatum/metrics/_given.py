"""What an answer says: its classes, or that nothing could be read of it."""

from __future__ import annotations

from probatum.types import Answer

UNANSWERED = "nothing was answered: no probability was claimed"  # why a calibration has no value


def labels(answer: Answer) -> tuple[str, ...]:
    """The classes of an answer: its choice, else its candidates with a score above 0."""
    if answer.choice:
        return (answer.choice,)
    return tuple(sorted(each.id for each in answer.candidates if each.score > 0))


def is_unparsed(given: Answer) -> bool:
    """Whether something was said of which no choice could be read, and not that it abstains."""
    unread = given.abstained is None or given.abstained.startswith("unparsed")
    return bool(given.text.strip()) and not given.choice and unread
