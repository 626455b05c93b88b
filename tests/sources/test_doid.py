"""The Disease Ontology."""

from collections import Counter
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Malformed, Name, Passage, Relation

F = Facts("doid")
GAUCHER, METABOLIC = "DOID:1926", "DOID:0014667"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    reported = "HumanDO.tsv"
    spanish = F.origin("DOID:14499#definition@es")
    pinned: list[Fact] = [
        Malformed(reported, 4, "an id and a label were expected", '""\t""\t""'),
        Malformed(reported, 3, "a parent that no term is called by", "DOID:3211 no such thing"),
        Passage(
            spanish.at, "Un trastorno raro de los vasos.", "Fabry disease", "es", spanish, "definition", ("DOID:14499",)
        ),
        Malformed(
            "doid-es-translated.tsv", 6, "a translation of a term that this release does not hold", "DOID:5 otra"
        ),
        F.concept(METABOLIC, "disease of metabolism", "Disease"),
    ]  # fmt: skip
    check_contract("doid", tiny / "sources/doid", pinned, tmp_path)


def test_terms_reports_and_spanish_names_are_one_release(tiny: Path) -> None:
    facts = read("doid", tiny / "sources/doid")
    told = concepts(facts)
    gaucher = told[GAUCHER]
    assert gaucher.xrefs == ("ICD10CM:E75.22", "ORPHA:355", "SNOMEDCT:190794006", "UMLS:C0017205")
    assert Name("enfermedad de Gaucher", "es", "label") in gaucher.names
    assert Name("mal de Gaucher", "es", "exact") in gaucher.names  # the label of a term that was merged into it
    assert passages(facts)[f"{GAUCHER}#definition"].origin.references == ("https://example.org/gaucher", "PMID:1")
    assert told["DOID:14499"].xrefs == ("MESH:D000795",)  # from the reports
    assert (told["DOID:7777"].obsolete, told["DOID:7777"].replaced_by) == (True, (GAUCHER,))
    assert ("DOID:3211", "biolink:subclass_of", METABOLIC, False) in claims(facts)  # in the reports alone
    assert claim_of(facts, GAUCHER, "biolink:disease_has_location", "UBERON:0002106").qualifiers == (
        ("original_predicate", "located in"),
    )
    assert (GAUCHER, "biolink:member_of", "doid:DO_rare_slim", False) in claims(facts)
    assert refused(facts) == [("HumanDO.tsv", 4), ("HumanDO.tsv", 3), ("doid-es-translated.tsv", 6), ("doid.obo", 0)]
    assert "DOID:1" not in told  # a slim of another release stays out


def test_a_broken_ontology_is_refused(tmp_path: Path) -> None:
    (tmp_path / "doid.obo").write_text("format-version: 1.2\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="no term"):
        read("doid", tmp_path)


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_releases(shared: Path) -> None:
    current = read("doid", shared / "doid")
    assert len({id for id in concepts(current) if id.startswith("DOID:")}) == 12_269
    assert claim_of(current, GAUCHER, "biolink:member_of", "doid:DO_rare_slim")
    assert sum(name.language == "es" for each in concepts(current).values() for name in each.names) > 3_000
    older = read("doid", shared / "doid/doid-2018-07-05.json.gz")
    kinds = Counter(each.predicate for each in older if isinstance(each, Relation))
    assert kinds["biolink:subclass_of"] == 10_172 and kinds["biolink:has_phenotype"] > 400
    assert sum(isinstance(each, Malformed) for each in older) == 1
