"""FHIR bundles as patients: what is present, over or excluded, ages for dates, nothing identifying, real bundles."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat
from probatum.formats import ages, fhir_json, patient_file
from probatum.types import Observation

SCT, LOINC = "http://snomed.info/sct", "http://loinc.org"


def coded(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}]}


def bundle(*resources: dict[str, Any]) -> bytes:
    person = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-05-20"}
    person["name"] = [{"family": "Muster"}]  # type: ignore[assignment]
    entries = [{"fullUrl": "urn:uuid:p1", "resource": each} for each in (person,)]
    entries += [{"fullUrl": "", "resource": {"subject": {"reference": "urn:uuid:p1"}, **each}} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


CONDITION = {
    "resourceType": "Condition",
    "code": coded(SCT, "44054006", "Diabetes mellitus type 2"),
    "onsetDateTime": "2010-05-19",
    "clinicalStatus": coded("x", "active", ""),
}
PRESSURE = {
    "resourceType": "Observation",
    "status": "final",
    "category": [coded("x", "vital-signs", "")],
    "code": coded(LOINC, "85354-9", "Blood pressure"),
    "effectiveDateTime": "2020-06-01T08:00:00Z",
    "component": [
        {
            "code": coded(LOINC, "8480-6", "Systolic"),
            "valueQuantity": {"value": 151, "system": "http://unitsofmeasure.org", "code": "mm[Hg]", "unit": "mmHg"},
        }
    ],
}
DRUG = {
    "resourceType": "MedicationRequest",
    "status": "stopped",
    "intent": "order",
    "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "860975", "metformin"),
    "dosageInstruction": [
        {
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}],
        }
    ],
}


def test_what_a_bundle_says_of_its_patient() -> None:
    refuted = {**CONDITION, "code": {"text": "Asthma"}, "verificationStatus": coded("x", "refuted", "")}
    wrong = {**CONDITION, "verificationStatus": coded("x", "entered-in-error", "")}
    over = {**CONDITION, "code": {"text": "Mumps"}, "clinicalStatus": "resolved"}  # a plain code, as in DSTU2
    none = {"resourceType": "AllergyIntolerance", "code": coded(SCT, "716186003", "No known allergy")}
    read = patient_file.patient(bundle(CONDITION, refuted, wrong, over, none, PRESSURE, DRUG), "x.json")
    assert (read.age, read.sex) == ("P40Y", "female") and read.id not in {"", "p1"}
    assert read.observations == (
        Observation("condition", "SNOMEDCT:44054006", True, "Diabetes mellitus type 2", onset="P29Y11M"),
        Observation("condition", "", False, "Asthma", onset="P29Y11M"),
        Observation("past condition", "", True, "Mumps", onset="P29Y11M"),
        Observation("allergy", "SNOMEDCT:716186003", False, "No known allergy"),
        Observation("vital sign", "LNC:8480-6", True, "Systolic", "151", "mm[Hg]", onset="P40Y"),
        Observation("past medication", "RXCUI:860975", True, "metformin", dose="500 mg 2 / 1 d"),
    )
    assert "Muster" not in repr(read) and "1980" not in repr(read) and "2010" not in repr(read)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[]", "a FHIR resource"),
        (b'{"resourceType": "Bundle"}', "0 patients"),
        (b'{"resourceType": "Bundle", "entry": [1]}', "list of objects"),
        (b'{"resourceType": "Bundle", "entry": [{"resource": []}]}', "an object"),
        (b'{"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]}', "resourceType"),
        (b'{"resourceType": "Patient", "gender": "F"}', "administrative gender"),
        (bundle({**CONDITION, "subject": {"reference": "Patient/other"}}), "another patient"),
        (bundle({**PRESSURE, "component": [{"code": {}, "valueQuantity": {"value": "high"}}]}), "a number"),
        (bundle({**CONDITION, "code": "diabetes"}), "an object"),
        (bundle()[:-3], "JSON"),
    ],
)
def test_what_is_no_record_of_one_patient_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        fhir_json.patient(data, "x.json")


def test_ages_end_where_dates_are_not_told() -> None:
    told = [("1980-05-20", "2020-05-19"), ("1980", "2020-05-19"), ("19800520", "198005201200"), ("2020-05-20", "2019")]
    assert [ages.age(*each) for each in told] == ["P39Y11M", "P40Y", "P0Y", ""]
    assert ages.age("yesterday", "2020") == ages.age("1980-05-20", "") == ""


@pytest.mark.shared
@pytest.mark.slow
def test_forty_real_bundles(shared: Path) -> None:
    kinds: Counter[str] = Counter()
    with tarfile.open(shared / "fhir-r4-synthea/bundles.tar.gz") as archive:
        for entry in archive:
            stream = archive.extractfile(entry)
            if stream is not None and entry.name.endswith(".json"):
                read = patient_file.patient(stream.read(), entry.name)
                kinds.update(each.kind for each in read.observations)
                assert read.age.startswith("P") and read.sex in {"female", "male"}
                kinds["people"] += 1
    assert (kinds["people"], kinds["condition"] + kinds["past condition"], kinds["allergy"]) == (40, 175, 4)
    assert kinds["medication"] + kinds["past medication"] == 124
    assert (kinds["vital sign"], kinds["laboratory"], kinds["observation"]) == (2002, 1370, 366)


@pytest.mark.shared
def test_an_older_bundle_of_one_patient_is_read_and_one_of_many_refused(shared: Path) -> None:
    folder = shared / "fhir-smart-sample-patients/custom-data"
    read = patient_file.read(folder / "nest_patient_data.json")
    assert (read.age, read.sex, len(read.observations)) == ("P76Y", "male", 46)
    with pytest.raises(BadFormat, match="100 patients"):
        patient_file.read(folder / "hca-fhir-importer.json")
