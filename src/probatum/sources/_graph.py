"""What sources of nodes and edges share: their Release, ids of their own, each concept once, claims with records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from probatum.formats.curies import curie
from probatum.formats.reading import digest
from probatum.naming import Card
from probatum.sources._files import shown
from probatum.sources._pages import said
from probatum.sources._relations import Reading, original
from probatum.types import Concept, Name, Origin, Pairs, Relation, Release

PUBLICATIONS = ("PMID:", "PMC:", "doi:", "clinicaltrials:")
_KEPT = 500_000  # ids that are remembered; a concept told twice is one row in the store all the same
_BLANKS = re.compile(r"\s+")
_HAN = re.compile("[\u4e00-\u9fff]")
_SPLIT = re.compile(r"[|;；]")


def release(name: str, card: Card, files: Sequence[Path], version: str = "", *, manner: str = "replaces") -> Release:
    """The release that files make: the version that they state, else the sha256 of their bytes."""
    sha256 = digest(files)
    return Release(name, version or sha256, card.licence, sha256, tuple(shown(file) for file in files), manner=manner)


def references(written: str) -> tuple[str, ...]:
    """The publications in a cell, as CURIEs; '|' and ';' stand between several, bare numbers are PubMed's."""
    if not written:
        return ()
    found = (_BLANKS.sub(" ", part).strip() for part in _SPLIT.split(written))
    return tuple(f"PMID:{part}" if part.isdecimal() else reference(part) for part in found if part)


def reference(written: str) -> str:
    """A publication as a CURIE; any other address stays one, even where it is that of a thing with an id."""
    text = written.strip()
    known = curie(text)
    return text if text.startswith("http") and not known.startswith(PUBLICATIONS) else known


class Telling:
    """The voice of one release: makes its facts, and remembers which concepts it has told."""

    def __init__(self, release: Release, *, language: str = "en", reliability: str = "curated") -> None:
        self.source, self.version = release.source, release.version
        self.language, self.reliability = language, reliability
        self._told: set[str] = set()

    def own(self, name: str) -> str:
        """The id of a thing that the source knows by its name alone: exactly that name, after the source's prefix."""
        return f"{self.source}:{_BLANKS.sub('_', name.strip())}"

    def language_of(self, text: str) -> str:
        """The language of a name: the source's, or the one that its letters show."""
        if text.isascii():
            return "en"
        return "zh" if self.language == "en" and _HAN.search(text) else self.language

    def origin(self, at: str, evidence: str = "", references: tuple[str, ...] = (), reliability: str = "") -> Origin:
        """The origin of one fact, as reliable as the release unless it is said otherwise."""
        return Origin(self.source, self.version, at, evidence, references, reliability=reliability or self.reliability)

    def concept(
        self, id: str, name: str, kind: str, *, names: Iterable[Name] = (), xrefs: Iterable[str] = ()
    ) -> Concept:
        """A concept with its names (each once, never the label again) and cross-references."""
        label = name.strip() or id
        others = tuple(dict.fromkeys(each for each in names if each.text.strip() and each.text != label))
        return Concept(
            id, label, kind or "NamedThing", self.origin(id), others, xrefs=tuple(dict.fromkeys(filter(None, xrefs))),
            obsolete=label[:9].lower() == "obsolete ",  # so the ontologies of OBO begin the labels of such terms
        )  # fmt: skip

    def first(self, id: str, name: str, kind: str) -> list[Concept]:
        """The concept where its id is met for the first time, else nothing; its label bears the source's language.

        What has no name but its id is not told: other sources know it by its name.
        """
        if id in self._told or name.strip() in {"", id}:
            return []
        if len(self._told) >= _KEPT:
            self._told.clear()
        self._told.add(id)
        names = (Name(name.strip(), language, "label"),) if (language := self.language_of(name)) != "en" else ()
        made = self.concept(id, name, kind)
        return [Concept(made.id, made.name, made.kind, made.origin, names, obsolete=made.obsolete)]

    def claim(
        self, subject: str, word: str, object: str, meant: Reading, at: str, *,
        evidence: str = "", references: tuple[str, ...] = (), qualifiers: Iterable[tuple[str, str]] = (),
        negated: bool = False, reliability: str = "",
    ) -> Relation:  # fmt: skip
        """The claim that a word of the source makes of two things, turned as the predicate wants it."""
        ends = (object, subject) if meant.turned else (subject, object)
        return Relation(
            ends[0],
            meant.predicate,
            ends[1],
            self.origin(at, evidence, references, reliability),
            meant.negated != negated,
            self.qualifiers((*meant.qualifiers, *qualifiers), word, meant.predicate),
        )

    def qualifiers(self, pairs: Iterable[tuple[str, str]], word: str, predicate: str) -> Pairs:
        """Qualifiers with the source's own word for the relation, where it is another one."""
        return _qualifiers(tuple(pairs), word, predicate)


@lru_cache(1 << 14)  # most claims of a graph say the same besides their ends
def _qualifiers(pairs: Pairs, word: str, predicate: str) -> Pairs:
    return said((*pairs, ("original_predicate", original(word, predicate))))
