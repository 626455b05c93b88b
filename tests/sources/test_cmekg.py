"""CMeKG: triples and records by entity."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Concept, Name

F = Facts("cmekg", "zh")
FABRY, PAIN = "cmekg:法布里病", "cmekg:肢端疼痛"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = f"{FABRY} 临床症状及体征 {PAIN}"
    pinned = [
        F.concept(FABRY, "法布里病", "Disease"),
        # names and codes of a record belong to its entity
        Concept(FABRY, "法布里病", "Disease", F.origin(FABRY), (Name("Fabry disease", "en", "exact"),)),
        Concept(FABRY, "法布里病", "Disease", F.origin(FABRY), xrefs=("ICD10:E75.201",)),
        F.concept(PAIN, "肢端疼痛", "PhenotypicFeature"),
        F.claim(FABRY, "has_phenotype", PAIN, at, original_predicate="临床症状及体征"),
    ]
    check_contract("cmekg", tiny / "sources/cmekg", pinned, tmp_path)


def test_records_and_triples_become_biolink_and_keep_the_chinese_word(tiny: Path) -> None:
    facts = read("cmekg", tiny / "sources/cmekg")
    told = concepts(facts)
    assert {id.removeprefix("cmekg:"): each.kind for id, each in told.items()} == {
        "法布里病": "Disease", "肢端疼痛": "PhenotypicFeature", "少汗": "PhenotypicFeature", "肾衰竭": "Disease",
        "阿加糖酶β": "Drug", "GLA基因变异": "NamedThing", "肾内科": "InformationContentEntity", "戈谢病": "Disease",
        "脾大": "PhenotypicFeature", "伊米苷酶": "Drug", "葡萄糖脑苷脂酶活性测定": "Procedure",
        "荨麻疹": "PhenotypicFeature", "无": "NamedThing",
    }  # fmt: skip
    assert ("cmekg:阿加糖酶β", "biolink:treats", FABRY, False) in claims(facts)
    assert ("cmekg:GLA基因变异", "biolink:causes", FABRY, False) in claims(facts)
    assert ("cmekg:葡萄糖脑苷脂酶活性测定", "biolink:diagnoses", "cmekg:戈谢病", False) in claims(facts)
    complication = claim_of(facts, FABRY, "biolink:associated_with", "cmekg:肾衰竭")
    assert complication.qualifiers == (("aspect", "complication"), ("original_predicate", "并发症"))
    unknown = claim_of(facts, "cmekg:戈谢病", "biolink:related_to", "cmekg:无")
    assert unknown.qualifier("original_predicate") == "天气"
    assert refused(facts) == [("disease.json", 4), ("disease.json", 5), ("triples.tsv", 7)]
    names = {name for each in facts if getattr(each, "id", "") == FABRY for name in each.names}
    assert names == {Name("法布里病", "zh", "label"), Name("Fabry disease", "en", "exact")}
    assert {xref for each in facts if getattr(each, "id", "") == FABRY for xref in each.xrefs} == {"ICD10:E75.201"}


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"其他": []}', encoding="utf-8")
    with pytest.raises(BadFormat, match="records under"):
        read("cmekg", file)
