"""METEOR against golden values and against NLTK on random pairs."""

from __future__ import annotations

import pytest
from golden import golden, seeded, tokens

from probatum.metrics.meteor import meteor, one
from probatum.types import Answer


def test_nltks_number_without_synonyms() -> None:
    scores = meteor(tokens("text_en"), tokens="none")
    assert scores["meteor"].value == pytest.approx(golden("text_en")["meteor_nltk_no_synonyms"]["mean"], abs=1e-6)
    assert "exact+stem|" in scores["meteor"].signature


def test_500_random_pairs_as_nltk() -> None:
    module = pytest.importorskip("nltk.translate.meteor_score")

    class Nothing:  # NLTK asks WordNet for synonyms; here there are none
        def synsets(self, word: str) -> list[object]:
            return []

    for gold, given in seeded(500):
        wanted = module.single_meteor_score(gold.text.split(), given.text.split(), wordnet=Nothing())
        assert one(gold.text.split(), given.text.split(), (0.9, 3.0, 0.5)) == pytest.approx(wanted, abs=1e-9)


def test_synonyms_are_the_last_resort() -> None:
    pairs = [(Answer(text="take the tablet now"), Answer(text="take the pill now"))]
    plain = meteor(pairs)["meteor"]
    known = meteor(pairs, synonyms=lambda word: {"pill": ("tablet",)}.get(word, ()))["meteor"]
    assert plain.value < known.value and known.signature != plain.signature


def test_order_is_worth_something() -> None:
    gold = Answer(text="fever cough rash pain nausea")
    same, turned = (Answer(text=text) for text in ("fever cough rash pain nausea", "nausea pain rash cough fever"))
    assert meteor([(gold, same)])["meteor"].value > meteor([(gold, turned)])["meteor"].value > 0
