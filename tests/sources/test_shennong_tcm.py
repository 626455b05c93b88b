"""The materia medica of ShenNong: the relation stands last."""

from pathlib import Path

from graph_facts import Facts, claim_of, claims, read, refused
from source_contract import check_contract

F = Facts("shennong_tcm", "zh")
GINSENG = "shennong_tcm:人参"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = f"{GINSENG} 功能 shennong_tcm:补气"
    pinned = [
        F.concept(GINSENG, "人参", "Drug"),
        F.concept("shennong_tcm:补气", "补气", "InformationContentEntity"),
        F.claim(GINSENG, "has_attribute", "shennong_tcm:补气", at, aspect="function", original_predicate="功能"),
    ]
    check_contract("shennong_tcm", tiny / "sources/shennong_tcm", pinned, tmp_path)


def test_the_words_of_the_file_are_read(tiny: Path) -> None:
    facts = read("shennong_tcm", tiny / "sources/shennong_tcm/TCM-KG_triples.txt")
    assert (GINSENG, "biolink:applied_to_treat", "shennong_tcm:气虚", False) in claims(facts)
    assert ("shennong_tcm:益气", "biolink:applied_to_treat", "shennong_tcm:气虚", False) in claims(facts)
    assert claim_of(facts, GINSENG, "biolink:has_attribute", "shennong_tcm:脾").qualifier("aspect") == "meridian"
    assert claim_of(facts, "shennong_tcm:心悸", "skos:closeMatch", "shennong_tcm:Palpitations")
    assert refused(facts) == [("TCM-KG_triples.txt", 8)]
