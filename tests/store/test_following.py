"""A question that leaves out what it is about takes it from an earlier turn, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked_desks import desk_with
from small_store import small_store

from probatum import verbs
from probatum.store.following import followed
from probatum.types import Question

GAUCHER = ("user", "What is Gaucher disease type 1?")
MARFAN = ("user", "What are the symptoms of Marfan syndrome?")
SAID = ("assistant", "A change in GBA1 causes Gaucher disease [1].")


@pytest.mark.parametrize(
    ("text", "turns", "wanted"),
    [
        ("How is it inherited?", (GAUCHER, SAID), "How is it inherited? (Gaucher disease type 1)"),
        ("And the treatment?", (GAUCHER, SAID, MARFAN), "And the treatment? (Marfan syndrome)"),
        ("And the treatment?", (MARFAN, SAID), "And the treatment? (Marfan syndrome)"),
        ("Is Splenomegaly seen in it?", (MARFAN, GAUCHER), "Is Splenomegaly seen in it? (Gaucher disease type 1)"),
        ("What are the symptoms of Marfan syndrome?", (GAUCHER,), ""),
        ("How is it inherited?", (), ""),
        ("How is it inherited?", (("assistant", "Gaucher disease is rare."),), ""),
        ("该病怎么治疗？", (("user", "什么是脾肿大？"),), "该病怎么治疗？ (脾肿大)"),
    ],
)
def test_what_is_left_out_comes_from_the_turns(
    text: str, turns: tuple[tuple[str, str], ...], wanted: str, tmp_path: Path
) -> None:
    with small_store(tmp_path) as store:
        found, said = followed(store, Question(text, turns=turns), desk_with(store).annotate)
        assert found.text == (wanted or text) and bool(said) == bool(wanted)


def test_the_answer_is_about_what_was_spoken_of(tmp_path: Path) -> None:
    with small_store(tmp_path) as store:
        desk = desk_with(store)
        alone = verbs.ask(store, Question("What causes it?"), desk=desk)
        after = verbs.ask(store, Question("What causes it?", turns=(GAUCHER, SAID)), desk=desk)
        other = verbs.ask(store, Question("What causes it?", turns=(GAUCHER, SAID, MARFAN)), desk=desk)
    assert "GBA1" not in alone.text and "GBA1" in after.text and after.trace[0].what == "context"
    assert "GBA1" not in other.text and "Marfan syndrome" in other.trace[0].said
