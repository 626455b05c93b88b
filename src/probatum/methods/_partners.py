"""Which entries of two catalogues describe the same disease, so that the profile of one can help the other."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from probatum.store.reader import Store

OMIM, ORPHANET = "OMIM:", "ORPHA:"
_SAME = ("skos:exactMatch", "biolink:exact_match", "biolink:same_as")
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
_IDLE = frozenset("a an and disease disorder in of or syndrome the to type with".split())
_FEW_GENES = 2  # an entry with more genes is a group of diseases
Words = frozenset[str]


def partners_of(store: Store, diseases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each OMIM disease the Orphanet entry of the same disease, where there is one.

    A mapping in the store decides; without one an equal name; without that a shared gene, best fitting pairs first.
    Each entry serves one disease only: the profile of a group would make its members alike.
    """
    known = sorted(diseases)
    words = {id_: words_of(store.name_of(id_)) for id_ in known if id_.startswith((OMIM, ORPHANET))}
    ours = [id_ for id_ in known if id_.startswith(OMIM)]
    theirs = [id_ for id_ in known if id_.startswith(ORPHANET)]
    found = {id_: others for id_, others in _mapped(store, set(ours), set(theirs)).items() if others}
    taken = {other for others in found.values() for other in others}
    named: dict[Words, str] = {}
    for id_ in theirs:
        named.setdefault(words[id_], id_)
    for id_ in ours:
        other = named.get(words[id_])
        if other and id_ not in found:
            found[id_] = (other,)
            taken.add(other)
    for _, id_, other in sorted(_related(ours, theirs, words, _genes_of(store, words)), reverse=True):
        if id_ not in found and other not in taken:
            found[id_] = (other,)
            taken.add(other)
    return found


def words_of(name: str) -> Words:
    """The words of a disease's name that tell it from others; Roman numerals as Arabic ones."""
    words = re.findall(r"[a-z0-9]+", name.lower().replace("'s", ""))
    return frozenset(_NUMERALS.get(word, word) for word in words if word not in _IDLE)


def _mapped(store: Store, ours: set[str], theirs: set[str]) -> dict[str, tuple[str, ...]]:
    """Pairs that the store's mappings name, directly or through one concept that both are mapped to."""
    groups: dict[str, set[str]] = {}
    for predicate in _SAME:
        for relation in store.relations(predicate=predicate):
            if not relation.negated:
                ends = {each.replace("Orphanet:", ORPHANET) for each in (relation.subject, relation.object)}
                for end in ends:
                    groups.setdefault(end, set()).update(ends)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for id_ in group & ours:
            found.setdefault(id_, set()).update(group & theirs)
    return {id_: tuple(sorted(others)) for id_, others in found.items()}


def _genes_of(store: Store, diseases: Mapping[str, Words]) -> dict[str, set[str]]:
    genes: dict[str, set[str]] = {id_: set() for id_ in diseases}
    for relation in store.relations(predicate="biolink:gene_associated_with_condition"):
        if relation.object in genes and not relation.negated:
            genes[relation.object].add(relation.subject)
    return genes


def _related(
    ours: list[str], theirs: list[str], words: Mapping[str, Words], genes: Mapping[str, set[str]]
) -> Iterator[tuple[float, str, str]]:
    """(fit, ours, theirs) of pairs with a common gene: likeness of names, share of genes, and being alone with it."""
    here = Counter(gene for id_ in ours for gene in genes[id_])
    there: dict[str, list[str]] = {}
    for id_ in theirs:
        for gene in genes[id_]:
            there.setdefault(gene, []).append(id_)
    counts = Counter(word for each in words.values() for word in each)
    rarity = {word: math.log(len(words) / count) for word, count in counts.items()}
    for id_ in ours:
        for other in sorted({other for gene in genes[id_] for other in there.get(gene, ())}):
            common = genes[id_] & genes[other]
            alone = all(here[gene] == 1 and len(there[gene]) == 1 for gene in common)
            alone = alone and len(genes[other]) <= _FEW_GENES
            shared = sum(rarity[word] for word in sorted(words[id_] & words[other]))
            likeness = shared / max(sum(rarity[word] for word in sorted(words[id_] | words[other])), 1e-9)
            yield likeness + alone + 0.3 * len(common) / len(genes[id_] | genes[other]), id_, other
