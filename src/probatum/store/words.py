"""The word index: which passages hold the words of a question, in English and Chinese, and which names stand in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import tantivy

from probatum.store.reader import Store
from probatum.text.chinese import is_han
from probatum.text.normal import fold
from probatum.types import Passage

# A word is one Han character, or a run of letters and digits of any other script. Chinese words are found as
# neighbouring characters (a phrase), so no word list decides in advance what a Chinese word is.
WORD = r"\p{Han}|[\p{L}\p{N}\p{M}--\p{Han}]+"
HEAP = 1 << 30  # upper limit, not taken in advance; large enough that one thread writes one segment
HAN_ALONE = 0.1  # weight of a single Han character beside the pairs that it stands in
# A concept with more names is a class that a source gave to many texts, each with its own names: they mislead. On the
# judged questions 10 and 20 do alike, no limit does worse than no names at all.
MOST_NAMES = 20
LONGEST = 400  # words of a question that are searched for
MEMORY = 1 << 16  # passages whose ids are kept once they were read
RETRACTED = ("status", "retracted")


@cache
def _analyser(stemming: str) -> tantivy.TextAnalyzer:
    built = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(WORD))
    for step in (tantivy.Filter.remove_long(80), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()):
        built = built.filter(step)
    return built.filter(tantivy.Filter.stemmer(stemming)).build() if stemming else built.build()


def terms(text: str, *, stemming: str = "") -> list[str]:
    """The words of a text as the index holds them, in order: folded, without accents; each Han character on its own."""
    whole = fold(text).encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no character to search for
    return list(_analyser(stemming).analyze(whole))


class Hit(NamedTuple):  # made by the hundred for each question: three times as fast as a frozen dataclass
    """A passage that the words led to."""

    id: str
    score: float  # BM25 (k1 1.2, b 0.75), summed over the words of the question
    retracted: bool = False  # whether its text is that of a paper that was taken back


class Words:
    """The word index of one store: passages of kind `document`, by BM25. Threads may share it."""

    def __init__(self, folder: Path, *, stemming: str) -> None:
        self._stemming = stemming
        index = open_index(folder, stemming=stemming)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._held: dict[tuple[int, int], tuple[str, bool]] = {}  # the id of a passage, and whether it is retracted

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a word, natural logarithm; highest for a word that no passage holds."""
        return self.rarity_of(self._searcher.doc_freq("text", term))

    def rarity_of(self, held: float) -> float:
        """The inverse document frequency of a word that so many passages hold."""
        return math.log(1 + (len(self) - held + 0.5) / (held + 0.5))

    def search(self, text: str, keep: int) -> list[Hit]:
        """The best passages for the words of the text, at most `keep`, best first; ties by id.

        The text is never read as a query language: its words are joined by OR, whatever stands between them.
        """
        clauses = list(self._clauses(terms(text, stemming=self._stemming)[:LONGEST]))
        if not clauses or keep < 1:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        found = self._searcher.search(query, keep, count=False).hits
        hits = []
        for score, address in found:
            id, retracted = self._held.get((address.segment_ord, address.doc)) or self._read(address)
            hits.append(Hit(id, score, retracted))
        hits.sort()  # by id
        hits.sort(key=itemgetter(1), reverse=True)  # stable: ties stay by id
        return hits

    def _read(self, address: tantivy.DocAddress) -> tuple[str, bool]:
        row = self._searcher.doc(address)
        found = str(row.get_first("id")), row.get_first("status") is not None
        if len(self._held) >= MEMORY:
            self._held = {}
        self._held[address.segment_ord, address.doc] = found
        return found

    def _clauses(self, found: list[str]) -> Iterator[tantivy.Query]:
        for term in dict.fromkeys(found):
            one = tantivy.Query.term_query(self._schema, "text", term)
            yield tantivy.Query.boost_query(one, HAN_ALONE) if is_han(term) else one
        pairs = (pair for pair in pairwise(found) if is_han(pair[0]) and is_han(pair[1]))
        for pair in dict.fromkeys(pairs):
            yield tantivy.Query.phrase_query(self._schema, "text", list(pair))


def words(store: Store, *, stemming: str = "", title: int = 1, names: int = 1) -> Words:
    """The word index of the store, built on its first use.

    `stemming` names a Snowball language ("english") or is empty; `title` is how often a passage's title counts among
    its words, and `names` how often all names of the concepts that it is about, so that it is found by their synonyms:
    field weights in the sense of BM25F (Robertson 2004) where all fields share one length.
    """

    def build(folder: Path) -> None:
        called = _names(store) if names else {}
        rows = (
            {"id": passage.id, "text": "\n".join(_fields(passage, called, title, names))}
            | ({"status": RETRACTED[1]} if RETRACTED in passage.qualifiers else {})
            for passage in store.passages(kind="document")
        )
        write_index(folder, rows, stored=("id", "status"), searched={"text": "words"}, stemming=stemming)

    return _opened(store.derived(f"words-2-{stemming or 'whole'}-{title}-{names}", build), stemming)


@lru_cache(maxsize=8)
def _opened(folder: Path, stemming: str) -> Words:
    return Words(folder, stemming=stemming)  # a derived index never changes: its folder is named by its content


def _fields(passage: Passage, called: dict[str, list[str]], title: int, names: int) -> list[str]:
    known = [name for concept in passage.about for name in called.get(concept, ())]
    return [fold(passage.title)] * title + known * names + [fold(passage.text)]


def _names(store: Store) -> dict[str, list[str]]:
    """The folded names of every concept that some document is about and that has not too many of them."""
    called: dict[str, list[str]] = {}
    for passage in store.passages(kind="document"):
        called.update((concept, []) for concept in passage.about)
    for concept, _, name in store.names():
        if concept in called:
            called[concept].append(fold(name.text))
    return {concept: names for concept, names in called.items() if len(names) <= MOST_NAMES}


def write_index(
    folder: Path,
    rows: Iterable[dict[str, str]],
    *,
    stored: tuple[str, ...],
    searched: dict[str, str],
    stemming: str = "",
) -> None:
    """Writes rows into a tantivy index in their order; `searched` fields are taken as `words` or whole (`raw`)."""
    schema = tantivy.SchemaBuilder()
    for name in stored:
        schema.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name, analyser in searched.items():
        option = "position" if analyser == "words" else "basic"
        schema.add_text_field(name, tokenizer_name=analyser, index_option=option)
    index = tantivy.Index(schema.build(), path=str(folder))
    index.register_tokenizer("words", _analyser(stemming))
    writer = index.writer(heap_size=HEAP, num_threads=1)  # one thread keeps the rows' order: ties are stable
    for row in rows:
        document = tantivy.Document()
        for name, text in row.items():
            document.add_text(name, text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def open_index(folder: Path, *, stemming: str = "") -> tantivy.Index:
    """The index that `write_index` wrote."""
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer("words", _analyser(stemming))
    return index
