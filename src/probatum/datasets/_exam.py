"""One shape for the questions of every exam: lettered options, one letter or several as the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from probatum.errors import BadFormat
from probatum.types import Answer, Candidate, Example, Origin, Question

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def lettered(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Options with the letters A, B, C ... in their order."""
    return tuple(zip(LETTERS, (each.strip() for each in texts), strict=False))


def item(
    id: str,
    question: Question,
    key: str,
    where: str,
    *,
    origin: Origin,
    explained: str = "",
    labels: Mapping[str, str] | None = None,
    groups: tuple[str, ...] = (),
) -> Example:
    """A question of an exam; gold holds the sorted letters of the key, its options as candidates, the explanation.

    An empty key makes a question without gold. Labels without a value are left out. Raises `BadFormat` with `where`
    for fewer than two options, letters that stand twice, or a key that names no option.
    """
    options = dict(question.options)
    if not question.text or len(options) < 2 or len(options) != len(question.options):
        raise BadFormat("a question with two or more options of different letters was expected", where=where)
    letters = sorted(set(key.upper()) - set(" ,，、;；"))
    if unknown := [letter for letter in letters if letter not in options]:
        raise BadFormat(f"the key {key!r} names {', '.join(unknown)}, which is no option", where=where)
    told = tuple(Candidate(letter, options[letter], 1.0) for letter in letters)
    gold = Answer(explained, "".join(letters), candidates=told)
    said = tuple(sorted((name, value) for name, value in (labels or {}).items() if value))
    return Example(id, question, gold, groups, labels=said, origin=origin)
