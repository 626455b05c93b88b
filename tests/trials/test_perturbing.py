"""Questions are changed alike in every run, and what is right stays right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum.errors import BadPlan
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.trials.perturbing import names, perturbed
from probatum.types import Answer, Candidate, Concept, Example, Fact, Name, Origin, Question, Release

ASKED = "A 45-year-old man with fever of 39.5 °C takes 500 mg of Tylenol twice; his father had gout. What is best?"
OPTIONS = (("A", "rest"), ("B", "water"), ("C", "salt"), ("D", "sugar"))
GOLD = Answer(choice="AC", candidates=(Candidate("A", "rest", 1.0), Candidate("C", "salt", 1.0)))


def example(text: str = ASKED, id: str = "1") -> Example:
    return Example(id, Question(text, OPTIONS), GOLD)


def changed(name: str, text: str = ASKED, store: Store | None = None) -> str:
    return perturbed([example(text)], name, store)[0].question.text


@pytest.mark.parametrize("name", [name for name in names() if name != "brand"])
def test_it_is_the_same_in_every_run_and_marked(name: str) -> None:
    several = [example(f"{ASKED} 患者肝肾疼痛，炎症。", str(number)) for number in range(20)]
    once, again = perturbed(several, name), perturbed(several, name)
    assert once == again and any(each.question != old.question for each, old in zip(once, several, strict=True))
    for each, old in zip(once, several, strict=True):
        same = each.question == old.question
        assert each.labels == (("perturbed", "no" if same else "yes"),)
        if name != "options":
            assert each.answer == old.answer and each.question.options == old.question.options


def test_gold_goes_along_with_the_options() -> None:
    for number in range(30):
        (made,) = perturbed([example(id=str(number))], "options")
        texts = dict(made.question.options)
        assert sorted(texts[letter] for letter in made.answer.choice) == ["rest", "salt"]
        assert [texts[each.id] for each in made.answer.candidates] == ["rest", "salt"]
        assert list(texts) == ["A", "B", "C", "D"] and made.question.options != OPTIONS


def test_what_each_change_says() -> None:
    assert "103.1 °F" in changed("units") and "0.5 g of" in changed("units")
    assert changed("units", "5 mg/kg daily, 2.5 g") == "5 mg/kg daily, 2500 mg"
    assert changed("sex").startswith("A 45-year-old woman") and "her mother had" in changed("sex")
    assert changed("sex", "A pregnant woman of 30") == "A pregnant woman of 30"
    assert changed("sex", "患者，男，45岁") == "患者，女，45岁" and changed("age", "患者，男，45岁") == "患者，男，65岁"
    assert "65-year-old" in changed("age") and changed("age", "A 4-year-old boy") == "A 4-year-old boy"
    assert changed("ethnicity", "A 45-year-old man") in {
        f"A 45-year-old {e} man" for e in ("Black", "white", "Asian", "Hispanic")
    }
    assert "Black" not in changed("ethnicity", "A Black man coughs")
    assert changed("negation").endswith(ASKED) and len(changed("negation")) > len(ASKED)
    for name in ("noise", "typos"):
        assert [part for part in ("45", "39.5", "500") if part not in changed(name)] == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    def facts() -> Iterator[Fact]:
        origin = Origin("own", "1", "X:1")
        yield Release("own", "1", "CC0-1.0", "0" * 64)
        yield Concept("RXNORM:161", "acetaminophen", "Drug", origin, (Name("Tylenol", "en", "exact"),))

    write(tmp_path / "kb", facts())
    with Store(tmp_path / "kb") as opened:
        yield opened


def test_another_name_of_a_drug_is_of_the_store(store: Store) -> None:
    assert "500 mg of acetaminophen twice" in changed("brand", store=store)
    assert changed("brand", "Fever alone", store) == "Fever alone"
    with pytest.raises(BadPlan, match="need a store"):
        changed("brand")
    with pytest.raises(BadPlan, match="one of: noise"):
        changed("speed")
