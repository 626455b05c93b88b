"""The trained tagger: marks what it never saw, names it by mapping or spelling, and knows what a short form means."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.annotators._names import Names
from probatum.annotators._tagging import short_forms
from probatum.annotators.tagger import tagger
from probatum.store.reader import Store
from probatum.types import Mention


def test_the_tagger_marks_what_it_never_saw_and_names_it(drugs: Store, taught: Path) -> None:
    text = (
        "Amiodarone was given. Thyroiditis appeared in two. The tremor (TRM) was attributed to lithium. TRM vanished."
    )
    found = [each for each in tagger(drugs, model=str(taught / "tagger"))(text) if isinstance(each, Mention)]
    said = {(each.text, each.kind): each.concept for each in found}
    assert said["Amiodarone", "ChemicalEntity"] == "MESH:D000638"
    assert said["Thyroiditis", "Disease"] == "MESH:D013966"  # by the mapping of the store's concept
    assert all(text[each.start : each.end] == each.text for each in found)
    assert [each.concept for each in found if each.text == "TRM"] == ["MESH:D014202"] * 2  # as what it stands for


def test_spelling_finds_what_no_name_says(drugs: Store) -> None:
    names = Names(drugs, ("Disease",), "MESH:", {"shaking": "MESH:D014202"})
    assert names("Hearing  Loss") == names("hearing losses") == "MESH:D034381"
    assert names("shaking") == "MESH:D014202"
    assert names("nephrotoxicities", nearest=0.6) == "MESH:D007674"
    assert names("qwerty") == names("") == ""


@pytest.mark.parametrize(
    ("text", "long", "short"),
    [
        ("gum arabic (GA) was", (0, 10), "GA"),
        ("attention deficit hyperactivity disorder [ADHD]", (0, 40), "ADHD"),
        ("gum arabic (see below)", (0, 10), ""),
        ("gum arabic (XY)", (0, 10), ""),
    ],
)
def test_short_forms(text: str, long: tuple[int, int], short: str) -> None:
    found = short_forms(text, [(*long, "ChemicalEntity")])
    assert [text[start:end] for start, end, *_ in found] == ([short] if short else [])
