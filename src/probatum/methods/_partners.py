"""Which entries of two catalogues describe the same disease, so that the profile of one can help the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from probatum.store.reader import Store

OMIM, ORPHANET = "OMIM:", "ORPHA:"
_SAME = ("skos:exactMatch", "biolink:exact_match", "biolink:same_as")
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
_IDLE = frozenset("a an and disease disorder in of or syndrome the to type with".split())
ENOUGH = 0.5  # share of common words among two names of diseases that have one and the same gene


def partners_of(store: Store, diseases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each OMIM disease the Orphanet entries of the same disease.

    A mapping in the store decides; without one an equal name; without that a shared gene, where either it is the gene
    of just one disease on each side or the names have at least half of their words in common.
    """
    known = sorted(diseases)
    names = {id_: [store.name_of(id_)] for id_ in known}
    genes: dict[str, set[str]] = {id_: set() for id_ in known}
    for relation in store.relations(predicate="biolink:gene_associated_with_condition"):
        if relation.object in genes and not relation.negated:
            genes[relation.object].add(relation.subject)
    ours = [id_ for id_ in known if id_.startswith(OMIM)]
    theirs = [id_ for id_ in known if id_.startswith(ORPHANET)]
    words = {id_: words_of(texts[0]) for id_, texts in names.items()}
    found = _mapped(store, set(ours), set(theirs))
    named: dict[frozenset[str], str] = {}
    for id_ in theirs:
        named.setdefault(words[id_], id_)
    for id_ in ours:
        if id_ not in found and words[id_] in named:
            found[id_] = (named[words[id_]],)
    for id_, other in _by_gene(ours, theirs, words, genes).items():
        found.setdefault(id_, other)
    return found


def words_of(name: str) -> frozenset[str]:
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
    return {id_: tuple(sorted(others)) for id_, others in found.items() if others}


def _by_gene(
    ours: list[str], theirs: list[str], words: Mapping[str, frozenset[str]], genes: Mapping[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    here: dict[str, list[str]] = {}
    there: dict[str, list[str]] = {}
    for side, ids in ((here, ours), (there, theirs)):
        for id_ in ids:
            for gene in genes[id_]:
                side.setdefault(gene, []).append(id_)
    found = {}
    for id_ in ours:
        ranked = []
        for gene in genes[id_]:
            for other in there.get(gene, ()):
                alone = len(here[gene]) == 1 and len(there[gene]) == 1
                common = len(words[id_] & words[other]) / max(len(words[id_] | words[other]), 1)
                if alone or common >= ENOUGH:
                    ranked.append((-common, other))
        if ranked:
            found[id_] = (min(ranked)[1],)
    return found
