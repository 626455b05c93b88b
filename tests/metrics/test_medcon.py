"""F1 over concepts against golden values; the name tells the dictionary."""

from __future__ import annotations

import pytest
from golden import golden

from probatum.errors import BadPlan
from probatum.metrics.medcon import medcon
from probatum.types import Answer, Mention


def named(terms: list[list[str]], prefix: str = "UMLS:") -> Answer:
    return Answer(text="x", found=tuple(Mention(0, 1, term, prefix + concept) for term, concept in terms))


def test_both_rules() -> None:
    for case in golden("medcon"):
        pair = (named(case["ref_concepts"]), named(case["hyp_concepts"]))
        assert medcon([pair])["medcon"].value == pytest.approx(case["F1_CUI_set"], abs=1e-6)
        told = medcon([pair], variant="aci-bench")["medcon"].value
        assert told == pytest.approx(case["F1_acibench_code"], abs=1e-6)


def test_another_dictionary_has_another_name_and_says_so() -> None:
    pair = (named([["fever", "0001945"]], "HP:"), named([["fever", "0001945"]], "HP:"))
    (name, score), *_ = medcon([pair], dictionary="HPO").items()
    assert name == "medcon-hpo" and score.value == 1 and "not comparable" in score.signature
    assert list(medcon([pair])) == ["medcon-hp"]


def test_the_concepts_may_be_found_in_the_texts() -> None:
    def annotate(text: str) -> list:
        return [Mention(0, len(word), word, f"UMLS:{word}") for word in text.split()]

    pairs = [(Answer(text="fever rash"), Answer(text="rash cough"))]
    assert medcon(pairs, annotate=annotate)["medcon"].value == pytest.approx(0.5)


def test_an_unknown_variant_is_refused() -> None:
    with pytest.raises(BadPlan, match="variant"):
        medcon([], variant="all")
