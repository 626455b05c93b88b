"""Reads the record of one patient from HL7 FHIR in JSON: conditions, observations, medication and allergies.

Release 4: https://hl7.org/fhir/R4/. Bundles of DSTU2 and STU3 are read where they write the same fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.ages import age, day
from probatum.formats.reading import loads, whole
from probatum.types import Observation, Patient

_SYSTEMS = {
    "http://snomed.info/sct": "SNOMEDCT",
    "http://loinc.org": "LNC",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXCUI",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD10CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD10",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD9CM",
    "http://human-phenotype-ontology.org": "HP",
}
_SEXES = {"female": "female", "male": "male", "other": "other", "unknown": "", "": ""}
_VOID = {"entered-in-error", "cancelled", "draft"}  # nothing of these happened
_PAST = {"resolved", "inactive", "remission", "completed", "stopped", "ended"}
_NO_ALLERGY = {"716186003", "409137002", "429625007", "428607008"}  # SNOMED CT: no known (drug, food, latex) allergy
_TIMES = ("onsetDateTime", "effectiveDateTime", "authoredOn", "dateWritten", "recordedDate", "assertedDate", "issued")

Resource = dict[str, Any]


def patient(data: bytes, where: str) -> Patient:
    """The patient of a Bundle (or of a Patient resource alone), without name, address, numbers or any date.

    The id is a hash of the resource's; ages and onsets are ISO 8601 durations from the date of birth, the age being
    that of the latest entry. Codes of the HPO are phenotypes. What is over is a `past condition` or `past medication`;
    refuted conditions, orders not to give something and "no known allergy" are excluded; entries made in error are left
    out. Raises `BadFormat` with the path of the wrong field, and where the bundle holds no patient or several, or
    speaks of somebody else.
    """
    root = loads(data, where)
    if not isinstance(root, dict) or not isinstance(root.get("resourceType"), str):
        raise BadFormat("a FHIR resource (a JSON object with resourceType) was expected", where=where)
    held = list(_resources(root, where))
    people = [each for each, _, _ in held if each["resourceType"] == "Patient"]
    if len(people) != 1:
        raise BadFormat(f"{len(people)} patients; a record of one was expected", where=where)
    person = people[0]
    sex, born = _text(person, "gender", where), _text(person, "birthDate", where)
    if sex not in _SEXES:
        raise BadFormat(f"{sex!r} is no administrative gender", where=f"{where}: Patient.gender")
    own = {f"Patient/{person.get('id', '')}", *(url for each, url, _ in held if each is person)}
    observations: list[Observation] = []
    latest = ""
    for resource, _, path in held:
        read = _READERS.get(resource["resourceType"])
        if read is None or _void(resource, path):
            continue
        _same(resource, own, path)
        time = next((said for key in _TIMES if (said := _text(resource, key, path))), "")
        latest = max(latest, time, key=day)
        observations += (each for each in read(resource, age(born, time), path))
    id_ = _text(person, "id", where)
    hashed = hashlib.sha256(id_.encode()).hexdigest()[:16] if id_ else ""
    return Patient(hashed, age(born, latest), _SEXES[sex], tuple(observations))


def read(path: Path) -> Patient:
    """The patient of a FHIR file, plain or packed, as `patient` gives it; raises `NeedsFile` too."""
    return patient(whole(path), str(path))


def _resources(root: Resource, where: str) -> Iterator[tuple[Resource, str, str]]:
    """(resource, its fullUrl, its path) of a bundle, or of the resource that stands alone."""
    if root["resourceType"] != "Bundle":
        yield root, "", f"{where}: {root['resourceType']}"
        return
    for place, entry in enumerate(_objects(root, "entry", where)):
        path = f"{where}: entry[{place}]"
        resource = entry.get("resource", {})
        if not isinstance(resource, dict):
            raise BadFormat("an object was expected", where=f"{path}.resource")
        if resource:
            if not isinstance(resource.get("resourceType"), str):
                raise BadFormat("a resource needs its resourceType", where=f"{path}.resource")
            yield resource, _text(entry, "fullUrl", path), f"{path}.resource"


def _same(resource: Resource, own: set[str], path: str) -> None:
    """Stops where a resource speaks of another person than the bundle's patient."""
    for key in ("subject", "patient"):
        said = _text(_object(resource, key, path), "reference", path)
        if said and not any(said == each or (each and said.endswith(f"/{each}")) for each in own):
            raise BadFormat("it speaks of another patient than the bundle's own", where=f"{path}.{key}")


def _void(resource: Resource, path: str) -> bool:
    return bool(({*_codes(resource, "verificationStatus", path), *_codes(resource, "status", path)}) & _VOID)


def _condition(resource: Resource, onset: str, path: str) -> Iterator[Observation]:
    over = bool(set(_codes(resource, "clinicalStatus", path)) & _PAST) or "abatementDateTime" in resource
    concept, text = _coded(_object(resource, "code", path), path)
    present = "refuted" not in _codes(resource, "verificationStatus", path)
    if concept or text:
        kind = "phenotype" if concept.startswith("HP:") else "past condition" if over else "condition"
        yield Observation(kind, concept, present, text, onset=onset)


