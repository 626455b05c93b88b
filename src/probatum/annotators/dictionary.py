"""Concepts found in a text by their names, with what the sentence says of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import resources
from weakref import WeakValueDictionary

import numpy as np

from probatum.annotators import _build, _context, _coordination, _find, _forms
from probatum.annotators._choice import Choice, settled
from probatum.annotators._index import MASK, NONE, SKIPPED, Index
from probatum.annotators._sheet import Block, Pieces
from probatum.annotators._words import marked, unmarked, written
from probatum.naming import card
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Name, Relation

KINDS = ("PhenotypicFeature", "Disease")
DRUGS = ("Drug", "ChemicalEntity", "SmallMolecule", "MolecularMixture")
_SPANISH_MARKS = (" de ", " con ", " el ", " la ", " y ", " en ", " sin ")
_lock = threading.Lock()
_standing: WeakValueDictionary[object, _Dictionary] = WeakValueDictionary()  # those in use: each lays out an automaton
_BLOCK = 200_000  # characters read at once: from there on more gains nothing


@card(
    "Dictionary of concept names, with context",
    survey="T5 information extraction",
    reference="doi:10.1016/j.jbi.2009.05.002",
    languages=("en", "zh", "es"),
)
def dictionary(store: Store, *, languages: tuple[str, ...] = (), kinds: tuple[str, ...] = KINDS) -> Annotate:
    """A callable that gives a text's mentions, sorted by place: names of the given languages (none: all) and kinds.

    Where no kind is given (an empty tuple) findings, diseases and drugs count.
    Of names that overlap the leftmost counts, then the longest; only what a coordination leaves to be understood
    ("short fingers and toes": short toes) overlaps what it was read from. For one stretch of text one concept is given
    for each kind and source of ids. The index is built on the first call for a store's content, then only opened.
    """
    cues = _context.rules().phrases
    folder = store.derived(f"names-{_version()}", lambda beside: _build.build(beside, _names(store), cues))
    wanted = folder, tuple(languages), tuple(kinds) or (*KINDS, *DRUGS)
    with _lock:
        if (standing := _standing.get(wanted)) is None:
            standing = _standing[wanted] = _Dictionary(Index.read(folder), *wanted[1:])
    return standing


class _Dictionary:
    """The annotator over one index. Threads may share it."""

    def __init__(self, index: Index, languages: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        self._index = index
        self._chosen = bool(languages)
        self._choices = tuple(Choice(index, languages, kinds, spanish=spanish) for spanish in (False, True))
        self._pieces = Pieces(index, [choice.standing for choice in self._choices], self._lemmas("joins"))
        held = index.arrays.phrase_entry
        self._names = tuple(
            _find.Phrases(index, np.where(choice.standing[held] > 0, held, np.int32(NONE))) for choice in self._choices
        )
        self._cues = _find.Phrases(index, index.arrays.phrase_cue).all()
        self._spanish, self._english = map(self._lemmas, ("spanish", "english"))

    def __call__(self, text: str) -> list[Mention | Relation]:
        """The mentions of a text, sorted by start, end and concept; offsets in code points."""
        return self._read((text,))[0]

    def many(self, texts: Iterable[str]) -> Iterator[list[Mention | Relation]]:
        """The mentions of each text, in order; some texts are read ahead, as those of a block are read at once."""
        for window in _windows(texts):
            yield from self._read(window)

    def names(self, texts: Iterable[str]) -> Iterator[list[tuple[int, int]]]:
        """Where the names stand in each text, before abbreviations, coordination and context are looked at."""
        for window in _windows(texts):
            given: list[list[tuple[int, int]]] = [[] for _ in window]
            for places, block, reading in self._blocks(window):
                starts, ends, _ = reading.spans()
                for place, spans in zip(places, block.cut(starts, ends), strict=True):
                    given[place] = spans
            yield from given

    def _read(self, window: Sequence[str]) -> list[list[Mention | Relation]]:
        given: list[list[Mention | Relation]] = [[] for _ in window]
        for places, block, reading in self._blocks(window):
            texts = [window[place] for place in places]
            for place, mentions in zip(places, self._mentions(texts, block, reading), strict=True):
                given[place] = mentions
        return given

    def _blocks(self, window: Sequence[str]) -> Iterator[tuple[list[int], Block, _find.Reading]]:
        """The texts of a window in blocks: those of one language and one manner of letters together."""
        alike: dict[tuple[bool, bool, int], list[int]] = {}
        for place, text in enumerate(window):
            alone = place if marked(text) else -1
            alike.setdefault((self._is_spanish(text), text.isascii(), alone), []).append(place)
        for (spanish, _, _), places in alike.items():
            block = Block([window[place] for place in places], self._pieces)
            names = self._names[spanish].read(block, len(places))
            yield places, block, _find.Reading(block, names, self._choices[spanish])

    def _mentions(self, texts: Sequence[str], block: Block, reading: _find.Reading) -> list[list[Mention | Relation]]:
        found = reading.findings()
        findings = settled([finding for finding in found if finding.concepts], block)
        if not findings:
            return [[] for _ in texts]
        more = _coordination.understood(reading, findings)
        if more:
            findings.extend(more)
            findings.sort(key=_place)
        said = _context.sayings(block, findings, _find.cues(block, self._cues, found))
        told = zip(findings, said, strict=True)
        spans = block.cut([finding.start for finding in findings], [finding.end for finding in findings])
        return [
            [
                Mention(start, end, text[start:end], concept, *saying)
                for (start, end), (finding, saying) in zip(here, told, strict=False)
                for concept in finding.concepts
            ]
            for text, here in zip(texts, spans, strict=True)
        ]

    def _is_spanish(self, text: str) -> bool:
        if self._chosen or not any(mark in text for mark in _SPANISH_MARKS):
            return False  # where languages were chosen, the text's makes no difference
        folded = unmarked(text)
        words = written(text if folded is None else folded.text)
        lemmas = [self._pieces.words[word].lemma for word in words]
        return sum(map(self._spanish.__contains__, lemmas)) > sum(map(self._english.__contains__, lemmas))

    def _lemmas(self, part: str) -> frozenset[int]:
        """The lemmas of a table of words."""
        known = map(self._index.word, _forms.tables()[part])
        return frozenset(word.lemma for word in known if word.lemma > SKIPPED)


def _windows(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in order, as many at once as have about `_BLOCK` characters."""
    window: list[str] = []
    size = 0
    for text in texts:
        window.append(text)
        size += len(text) + 1
        if size >= _BLOCK:
            yield window
            window, size = [], 0
    if window:
        yield window


def _place(finding: _find.Finding) -> tuple[int, int]:
    return finding.start, finding.end


def _version() -> str:
    """A word that changes with the rules and the format, so that an index made by other rules is not read."""
    wing, letters = resources.files("probatum.annotators"), resources.files("probatum.text")
    made = "build.py context.py context.toml diseases.toml forms.py forms.toml index.py lay.toml words.py".split()
    files = [wing.joinpath(f"_{name}") for name in made] + [letters.joinpath(n) for n in ("chinese.py", "normal.py")]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _names(store: Store) -> Iterator[tuple[str, str, Name]]:
    """The store's names, our own lay words for its concepts, and the words that are no names."""
    yield from store.names()
    for language in ("en", "zh"):
        for concept, words in sorted(_forms.lay(language).items()):
            known = store.concept(concept)
            if known is not None and not known.obsolete:
                for text in words:
                    yield concept, known.kind, Name(text, language, "exact", "layperson")
    for text in _forms.masks():
        yield "", MASK, Name(text, "")
