"""DrugBank: drugs, interactions, mechanisms and targets become facts that say what they rest on."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.naming import card_of
from probatum.sources._drugbank import mechanism, xref
from probatum.sources.drugbank import drugbank
from probatum.types import Concept, Name, Origin, Passage, Relation

WARFARIN = "DRUGBANK:DB00682"


def origin(at: str, *references: str) -> Origin:
    return Origin("drugbank", "5.1_2025-01-02", at, references=references)


def relations(tiny: Path) -> list[Relation]:
    return [fact for fact in drugbank(tiny / "sources/drugbank") if isinstance(fact, Relation)]


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    label = "https://example.org/warfarin-label"
    pinned = [
        Concept(
            WARFARIN,
            "Warfarin",
            "Drug",
            origin("DB00682", "PMID:14517387", "PMID:15358623", label),
            names=(
                Name("Warfarin", "en", "exact", "inn"),
                Name("Warfarina", "es", "exact", "inn"),
                Name("4-Hydroxy-3-(3-oxo-1-phenylbutyl)coumarin", "en", "exact"),
                Name("Marevan", "en", "narrow", "brand"),
                Name("Coumadin", "en", "narrow", "brand"),
            ),
            alternatives=("DRUGBANK:APRD00341",),
            xrefs=(
                "CAS:81-81-2",
                "CHEBI:10033",
                "CHEMBL:CHEMBL1464",
                "KEGG:D08682",
                "PHARMGKB:PA451906",
                "PUBCHEM:54678486",
                "RXCUI:11289",
                "UNII:5Q7ZVV76EI",
            ),
        ),
        Passage(
            "drugbank:DB00682#description",
            "A tablet against clots that has been in use since the 1950s.",
            "Warfarin: description",
            "en",
            origin("DB00682#description", "PMID:14517387"),
            "definition",
            (WARFARIN,),
            (("section", "description"),),
        ),
        Passage(
            "drugbank:DB00682#indication",
            "To prevent and to treat clots in veins, and strokes where the atria fibrillate.",
            "Warfarin: indication",
            "en",
            origin("DB00682#indication", label),
            "document",
            (WARFARIN,),
            (("section", "indication"),),
        ),
    ]
    check_contract("drugbank", tiny / "sources/drugbank", pinned, tmp_path)
    assert card_of(drugbank).gated and "Non-commercial" in card_of(drugbank).terms


def test_interactions_say_what_changes_and_how(tiny: Path) -> None:
    between = "DB00682 DB01118"
    found = [fact for fact in relations(tiny) if fact.origin.at == between]
    sentence = ("comment", "The metabolism of Warfarin can be decreased when combined with Amiodarone.")
    assert found == [
        Relation(WARFARIN, "biolink:interacts_with", "DRUGBANK:DB01118", origin(between), qualifiers=(sentence,)),
        Relation(
            "DRUGBANK:DB01118",
            "biolink:affects",
            WARFARIN,
            origin(between),
            qualifiers=(
                ("aspect", "metabolism"),
                sentence,
                ("direction", "decreased"),
                ("original_predicate", "drug interaction"),
            ),
        ),
    ]
    (risk,) = (fact for fact in relations(tiny) if fact.origin.at == "DB00682 DB00945")  # it is of both
    assert (risk.qualifier("aspect"), risk.qualifier("direction")) == ("risk or severity of bleeding", "increased")
    _, stronger = (fact for fact in relations(tiny) if fact.origin.at == "DB00682 DB00316")
    assert (stronger.subject, stronger.object) == ("DRUGBANK:DB00316", WARFARIN)
    assert stronger.qualifier("aspect") == "anticoagulant activities"
    back = [fact for fact in relations(tiny) if fact.origin.at == "DB01118 DB00682" and "affects" in fact.predicate]
    assert [(fact.subject, fact.object) for fact in back] == [("DRUGBANK:DB01118", WARFARIN)]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The serum concentration of X can be increased when it is combined with Y.",
         ("serum concentration", "increased", "X")),
        ("The risk or severity of adverse effects can be increased when X is combined with Y.",
         ("risk or severity of adverse effects", "increased", "")),
        ("The serum concentration of the active metabolites of X can be reduced when X is used with Y.",
         ("serum concentration", "decreased", "the active metabolites of X")),
        ("X may decrease the antihypertensive activities of Y.", ("antihypertensive activities", "decreased", "Y")),
        ("They are rarely given together.", ("", "", "")),
    ],
)  # fmt: skip
def test_fixed_words_of_interactions(sentence: str, said: tuple[str, str, str]) -> None:
    assert mechanism(sentence) == said


def test_targets_enzymes_and_carriers_with_their_actions(tiny: Path) -> None:
    found = [fact for fact in relations(tiny) if "DB00682 BE" in fact.origin.at]
    assert found[0] == Relation(
        WARFARIN,
        "biolink:directly_physically_interacts_with",
        "UniProtKB:Q9BQB4",
        origin("DB00682 BE0003531", "PMID:14765194"),
        qualifiers=(
            ("action", "inhibitor"),
            ("comment", "known action: yes"),
            ("original_predicate", "target"),
            ("species", "Humans"),
        ),
    )
    blocked, met, broken_down = found[1:4]
    assert (blocked.predicate, blocked.qualifier("direction"), blocked.qualifier("aspect")) == (
        "biolink:affects", "decreased", "activity",
    )  # fmt: skip
    assert met.predicate == "biolink:physically_interacts_with"
    assert (broken_down.subject, broken_down.object) == ("UniProtKB:P11712", WARFARIN)
    assert broken_down.qualifier("aspect") == "metabolism" and broken_down.origin.references == ("PMID:18466099",)
    assert any("inhibition strength: moderate" in value for fact in relations(tiny) for _, value in fact.qualifiers)


def test_classes_pathways_and_products(tiny: Path) -> None:
    said = {(fact.subject, fact.predicate, fact.object) for fact in relations(tiny)}
    assert {
        (WARFARIN, "biolink:member_of", "ATC:B01AA03"),
        ("ATC:B01AA03", "biolink:subclass_of", "ATC:B01AA"),
        (WARFARIN, "biolink:member_of", "MESH:D000925"),
        (WARFARIN, "biolink:has_attribute", "drugbank.group:approved"),
        (WARFARIN, "biolink:has_metabolite", "DRUGBANK:DBMET00186"),
        ("UniProtKB:Q9BQB4", "biolink:participates_in", "SMPDB:SMP0000268"),
        ("DRUGBANK:DBSALT000044", "biolink:has_active_ingredient", WARFARIN),
    } <= said


def test_food_is_a_passage_with_its_section(tiny: Path) -> None:
    found = [
        fact
        for fact in drugbank(tiny / "sources/drugbank")
        if isinstance(fact, Passage) and ("section", "food-interactions") in fact.qualifiers
    ]
    assert [fact.id for fact in found] == [f"drugbank:DB00682#food-interactions-{number}" for number in (1, 2)]


def test_foreign_ids_are_spelt_as_everywhere() -> None:
    assert xref("PubChem Compound", "2244") == "PUBCHEM:2244"
    assert xref("HUGO Gene Nomenclature Committee (HGNC)", "HGNC:23663") == "HGNC:23663"
    assert xref("ChemSpider", "1906") == "chemspider:1906"
