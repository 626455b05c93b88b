"""A case in an address, read and written; ages as people write them."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as some

from probatum.types import Observation, Patient
from probatum.web.case import EXAMPLES, Case, of_patient, of_query, read_age, said_age
from probatum.web.problems import Problem

IDS = some.from_regex(r"HP:[0-9]{7}", fullmatch=True)


@given(some.dictionaries(IDS, some.booleans(), max_size=20), some.sampled_from(["", "P3Y2M", "P8M"]))
def test_an_address_is_read_as_it_was_written(observed: dict[str, bool], age: str) -> None:
    case = Case(tuple(observed.items()), age, "female")
    assert of_query(parse_qsl(case.query())) == case


def test_an_address_holds_ids_age_and_sex_and_nothing_else() -> None:
    patient = Patient(
        id="Mustermann", age="P34Y", sex="male", notes=("He is Mustermann.",),
        observations=(Observation("phenotype", "HP:0001250", False, "Mustermann"), Observation("phenotype", "Muster")),
    )  # fmt: skip
    assert of_patient(patient).query() == "HP:0001250=excluded&age=P34Y&sex=male"


@pytest.mark.parametrize(
    ("written", "age"),
    [
        ("", ""), ("34", "P34Y"), ("6 m", "P6M"), ("3y 2m", "P3Y2M"), ("3 years 2 months", "P3Y2M"),
        ("3岁2个月", "P3Y2M"), ("３岁", "P3Y"),
        ("10 days", "P10D"), ("p34y", "P34Y"), ("8周", "P8W"), ("1.5 y", "P1.5Y"),
    ],
)  # fmt: skip
def test_ages_are_read_as_people_write_them(written: str, age: str) -> None:
    assert read_age(written) == age


@pytest.mark.parametrize("written", ["old", "3 parsecs", "-3", "P", "2m 3y", "3" * 50])
def test_an_age_that_cannot_be_read_is_told(written: str) -> None:
    with pytest.raises(Problem) as told:
        read_age(written)
    assert (told.value.status_code, told.value.code) == (422, "invalid-request")
    assert written not in told.value.detail or written == "P"


@given(some.integers(0, 120), some.integers(0, 11), some.sampled_from(["en", "zh"]))
def test_an_age_in_words_is_read_back(years: int, months: int, language: str) -> None:
    age = f"P{years}Y{months}M"
    assert read_age(read_age(said_age(age, language))) in {age, f"P{years}Y", f"P{months}M", "P0D"}


def test_an_age_of_hours_stays_as_it_is() -> None:
    assert said_age("PT12H", "en") == "PT12H"


def test_two_hundred_phenotypes_and_no_more() -> None:
    with pytest.raises(Problem):
        of_query([(f"HP:{number:07}", "present") for number in range(201)])


def test_a_phenotype_can_change_its_state_and_go() -> None:
    case = Case((("HP:0000001", True), ("HP:0000002", True))).with_observed("HP:0000001", False)
    assert case.observed == (("HP:0000001", False), ("HP:0000002", True))
    assert case.without("HP:0000001").observed == (("HP:0000002", True),)


def test_the_examples_are_cases() -> None:
    for address in EXAMPLES.values():
        case = of_query(parse_qsl(address))
        assert len(case.observed) >= 4
        assert case.age
