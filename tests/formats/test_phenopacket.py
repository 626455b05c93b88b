"""Phenopackets: the patient from subject and features alone; what was found apart from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.phenopacket import ANTENATAL, Found, case, patient, read
from probatum.types import Observation, Patient


def packet(**parts: Any) -> bytes:
    return json.dumps({"id": "x"} | parts).encode()


def feature(**parts: Any) -> bytes:
    return packet(phenotypicFeatures=[{"type": {"id": "HP:0001250"}} | parts])


def test_the_first_tiny_case(tiny: Path) -> None:
    data = (tiny / "datasets/phenopackets/PMID_2000001_case_0.json").read_bytes()
    expected = Patient(
        id="case 0",
        age="P2Y",
        sex="female",
        observations=(
            Observation("phenotype", "HP:0001744", True, "Splenomegaly"),
            Observation("phenotype", "HP:0001873", True, "Thrombocytopenia"),
            Observation("phenotype", "HP:0001250", False, "Seizure"),
            Observation("phenotype", "HP:0001433", True, "Hepatosplenomegaly", onset="HP:0003593"),
        ),
    )
    found = Found("PMID_2000001_case_0", (("OMIM:230800", "Gaucher disease, type I"),), ("PMID:2000001",))
    assert patient(data, "x") == read(tiny / "datasets/phenopackets/PMID_2000001_case_0.json") == expected
    assert case(data, "x") == (expected, found)


def test_id_subject_and_features_suffice(tiny: Path) -> None:
    whole = json.loads((tiny / "datasets/phenopackets/PMID_2000001_case_0.json").read_bytes())
    bare = {key: whole[key] for key in ("subject", "phenotypicFeatures")} | {"id": "other"}
    assert patient(json.dumps(bare).encode(), "x") == patient(json.dumps(whole).encode(), "x")
    assert patient(b"{}", "x") == Patient()


@pytest.mark.parametrize(
    ("seen", "age"),
    [
        ({"age": {"iso8601duration": "P3Y2M"}}, "P3Y2M"),
        ({"ageRange": {"start": {"iso8601duration": "P30Y"}, "end": {"iso8601duration": "P40Y"}}}, "P30Y"),
        ({"gestationalAge": {"weeks": 30}}, "P0D"),
        ({"ontologyClass": {"id": "HP:0003593", "label": "Infantile onset"}}, ""),
        ({"timestamp": "2020-01-01T00:00:00Z"}, ""),
    ],
)
def test_ages_of_patients(seen: dict[str, Any], age: str) -> None:
    assert patient(packet(subject={"timeAtLastEncounter": seen, "sex": "MALE"}), "x") == Patient("", age, "male")


@pytest.mark.parametrize(
    ("onset", "written"),
    [
        ({"age": {"iso8601duration": "P1D"}}, "P1D"),
        ({"ontologyClass": {"id": "HP:0003577"}}, "HP:0003577"),
        ({"gestationalAge": {"weeks": 20}}, ANTENATAL),
    ],
)
def test_onsets_of_features(onset: dict[str, Any], written: str) -> None:
    assert patient(feature(onset=onset), "x").observations[0].onset == written


def test_snake_case_and_the_negation_of_version_1() -> None:
    data = packet(
        phenotypic_features=[{"type": {"id": "HP:0001250"}, "negated": True}, {"type": {"id": "HP:0001744"}}],
        subject={"time_at_last_encounter": {"age": {"iso8601duration": "P1Y"}}},
    )
    found = patient(data, "x")
    assert [each.present for each in found.observations] == [False, True]
    assert found.age == "P1Y"


def test_publications_come_from_the_id_and_the_references() -> None:
    references = [
        {"id": "PMID:0002", "reference": "https://pubmed.ncbi.nlm.nih.gov/3"},
        {"id": "DOI:10.1/PMID", "reference": "http://www.ncbi.nlm.nih.gov/pubmed/2"},
    ]
    data = packet(id="STX_PMID_1_A", metaData={"externalReferences": references}, diseases=[{"term": {"id": "OMIM:1"}}])
    assert case(data, "x")[1] == Found("STX_PMID_1_A", (("OMIM:1", ""),), ("PMID:1", "PMID:2", "PMID:3"))


def test_diseases_come_from_the_interpretations_where_none_are_listed() -> None:
    reading = {"diagnosis": {"disease": {"id": "OMIM:2", "label": "b"}}}
    listed = {"term": {"id": "OMIM:1", "label": "a"}, "excluded": True}
    assert case(packet(interpretations=[reading], diseases=[listed]), "x")[1].diseases == (("OMIM:2", "b"),)
    assert case(packet(), "x")[1].diseases == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"id": "x", "phenotypicFeatures": [{"type": ', r"x\.json:1: not JSON"),
        (b"[]", "a phenopacket"),
        (b"\xff", "not UTF-8"),
        (packet(phenotypicFeatures={}), r"x\.json\.phenotypicFeatures: list was expected, not dict"),
        (packet(phenotypicFeatures=["HP:1"]), r"phenotypicFeatures\[0\]: an object was expected"),
        (packet(phenotypicFeatures=[{}]), r"phenotypicFeatures\[0\]\.type\.id: '' is no id"),
        (feature(excluded="no"), r"phenotypicFeatures\[0\]\.excluded: bool was expected, not str"),
        (
            feature(onset={"age": {"iso8601duration": "3 years"}}),
            r"phenotypicFeatures\[0\]\.onset: '3 years' is no ISO",
        ),
        (feature(onset={"ontologyClass": {"id": "infancy"}}), r"onset\.id: 'infancy' is no id"),
        (packet(subject={"sex": "F"}), r"subject\.sex: 'F' is no sex"),
        (packet(subject=1), "dict was expected, not int"),
    ],
)
def test_a_broken_case_is_refused_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        patient(data, "x.json")


def test_a_file_is_named_where_it_is_broken_or_missing(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match=r"case\.json: no such file"):
        read(tmp_path / "case.json")
    (tmp_path / "case.json").write_bytes(b'{"phenotypicFeatures": [{"type": ')
    with pytest.raises(BadFormat, match=r"case\.json:1: not JSON"):
        read(tmp_path / "case.json")


@pytest.mark.parametrize(
    "data",
    [
        packet(id=""),
        packet(diseases=[1]),
        packet(diseases=[{"term": {"id": "gout"}}]),
        packet(metaData={"externalReferences": {}}),
    ],
)
def test_what_was_found_must_be_sound_too(data: bytes) -> None:
    with pytest.raises(BadFormat):
        case(data, "x")
