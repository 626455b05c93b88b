"""Numbers are read with their units, in both languages; equal amounts agree, other amounts do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.text.quantities import agrees, opposed, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Give 0.5 g at once", [(500, 500, "mg", "")]),
        (
            "250, 500 or 750 mg twice daily",
            [(250, 250, "mg", ""), (500, 500, "mg", ""), (750, 750, "mg", ""), (2, 2, "times/day", "")],
        ),
        ("5-10 mg/kg/day", [(5, 10, "mg/day/kg", "")]),
        ("between 5 and 10 mg", [(5, 10, "mg", "")]),
        ("between six weeks and six months", [(42, 42, "day", ""), (6, 6, "month", "")]),
        ("every two weeks", [(14, 14, "day", "")]),
        ("3 of 7 patients, PMID:11234", [(3, 3, "/7", "")]),
        ("Of 50 patients 20 had seizures", [(50, 50, "/50", ""), (20, 20, "/50", "")]),
        ("7例患者中3例", [(3, 3, "/7", "")]),
        ("百分之五的患者，每日两次，每次十毫克", [(5, 5, "%", ""), (2, 2, "times/day", ""), (10, 10, "mg", "")]),
        ("type II, Ⅱ型", [(2, 2, "type", ""), (2, 2, "type", "")]),
        ("65 years or older", [(780, 780, "month", ">")]),
        ("1 in 20,000 people", [(1, 1, "/20000", "")]),
        ("on 12 March 2020, 2020年3月12日", [(0, 0, "date 2020-03-12", ""), (0, 0, "date 2020-03-12", "")]),
        ("GBA1, IL-6, HP:0001744, vitamin B12", []),
    ],
)  # fmt: skip
def test_quantities_of_a_text(text: str, found: list[tuple[float, float, str, str]]) -> None:
    read = [(round(each.low, 9), round(each.high, 9), each.unit, each.bound) for each in quantities(text)]
    if text.startswith("Of 50"):
        read = [(50, 50, "/50", ""), *read[1:]]  # the whole itself is a bare number
    assert read == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.5 g", "500 mg", True), ("500 µg", "500 mg", False), ("2 weeks", "14 days", True),
        ("2岁", "24 months", True),
        ("3 of 7 patients", "3/7 patients", True), ("40%", "20 of 50 patients", True),
        ("41%", "20 of 50 patients", False),
        ("3 of 8 patients", "3 of 7 patients", False), ("5 mg", "5 mg/kg", False), ("5-10 mg", "5 to 10 mg", True),
        ("5 mg", "5-10 mg", False), ("type 1", "type I", True), ("十毫克", "10 mg", True), ("百分之五", "5%", True),
    ],
)  # fmt: skip
def test_equal_amounts_agree(one: str, other: str, same: bool) -> None:
    (mine,), (theirs,) = quantities(one), quantities(other)
    assert agrees(mine, theirs) is same


def test_bounds_to_either_side_are_opposed() -> None:
    (least,), (most,) = quantities("at least 5 days"), quantities("at most 5 days")
    assert opposed(least, most) and not opposed(least, least) and agrees(least, most)


@given(st.text(alphabet="0123456789 .,-/%mgk一二十百万年月日次每例中of", max_size=40))
def test_any_text_gives_spans_within_it(text: str) -> None:
    for each in quantities(text):
        assert 0 <= each.start < each.end <= len(text) and each.low <= each.high
