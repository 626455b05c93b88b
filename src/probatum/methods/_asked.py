"""A question taken apart: which concepts it names, which words carry its subject, what of it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from probatum.desk import Desk
from probatum.store.linking import blanked, concepts_in
from probatum.store.words import Words, terms, words
from probatum.text.chinese import is_han
from probatum.text.language import recognise
from probatum.text.questions import asked_beside, aspects, intents, is_frame, without_aspects, without_frame
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
    beside: frozenset[str] = frozenset()  # what is asked besides: word, against, connection
    stretches: tuple[tuple[str, ...], ...] = ()  # of each stretch that names something: the things named, each once

    @property
    def wants_relations(self) -> bool:
        """Whether what is asked stands in relations (symptoms, frequency, gene) rather than in texts (treatment)."""
        return bool(self.links) and (
            bool(self.beside) or any(each.in_relations for each in intents() if each.name in self.aspects)
        )

    def share(self, held: set[str] | frozenset[str]) -> float:
        """Which share of the subject's words, by rarity, is among these; 0 to 1.

        A name in Chinese characters is there whole or not at all: its characters by themselves stand everywhere.
        """
        whole = sum(self.words.values())
        broken = {word for name in self._names if not name <= held for word in name}
        hits = (value for word, value in self.words.items() if word in held and word not in broken)
        return sum(hits) / whole if whole else 0.0

    def of_first(self) -> Asked:
        """The question as one about the first thing alone that it names: how a drug acts, whatever it is taken for."""
        first = self.stretches[0] if self.stretches else ()
        words = frozenset[str]().union(*(self.links.get(id, frozenset()) for id in first))
        return replace(self, words={word: self.words[word] for word in words & self.words.keys()}) if words else self

    @property
    def _names(self) -> set[frozenset[str]]:
        """What is named in Chinese characters."""
        return {name for name in self.links.values() if all(map(is_han, name))}


def asked_of(question: Question, desk: Desk) -> Asked:
    """The question taken apart against the names and the texts of the desk's store."""
    text, index = question.text, words(desk.store, title=3)
    links = concepts_in(desk.store, text, desk.annotate(text))
    named = {term for link in links for term in _subject(text[link.start : link.end])}
    left = blanked(text, links)
    besides = terms(without_frame(without_aspects(left)))
    told = [term for term in besides if not is_frame(term)]
    carried = {term: _weight(term, index) for term in (*named, *told) or besides}
    by_concept: dict[str, frozenset[str]] = {}
    stretches: dict[tuple[int, int], dict[str, None]] = {}
    for link in links:
        naming = frozenset(_subject(text[link.start : link.end]))
        same = desk.store.same(link.concept)
        for id in dict.fromkeys((link.concept, *same)):  # what is known of one id is known of all
            by_concept[id] = by_concept.get(id, frozenset()) | naming
        if link.weight == 1.0:
            stretches.setdefault((link.start, link.end), {})[same[0]] = None
    things = tuple(tuple(stretches[span]) for span in sorted(stretches))
    language, ordered = question.language or recognise(text), dict(sorted(carried.items()))
    return Asked(language, aspects(left), ordered, by_concept, index, asked_beside(left), things)


def _subject(text: str) -> list[str]:
    found = terms(text)
    return [term for term in found if not is_frame(term)] or found


def _weight(term: str, index: Words) -> float:
    return min(index.rarity(term), HAN) if is_han(term) else index.rarity(term)
