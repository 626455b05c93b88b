"""ChEMBL's mechanisms."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Malformed

F = Facts("chembl")
DRUG, TARGET = "CHEMBL:CHEMBL1029", "CHEMBL.TARGET:CHEMBL2063"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    first = F.claim(
        DRUG, "directly_physically_interacts_with", TARGET, "mechanism/1", "PMID:123", "http://example.org/label.pdf",
        action="inhibitor", aspect="activity", comment="Glucosylceramide synthase inhibitor", direction="decreased",
        original_predicate="mechanism", phase="4",
    )  # fmt: skip
    second = F.claim(
        "CHEMBL:CHEMBL9", "affects", "CHEMBL.TARGET:CHEMBL8", "mechanism/2", action="chelating agent",
        aspect="activity", comment="Binds metal", original_predicate="mechanism", phase="2", variant="A1B",
    )  # fmt: skip
    third = read("chembl", tiny / "sources/chembl")[2]
    assert isinstance(third, Malformed) and third.reason == "a molecule and a target were expected"
    pinned: list[Fact] = [first, second, third]
    check_contract("chembl", tiny / "sources/chembl", pinned, tmp_path)


def test_another_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"molecules": []}', encoding="utf-8")
    with pytest.raises(BadFormat, match="mechanisms"):
        read("chembl", tmp_path)


@pytest.mark.shared
def test_the_recorded_answer(shared: Path) -> None:
    facts = read("chembl", shared / "api-captures/chembl")
    claim = claim_of(
        facts, "CHEMBL:CHEMBL3137343", "biolink:directly_physically_interacts_with", "CHEMBL.TARGET:CHEMBL3307223"
    )
    assert claim.qualifier("action") == "inhibitor" and claim.qualifier("phase") == "4" and not refused(facts)
