"""A question taken apart: which concepts it names, which words carry its subject, what of it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from probatum.desk import Desk
from probatum.store.linking import blanked, concepts_in
from probatum.store.words import Words, terms, words
from probatum.text.chinese import is_han
from probatum.text.language import recognise
from probatum.text.questions import ABOUT_RELATIONS, aspects, is_frame, without_aspects, without_frame
from probatum.types import Question

HAN = 2.5  # weight of a Han character: half that of a usual English subject word; a word has two, and texts are English


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about."""

    language: str
    aspects: tuple[str, ...]
    words: dict[str, float]  # the words that carry its subject, with their rarity
    links: dict[str, frozenset[str]]  # concepts that it names, each with the words that name it
    index: Words  # of the texts that may answer it

    @property
    def wants_relations(self) -> bool:
        """Whether what is asked stands in relations (symptoms, frequency, gene) rather than in texts (treatment)."""
        return bool(self.links) and any(aspect in ABOUT_RELATIONS for aspect in self.aspects)

    def share(self, held: set[str] | frozenset[str]) -> float:
        """Which share of the subject's words, by rarity, is among these; 0 to 1."""
        whole = sum(self.words.values())
        return sum(value for word, value in self.words.items() if word in held) / whole if whole else 0.0


def asked_of(question: Question, desk: Desk) -> Asked:
    """The question taken apart against the names and the texts of the desk's store."""
    text, index = question.text, words(desk.store, title=3)
    links = concepts_in(desk.store, text, desk.annotate(text))
    named = {term for link in links for term in _subject(text[link.start : link.end])}
    left = blanked(text, links)
    rest = without_frame(without_aspects(left))
    carried = {term: _weight(term, index) for term in (*named, *_subject(rest))}
    by_concept: dict[str, frozenset[str]] = {}
    for link in links:
        naming = frozenset(_subject(text[link.start : link.end]))
        by_concept[link.concept] = by_concept.get(link.concept, frozenset()) | naming
    return Asked(question.language or recognise(text), aspects(left), dict(sorted(carried.items())), by_concept, index)


def _subject(text: str) -> list[str]:
    found = terms(text)
    return [term for term in found if not is_frame(term)] or found


def _weight(term: str, index: Words) -> float:
    return min(index.rarity(term), HAN) if is_han(term) else index.rarity(term)
