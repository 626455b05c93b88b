"""Reads GA4GH Phenopackets, version 2: who the patient is and what was observed, and apart from it what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.ontology import ID
from probatum.formats.reading import loads, whole
from probatum.types import Observation, Patient

ANTENATAL = "HP:0030674"  # onset before birth, for an age given in weeks of gestation
_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other", "UNKNOWN_SEX": "", "": ""}
_DURATION = re.compile(r"P(?=\d|T\d)(\d+(?:\.\d+)?Y)?(\d+(?:\.\d+)?M)?(\d+(?:\.\d+)?W)?(\d+(?:\.\d+)?D)?(T\S+)?")
_PUBLICATION = re.compile(r"(?:^|[^A-Za-z])PMID[_:\s]*(\d+)", re.IGNORECASE)
_LISTED = re.compile(
    r"(?:PMID:\s*|https?://(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/)(\d+)"
)
_SNAKE = {
    "phenotypicFeatures": "phenotypic_features",
    "timeAtLastEncounter": "time_at_last_encounter",
    "gestationalAge": "gestational_age",
    "ontologyClass": "ontology_class",
    "ageRange": "age_range",
    "metaData": "meta_data",
    "externalReferences": "external_references",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a case file says was found of its patient: for scoring alone, never for a method."""

    id: str
    diseases: tuple[tuple[str, str], ...]  # (id, label)
    publications: tuple[str, ...]  # PMID:n, those from which the case was taken


def patient(data: bytes, where: str) -> Patient:
    """The patient of a phenopacket, from its subject and phenotypicFeatures alone.

    The patient's id is the subject's: the id of the packet often names the publication. Ages and onsets are ISO 8601
    durations or onset terms; an age in weeks of gestation is P0D for a patient and antenatal onset for a feature. The
    field `negated` of version 1 counts as `excluded`. Raises `BadFormat` with the path of the wrong field.
    """
    return _patient(_packet(data, where), where)


def read(path: Path) -> Patient:
    """The patient of a phenopacket file, plain or packed, as `patient` gives it; raises `NeedsFile` too."""
    return patient(whole(path), str(path))


def case(data: bytes, where: str) -> tuple[Patient, Found]:
    """A whole case for scoring: the patient as `patient` gives it, and apart from it what was found.

    What was found is the packet's id, its diseases that are not excluded, and its own publications: the PMIDs in the id
    and in metaData.externalReferences. Diseases are those of `diseases`, or of the interpretations where there are
    none. Raises `BadFormat` with the path of the wrong field.
    """
    packet = _packet(data, where)
    return _patient(packet, where), _found(packet, where)


def _patient(packet: dict[str, Any], where: str) -> Patient:
    subject = _field(packet, "subject", {}, dict, where)
    features = _field(packet, "phenotypicFeatures", [], list, where)
    sex = _field(subject, "sex", "", str, f"{where}: subject")
    if sex not in _SEXES:
        raise BadFormat(f"{sex!r} is no sex ({', '.join(filter(None, _SEXES))})", where=f"{where}: subject.sex")
    seen = _field(subject, "timeAtLastEncounter", {}, dict, f"{where}: subject")
    return Patient(
        id=_field(subject, "id", "", str, f"{where}: subject"),
        age=_age(seen, f"{where}: subject.timeAtLastEncounter", unborn="P0D", terms=False),
        sex=_SEXES[sex],
        observations=tuple(
            _observation(feature, f"{where}: phenotypicFeatures[{place}]") for place, feature in enumerate(features)
        ),
    )


def _found(packet: dict[str, Any], where: str) -> Found:
    id_ = _field(packet, "id", "", str, where)
    if not id_:
        raise BadFormat("a phenopacket needs an id", where=where)
    said = [each for each in _objects(packet, "diseases", where) if not _field(each, "excluded", False, bool, where)]
    diseases = [_field(each, "term", {}, dict, f"{where}: diseases") for each in said]
    if not diseases:
        readings = (
            _field(each, "diagnosis", {}, dict, f"{where}: interpretations")
            for each in _objects(packet, "interpretations", where)
        )
        diseases = [_field(reading, "disease", {}, dict, f"{where}: diagnosis") for reading in readings]
    meta = _field(packet, "metaData", {}, dict, where)
    numbers = [match[1] for match in _PUBLICATION.finditer(id_)]
    for reference in _objects(meta, "externalReferences", f"{where}: metaData"):
        texts = (_field(reference, key, "", str, f"{where}: externalReferences") for key in ("id", "reference"))
        numbers += [match[1] for text in texts for match in _LISTED.finditer(text)]
    named = {_id(term, where): _field(term, "label", "", str, where) for term in diseases if term}
    return Found(id_, tuple(named.items()), tuple(dict.fromkeys(f"PMID:{int(number)}" for number in numbers)))


def _packet(data: bytes, where: str) -> dict[str, Any]:
    packet = loads(data, where)
    if not isinstance(packet, dict):
        raise BadFormat("a phenopacket (a JSON object) was expected", where=where)
    return packet


def _observation(feature: Any, where: str) -> Observation:
    if not isinstance(feature, dict):
        raise BadFormat("an object was expected", where=where)
    term = _field(feature, "type", {}, dict, where)
    absent = _field(feature, "excluded", False, bool, where) or _field(feature, "negated", False, bool, where)
    return Observation(
        kind="phenotype",
        concept=_id(term, f"{where}.type"),
        present=not absent,
        text=_field(term, "label", "", str, f"{where}.type"),
        onset=_age(_field(feature, "onset", {}, dict, where), f"{where}.onset", unborn=ANTENATAL, terms=True),
    )


def _age(element: dict[str, Any], where: str, *, unborn: str, terms: bool) -> str:
    """An age of a time element: a duration (the start of a range), or an onset term where `terms` may stand."""
    if _field(element, "gestationalAge", {}, dict, where):
        return unborn
    if terms and (term := _field(element, "ontologyClass", {}, dict, where)):
        return _id(term, where)
    span = _field(element, "ageRange", {}, dict, where)
    age = _field(span, "start", {}, dict, where) if span else _field(element, "age", {}, dict, where)
    duration: str = _field(age, "iso8601duration", "", str, where)
    if duration and not _DURATION.fullmatch(duration):
        raise BadFormat(f"{duration!r} is no ISO 8601 duration (P3Y2M)", where=where)
    return duration


def _id(term: dict[str, Any], where: str) -> str:
    id_: str = _field(term, "id", "", str, where)
    if not ID.fullmatch(id_):
        raise BadFormat(f"{id_!r} is no id (HP:0001250)", where=f"{where}.id")
    return id_


def _objects(holder: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = _field(holder, key, [], list, where)
    if not all(isinstance(each, dict) for each in listed):
        raise BadFormat("a list of objects was expected", where=f"{where}: {key}")
    return listed


def _field(holder: dict[str, Any], key: str, default: Any, kind: type, where: str) -> Any:
    """A field in camelCase or in the snake_case of the protocol buffers; `default` where it is absent or null."""
    value = holder.get(key)
    if value is None and key in _SNAKE:
        value = holder.get(_SNAKE[key])
    if value is None:
        return default
    if not isinstance(value, kind):
        raise BadFormat(f"{kind.__name__} was expected, not {type(value).__name__}", where=f"{where}.{key}")
    return value
