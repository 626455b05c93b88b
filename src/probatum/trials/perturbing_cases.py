"""Changes the record of a patient on purpose: does the ranking stand when it is told less, more vaguely, or wrongly?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from probatum.errors import BadPlan
from probatum.store.reader import Store
from probatum.types import Example, Observation, Patient

SUBCLASS = "biolink:subclass_of"
ROOTS = ("HP:0000001", "HP:0000118")  # All, Phenotypic abnormality: they say nothing
STRANGERS = 2  # phenotypes that are put to a case
_OTHER = {"female": "male", "male": "female"}
Change = Callable[[Patient, random.Random], Patient]


def ways(store: Store | None) -> dict[str, Callable[[Example, random.Random], Example]]:
    """Changes of an example's patient by name; what has no patient, or nothing to change, stays as it is.

    fewer: one present phenotype left out, never the last. vaguer: about half of the present phenotypes said by a
    broader term of the store. strangers: two phenotypes of the store put to it that it does not have. wrong_sex: the
    other sex. What is gold stays.
    """
    known: list[str] = []

    def strange(patient: Patient, draw: random.Random) -> Patient:
        if not known:
            kept = _needed(store, "strangers").concepts("PhenotypicFeature")
            known.extend(sorted({each.id for each in kept if each.id.startswith("HP:")} - {*ROOTS}))
        there = {each.concept for each in patient.observations}
        drawn = [each for each in draw.sample(known, min(len(known), STRANGERS + len(there))) if each not in there]
        more = tuple(Observation("phenotype", each) for each in drawn[:STRANGERS])
        return replace(patient, observations=(*patient.observations, *more))

    def vaguer(patient: Patient, draw: random.Random) -> Patient:
        return _vaguer(patient, draw, _needed(store, "vaguer"))

    changes: dict[str, Change] = {"fewer": _fewer, "vaguer": vaguer, "strangers": strange, "wrong_sex": _other_sex}
    return {name: _example(change) for name, change in changes.items()}


def _needed(store: Store | None, name: str) -> Store:
    if store is None:
        raise BadPlan(f"{name} needs a store with HPO", mend="probatum --kb FOLDER; probatum ingest hpo")
    return store


def _example(change: Change) -> Callable[[Example, random.Random], Example]:
    def changed(example: Example, draw: random.Random) -> Example:
        patient = example.question.patient
        if patient is None:
            return example
        return replace(example, question=replace(example.question, patient=change(patient, draw)))

    return changed


def _present(patient: Patient) -> list[int]:
    told = enumerate(patient.observations)
    return [place for place, each in told if each.kind == "phenotype" and each.present and each.concept]


def _fewer(patient: Patient, draw: random.Random) -> Patient:
    places = _present(patient)
    if len(places) < 2:
        return patient
    lost = draw.choice(places)
    return replace(patient, observations=tuple(o for n, o in enumerate(patient.observations) if n != lost))


def _vaguer(patient: Patient, draw: random.Random, store: Store) -> Patient:
    told, places = list(patient.observations), _present(patient)
    for place in draw.sample(places, (len(places) + 1) // 2):
        above = sorted({each.object for each in store.relations(told[place].concept, SUBCLASS)} - {*ROOTS})
        if above:
            told[place] = replace(told[place], concept=draw.choice(above), text="")
    return replace(patient, observations=tuple(told))


def _other_sex(patient: Patient, draw: random.Random) -> Patient:
    return replace(patient, sex=_OTHER.get(patient.sex, patient.sex))
