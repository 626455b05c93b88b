"""Samples of the QiZhen knowledge base."""

from pathlib import Path

from graph_facts import Facts, claims, passages, read, refused
from source_contract import check_contract

F = Facts("qizhen", "zh")
DRUG, GAUCHER = "qizhen:伊米苷酶", "qizhen:戈谢病"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        F.concept(DRUG, "伊米苷酶", "Drug"),
        F.concept(GAUCHER, "戈谢病", "Disease"),
        F.claim(DRUG, "treats", GAUCHER, f"{DRUG} 适应病症 {GAUCHER}", original_predicate="适应病症"),
    ]
    check_contract("qizhen", tiny / "sources/qizhen", pinned, tmp_path)


def test_what_experts_marked_is_claimed_and_answers_are_passages(tiny: Path) -> None:
    facts = read("qizhen", tiny / "sources/qizhen")
    assert claims(facts) == {(DRUG, "biolink:treats", GAUCHER, False), (DRUG, "biolink:treats", "qizhen:贫血", False)}
    told = passages(facts)
    assert told[f"{DRUG}#适应症"].text == "用于戈谢病&相关贫血的长期替代治疗。\n仅限医院。"
    asked = told["qizhen:问答/伊米苷酶的不良反应有哪些？"]
    assert asked.about == (DRUG,) and asked.qualifiers == (("section", "不良反应"),) and asked.language == "zh"
    assert told["qizhen:问答/高雪氏病与戈谢病是一回事吗，能治吗"].about == ()
    assert refused(facts) == [("indications.csv", 3), ("train.json", 3)]
