"""What the words of sources mean."""

import pytest

from probatum.formats import biolink
from probatum.sources._relations import Reading, _tables, original, reading

CLASSES = (
    "Disease PhenotypicFeature Gene Protein Drug ChemicalEntity MolecularMixture Pathway BiologicalProcess"
    " MolecularActivity CellularComponent AnatomicalEntity Cell OrganismTaxon Procedure Device ClinicalTrial"
    " Publication Food Treatment ClinicalFinding Behavior OntologyClass InformationContentEntity NamedThing"
).split()
NAMES = {"aspect", "direction", "action", "status"}


@pytest.mark.parametrize("dialect", sorted(_tables()))
def test_a_dialect_uses_the_vocabulary(dialect: str) -> None:
    for word, meant in _tables()[dialect].items():
        assert meant.predicate in biolink.predicates(), word
        assert {key for key, _ in meant.qualifiers} <= NAMES, word
        assert dialect == "primekg" or {meant.subject, meant.object} <= {"", *CLASSES}, word
        assert not (meant.name or meant.xref) or meant.predicate == "biolink:related_to", word


@pytest.mark.parametrize(
    ("dialect", "word", "meant"),
    [
        ("chinese", "症状", Reading("biolink:has_phenotype", subject="Disease", object="PhenotypicFeature")),
        ("chinese", "药物治疗", Reading("biolink:treats", True, subject="Disease", object="Drug")),
        ("chinese", "别名", Reading(name="exact")),
        ("chinese", "天气", Reading()),
        ("english", "Treated_By", Reading("biolink:treats", True)),
        ("english", "has_phenotype", Reading("biolink:has_phenotype")),
        ("english", "biolink:treats", Reading("biolink:treats")),
        ("hetionet", "Gr>G", Reading("biolink:regulates")),
        ("primekg", "phenotype absent", Reading()),
    ],
)
def test_a_word_is_read(dialect: str, word: str, meant: Reading) -> None:
    assert reading(dialect, word) == meant


def test_the_source_s_own_word_is_kept_where_it_is_another() -> None:
    assert original("Has Phenotype", "biolink:has_phenotype") == ""
    assert original("biolink:treats", "biolink:treats") == ""
    assert original("药物治疗", "biolink:treats") == "药物治疗"
