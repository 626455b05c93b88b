"""A cited piece as it is held against a claim: its sentences, what it is about, which concepts stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from probatum.formats.biolink import predicate
from probatum.proof.orders import order_in
from probatum.proof.reading import Act, Reading, read
from probatum.shapes import Annotate, Entail
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.text.normal import fold
from probatum.text.sentences import sentences
from probatum.types import Evidence, Mention, Passage, Relation

_ACTS = {"biolink:causes": "cause", "biolink:contributes_to": "cause", "biolink:treats": "treat"}
Found = TypeVar("Found")
_KEPT: WeakKeyDictionary[Store, dict[Hashable, Any]] = WeakKeyDictionary()  # goes with the store
_MOST_KEPT = 1 << 13
_MOST_NAMES = 60  # of one end of a record; no claim is written with the sixtieth


@dataclass(frozen=True, slots=True)
class Sight:
    """What a claim is looked at with."""

    store: Store
    annotate: Annotate | None = None  # finds concepts in a text; without it words and the names of records must do
    entail: Entail | None = None  # a model that says whether one text follows from another
    cases: Path | None = None  # the folder of the memory of cases; without it that of the store


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a source, read: what of it is denied, and by which clause."""

    reading: Reading
    concepts: tuple[tuple[str, int, int], ...]  # (concept, start, end) in the sentence
    said: str  # as it is written

    def denied(self, start: int, end: int) -> bool:
        """Whether what stands in a span is denied."""
        return any(unit.denied for unit in self.reading.units if unit.start < end and start < unit.end)


@dataclass(frozen=True, slots=True)
class Witness:
    """A cited piece."""

    evidence: Evidence
    lines: tuple[Line, ...]
    context: frozenset[str]  # keys of the words of its title, and of what a record says between its ends
    concepts: frozenset[str]  # in the text, the title, or the ends of a record; with all ids of the same things
    names: tuple[tuple[str, str], ...]  # (folded name, concept) of the ends of a record, longest first
    acts: tuple[Act, ...]
    order: str  # what in it speaks to a program; such a piece bears witness to nothing


def once(store: Store, key: Hashable, make: Callable[[], Found]) -> Found:
    """What `make` gives, made once for a store and a key: answers cite the same pieces again and again."""
    kept = _KEPT.setdefault(store, {})
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = make()
    found: Found = kept[key]
    return found


def witness(evidence: Evidence, sight: Sight) -> Witness:
    """The cited piece, ready to be held against a claim."""
    return once(sight.store, ("witness", sight.annotate, evidence), partial(_witness, evidence, sight))


def _witness(evidence: Evidence, sight: Sight) -> Witness:
    if isinstance(evidence.fact, Passage):
        return _of_passage(evidence, evidence.fact, sight)
    return _of_record(evidence, evidence.fact, sight)


def line(text: str, sight: Sight) -> Line:
    """A sentence with the concepts that stand in it."""
    reading = read(text)
    return Line(reading, tuple(_concepts(reading.text, sight)), text)


def names_in(text: str, witnesses: Iterable[Witness]) -> list[tuple[str, int, int]]:
    """(concept, start, end) where a text names the ends of cited records, the longest name at each place."""
    folded = text.casefold()
    found: list[tuple[str, int, int]] = []
    for each in witnesses:
        for name, concept in each.names:
            at = folded.find(name)
            while at >= 0:
                end = at + len(name)
                edges = folded[at - 1 : at] + folded[end : end + 1]
                whole = not name.isascii() or not any(letter.isalnum() for letter in edges if letter.isascii())
                if whole and not any(start <= at and end <= stop and one == concept for one, start, stop in found):
                    found.append((concept, at, end))
                at = folded.find(name, end)
    return found


def _of_passage(evidence: Evidence, fact: Passage, sight: Sight) -> Witness:
    spans = sentences(evidence.text, fact.language) or [(0, len(evidence.text))]
    lines = tuple(line(evidence.text[start:end], sight) for start, end in spans)
    title = line(fact.title, sight)
    found = {concept for each in (*lines, title) for concept, _, _ in each.concepts}
    concepts = frozenset(_same(sight.store, (*found, *fact.about)))
    acts = tuple(act for each in lines for act in each.reading.acts)
    names = _names(sight.store, fact.about[:3])
    order = order_in(fact.text) or order_in(fact.title)
    return Witness(evidence, lines, title.reading.keys, concepts, names, acts, order)


def _of_record(evidence: Evidence, fact: Relation, sight: Sight) -> Witness:
    ends = (fact.subject, fact.object)
    texts = dict.fromkeys((evidence.text, *(in_words(sight.store, fact, language) for language in ("en", "zh"))))
    lines = tuple(line(_bare(text), sight) for text in texts)
    context = _between(fact.predicate, negated=fact.negated)
    agent, patient = (once(sight.store, ("keys", end), partial(_keys, sight.store, end)) for end in ends)
    verb = _ACTS.get(fact.predicate, "")
    acts = (Act(verb, agent, patient),) if verb else ()
    concepts = frozenset(_same(sight.store, ends))
    return Witness(evidence, lines, context, concepts, _names(sight.store, ends), acts, order_in(evidence.text))


@lru_cache(maxsize=512)  # there are few predicates, and each is said in the same words every time
def _between(name: str, *, negated: bool) -> frozenset[str]:
    """The keys of all words in which a predicate is said, or denied."""
    kind = predicate(name)
    words = [each for table in (kind.words, kind.inverse) for each in table.values()]
    words += [each for table in kind.aspects.values() for each in table.values()]
    return frozenset(key for each in words for key in read(each.denied if negated else each.said).keys)


def _keys(store: Store, id: str) -> frozenset[str]:
    return frozenset(read(store.name_of(id)).keys)


_ID = re.compile(r"\s*\([A-Za-z]+:[A-Za-z0-9_.]+\)")


def _bare(text: str) -> str:
    """A record's words without the id behind its object, which would part the object from what is said of it."""
    return _ID.sub("", text)


def _concepts(text: str, sight: Sight) -> Iterable[tuple[str, int, int]]:
    if sight.annotate is None:
        return
    found = once(sight.store, ("found", sight.annotate, text), partial(sight.annotate, text))
    for mention in found:
        if isinstance(mention, Mention):
            yield mention.concept, mention.start, mention.end


def _same(store: Store, ids: Sequence[str]) -> Iterable[str]:
    for id in ids:
        yield from once(store, ("same", id), partial(store.same, id))


def _names(store: Store, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            {pair for id in ids for pair in once(store, ("names", id), partial(_names_of, store, id))},
            key=lambda pair: (-len(pair[0]), pair),
        )
    )


def _names_of(store: Store, id: str) -> tuple[tuple[str, str], ...]:
    """(name without regard to case, the id) of a thing under all its ids; names of one letter or two are left out."""
    found: list[str] = []
    for same in dict.fromkeys((id, *_same(store, (id,)))):
        concept = store.concept(same)
        if concept is not None:
            found += [concept.name, *(name.text for name in concept.names if name.scope in {"label", "exact"})]
    kept = dict.fromkeys(name.casefold() for name in found if len(fold(name)) > 2 or not name.isascii())
    return tuple((name, id) for name in list(kept)[:_MOST_NAMES])
