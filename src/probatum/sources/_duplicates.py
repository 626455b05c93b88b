"""Which record of one bibliographic database is which of another, and on what ground that is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from probatum.formats.citations import Citation
from probatum.text.likeness import likeness
from probatum.text.normal import fold
from probatum.types import Pairs

# The confidence that each ground is given: an id that a record states of itself, one that both state, and agreement of
# what is printed. They order the grounds; no measurement stands behind them.
_STATED, _SHARED, _PRINTED, _NEARLY = "0.99", "0.98", "0.95", "0.8"
STATED: Pairs = (
    ("comment", "the record states the PMID"),
    ("confidence", _STATED),
    ("mapping_justification", "semapv:UnspecifiedMatching"),
)
_FEWEST = 4  # words of a title, below which it is no sign of anything: "Reply", "Editorial comment"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known of a MEDLINE citation to find it again."""

    pmid: int
    doi: str
    page: str
    headings: tuple[tuple[str, str], ...]  # (MeSH id, name)
    has_abstract: bool


@dataclass(slots=True)
class Citations:
    """The MEDLINE citations that lie beside an export, by what identifies them."""

    by_pmid: dict[int, Known] = field(default_factory=dict)
    by_doi: dict[str, Known] = field(default_factory=dict)
    by_print: dict[tuple[str, str, str], Known] = field(default_factory=dict)

    def add(self, citation: Citation) -> None:
        """Takes a citation up; a later one of the same PMID takes its place."""
        headings = tuple((each.id, each.name) for each in citation.headings if each.id)
        page = citation.pages.partition("-")[0]
        known = Known(citation.pmid, citation.doi.lower(), page, headings, bool(citation.abstract))
        self.by_pmid[citation.pmid] = known
        if known.doi:
            self.by_doi[known.doi] = known
        first = citation.authors[0].last if citation.authors else ""
        if key := printed(citation.title, citation.year, first):
            self.by_print[key] = known

    def find(
        self, *, pmid: int, doi: str, title: str, year: str, author: str, page: str
    ) -> tuple[int, Known | None, Pairs]:
        """(PMID, the citation where it lies here, why it is the same); (0, None, ()) where nothing says so."""
        if pmid:
            return pmid, self.by_pmid.get(pmid), STATED
        if doi and (known := self.by_doi.get(doi.lower())):
            return known.pmid, known, _why("CompositeMatching", _SHARED, "both state the same DOI")
        key = printed(title, year, author)
        found = self.by_print.get(key) if key else None
        if found is None or (doi and found.doi and doi.lower() != found.doi):
            return 0, None, ()
        if page and found.page:
            same = page.casefold() == found.page.casefold()
            said = "same title, year, first author and first page"
            return (found.pmid, found, _why("CompositeMatching", _PRINTED, said)) if same else (0, None, ())
        return found.pmid, found, _why("CompositeMatching", _NEARLY, "same title, year and first author; no page")


def printed(title: str, year: str, author: str) -> tuple[str, str, str] | None:
    """What is printed of an article as a key: words of the title, year, first author's surname; None if too little."""
    words = _WORD.findall(fold(title))
    surname = "".join(_WORD.findall(fold(author)))
    return (" ".join(words), year, surname) if len(words) >= _FEWEST and year and surname else None


def _why(justification: str, confidence: str, comment: str) -> Pairs:
    return (
        ("comment", comment), ("confidence", confidence), ("mapping_justification", f"semapv:{justification}")
    )  # fmt: skip


# --- terms of two thesauri that index the same articles ---


@dataclass(slots=True)
class Together:
    """How often a term of one thesaurus stood by a heading of like words, over articles that both index."""

    seen: dict[str, int] = field(default_factory=dict)  # term -> articles
    met: dict[tuple[str, str, str], int] = field(default_factory=dict)  # (term, heading's id, its name) -> articles

    def note(self, terms: Iterable[str], headings: Iterable[tuple[str, str]]) -> None:
        """Takes an article up: the terms of one thesaurus, the headings of the other."""
        alike = {likeness(name): (id, name) for id, name in headings}
        for term in terms:
            self.seen[term] = self.seen.get(term, 0) + 1
            if heading := alike.get(likeness(term)):
                self.met[term, *heading] = self.met.get((term, *heading), 0) + 1

    def mappings(self) -> Iterator[tuple[str, str, Pairs]]:
        """(term, MeSH id, why): the words agree and both indexed the same articles; sorted.

        The confidence is Laplace's rule of succession, (k + 1) / (n + 2): k of n articles with the term bear the
        heading too.
        """
        for (term, id, name), met in sorted(self.met.items()):
            seen = self.seen[term]
            said = f"the words of {name!r}, a heading of {met} of the {seen} articles with this term that MEDLINE holds"
            yield term, id, _why("LexicalMatching", f"{(met + 1) / (seen + 2):.2f}", said)
