"""C-CDA documents as patients: sections by their codes, negation, what is over, hostile files, real documents."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats import ccda, patient_file
from probatum.types import Observation

HEAD = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><recordTarget>'
    '<patientRole><id root="1.2" extension="77"/><patient><name><family>Muster</family></name>'
    '<administrativeGenderCode code="M"/><birthTime value="19700615"/></patient></patientRole></recordTarget>'
)
SCT, RX = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88"


def section(code: str, entries: str) -> str:
    return f'<component><section><code code="{code}"/>{entries}</section></component>'


def problem(time: str, negated: str = "false", text: str = "Gout") -> str:
    return (
        f'<entry><act><entryRelationship><observation negationInd="{negated}"><effectiveTime>{time}</effectiveTime>'
        f'<value xsi:type="CD" code="90560007" codeSystem="{SCT}" displayName="{text}"/>'
        f'<entryRelationship><observation><value xsi:type="CD" code="55561003" codeSystem="{SCT}"/></observation>'
        "</entryRelationship></observation></entryRelationship></act></entry>"
    )


def test_what_a_document_says_of_its_patient() -> None:
    problems = (
        problem('<low value="20010615"/>')
        + problem('<low value="1990"/><high value="1991"/>')
        + (problem('<low value="2001"/>', "true"))
    )
    drug = (
        '<entry><substanceAdministration><effectiveTime><low value="20200101"/><high nullFlavor="UNK"/></effectiveTime>'
        '<doseQuantity value="100" unit="mg"/><consumable><manufacturedProduct><manufacturedMaterial>'
        f'<code code="197319" codeSystem="{RX}" displayName="allopurinol"/></manufacturedMaterial>'
        "</manufacturedProduct></consumable></substanceAdministration></entry>"
    )
    result = (
        '<entry><organizer><component><observation><code code="3084-1" codeSystem="2.16.840.1.113883.6.1" '
        'displayName="Urate"/><effectiveTime value="20200701"/><value xsi:type="PQ" value="8.1" unit="mg/dL"/>'
        "</observation></component></organizer></entry>"
    )
    body = section("11450-4", problems) + section("10160-0", drug) + section("30954-2", result)
    read = patient_file.patient(f"{HEAD}{body}</ClinicalDocument>".encode(), "x.xml")
    assert (read.age, read.sex) == ("P50Y", "male") and "Muster" not in repr(read) and "77" not in repr(read.id)
    assert read.observations == (
        Observation("condition", "SNOMEDCT:90560007", True, "Gout", onset="P31Y"),
        Observation("past condition", "SNOMEDCT:90560007", True, "Gout", onset="P20Y"),
        Observation("condition", "SNOMEDCT:90560007", False, "Gout", onset="P31Y"),
        Observation("medication", "RXCUI:197319", True, "allopurinol", dose="100 mg", onset="P49Y6M"),
        Observation("laboratory", "LNC:3084-1", True, "Urate", "8.1", "mg/dL", onset="P50Y"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "not XML"),
        ("<a/>", "ClinicalDocument was expected"),
        ('<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "0 record targets"),
        (HEAD.replace('code="M"', 'code="X"') + "</ClinicalDocument>", "administrative gender"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "declares entities"),
    ],
)
def test_what_is_no_record_of_one_patient_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        ccda.patient(text.encode(), "x.xml")


@pytest.mark.shared
@pytest.mark.slow
def test_a_hundred_and_five_real_documents(shared: Path) -> None:
    kinds: Counter[str] = Counter()
    with zipfile.ZipFile(shared / "synthea-ccda/synthea_sample_data_ccda_latest.zip") as archive:
        for name in sorted(archive.namelist()):
            read = patient_file.patient(archive.read(name), name)
            kinds.update(["people", *(each.kind for each in read.observations)])
            assert read.age and read.sex in {"female", "male"}
    assert kinds == {
        **{"people": 105, "laboratory": 16858, "vital sign": 8471, "past medication": 2566, "medication": 250},
        **{"past condition": 1961, "condition": 900, "allergy": 132},
    }