def _allergy(resource: Resource, onset: str, path: str) -> Iterator[Observation]:
    code = _object(resource, "code" if "code" in resource else "substance", path)
    concept, text = _coded(code, path)
    present = concept.partition(":")[2] not in _NO_ALLERGY and "refuted" not in _codes(
        resource, "verificationStatus", path
    )
    if concept or text:
        yield Observation("allergy", concept, present, text, onset=onset)


def _medication(resource: Resource, onset: str, path: str) -> Iterator[Observation]:
    concept, text = _coded(_object(resource, "medicationCodeableConcept", path), path)
    over = bool(set(_codes(resource, "status", path)) & _PAST)
    doses = [_text(each, "text", path) or _dose(each, path) for each in _objects(resource, "dosageInstruction", path)]
    if concept or text:
        kind = "past medication" if over else "medication"
        present = resource.get("doNotPerform") is not True
        yield Observation(kind, concept, present, text, dose="; ".join(filter(None, doses)), onset=onset)


def _dose(instruction: Resource, path: str) -> str:
    rates = _objects(instruction, "doseAndRate", path) or [instruction]
    value, unit = _quantity(_object(rates[0], "doseQuantity", path), path)
    repeat = _object(_object(instruction, "timing", path), "repeat", path)
    times = " ".join(str(repeat[key]) for key in ("frequency", "period", "periodUnit") if key in repeat)
    often = f"{repeat.get('frequency', 1)} / {repeat.get('period', 1)} {repeat.get('periodUnit', '')}" if times else ""
    return " ".join(filter(None, (value, unit, often.strip())))


def _observation(resource: Resource, onset: str, path: str) -> Iterator[Observation]:
    categories = [
        code for each in _objects(resource, "category", path, lone=True) for code in _codes({"c": each}, "c", path)
    ]
    kind = {"laboratory": "laboratory", "vital-signs": "vital sign"}.get(next(iter(categories), ""), "observation")
    for each in (resource, *_objects(resource, "component", path)):
        concept, text = _coded(_object(each, "code", path), path)
        value, unit = _quantity(_object(each, "valueQuantity", path), path)
        if not value:
            value = _coded(_object(each, "valueCodeableConcept", path), path)[1] or _text(each, "valueString", path)
        if concept.startswith("HP:"):  # a finding of the ontology, or its absence
            yield Observation("phenotype", concept, each.get("valueBoolean") is not False, text, onset=onset)
        elif value:
            yield Observation(kind, concept, True, text, value, unit, onset=onset)


_READERS: dict[str, Callable[[Resource, str, str], Iterator[Observation]]] = {
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "MedicationRequest": _medication,
    "MedicationOrder": _medication,  # its name in DSTU2
    "Observation": _observation,
}


def _quantity(holder: Resource, path: str) -> tuple[str, str]:
    value = holder.get("value")
    if value is None:
        return "", ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFormat(f"a number was expected, not {value!r}", where=f"{path}.value")
    unit = _text(holder, "code", path) if "unitsofmeasure" in _text(holder, "system", path) else ""
    return f"{_text(holder, 'comparator', path)}{value}", unit or _text(holder, "unit", path)


def _coded(concept: Resource, path: str) -> tuple[str, str]:
    """(CURIE of the first code whose system is known, the text) of a CodeableConcept."""
    codings = _objects(concept, "coding", path)
    curie = next(
        (
            code if code.startswith(f"{_SYSTEMS[system]}:") else f"{_SYSTEMS[system]}:{code}"
            for each in codings
            if (system := _text(each, "system", path)) in _SYSTEMS and (code := _text(each, "code", path))
        ),
        "",
    )
    shown = next((said for each in codings if (said := _text(each, "display", path))), "")
    return curie, _text(concept, "text", path) or shown


def _codes(holder: Resource, key: str, path: str) -> list[str]:
    """The codes of a CodeableConcept, or of the plain code that older releases have in its place."""
    said = holder.get(key)
    if isinstance(said, str):
        return [said]
    return [_text(each, "code", path) for each in _objects(_object(holder, key, path), "coding", path)]


def _object(holder: Resource, key: str, path: str) -> Resource:
    said = holder.get(key, {})
    if not isinstance(said, dict):
        raise BadFormat("an object was expected", where=f"{path}.{key}")
    return said


def _objects(holder: Resource, key: str, path: str, *, lone: bool = False) -> list[Resource]:
    said = holder.get(key, [])
    said = [said] if lone and isinstance(said, dict) else said  # older releases have one category, not a list
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise BadFormat("a list of objects was expected", where=f"{path}.{key}")
    return said


def _text(holder: Resource, key: str, path: str) -> str:
    said = holder.get(key, "")
    if not isinstance(said, str):
        raise BadFormat(f"a text was expected, not {said!r:.80}", where=f"{path}.{key}")
    return said
