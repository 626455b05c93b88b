"""Passages by the words that they share with the question, the rarer the word the more it counts."""

from __future__ import annotations

from collections.abc import Sequence

from probatum.naming import card
from probatum.retrievers._standing import Place, named
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.store.words import Words, words
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
    return _ByWords(store, index, retracted=retracted)


class _ByWords:
    """The retriever over one index. Threads may share it."""

    def __init__(self, store: Store, index: Words, *, retracted: bool) -> None:
        self._store, self._index, self._retracted = store, index, retracted

    def __call__(self, question: Question, keep: int) -> list[Evidence]:
        """The evidence, best first."""
        return self.worded(question, self.ranked(question, keep))

    def ranked(self, question: Question, keep: int) -> list[Place]:
        """The passages by their ids: none is read."""
        standing, taken_back = list[Place](), list[Place]()
        for hit in self._index.search(without_frame(question.text) or question.text, keep):
            if not hit.retracted:
                standing.append(Place(("passage", hit.id), hit.score, hit.id, "bm25", of_relation=False))
                continue
            score = hit.score if self._retracted else 0.0
            place = Place(("passage", hit.id), score, hit.id, named("bm25"), of_relation=False)
            (standing if self._retracted else taken_back).append(place)
        return standing + taken_back

    def worded(self, _question: Question, places: Sequence[Place]) -> list[Evidence]:
        """The whole passages."""
        held = self._store.passages_of([str(place.fact) for place in places])
        read = ((place, held.get(str(place.fact))) for place in places)
        return [
            Evidence(passage, passage.text, place.score, place.found_by, 0, len(passage.text))
            for place, passage in read
            if passage is not None
        ]
