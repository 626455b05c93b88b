"""Which option an answer chooses: golden cases in English and Chinese, and what must hold of any text."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.text.choices import Choice, choice
from probatum.types import Pairs

CASES = Path(__file__).parents[1] / "golden" / "text" / "choices" / "cases.tsv"
FOUR = (("A", "Gaucher disease"), ("B", "Marfan syndrome"), ("C", "Fabry disease"), ("D", "戈谢病"))


def cases() -> list[tuple[str, Pairs, str, str]]:
    with CASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (
            row["text"].replace("\\n", "\n"),
            tuple((one.partition("=")[0], one.partition("=")[2]) for one in row["options"].split("|")),
            row["letter"],
            row["how"],
        )
        for row in rows
    ]


def test_there_are_enough_cases_in_both_languages() -> None:
    texts = [text for text, *_ in cases()]
    assert len(texts) >= 60 and len(set(texts)) == len(texts)
    assert sum(not text.isascii() for text in texts) >= 20


@pytest.mark.parametrize(("text", "options", "letter", "how"), cases())
def test_a_golden_case(text: str, options: Pairs, letter: str, how: str) -> None:
    read = choice(text, options)
    assert (read.letter, read.how) == (letter, how)
    assert (read.confidence >= 0.5) if letter else (read.confidence == 0 or how == "abstained")


@given(st.text(max_size=80))
def test_any_text_gives_options_or_none(text: str) -> None:
    read = choice(text, FOUR)
    assert set(read.letter) <= set("ABCD") and 0 <= read.confidence <= 1
    assert list(read.letter) == sorted(set(read.letter))


@given(
    st.sampled_from("ABCD"),
    st.sampled_from(["The answer is {}.", "答案是{}。", "\\boxed{{{}}}", '{{"answer": "{}"}}', "{}"]),
)
def test_every_letter_is_read_in_every_form(letter: str, form: str) -> None:
    assert choice(form.format(letter), FOUR).letter == letter


def test_without_options_nothing_is_chosen() -> None:
    assert choice("The answer is B.", ()) == Choice("", 0.0, "outside")
    assert choice("Gaucher disease", ()) == Choice()
