"""Writes an answer without any language model: the given evidence word for word, each piece with its mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from probatum.naming import card
from probatum.shapes import LanguageModel
from probatum.text.likeness import likeness
from probatum.types import Evidence, Passage, Question, Reply, Request


@card("Copyist", languages=("en", "zh", "es"))
def copyist() -> LanguageModel:
    """A writer that copies: a line a quoted sentence in quotation marks, a line an assertion, each ended by its [n].

    Neighbouring claims of the same assertion share a line: the first is written whole, of the others what they add.
    """
    return _Copyist()


@dataclass(frozen=True, slots=True)
class _Copyist:
    """The writer; it has no state."""

    leaves_host: bool = False

    def __call__(self, request: Request) -> Reply:
        """The request's evidence, word for word."""
        return Reply(written(request.question, request.evidence))


def copies(model: LanguageModel) -> bool:
    """Whether this model is the copyist, which reads no messages and cannot be asked anything."""
    return isinstance(model, _Copyist)


def written(question: Question, evidence: Sequence[Evidence]) -> str:
    """The lines of an answer to a question, in the order of the evidence; an empty text for none."""
    numbered = enumerate(evidence, 1)
    return "\n".join(_line(list(group)) for _, group in groupby(numbered, key=_assertion))


def _assertion(numbered: tuple[int, Evidence]) -> tuple[str, ...]:
    """What pieces on one line share. Two sources may call a disease by names that differ only in writing."""
    number, evidence = numbered
    fact = evidence.fact
    if isinstance(fact, Passage):
        return ("passage", str(number))
    said = evidence.text.partition(f"({fact.object})")[0]
    return (fact.predicate, fact.object, str(fact.negated), likeness(said))


def _line(pieces: list[tuple[int, Evidence]]) -> str:
    number, first = pieces[0]
    if isinstance(first.fact, Passage):
        return f"“{first.text}” [{number}]"
    line = f"{first.text} [{number}]"
    for number, piece in pieces[1:]:
        added = _added(piece)
        line += f"; {added} [{number}]" if added else f" [{number}]"
    return line


def _added(piece: Evidence) -> str:
    """What a further claim says beyond subject and object: frequency, onset, evidence code, references."""
    fact = piece.fact
    said = "" if isinstance(fact, Passage) else piece.text.partition(f"({fact.object})")[2]
    return said.lstrip(",，; ")
