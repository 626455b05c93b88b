"""Orphanet's ontology."""

from collections import Counter
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Concept, Fact, Malformed, Name, Passage, Relation

F = Facts("ordo")
GAUCHER, FIRST, GENE = "ORPHA:355", "ORPHA:77259", "ORPHA:122039"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    synonyms = (Name("Glucocerebrosidase deficiency", scope="exact"),)
    xrefs = ("OMIM:230800", "MDR:10018048", "ICD10:E75.2")
    at = F.origin(f"{GAUCHER}#definition")
    text = "A storage disorder of several forms."
    pinned: list[Fact] = [
        Malformed("ordo.json", 0, "a node needs an id", "{'lbl': 'without an id'}"),
        Concept(GAUCHER, "Gaucher disease", "Disease", F.origin(GAUCHER), synonyms, xrefs=xrefs),
        Passage(at.at, text, "Gaucher disease", "en", at, "definition", (GAUCHER,)),
    ]
    check_contract("ordo", tiny / "sources/ordo", pinned, tmp_path)


def test_axioms_keep_the_words_of_orphanet(tiny: Path) -> None:
    facts = read("ordo", tiny / "sources/ordo/ordo.json")
    assert claims(facts) == {
        (GAUCHER, "biolink:has_mode_of_inheritance", "ORPHA:409930", False),
        (GAUCHER, "biolink:member_of", "ORPHA:377788", False),
        (FIRST, "biolink:part_of", GAUCHER, False),
        (FIRST, "biolink:subclass_of", GAUCHER, False),
        (GENE, "biolink:causes", FIRST, False),
        (GENE, "biolink:subclass_of", "ORPHA:C010", False),
        ("ORPHA:409930", "biolink:subclass_of", "ORPHA:C005", False),
        ("ORPHA:377788", "biolink:subclass_of", "ORPHA:C001", False),
    }
    cause = claim_of(facts, GENE, "biolink:causes", FIRST)
    assert cause.qualifier("original_predicate") == "Disease-causing germline mutation(s) in"
    told = concepts(facts)
    assert told[GENE].kind == "Gene" and told[GENE].xrefs == ("HGNC:4177", "UniProtKB:P04062")
    assert (told["ORPHA:99126"].name, told["ORPHA:99126"].obsolete) == ("Forgotten syndrome", True)


def test_two_releases_at_once_are_refused(tiny: Path, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes((tiny / "sources/ordo/ordo.json").read_bytes())
    with pytest.raises(BadFormat, match="give one release"):
        read("ordo", tmp_path)


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_release(shared: Path) -> None:
    facts = read("ordo", shared / "ordo")
    kinds = Counter(each.kind for each in facts if isinstance(each, Concept))
    assert kinds["Disease"] == 9_823 and kinds["Gene"] > 3_800
    assert not [each for each in facts if isinstance(each, Malformed)]
    genes = {each.subject for each in facts if isinstance(each, Relation) and each.object == FIRST}
    assert GENE in genes  # GBA1 of Gaucher disease type 1
    assert claim_of(facts, "ORPHA:324", "biolink:has_mode_of_inheritance", "ORPHA:409932")  # Fabry: x-linked recessive
