"""What the knowledge graph holds about the concepts that a question names: its relations, definitions and passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice

from probatum.naming import card, find
from probatum.retrievers._standing import Place, identity, named
from probatum.shapes import Annotate, Retrieve
from probatum.store.fitting import best_first, score
from probatum.store.linking import Link, blanked, concepts_in
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.store.words import RETRACTED, Words, terms, words
from probatum.text.language import recognise
from probatum.text.questions import aspects, without_frame
from probatum.types import Evidence, Passage, Question, Relation

MOST_CLAIMS = 20_000  # claims of one concept that are looked at
MOST_HELD = 50_000  # claims that are kept once they were read
DEFINITION = 2.0  # score of a definition that is not asked for; with the word or without any aspect it is one more


JOINED = 3.0  # more than any single assertion scores: what the named concepts have in common comes first
_Assertion = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage, or the claims of one assertion, best first."""

    score: float
    about: str  # the concept or passage that it leads to
    facts: tuple[Relation | Passage, ...]


@card("Knowledge graph neighbourhood", reference="doi:10.48550/arXiv.2311.17330", languages=("en", "zh", "es"))
def graph(store: Store, *, claims: int = 4, annotator: str = "dictionary", retracted: bool = False) -> Retrieve:
    """A retriever of the neighbourhood of the concepts that the question names, in any language of the store's names.

    Concepts are named by what the store calls them, or found by the annotator (inflected, coordinated names).
    The evidence: relations in words (English or Chinese) with frequency, evidence code and references, at most `claims`
    claims of one assertion, next to each other; definitions; passages about the concepts. Relations rank by how well
    they answer what is asked (symptoms, inheritance, gene, frequency), how frequent the feature is and how many
    patients and claims speak for it. At most `keep` relations and `keep` passages. No named concept: no evidence.
    What retracted papers say stands behind all else unless `retracted`.
    """
    annotate, index = find("annotators", annotator)(store), words(store, title=3)
    return _Neighbourhood(store, annotate, index, claims, retracted=retracted)


class _Neighbourhood:
    """The retriever over one store. Threads may share it."""

    def __init__(self, store: Store, annotate: Annotate, index: Words, claims: int, *, retracted: bool) -> None:
        self._store, self._annotate, self._index = store, annotate, index
        self._beside, self._claims, self._retracted = _Beside(store), claims, retracted

    def __call__(self, question: Question, keep: int) -> list[Evidence]:
        """The evidence, best first."""
        return self.worded(question, self.ranked(question, keep))

    def ranked(self, question: Question, keep: int) -> list[Place]:
        """The facts, best first, not yet in words."""
        links = concepts_in(self._store, question.text, self._annotate(question.text))
        asked = aspects(blanked(question.text, links))
        found = [
            *_relations(self._beside, links, asked, self._claims),
            *_passages(self._store, self._index, links, question.text, asked),
        ]
        standing, taken_back = list[Place](), list[Place]()
        for fact, value in _kept(sorted(found, key=lambda each: (-each.score, each.about)), keep):
            key, of_relation = identity(fact), isinstance(fact, Relation)
            if RETRACTED not in fact.qualifiers:
                standing.append(Place(key, value, fact, "graph", of_relation))
            elif self._retracted:
                standing.append(Place(key, value, fact, named("graph"), of_relation))
            else:
                taken_back.append(Place(key, 0.0, fact, named("graph"), of_relation))
        return standing + taken_back

    def worded(self, question: Question, places: Sequence[Place]) -> list[Evidence]:
        """The relations in words, the passages whole."""
        language = question.language or recognise(question.text)
        facts = ((place, place.fact) for place in places)
        return [_evidence(self._store, fact, at, language) for at, fact in facts if not isinstance(fact, str)]


