"""DrugMechDB: paths with their links, and its YAML."""

from collections import Counter
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, passages, read, refused
from source_contract import check_contract

from probatum.types import Relation

F = Facts("drugmechdb")
DRUG, GAUCHER, PATH = "DRUGBANK:DB00053", "MESH:D005776", "drugmechdb:d2631535ef4457a4"
REFERENCES = ("https://go.drugbank.com/drugs/DB00053#mechanism-of-action", "PMID:1234")


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    start, protein = "MESH:C526474", "UniProtKB:P04062"
    found = Facts("drugmechdb", reliability="extracted")
    more = {"aspect": "activity", "direction": "increased", "original_predicate": "increases activity of"}
    pinned = [
        F.claim(DRUG, "treats", GAUCHER, PATH, *REFERENCES, path=PATH),
        found.claim(DRUG, "skos:closeMatch", start, PATH, mapping_justification="semapv:StructuralMatching", path=PATH),
        F.claim(start, "affects", protein, PATH, *REFERENCES, **more, path=PATH, step="1"),
    ]
    check_contract("drugmechdb", tiny / "sources/drugmechdb", pinned, tmp_path)


def test_a_path_is_kept_whole(tiny: Path) -> None:
    facts = read("drugmechdb", tiny / "sources/drugmechdb")
    whole = passages(facts)[PATH]
    assert whole.about == (DRUG, GAUCHER) and whole.origin.references == REFERENCES
    assert whole.text.split(". ")[1] == "UniProtKB:P04062 decreases abundance of CHEBI:18368"
    steps = sorted(
        (each.qualifier("step"), each.object)
        for each in facts
        if isinstance(each, Relation) and each.qualifier("path") == PATH and each.qualifier("step")
    )
    assert steps == [("1", "UniProtKB:P04062"), ("2", "CHEBI:18368"), ("3", GAUCHER)]
    assert claim_of(facts, "CHEBI:18368", "biolink:causes", GAUCHER).origin.at == PATH
    assert ("DRUGBANK:DB05018", "biolink:preventative_for_condition", "MESH:D000795", False) in claims(facts)
    assert refused(facts) == [("paths.yaml", 23), ("paths.yaml", 30)]


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_paths(shared: Path) -> None:
    facts = read("drugmechdb", shared / "drugmechdb")
    links = Counter(bool(each.qualifier("step")) for each in facts if isinstance(each, Relation))
    # 4,798 paths of 32,505 links; one has no drug
    assert len(passages(facts)) > 4_700 and links[True] > 32_490
    assert [line for _, line in refused(facts)] == [896]
    unread = Counter(
        each.qualifier("original_predicate")
        for each in facts
        if isinstance(each, Relation) and each.predicate == "biolink:related_to"
    )
    assert sum(unread.values()) < 20
