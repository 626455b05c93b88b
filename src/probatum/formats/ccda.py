"""Reads the record of one patient from a C-CDA document: problems, allergies, medication, results and vital signs.

Layout: HL7 Consolidated CDA, release 2.1; sections are known by their LOINC codes, entries by their place in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.ages import age, day
from probatum.formats.reading import whole
from probatum.formats.xml_stream import document, text_of
from probatum.types import Observation, Patient

_V3 = "{urn:hl7-org:v3}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SYSTEMS = {
    "2.16.840.1.113883.6.96": "SNOMEDCT",
    "2.16.840.1.113883.6.1": "LNC",
    "2.16.840.1.113883.6.88": "RXCUI",
    "2.16.840.1.113883.6.90": "ICD10CM",
    "2.16.840.1.113883.6.103": "ICD9CM",
}
_SEXES = {"F": "female", "M": "male", "UN": "other", "": ""}
_NOBODY = {"716186003", "409137002", "429625007", "428607008"}  # SNOMED CT: no known (drug, food, latex) allergy


def patient(data: bytes, where: str) -> Patient:
    """The patient of a ClinicalDocument, without name, address, numbers or any date.

    The id is a hash of the record's; ages and onsets are ISO 8601 durations from the time of birth, the age being that
    of the latest entry. Problems and medication with an end are `past condition` and `past medication`; negated entries
    are excluded. Raises `BadFormat` where the XML breaks, is no such document, or bears a malformed record target.
    """
    root = document(data, where)
    if root.tag != f"{_V3}ClinicalDocument":
        raise BadFormat(f"{root.tag!r}; a C-CDA ClinicalDocument was expected", where=f"{where}:1")
    roles = root.findall(f"{_V3}recordTarget/{_V3}patientRole")
    person = roles[0].find(f"{_V3}patient") if len(roles) == 1 else None
    if person is None:
        raise BadFormat(f"{len(roles)} record targets; one patient was expected", where=where)
    sex = _attribute(person.find(f"{_V3}administrativeGenderCode"), "code")
    if sex not in _SEXES:
        raise BadFormat(f"{sex!r} is no administrative gender", where=f"{where}:{person.sourceline or 0}")
    born = _attribute(person.find(f"{_V3}birthTime"), "value")
    observations: list[Observation] = []
    latest = ""
    for section in root.iter(f"{_V3}section"):
        read = _SECTIONS.get(_attribute(section.find(f"{_V3}code"), "code"))
        for entry in section.iterchildren(f"{_V3}entry") if read else ():
            for time, each in read(entry, born) if read else ():
                observations.append(each)
                latest = max(latest, time, key=day)
    number = roles[0].find(f"{_V3}id")
    id_ = f"{_attribute(number, 'root')}/{_attribute(number, 'extension')}".strip("/")
    hashed = hashlib.sha256(id_.encode()).hexdigest()[:16] if id_ else ""
    return Patient(hashed, age(born, latest), _SEXES[sex], tuple(observations))


def read(path: Path) -> Patient:
    """The patient of a C-CDA file, plain or packed, as `patient` gives it; raises `NeedsFile` too."""
    return patient(whole(path), str(path))


Entry = Iterator[tuple[str, Observation]]


def _problems(entry: Any, born: str) -> Entry:
    for each in entry.iter(f"{_V3}observation"):
        value = each.find(f"{_V3}value")
        if value is None or not value.get(_TYPE, "").endswith(("CD", "CE")) or _inner(each, entry):
            continue
        concept, text = _coded(value)
        start, end = _times(each)
        if concept or text:
            kind = "past condition" if end else "condition"
            yield start, Observation(kind, concept, not _negated(each), text, onset=age(born, start))


def _allergies(entry: Any, born: str) -> Entry:
    for each in entry.iter(f"{_V3}observation"):
        substance = each.find(f"{_V3}participant/{_V3}participantRole/{_V3}playingEntity")
        if substance is None:
            continue
        concept, text = _coded(substance.find(f"{_V3}code"))
        text = text or text_of(substance.find(f"{_V3}name"))
        start, _ = _times(each)
        present = not _negated(each) and concept.partition(":")[2] not in _NOBODY
        if concept or text:
            yield start, Observation("allergy", concept, present, text, onset=age(born, start))


def _medication(entry: Any, born: str) -> Entry:
    for each in entry.iterchildren(f"{_V3}substanceAdministration"):
        material = each.find(f"{_V3}consumable/{_V3}manufacturedProduct/{_V3}manufacturedMaterial")
        if material is None:
            continue
        concept, text = _coded(material.find(f"{_V3}code"))
        text = text or text_of(material.find(f"{_V3}name"))
        start, end = _times(each)
        dose = each.find(f"{_V3}doseQuantity")
        said = f"{_attribute(dose, 'value')} {_attribute(dose, 'unit')}".strip()
        if concept or text:
            kind = "past medication" if end else "medication"
            yield start, Observation(kind, concept, not _negated(each), text, dose=said, onset=age(born, start))


def _measured(kind: str) -> Callable[[Any, str], Entry]:
    def read_(entry: Any, born: str) -> Entry:
        for each in entry.iter(f"{_V3}observation"):
            concept, text = _coded(each.find(f"{_V3}code"))
            value = each.find(f"{_V3}value")
            said = _attribute(value, "value") or _attribute(value, "displayName") or text_of(value)
            start, _ = _times(each)
            if said and (concept or text):
                unit = _attribute(value, "unit")
                yield start, Observation(kind, concept, True, text, said, unit, onset=age(born, start))

    return read_


_SECTIONS: dict[str, Callable[[Any, str], Entry]] = {
    "11450-4": _problems,
    "48765-2": _allergies,
    "10160-0": _medication,
    "30954-2": _measured("laboratory"),
    "8716-3": _measured("vital sign"),
}


def _inner(observation: Any, entry: Any) -> bool:
    """Whether an observation only qualifies another (its status, its severity)."""
    parent = observation.getparent()
    while parent is not None and parent is not entry:
        if parent.tag == f"{_V3}observation":
            return True
        parent = parent.getparent()
    return False


def _negated(element: Any) -> bool:
    return bool(element.get("negationInd", "") in {"true", "1"})


def _times(element: Any) -> tuple[str, str]:
    """(when it began or was seen, when it ended) as the document writes them, empty where it does not say."""
    time = element.find(f"{_V3}effectiveTime")
    if time is None:
        return "", ""
    start = time.get("value", "") or _attribute(time.find(f"{_V3}low"), "value")
    return start, _attribute(time.find(f"{_V3}high"), "value")


def _coded(code: Any) -> tuple[str, str]:
    """(CURIE, text) of a coded value: its own code, or the first translation whose system is known."""
    if code is None:
        return "", ""
    for each in (code, *code.iterchildren(f"{_V3}translation")):
        system = _SYSTEMS.get(each.get("codeSystem", ""))
        if system and each.get("code"):
            return f"{system}:{each.get('code')}", each.get("displayName", "") or code.get("displayName", "")
    return "", code.get("displayName", "")


def _attribute(element: Any, name: str) -> str:
    return "" if element is None else str(element.get(name, ""))
