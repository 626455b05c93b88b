"""Concepts found in a text by their names, with what the sentence says of them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from probatum.annotators import _build, _context, _find, _forms
from probatum.annotators._choice import Choice
from probatum.annotators._index import Index
from probatum.naming import card
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Name, Relation

KINDS = ("PhenotypicFeature", "Disease")


@card(
    "Dictionary of concept names, with context",
    survey="T5 information extraction",
    reference="doi:10.1016/j.jbi.2009.05.002",
    languages=("en", "zh", "es"),
)
def dictionary(store: Store, *, languages: tuple[str, ...] = (), kinds: tuple[str, ...] = KINDS) -> Annotate:
    """A callable that gives a text's mentions, sorted by place: names of the given languages (none: all) and kinds.

    Of names that overlap the leftmost counts, then the longest; only what a coordination leaves to be understood
    ("short fingers and toes": short toes) overlaps what it was read from. For one stretch of text one concept is given
    for each kind and source of ids. The index is built on the first call for a store's content, then only opened.
    """
    folder = store.derived(f"names-{_version()}", lambda beside: _build.build(beside, _names(store), _cues()))
    return _Dictionary(Index.read(folder), languages, kinds)


class _Dictionary:
    """The annotator over one index. Threads may share it."""

    def __init__(self, index: Index, languages: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        self._index = index
        self._choice = Choice(index, languages, kinds)
        self._left_out = self._marked("left_out")
        self._joins = self._marked("joins")
        self._spanish, self._english = self._marked("spanish"), self._marked("english")

    def __call__(self, text: str) -> list[Mention | Relation]:
        """The mentions of a text, sorted by start, end and concept; offsets in code points."""
        tokens = self._index.letters.tokens(text)
        reading = _find.read(self._index, tokens, self._left_out)
        spanish = int(self._spanish[reading.lemmas].sum()) > int(self._english[reading.lemmas].sum())
        plain = self._choice.choose(text, tokens, reading.names, spanish)
        if not plain:
            return []
        begun = np.array([finding.start for finding in plain])
        ended = np.array([finding.end for finding in plain])
        more = _find.understood(self._index, reading, begun, ended, self._joins)
        findings = [*plain, *self._choice.add(text, tokens, more, spanish, plain)]
        findings.sort(key=lambda finding: (finding.start, finding.end))
        said = _context.sayings(text, tokens, [(finding.start, finding.end) for finding in findings], reading.cues)
        starts, ends = tokens.starts, tokens.ends
        return [
            _mention(text, int(starts[finding.start]), int(ends[finding.end - 1]), concept, saying)
            for finding, saying in zip(findings, said, strict=True)
            for concept in sorted(map(self._index.id_of, finding.concepts))
        ]

    def _marked(self, part: str) -> NDArray[np.bool_]:
        """For each lemma whether it is of a table of words; the place behind the last is that of words in no name."""
        marked = np.zeros(len(self._index.arrays.opens) + 1, np.bool_)
        rows = self._index.words.rows(self._index.letters.tokens(" ".join(_forms.tables()[part])).hashes)
        marked[self._index.arrays.word_lemma[rows]] = True
        marked[[0, -1]] = False
        return marked


def _mention(text: str, start: int, end: int, concept: str, saying: frozenset[str]) -> Mention:
    return Mention(
        start,
        end,
        text[start:end],
        concept,
        negated="negated" in saying,
        certainty="uncertain" if "uncertain" in saying else "certain",
        who="family" if "family" in saying else "patient",
        when="history" if "history" in saying else "now",
    )


def _version() -> str:
    """A word that changes with the rules and the format, so that an index made by other rules is not read."""
    wing = resources.files("probatum.annotators")
    made = ("build.py", "context.toml", "forms.py", "forms.toml", "index.py", "lay.toml", "letters.py", "table.py")
    return sha256(b"".join(wing.joinpath(f"_{name}").read_bytes() for name in made)).hexdigest()[:12]


def _cues() -> dict[str, int]:
    return _context.rules().phrases


def _names(store: Store) -> Iterator[tuple[str, str, Name]]:
    """The store's names, then our own lay words for its concepts."""
    yield from store.names()
    for concept, words in sorted(_forms.lay().items()):
        known = store.concept(concept)
        if known is not None and not known.obsolete:
            for text in words:
                yield concept, known.kind, Name(text, "zh", "exact", "layperson")
