"""Facts of a store as they are cited in answers, drawn with a seed: what forgeries and honest answers are made of."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.text.sentences import sentences
from probatum.types import Evidence, Passage, Relation

HAS = "biolink:has_phenotype"


@dataclass(frozen=True)
class Material:
    """Citable pieces."""

    records: tuple[Evidence, ...]
    quotes: tuple[Evidence, ...]  # single sentences of documents


def material(store: Store, seed: int, *, diseases: int = 400, documents: int = 600) -> Material:
    """Claims with their words, and sentences of documents with their spans."""
    dice = random.Random(seed)
    ids = sorted({concept.id for concept in store.concepts("Disease")})
    records: list[Evidence] = []
    for id in dice.sample(ids, min(diseases, len(ids))):
        claims = [claim for claim in store.relations(id, HAS) if not claim.negated]
        for claim in dice.sample(claims, min(3, len(claims))):
            records.append(Evidence(claim, in_words(store, claim), 1.0, "graph"))
    texts = [passage.id for passage in store.passages(kind="document")]
    quotes = [each for id in dice.sample(texts, min(documents, len(texts))) for each in _quotes(store, id)]
    return Material(tuple(records), tuple(quotes))


def _quotes(store: Store, id: str) -> Iterator[Evidence]:
    passage = store.passage(id)
    if isinstance(passage, Passage):
        for start, end in sentences(passage.text, passage.language)[:4]:
            text = passage.text[start:end]
            plain = not any(letter in text for letter in "“”[]\n") and text[-1:] in ".。"
            if 16 <= len(text) <= 260 and plain:
                yield Evidence(passage, text, 1.0, "bm25", start, end)


def ends(store: Store, record: Evidence) -> tuple[str, str]:
    """The names of subject and object of a record."""
    fact = record.fact
    assert isinstance(fact, Relation)
    return store.name_of(fact.subject), store.name_of(fact.object)


def apart(store: Store, pieces: Sequence[Evidence], dice: random.Random) -> tuple[Evidence, Evidence]:
    """Two records that share neither end nor a word of the names of their ends."""
    while True:
        one, other = dice.sample(list(pieces), 2)
        mine, theirs = (set(" ".join(ends(store, each)).lower().split()) for each in (one, other))
        common = {"of", "the", "disease", "syndrome", "type", "abnormal", "abnormality", "disorder"}
        if not (mine & theirs) - common:
            return one, other
