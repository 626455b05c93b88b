"""Disease profiles: what each disease shows and how often, as arrays built from the claims and kept beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.methods._constants import Constants
from probatum.methods._partners import partners_of
from probatum.methods._terms import Real, Terms, Truth, Whole, starts_of, terms_of
from probatum.store.reader import Store
from probatum.text import frequency
from probatum.types import Relation

PHENOTYPE, ONSET, INHERITANCE = range(3)  # aspects of a claim
_PREDICATES = {
    "biolink:has_phenotype": PHENOTYPE,
    "biolink:has_attribute": ONSET,
    "biolink:has_mode_of_inheritance": INHERITANCE,
}
UNSTATED = -1.0  # stands for the share of patients where a claim states none

# Ages of onset in years; a disease's onset is spread over the periods that its class covers.
PERIODS = ((-1.0, 0.0), (0.0, 0.08), (0.08, 1.0), (1.0, 5.0), (5.0, 16.0), (16.0, 40.0), (40.0, 60.0), (60.0, 120.0))
ONSETS = {  # the ages of the terms' definitions in the Human Phenotype Ontology, children of HP:0003674
    "HP:0030674": (-1.0, 0.0), "HP:0011460": (-1.0, 0.0), "HP:0011461": (-1.0, 0.0), "HP:0034197": (-1.0, 0.0),
    "HP:0034198": (-1.0, 0.0), "HP:0034199": (-1.0, 0.0), "HP:0003577": (0.0, 0.08), "HP:0003623": (0.0, 0.08),
    "HP:0003593": (0.08, 1.0), "HP:0011463": (1.0, 5.0), "HP:0003621": (5.0, 16.0), "HP:0410280": (0.0, 16.0),
    "HP:0011462": (16.0, 40.0), "HP:0025708": (16.0, 40.0), "HP:0025709": (16.0, 40.0), "HP:0025710": (16.0, 40.0),
    "HP:0003581": (16.0, 120.0), "HP:0003596": (40.0, 60.0), "HP:0003584": (60.0, 120.0),
}  # fmt: skip
CARRIED = {"HP:0001419": 1, "HP:0001417": 2, "HP:0001423": 3, "HP:0001450": 4}  # X recessive, X, X dominant, Y


@dataclass(frozen=True, eq=False)
class Claims:
    """Every claim on a disease, sorted by disease: who shows what, in how many of how many, resting on what.

    `term` counts in the profile's terms for phenotypes, in `ONSETS` for onset, and is the carriage for inheritance.
    `shown` of `seen` patients had the feature; where `seen` is 0 nobody was counted and `shown` is the share, or
    `UNSTATED`. `borrowed` claims are those of the same disease in another catalogue.
    """

    starts: Whole  # by disease
    aspect: Whole
    term: Whole
    shown: Real
    seen: Real
    borrowed: Truth
    reference_starts: Whole  # by claim
    references: Whole
    reference_ids: tuple[str, ...]

    @cached_property
    def disease(self) -> Whole:
        """The number of each claim's disease."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    @cached_property
    def _by_reference(self) -> tuple[dict[str, int], Whole, Whole]:
        claims = np.repeat(np.arange(len(self.aspect), dtype=np.int32), np.diff(self.reference_starts))
        starts = starts_of(np.bincount(self.references, minlength=len(self.reference_ids)))
        place = {id_: number for number, id_ in enumerate(self.reference_ids)}
        return place, starts, claims[np.argsort(self.references, kind="stable")]

    def counted(self, rows: NDArray[Any], constants: Constants) -> tuple[Real, Real]:
        """(patients who had the feature, patients looked at) of some claims, as numbers for those that count none."""
        shown, seen = self.shown[rows], self.seen[rows]
        share = np.where(shown == UNSTATED, np.float32(constants.unstated), shown)
        uncounted = seen == 0
        patients = np.float32(constants.uncounted)
        return np.where(uncounted, share * patients, shown), np.where(uncounted, patients, seen)

    def names_of(self, claim: int) -> tuple[str, ...]:
        """The references that a claim rests on."""
        span = slice(self.reference_starts[claim], self.reference_starts[claim + 1])
        return tuple(self.reference_ids[number] for number in self.references[span])

    def naming(self, reference: str) -> Whole:
        """The claims that name a reference."""
        place, starts, claims = self._by_reference
        number = place.get(reference)
        return claims[:0] if number is None else claims[starts[number] : starts[number + 1]]

    def of(self, disease: int) -> Whole:
        """The claims on a disease."""
        return np.arange(self.starts[disease], self.starts[disease + 1], dtype=np.int32)

    @cached_property
    def on_synopses(self) -> Truth:
        """Which claims refer to an OMIM synopsis."""
        omim = np.array([id_.startswith("OMIM:") for id_ in self.reference_ids], bool)
        owner = np.repeat(np.arange(len(self.aspect)), np.diff(self.reference_starts))
        return np.bincount(owner[omim[self.references]], minlength=len(self.aspect)) > 0


