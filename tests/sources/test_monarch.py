"""Monarch's associations."""

from dataclasses import replace
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat

F = Facts("monarch")
GAUCHER, SPLEEN = "MONDO:0018150", "HP:0001744"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    said = {"agent_type": "manual_agent", "frequency": "HP:0040281", "primary_source": "infores:orphanet"}
    claim = F.claim(GAUCHER, "has_phenotype", SPLEEN, "", **said)
    pinned = [
        F.concept(GAUCHER, "Gaucher disease", "Disease"),
        F.concept(SPLEEN, "Splenomegaly", "PhenotypicFeature"),
        replace(claim, origin=F.origin("uuid:1", "PMID:1", evidence="ECO:0000304")),
    ]
    check_contract("monarch", tiny / "sources/monarch", pinned, tmp_path)


def test_what_a_program_made_says_so(tiny: Path, tmp_path: Path) -> None:
    facts = read("monarch", tiny / "sources/monarch")
    assert claim_of(facts, "HGNC:4177", "biolink:causes", GAUCHER).origin.reliability == "extracted"
    assert refused(facts) == [("association.json", 4)]
    (tmp_path / "x.json").write_text('{"other": []}', encoding="utf-8")
    with pytest.raises(BadFormat, match="items"):
        read("monarch", tmp_path)


@pytest.mark.shared
def test_the_recorded_answer(shared: Path) -> None:
    facts = read("monarch", shared / "api-captures/monarch")
    claim = claim_of(facts, "MONDO:0011996", "biolink:has_phenotype", "HP:0005547")
    assert claim.qualifier("frequency") == "Obligate" and claim.qualifier("primary_source") == "infores:orphanet"
