"""Which concept of a wanted vocabulary a marked string names: by the store's names, learned pairs, or near spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse

from probatum.formats.curies import curie
from probatum.store.reader import Store
from probatum.text.likeness import likeness
from probatum.text.normal import fold
from probatum.types import Relation

Known = Mapping[str, str]  # key of a name -> concept
SAME = "skos:exactMatch"
_GRAM = 3  # letters of the pieces by which spellings are compared


class Names:
    """The names of some kinds of concepts, each with the id that it has in one vocabulary. Threads may share it."""

    def __init__(self, store: Store, kinds: Sequence[str], prefix: str, learned: Mapping[str, str]) -> None:
        """`learned` are pairs of a written form and its id in the vocabulary that a training corpus gave."""
        mapped = _mapped(store, prefix)
        exact: defaultdict[str, set[str]] = defaultdict(set)
        for concept, kind, name in store.names(("en",)):
            if kind in kinds:
                for id_ in (concept,) if concept.startswith(prefix) else mapped.get(concept, ()):
                    exact[likeness(name.text)].add(id_)
        self._exact = {key: min(ids) for key, ids in exact.items() if key}
        self._learned = {likeness(text): id_ for text, id_ in learned.items()}
        everything = {**self._exact, **self._learned}
        self._keys = sorted(everything)
        self._ids = [everything[key] for key in self._keys]
        self._near = _Spelling(self._keys)

    def __call__(self, written: str, *, nearest: float = 0.75) -> str:
        """The id that a string names, or an empty text; `nearest` is the least likeness of spelling, 0 to 1."""
        key = likeness(written)
        if found := self._learned.get(key) or self._exact.get(key):
            return found
        place, near = self._near(key)
        return self._ids[place] if near >= nearest else ""


class _Spelling:
    """Names as vectors of their three-letter pieces, weighted by rarity."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._pieces: dict[str, int] = {}
        rows, columns = [], []
        for row, key in enumerate(keys):
            for piece in _pieces(key):
                rows.append(row)
                columns.append(self._pieces.setdefault(piece, len(self._pieces)))
        shape = (len(keys), max(len(self._pieces), 1))
        counts = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._weights = np.log((1 + len(keys)) / (1 + seen)).astype(np.float32)
        weighted = counts @ sparse.diags(self._weights)
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        self._names = (sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted).tocsc()

    def __call__(self, key: str) -> tuple[int, float]:
        """The place of the name nearest in spelling, and its cosine."""
        known: defaultdict[int, float] = defaultdict(float)
        missed = 0.0
        for piece in _pieces(key):
            place = self._pieces.get(piece)
            if place is None:
                missed += float(self._weights.max(initial=0.0)) ** 2
            else:
                known[place] += float(self._weights[place])
        length = float(np.sqrt(sum(weight**2 for weight in known.values()) + missed))
        if not known or not length:
            return 0, 0.0
        places = np.fromiter(known, np.intp)
        scores = self._names[:, places] @ np.fromiter(known.values(), np.float32)
        best = int(scores.argmax())
        return best, float(scores[best]) / length


def _pieces(key: str) -> Iterable[str]:
    padded = f" {fold(key)} "
    return (padded[place : place + _GRAM] for place in range(len(padded) - _GRAM + 1))


def _mapped(store: Store, prefix: str) -> dict[str, tuple[str, ...]]:
    """The ids in a vocabulary that other concepts correspond to, by their cross-references and mappings."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for concept in store.concepts():
        found[concept.id].update(id_ for id_ in map(curie, concept.xrefs) if id_.startswith(prefix))
    for relation in store.relations(predicate=SAME):
        _join(found, relation, prefix)
    return {id_: tuple(sorted(ids)) for id_, ids in found.items() if ids}


def _join(found: defaultdict[str, set[str]], relation: Relation, prefix: str) -> None:
    for one, other in ((relation.subject, relation.object), (relation.object, relation.subject)):
        if other.startswith(prefix) and not relation.negated:
            found[one].add(other)
