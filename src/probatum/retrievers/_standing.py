"""What retrievers found before it is read and worded, and papers that were taken back: these stand behind all else."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol, runtime_checkable

from probatum.store.words import RETRACTED
from probatum.types import Evidence, Passage, Question, Relation

MARK = "retracted"
Key = tuple[Hashable, ...]


class Place(NamedTuple):  # made by the hundred for each question: three times as fast as a frozen dataclass
    """A fact's place in what was found: enough to rank it among others, without its text."""

    key: Key  # what makes two findings one
    score: float
    fact: Relation | Passage | str  # a passage that was not read yet by its id
    found_by: str
    of_relation: bool


@runtime_checkable
class RanksFirst(Protocol):
    """A retriever that can rank many facts and read and word only those of them that are kept."""

    def __call__(self, question: Question, keep: int) -> list[Evidence]:
        """Evidence, best first."""
        ...

    def ranked(self, question: Question, keep: int) -> list[Place]:
        """The same in the same order, not yet worded."""
        ...

    def worded(self, question: Question, places: Sequence[Place]) -> list[Evidence]:
        """The evidence of some of these places, in their order."""
        ...


def behind(found: Sequence[Evidence], *, retracted: bool) -> list[Evidence]:
    """The evidence with that of retracted papers last: score 0, and `found_by` saying so ("bm25, retracted").

    With `retracted` it keeps the place and the score that its words give it, and is marked alike.
    """
    standing, taken_back = list[Evidence](), list[Evidence]()
    for each in found:
        if RETRACTED not in each.fact.qualifiers:
            standing.append(each)
            continue
        marked = replace(each, found_by=named(each.found_by))
        (standing if retracted else taken_back).append(marked if retracted else replace(marked, score=0.0))
    return standing + taken_back


def named(found_by: str) -> str:
    """The name of who found the text of a retracted paper, with the mark."""
    return found_by if found_by.endswith(MARK) else f"{found_by}, {MARK}"


def identity(fact: Relation | Passage) -> Key:
    """What makes two findings one: the passage's id, or the claim with its origin."""
    if isinstance(fact, Passage):
        return ("passage", fact.id)
    claim = (fact.subject, fact.predicate, fact.object, fact.negated, fact.qualifiers)
    return (*claim, fact.origin.source, fact.origin.release, fact.origin.at)
