"""How well a relation answers a question."""

from small_store import ECTOPIA, GAUCHER, LARGE_SPLEEN, MARFAN, claim, origin

from probatum.store.fitting import best_first, fit, frequency, sample, score
from probatum.types import Relation

COUNTED = claim(GAUCHER, LARGE_SPLEEN, "PCS", "PMID:1", frequency="9/10")
CLASSED = claim(GAUCHER, LARGE_SPLEEN, "TAS", "X:1", frequency="HP:0040282")
SILENT = claim(GAUCHER, LARGE_SPLEEN, "IEA", "X:2")
GENE = Relation("NCBIGene:1", "biolink:has_phenotype", ECTOPIA, origin("g"))


def test_fit_by_what_is_asked() -> None:
    assert fit(COUNTED, "subject", ("phenotype",)) == 1.0
    assert fit(COUNTED, "subject", ("frequency",)) == 0.8
    assert fit(COUNTED, "subject", ("treatment",)) == 0.1
    assert fit(COUNTED, "subject", ()) == 0.5
    assert fit(COUNTED, "object", ("diseases",)) == 1.0
    assert fit(GENE, "object", ("diseases",)) == 0.1
    assert fit(GENE, "object", ("gene",)) == 1.0


def test_frequency_and_sample() -> None:
    assert (frequency(COUNTED), sample(COUNTED)) == (0.9, 10)
    assert (round(frequency(CLASSED), 3), sample(CLASSED)) == (0.545, 0)
    assert (frequency(SILENT), sample(SILENT)) == (0.35, 0)
    odd = claim(MARFAN, ECTOPIA, "PCS", "PMID:1", frequency="sometimes")
    assert (frequency(odd), sample(odd)) == (0.35, 0)


def test_the_claim_on_most_patients_comes_first() -> None:
    assert best_first([SILENT, CLASSED, COUNTED]) == [COUNTED, CLASSED, SILENT]


def test_what_is_asked_counts_more_than_how_often() -> None:
    asked = ("phenotype",)
    assert score([COUNTED], "subject", asked) > score([CLASSED], "subject", asked) > score([SILENT], "subject", asked)
    assert score([SILENT], "subject", asked) > score([COUNTED] * 50, "object", asked)
    assert score([COUNTED] * 3, "subject", asked) > score([COUNTED], "subject", asked)
