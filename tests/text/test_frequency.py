"""Frequencies as annotation files write them."""

import pytest

from probatum.text.frequency import Frequency, in_words, read


def test_counted():
    assert read("3/7") == Frequency(3, 7, 3 / 7, 3 / 7)
    assert read("0/5").high == 0.0


def test_percentages_and_classes():
    assert read("45%") == Frequency(None, None, 0.45, 0.45)
    assert read("7.5 %").low == pytest.approx(0.075)
    assert read("HP:0040281") == Frequency(None, None, 0.80, 0.99, "HP:0040281")
    assert (read("HP:0040280").low, read("HP:0040285").high) == (1.0, 0.0)
    assert read("") == Frequency(None, None, 0.0, 1.0)


@pytest.mark.parametrize("written", ["7/3", "3/0", "120%", "often", "HP:0001250", "-1/2", "3/7/9"])
def test_what_is_no_frequency(written):
    with pytest.raises(ValueError, match="not a frequency"):
        read(written)


@pytest.mark.parametrize(
    ("written", "language", "said"),
    [
        ("3/7", "en", "3 of 7 patients"),
        ("1/1", "en", "1 of 1 patient"),
        ("3/7", "zh", "7例患者中3例"),
        ("3/7", "es", "3 de 7 pacientes"),
        ("45%", "en", "45% of patients"),
        ("45%", "zh", "45%的患者"),
        ("HP:0040281", "en", "very frequent (80-99%)"),
        ("HP:0040281", "zh", "非常常见（80-99%）"),
        ("HP:0040283", "de", "occasional (5-29%)"),
        ("", "en", ""),
    ],
)
def test_in_words(written, language, said):
    assert in_words(written, language) == said


@pytest.mark.shared
def test_every_frequency_of_the_release_reads(shared):
    import gzip

    with gzip.open(shared / "hpo/2025-01-16/phenotype.hpoa.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith(("#", "database_id"))]
    seen = {row[7] for row in rows}
    assert len(seen) > 500
    for written in seen:
        frequency = read(written)
        assert 0 <= frequency.low <= frequency.high <= 1
