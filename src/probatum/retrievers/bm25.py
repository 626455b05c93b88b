"""Passages by the words that they share with the question, the rarer the word the more it counts."""

from __future__ import annotations

from probatum.naming import card
from probatum.retrievers._standing import behind
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.store.words import words
from probatum.text.questions import without_frame
from probatum.types import Evidence, Question


@card("BM25", reference="doi:10.1561/1500000019", languages=("en", "zh", "es"))
def bm25(store: Store, *, stemming: str = "", title: int = 3, names: int = 1, retracted: bool = False) -> Retrieve:
    """A retriever of passages of kind `document` by Okapi BM25 (k1 1.2, b 0.75), in any language.

    `stemming` names a Snowball language or is empty; a passage's title counts `title` times, the names of the concepts
    that it is about `names` times. Articles, pronouns and question words do not count. The evidence is the whole
    passage; its score is the BM25 score.
    """
    index = words(store, stemming=stemming, title=title, names=names)

    def search(question: Question, keep: int) -> list[Evidence]:
        hits = index.search(without_frame(question.text) or question.text, keep)
        held = store.passages_of([hit.id for hit in hits])
        found: list[Evidence] = []
        for hit in hits:
            passage = held.get(hit.id)
            if passage is not None:
                found.append(Evidence(passage, passage.text, hit.score, "bm25", 0, len(passage.text)))
        return behind(found, retracted=retracted)

    return search
