"""Concepts found in a text by their names, with what the sentence says of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from importlib import resources

from probatum.annotators import _build, _context, _find, _forms
from probatum.annotators._choice import Choice, settled
from probatum.annotators._index import MASK, SKIPPED, Index
from probatum.annotators._sheet import Pieces, Sheet
from probatum.naming import card
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Name, Relation

KINDS = ("PhenotypicFeature", "Disease")
_SPANISH_MARKS = (" de ", " con ", " el ", " la ", " y ", " en ", " sin ")


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
    cues = _context.rules().phrases
    folder = store.derived(f"names-{_version()}", lambda beside: _build.build(beside, _names(store), cues))
    return _Dictionary(Index.read(folder), languages, kinds)


class _Dictionary:
    """The annotator over one index. Threads may share it."""

    def __init__(self, index: Index, languages: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        self._index = index
        self._chosen = bool(languages)
        self._choices = tuple(Choice(index, languages, kinds, spanish=spanish) for spanish in (False, True))
        self._pieces, self._phrases = Pieces(index), _find.Phrases(index)
        self._joins, self._spanish, self._english = map(self._lemmas, ("joins", "spanish", "english"))

    def __call__(self, text: str) -> list[Mention | Relation]:
        """The mentions of a text, sorted by start, end and concept; offsets in code points."""
        sheet = Sheet(text, self._pieces)
        choice = self._choices[self._is_spanish(text, sheet)]

        choose = partial(choice.finding, sheet)
        reading = self._phrases.read(sheet)
        found = reading.findings(choice.fixed, choose)
        findings = settled([finding for finding in found if finding.concepts])
        if not findings:
            return []
        findings = findings + _find.understood(reading, self._joins, findings, choose)
        findings.sort(key=lambda finding: (finding.start, finding.end))
        said = _context.sayings(sheet, findings, reading.cues(found))
        begins, ends = sheet.edges
        spans = [(begins[finding.start], ends[finding.end - 1]) for finding in findings]
        return [
            Mention(start, end, text[start:end], concept, *saying)
            for (start, end), finding, saying in zip(spans, findings, said, strict=True)
            for concept in finding.concepts
        ]

    def _is_spanish(self, text: str, sheet: Sheet) -> bool:
        if self._chosen or not any(mark in text for mark in _SPANISH_MARKS):
            return False  # where languages were chosen, the text's makes no difference
        return sum(map(self._spanish.__contains__, sheet.lemmas)) > sum(map(self._english.__contains__, sheet.lemmas))

    def _lemmas(self, part: str) -> frozenset[int]:
        """The lemmas of a table of words."""
        known = map(self._index.word, _forms.tables()[part])
        return frozenset(word.lemma for word in known if word.lemma > SKIPPED)


def _version() -> str:
    """A word that changes with the rules and the format, so that an index made by other rules is not read."""
    wing = resources.files("probatum.annotators")
    made = ("build.py", "context.py", "context.toml", "forms.py", "forms.toml", "index.py", "lay.toml", "words.py")
    return sha256(b"".join(wing.joinpath(f"_{name}").read_bytes() for name in made)).hexdigest()[:12]


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
