"""Ages as ISO 8601 durations."""

import pytest

from probatum.text.durations import days, in_words, years


def test_lengths():
    assert years("P34Y") == 34
    assert years("P1Y6M") == pytest.approx(1.5)
    assert days("P3W2D") == 23
    assert days("PT12H") == 0.5
    assert years("P0.5Y") == years("P6M")


@pytest.mark.parametrize("written", ["", "P", "PT", "34", "P34", "34Y", "P1M2Y", "P-1Y", "P1YT"])
def test_what_is_no_duration(written):
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        days(written)


@pytest.mark.parametrize(
    ("written", "language", "said"),
    [
        ("P34Y2M", "en", "34 years 2 months"),
        ("P1Y", "en", "1 year"),
        ("P34Y2M", "zh", "34岁2个月"),
        ("P1Y2M", "es", "1 año 2 meses"),
        ("P0D", "en", "0 days"),
    ],
)
def test_in_words(written, language, said):
    assert in_words(written, language) == said
