"""PharmacotherapyDB."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from graph_facts import Facts, claims, read, refused
from source_contract import check_contract

from probatum.types import Relation

F = Facts("pharmacotherapydb")
DRUG, GAUCHER = "DRUGBANK:DB00053", "DOID:1926"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    claim = F.claim(DRUG, "treats", GAUCHER, "", curators="3", original_predicate="DM", resources="2")
    pinned = [
        F.concept(GAUCHER, "Gaucher disease", "Disease"),
        F.concept(DRUG, "Imiglucerase", "Drug"),
        replace(claim, origin=F.origin(f"{DRUG} {GAUCHER}", evidence="DM")),
    ]
    check_contract("pharmacotherapydb", tiny / "sources/pharmacotherapydb", pinned, tmp_path)


def test_a_non_indication_is_a_denial(tiny: Path) -> None:
    facts = read("pharmacotherapydb", tiny / "sources/pharmacotherapydb/indications.tsv")
    assert claims(facts) == {
        (DRUG, "biolink:treats", GAUCHER, False),
        ("DRUGBANK:DB00945", "biolink:treats", GAUCHER, True),
        ("DRUGBANK:DB00996", "biolink:ameliorates_condition", "DOID:14499", False),
    }
    assert refused(facts) == [("indications.tsv", 5)]


@pytest.mark.shared
def test_the_real_table(shared: Path) -> None:
    facts = read("pharmacotherapydb", shared / "pharmacotherapydb")
    said = Counter((each.predicate, each.negated) for each in facts if isinstance(each, Relation))
    assert said == {
        ("biolink:treats", False): 755, ("biolink:ameliorates_condition", False): 390, ("biolink:treats", True): 243,
        ("skos:exactMatch", False): 9_234, ("skos:closeMatch", False): 439,
    }  # fmt: skip
    assert not refused(facts)


def test_ids_of_one_substance_are_mapped_with_the_reason(tmp_path: Path) -> None:
    rows = [
        "rxnorm_id\tfdasrs_id",
        "44\tNR7O1405Q9",
        "6809\t9100L32L2N",
        "1901\tM4I0D6VV5M",
        "1901\tOFM21057LP",
        "x\ty",
    ]
    (tmp_path / "rxcui-unii-map.tsv").write_text("\n".join(rows) + "\n")
    facts = read("pharmacotherapydb", tmp_path)
    told = [each for each in facts if isinstance(each, Relation)]
    assert [(each.subject, each.predicate, each.object) for each in told] == [
        ("RXCUI:44", "skos:exactMatch", "UNII:NR7O1405Q9"),
        ("RXCUI:6809", "skos:exactMatch", "UNII:9100L32L2N"),
        ("RXCUI:1901", "skos:closeMatch", "UNII:M4I0D6VV5M"),  # one of them is a salt: not the same thing
        ("RXCUI:1901", "skos:closeMatch", "UNII:OFM21057LP"),
    ]
    assert all(("mapping_justification", "semapv:DatabaseCrossReference") in each.qualifiers for each in told)
    assert refused(facts) == [("rxcui-unii-map.tsv", 6)]
