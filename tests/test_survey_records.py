"""A record as clinics keep it, asked about in a terminal: a FHIR bundle in the place of a phenopacket."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from probatum import cli

PHENOTYPE = ("HP:0001744", "Splenomegaly")


def bundle() -> str:
    concept = {"coding": [{"system": "http://human-phenotype-ontology.org", "code": PHENOTYPE[0]}]}
    condition = {"resourceType": "Condition", "code": concept, "onsetDateTime": "2009-01"}
    person = {"resourceType": "Patient", "gender": "female", "birthDate": "1990-03-02"}
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": person}, {"resource": condition}]})


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    sys.argv = ["probatum", *map(str, words), "--json"]
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    assert not end.value.code, err
    return json.loads(out)


def test_a_patient_of_a_clinic_is_asked_about(
    tmp_path: Path, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)
    kb = tmp_path / "kb"
    asked(capsys, "--kb", kb, "ingest", "hpo", tiny / "sources" / "hpo")
    (tmp_path / "fhir.json").write_text(bundle(), encoding="utf-8")
    told = ("--kb", kb, "ask", "--method", "differential", "--patient")
    by_record = asked(capsys, *told, tmp_path / "fhir.json")
    by_hand = asked(capsys, *told[:-1], "--phenotype", PHENOTYPE[0], "--age", "P18Y10M", "--sex", "female")
    ids = [[each["id"] for each in answer["candidates"]] for answer in (by_record, by_hand)]
    assert ids[0] == ids[1] and "OMIM:230800" in ids[0]
    reasons = by_record["candidates"][0]["reasons"]
    assert any((each["kind"], each["concept"]) == ("for", PHENOTYPE[0]) for each in reasons)
