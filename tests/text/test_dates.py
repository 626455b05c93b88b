"""Dates as clinical pages write them."""

from __future__ import annotations

import pytest

from probatum.text.dates import first_iso, iso


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021-06-20T00:00:00+00:00", "2021-06-20"),
        ("20210620", "2021-06-20"),
        ("20210620103000", "2021-06-20"),
        ("20 June 2021", "2021-06-20"),
        ("3rd Feb 2021", "2021-02-03"),
        ("Jun 3, 2024", "2024-06-03"),
        ("Sept. 9, 2023", "2023-09-09"),
        ("Nov 2023", "2023-11"),
        ("2023-11", "2023-11"),
        ("2023-13", ""),
        ("2021-02-30", ""),
        ("31 Foo 2021", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_date_in_any_writing_is_iso(written: str, read: str) -> None:
    assert iso(written) == read


def test_the_first_date_in_a_text() -> None:
    assert first_iso("Medically reviewed by A. Body. Last updated on Jun 3, 2024.") == "2024-06-03"
    assert first_iso("current through: Nov 2023.") == "2023-11" and first_iso("no date 12 of 13") == ""