@dataclass(frozen=True, eq=False)
class Profiles:
    """All diseases that have phenotypes, with their claims, on the terms of one ontology."""

    diseases: tuple[str, ...]
    names: tuple[str, ...]  # of the diseases
    terms: Terms
    claims: Claims

    @cached_property
    def place(self) -> dict[str, int]:
        """The number of each disease."""
        return {id_: number for number, id_ in enumerate(self.diseases)}

    @cached_property
    def from_omim(self) -> Truth:
        """Which diseases are OMIM's."""
        return np.array([id_.startswith("OMIM:") for id_ in self.diseases], bool)


def profiles(store: Store) -> Profiles:
    """The profiles of a store, from the derived index, which is built where it is missing."""
    return _loaded(store.derived("disease_profile_claims", partial(_build, store)))


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> Profiles:
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    arrays = {path.stem: np.asarray(np.load(path, mmap_mode="r")) for path in sorted(folder.glob("*.npy"))}
    terms = Terms(tuple(names["terms"]), *(arrays.pop(name) for name in _TERM_ARRAYS))
    claims = Claims(**arrays, reference_ids=tuple(names["references"]))
    return Profiles(tuple(names["diseases"]), tuple(names["names"]), terms, claims)


_TERM_ARRAYS = ("parent_starts", "parents", "ancestor_starts", "ancestors")


def _build(store: Store, folder: Path) -> None:
    features = {concept.id: set[str]() for concept in store.concepts("PhenotypicFeature") if not concept.obsolete}
    for relation in store.relations(predicate="biolink:subclass_of"):
        if relation.subject in features and not relation.negated:
            features[relation.subject].add(relation.object)
    terms = terms_of(features)
    rows = list(_rows(store, terms))
    shown = {row[0] for row in rows if row[1] == PHENOTYPE and row[3] != 0}
    diseases = sorted(shown)
    place = {id_: number for number, id_ in enumerate(diseases)}
    claims = [(place[row[0]], *row[1:5], False, row[5]) for row in rows if row[0] in place]
    helped = partners_of(store, diseases)
    lent: dict[int, list[int]] = {}
    for disease, others in helped.items():
        for other in others:
            lent.setdefault(place[other], []).append(place[disease])
    claims += [(to, *claim[1:5], True, claim[6]) for claim in claims for to in lent.get(claim[0], ())]
    claims.sort(key=lambda claim: claim[0])
    references = sorted({reference for claim in claims for reference in claim[6]})
    number = {reference: index for index, reference in enumerate(references)}
    named = [store.name_of(disease) for disease in diseases]
    names = {"terms": terms.ids, "diseases": diseases, "names": named, "references": references}
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
    owner, aspect, term, had, seen, borrowed, resting = zip(*claims, strict=True) if claims else ((),) * 7
    arrays = {
        **{name: getattr(terms, name) for name in _TERM_ARRAYS},
        "starts": starts_of(np.bincount(np.array(owner, np.int64), minlength=len(diseases))),
        "aspect": np.array(aspect, np.int32),
        "term": np.array(term, np.int32),
        "shown": np.array(had, np.float32),
        "seen": np.array(seen, np.float32),
        "borrowed": np.array(borrowed, bool),
        "reference_starts": starts_of(np.array([len(each) for each in resting], np.int64)),
        "references": np.array([number[each] for group in resting for each in group], np.int32),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


Row = tuple[str, int, int, float, float, tuple[str, ...]]


def _rows(store: Store, terms: Terms) -> Iterator[Row]:
    """(disease, aspect, term, shown, seen, references) of every claim that a ranking can use."""
    onsets = {id_: number for number, id_ in enumerate(ONSETS)}
    codes = {PHENOTYPE: terms.place, ONSET: onsets, INHERITANCE: CARRIED}
    current: dict[str, str] = {}
    for disease in store.concepts("Disease"):
        for claim in store.relations(disease.id):
            aspect = _PREDICATES.get(claim.predicate)
            if aspect is None:
                continue
            if claim.object not in current:
                current[claim.object] = store.resolve(claim.object) or claim.object
            code = codes[aspect].get(current[claim.object])
            if code is not None:
                yield claim.subject, aspect, code, *_counted(claim), claim.origin.references


def _counted(claim: Relation) -> tuple[float, float]:
    """(patients who had it, patients looked at) of a claim; (their share or `UNSTATED`, 0) where it counts none."""
    try:
        stated = frequency.read(claim.qualifier("frequency"))
    except ValueError:
        stated = frequency.read("")
    seen = float(stated.m or 0)
    if claim.negated:
        return 0.0, seen
    if stated.n is not None:
        return float(stated.n), seen
    often = (stated.low + stated.high) / 2 if claim.qualifier("frequency") else UNSTATED
    return (often * seen if seen else often), seen
