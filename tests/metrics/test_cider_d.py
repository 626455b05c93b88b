"""CIDEr-D against golden values of the captioning code."""

from __future__ import annotations

import pytest
from golden import golden, reference, seeded, tokens

from probatum.metrics.cider_d import cider_d, per_item
from probatum.types import Answer


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_the_captioning_codes_numbers(part: str) -> None:
    wanted = golden(part)["pycocoevalcap_on_tokens"]
    assert cider_d(tokens(part), tokens="none")["cider_d"].value == pytest.approx(wanted["CIDEr-D"], abs=1e-6)
    assert list(per_item(tokens(part), "none")) == pytest.approx(wanted["CIDEr-D_sentence"], abs=1e-6)


def test_500_random_pairs_as_the_captioning_code() -> None:
    wanted = reference("cider_d")
    assert list(per_item(seeded(500), "none")) == pytest.approx(wanted, abs=1e-6)
    assert cider_d(seeded(500), tokens="none")["cider_d"].value == pytest.approx(sum(wanted) / 500, abs=1e-6)


def test_words_that_every_reference_has_are_worth_nothing() -> None:
    pairs = [(Answer(text="the fever"), Answer(text="the rash")), (Answer(text="the rash"), Answer(text="the rash"))]
    values = per_item(pairs, "words")
    assert values[0] == 0 and values[1] > 0
