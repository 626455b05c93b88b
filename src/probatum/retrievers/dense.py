"""English passages whose sentence vectors lie closest to that of the question, whichever words they use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from probatum.formats import spreading
from probatum.naming import card
from probatum.retrievers._minilm import MiniLM, Vectors
from probatum.retrievers._standing import behind
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.text.chinese import has_han
from probatum.types import Evidence, Passage, Question

CHUNK = 1_024  # passages whose vectors are made together


@card("Dense retrieval (all-MiniLM-L6-v2)", reference="doi:10.18653/v1/D19-1410", languages=("en",))
def dense(store: Store, *, retracted: bool = False) -> Retrieve:
    """A retriever of English passages by the cosine of their vectors with the question's, searched exactly.

    The vectors of title and text (the first 256 tokens) are made once a store, by the workers of a cluster within
    `formats.spreading.cluster`. A question that holds Chinese finds
    nothing: the model does not read it. Retracted papers stand behind all others unless `retracted`. Raises
    `NeedsExtra` and `NeedsFile` where the parts are not installed.
    """
    model = encoder()
    folder = store.derived("vectors-minilm", lambda beside: _build(beside, store))
    ids = (folder / "ids.txt").read_text(encoding="utf-8").splitlines()
    vectors: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")

    def search(question: Question, keep: int) -> list[Evidence]:
        if has_han(question.text) or not question.text.strip() or not ids:
            return []
        cosines = vectors @ model([question.text])[0]
        best = np.lexsort((np.arange(len(ids)), -cosines))[:keep]
        found = [(store.passage(ids[place]), float(cosines[place])) for place in best]
        shown = [Evidence(held, held.text, cosine, "dense", 0, len(held.text)) for held, cosine in found if held]
        return behind(shown, retracted=retracted)

    return search


@lru_cache(maxsize=1)
def encoder() -> MiniLM:
    """What turns English texts into vectors, one for the whole process; raises `NeedsExtra` and `NeedsFile`."""
    return MiniLM()


def _build(folder: Path, store: Store) -> None:
    passages = [passage for passage in store.passages(kind="document") if not has_han(passage.title + passage.text)]
    parts = ([_read(each) for each in passages[at : at + CHUNK]] for at in range(0, len(passages), CHUNK))
    made = spreading.mapped(_vectors, parts)
    np.save(folder / "vectors.npy", np.concatenate([np.zeros((0, 384), dtype=np.float32), *made]))
    (folder / "ids.txt").write_text("".join(f"{passage.id}\n" for passage in passages), encoding="utf-8")


def _vectors(texts: list[str]) -> Vectors:
    return encoder()(texts)


def _read(passage: Passage) -> str:
    return f"{passage.title}\n{passage.text}"