class _Beside:
    """The assertions about a concept, read once: a method asks of the same again and again. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._held: dict[tuple[str, str], list[tuple[_Assertion, list[Relation]]]] = {}
        self._claims = 0

    def of(self, id: str, side: str) -> list[tuple[_Assertion, list[Relation]]]:
        """Each assertion with its claims, best first; at most `MOST_CLAIMS` claims are looked at."""
        if (found := self._held.get((id, side))) is not None:
            return found
        claims = self.store.relations(subject=id) if side == "subject" else self.store.relations(object=id)
        groups = groupby(islice(claims, MOST_CLAIMS), key=_assertion)
        found = [(assertion, best_first(list(group))) for assertion, group in groups]
        count = sum(len(held) for _, held in found)
        if self._claims + count > MOST_HELD:
            self._held, self._claims = {}, 0
        if count <= MOST_HELD:
            self._held[id, side] = found
            self._claims += count
        return found


def _relations(beside: _Beside, links: list[Link], asked: tuple[str, ...], most: int) -> Iterator[_Found]:
    """The assertions about the named concepts; those that join two of them, or lead to one thing from both, first."""
    found: dict[_Assertion, tuple[float, str, list[Relation]]] = {}
    stretches: dict[str, set[int]] = {link.concept: {link.start} for link in links}
    for link, id, side in _ends(beside.store, links):
        for assertion, held in beside.of(id, side):
            stretches.setdefault(assertion[2] if side == "subject" else assertion[0], set()).add(link.start)
            if assertion not in found:
                found[assertion] = (link.weight * score(held, side, asked), side, held)
    joining: dict[str, list[float]] = {}
    for assertion, (value, side, _) in found.items():
        joining.setdefault(assertion[2] if side == "subject" else assertion[0], []).append(value)
    for assertion, (value, side, held) in found.items():
        other = assertion[2] if side == "subject" else assertion[0]
        joined = len(stretches[other]) - 1
        together = JOINED * joined + sum(joining[other]) / len(joining[other])
        # What one thing has to do with each of the named concepts stays together.
        yield _Found(together if joined else value, other, tuple(held[:most]))


def _ends(store: Store, links: list[Link]) -> Iterator[tuple[Link, str, str]]:
    """(link, id, side) of each id of the named concepts: what is known of one id of a thing is known of all."""
    for link in links:
        for id in dict.fromkeys((link.concept, *store.same(link.concept))):
            for side in ("subject", "object"):
                yield link, id, side


def _assertion(claim: Relation) -> _Assertion:
    return claim.subject, claim.predicate, claim.object, claim.negated


def _passages(store: Store, index: Words, links: list[Link], text: str, asked: tuple[str, ...]) -> Iterator[_Found]:
    wanted = {term: index.rarity(term) for term in terms(without_frame(text))}
    seen: set[str] = set()
    for link, id in ((link, id) for link, id, side in _ends(store, links) if side == "subject"):
        for passage in store.passages(about=id):
            if passage.id not in seen:
                seen.add(passage.id)
                value = _definition(asked) if passage.kind == "definition" else _covered(passage, wanted)
                yield _Found(link.weight * value, passage.id, (passage,))


def _definition(asked: tuple[str, ...]) -> float:
    return DEFINITION + (1.0 if not asked or "definition" in asked else 0.0)


def _covered(passage: Passage, wanted: dict[str, float]) -> float:
    """From 0 to 3: the share of the question's words, by rarity, in the title (twice) and in the text."""
    title, text = _said(passage.title), _said(passage.text)
    in_title = sum(value for term, value in wanted.items() if term in title)
    in_text = sum(value for term, value in wanted.items() if term in text)
    return (2 * in_title + in_text) / (sum(wanted.values()) or 1.0)


@lru_cache(maxsize=4_096)  # what several questions are about is read once
def _said(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _kept(found: list[_Found], keep: int) -> Iterator[tuple[Relation | Passage, float]]:
    left = {Relation: keep, Passage: keep}
    for each in found:
        for fact in each.facts:
            if left[type(fact)]:
                left[type(fact)] -= 1
                yield fact, each.score


def _evidence(store: Store, fact: Relation | Passage, at: Place, language: str) -> Evidence:
    if isinstance(fact, Passage):
        return Evidence(fact, fact.text, at.score, at.found_by, 0, len(fact.text))
    return Evidence(fact, in_words(store, fact, language), at.score, at.found_by)
