"""Reads a patient from whatever record is handed in: a phenopacket, FHIR in JSON, or a C-CDA document."""

from __future__ import annotations

from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats import ccda, fhir_json, phenopacket
from probatum.formats.reading import loads, whole
from probatum.types import Patient

_BOM = b"\xef\xbb\xbf"


def patient(data: bytes, where: str) -> Patient:
    """The patient of a record; XML is read as C-CDA, JSON with a `resourceType` as FHIR, other JSON as a phenopacket.

    Raises `BadFormat` as the format that was recognised does.
    """
    if data.removeprefix(_BOM).lstrip()[:1] == b"<":
        return ccda.patient(data, where)
    root = loads(data, where)
    if not isinstance(root, dict):
        raise BadFormat("a phenopacket or a FHIR resource (a JSON object) was expected", where=where)
    return fhir_json.patient(data, where) if "resourceType" in root else phenopacket.patient(data, where)


def read(path: Path) -> Patient:
    """The patient of a file, plain or packed, as `patient` gives it; raises `NeedsFile` too."""
    return patient(whole(path), str(path))
