"""The columns of the survey's Table 4: a card for every data set of the survey, read strictly."""

from __future__ import annotations

import pytest

from probatum import plans
from probatum.errors import BadPlan
from probatum.naming import card_of, find, names


def test_every_data_set_of_the_survey_has_its_card() -> None:
    wanted = {system.id for system in plans.survey() if system.group == "datasets"}
    cards = plans.data_cards()
    assert wanted <= set(cards) and len(cards) == 105
    assert all(card.languages or card.modalities for card in cards.values())
    table = [card for card in cards.values() if card.type]
    assert len(table) == 31 and all(card.usability and card.reliability and card.access for card in table)


def test_a_few_cards_as_the_table_has_them() -> None:
    cards = plans.data_cards()
    exam = cards["cmexam"]
    assert (exam.type, exam.authenticity, exam.coverage) == (
        "Medical Licensing Exam QA", "real", "26 diseases, 35 departments",
    )  # fmt: skip
    assert cards["pubmedqa"].authenticity == "mixed" and cards["pubmedqa"].reliability == "partly reliable"
    assert cards["pubmed"].update == "yearly, about December"
    assert cards["mimic_iii"].access == "credentialed" and cards["mtb"].access == "closed"
    assert cards["medqa"].languages == ("en", "zh-Hant", "zh-Hans")


def test_gated_loaders_are_not_open_to_all() -> None:
    cards = plans.data_cards()
    for name in names("datasets"):
        if card_of(find("datasets", name)).gated and name in cards:
            assert cards[name].access in {"registration", "credentialed", "closed"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[x]\ntyp = "a"', "did you mean 'type'"),
        ('[x]\naccess = "free"', "access"),
        ("[x]\nlanguages = []", "languages must be a list"),
        ('[x]\ntype = ""', "type must be a text"),
        ("x = 1", "a table was expected"),
        ("[x", "TOML"),
    ],
)
def test_a_card_is_read_strictly(text: str, why: str) -> None:
    with pytest.raises(BadPlan, match=why):
        plans.read_data_cards(text, "cards")
