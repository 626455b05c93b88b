"""Which concepts a question names: each stretch of its words is looked up among all names, the longest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import tantivy

from probatum.formats.curies import curie
from probatum.store.reader import Store
from probatum.store.words import open_index, write_index
from probatum.text.likeness import Word, folded_words, key, keys_within, words_of
from probatum.text.questions import is_frame
from probatum.types import Mention, Relation

LONGEST = 14  # words in one name; Han characters count as words
MOST = 60  # words of a question that are looked at
DISEASE, FINDING = "Disease", "PhenotypicFeature"
BY_REFERENCE = 0.8  # weight of a disease that only a finding's cross-reference leads to
MOST_WIDER = 500  # names that hold a stretch's words which are looked at
NOT_NAMED = ("OntologyClass",)  # terms of the ontology's own: modifiers, frequencies, "All"


@dataclass(frozen=True, slots=True)
class Link:
    """A concept that a stretch of the question names."""

    concept: str
    kind: str
    name: str  # the stored name that fits
    start: int  # span of the stretch in the question, in code points
    end: int
    weight: float  # 1: it names the concept itself; less: a wider name that several concepts share


class Linker:
    """Finds the concepts that a question names. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        index = open_index(folder)
        self._schema = index.schema
        self._searcher = index.searcher()

    def __call__(self, text: str) -> list[Link]:
        """The links of a text, those of one stretch together; a longer stretch hides those inside it."""
        found = words_of(text)[:MOST]
        keys = keys_within([word.folded for word in found], LONGEST)
        told = list(accumulate((not is_frame(word.folded) for word in found), initial=0))  # words that name a subject
        stretches = {(start, end): each for (start, end), each in keys.items() if told[end] > told[start]}
        named = self._named(set(stretches.values()))
        links: list[Link] = []
        taken: set[int] = set()
        for start, end in sorted(stretches, key=lambda span: (span[0] - span[1], span[0])):
            if not taken.isdisjoint(range(start, end)):
                continue
            fitting = [
                Link(concept, kind, name, found[start].start, found[end - 1].end, 1.0)
                for concept, kind, name in named.get(stretches[start, end], ())
                if _same_case(name, found[start:end])
            ]
            if fitting:
                links.extend(fitting)
                taken.update(range(start, end))
        return links

    def wider(self, text: str, links: list[Link], keep: int = 12) -> list[Link]:
        """Diseases whose names are those of a named disease and more (its types), shortest names first.

        Their weight is the share of their name that the text has; at most `keep` for a stretch.
        """
        known = {link.concept for link in links}
        found: list[Link] = []
        for start, end in sorted({(link.start, link.end) for link in links if link.kind == DISEASE}):
            wanted = [word.folded for word in words_of(text[start:end])]
            clauses = [tantivy.Query.term_query(self._schema, "words", word) for word in dict.fromkeys(wanted)]
            clauses.append(tantivy.Query.term_query(self._schema, "kind", DISEASE))
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in clauses])
            new = {
                concept: name
                for _, concept, _, name in self._rows(query, MOST_WIDER)
                if concept not in known and _is_type_of(name, wanted)
            }
            for concept, name in sorted(new.items(), key=lambda item: (len(item[1]), item))[:keep]:
                known.add(concept)
                share = len(wanted) / max(len(words_of(name)), 1)
                found.append(Link(concept, DISEASE, name, start, end, min(0.9, share)))
        return found

    def _named(self, keys: set[str]) -> dict[str, list[tuple[str, str, str]]]:
        if not keys:
            return {}
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "key", each)) for each in sorted(keys)]
        found: dict[str, list[tuple[str, str, str]]] = {}
        for shared, concept, kind, name in self._rows(tantivy.Query.boolean_query(clauses), 2_000):
            found.setdefault(shared, []).append((concept, kind, name))
        return {shared: sorted(set(rows)) for shared, rows in found.items()}

    def _rows(self, query: tantivy.Query, most: int) -> Iterator[tuple[str, str, str, str]]:
        for _, address in self._searcher.search(query, most, count=False).hits:
            row = self._searcher.doc(address)
            key, concept, kind, name = (str(row.get_first(field)) for field in ("key", "concept", "kind", "name"))
            yield key, concept, kind, name


def concepts_in(store: Store, text: str, mentions: Iterable[Mention | Relation] = ()) -> list[Link]:
    """The concepts that a text names, each once; after a disease named in full come its types, with less weight.

    `mentions` are what an annotator found in the text: they add inflected and coordinated names where no name stands.
    """
    link = linker(store)
    links: dict[str, Link] = {}
    for each in link(text):
        links.setdefault(each.concept, each)
    named = [(each.start, each.end) for each in links.values()]
    for mention in mentions:
        if isinstance(mention, Mention) and all(mention.end <= start or mention.start >= end for start, end in named):
            name, start, end = store.name_of(mention.concept), mention.start, mention.end
            links.setdefault(mention.concept, Link(mention.concept, "", name, start, end, 1.0))
    exact = list(links.values())
    meant = [each for each in exact if each.kind == FINDING and not each.name.isascii()]
    diseases = {each.concept: each for finding in meant for each in _diseases(store, finding, links)}
    return exact + link.wider(text, exact) + list(diseases.values())


def _diseases(store: Store, finding: Link, known: Collection[str]) -> Iterator[Link]:
    """The diseases that the finding's own cross-references lead to.

    Names outside English are mostly those of findings: gout, a finding of HPO with a Chinese name, and gout, a disease
    of Mondo without one, bear one concept unique identifier in what both vocabularies say of themselves.
    """
    concept = store.concept(finding.concept)
    for xref in concept.xrefs if concept is not None else ():
        for id in store.same(curie(xref)):
            if id not in known and store.kind_of(id) == DISEASE:
                yield replace(finding, concept=id, kind=DISEASE, weight=BY_REFERENCE)
                break


def blanked(text: str, links: list[Link]) -> str:
    """The text with spaces where concepts are named: what is left says what is asked of them."""
    for link in links:
        text = text[: link.start] + " " * (link.end - link.start) + text[link.end :]
    return text


def _is_type_of(name: str, wanted: list[str]) -> bool:
    """Whether a disease's name is a narrower one: the words and then more, or, for several words, more before them."""
    held = [word.folded for word in words_of(name)]
    begins, ends = held[: len(wanted)] == wanted, held[-len(wanted) :] == wanted
    return len(held) <= len(wanted) + 4 and (begins or (ends and len(wanted) > 1))


def _same_case(name: str, found: list[Word]) -> bool:
    """Whether a short name in capitals (a gene, an abbreviation) stands there in capitals too: a cat is no CAT."""
    written = found[0].written
    if len(found) > 1 or not name.isascii() or name.islower() or name.istitle() or len(name) > 8:
        return True
    return written == name or (len(name) > 3 and any(letter.isdigit() for letter in name))


def linker(store: Store) -> Linker:
    """The linker of the store over the names of all its concepts in all languages, built on its first use."""

    def rows() -> Iterator[dict[str, str]]:
        for concept, kind, name in store.names():
            folded = folded_words(name.text) if kind not in NOT_NAMED else []
            if folded and len(folded) <= 3 * LONGEST:
                yield {
                    "key": key(folded), "concept": concept, "kind": kind, "name": name.text, "words": " ".join(folded),
                }  # fmt: skip

    def build(folder: Path) -> None:
        write_index(folder, rows(), stored=("key", "concept", "kind", "name"), searched={"words": "words"})

    return _opened(store.derived("links", build))


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Linker:
    return Linker(folder)  # a derived index never changes: its folder is named by the content it was built from
