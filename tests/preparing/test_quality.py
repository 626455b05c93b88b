"""The report of a set: what it covers, how even it is, what is wrong with it, how its annotators agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from probatum.errors import BadFormat
from probatum.preparing.quality import balance, quality
from probatum.types import Answer, Example, Mention, Origin, Question

AB = (("A", "yes"), ("B", "no"))
ORIGIN = Origin("own", "1", "1", reliability="generated")


def marked(choices: str) -> list[Example]:
    return [
        Example(
            str(n), Question(f"Does drug number {n} help?", AB, language="en"), Answer(choice=c), (f"paper:{n // 2}",),
            labels=(("subject", "pharmacology" if n % 4 else "surgery"),), origin=ORIGIN if n else None,
        )
        for n, c in enumerate(choices)
    ]  # fmt: skip


def test_a_report_of_choices_and_two_annotators() -> None:
    told = quality(marked("AABBABAB"), [marked("AABBABBA")])
    assert told.coverage.items == 8 and told.coverage.groups == 4 and told.coverage.languages == {"en": 8}
    assert told.coverage.subjects == {"subject": 2} and told.reliability == {"generated": 7, "unknown": 1}
    assert told.gold.values == {"A": 4, "B": 4} and told.gold.evenness == pytest.approx(1) and told.gold.largest == 0.5
    assert told.labels["subject"].values == {"pharmacology": 6, "surgery": 2} and told.faults == {}
    # 6 of 8 agree, each value 8 of 16: Cohen (.75 - .5) / .5, alpha 1 - (15 / 16) * (.25 / .5) by hand
    assert told.agreement["cohen:1,2"].value == pytest.approx(0.5)
    assert told.agreement["alpha"].value == pytest.approx(1 - (15 / 16) * 0.25 / 0.5)
    assert told.disputed == ("6", "7")


def test_marked_texts_are_compared_by_what_is_marked() -> None:
    def noted(*spans: tuple[int, int]) -> list[Example]:
        found = tuple(Mention(s, e, "fever cough"[s:e], "", kind="Sign") for s, e in spans)
        return [Example("a", Question("fever cough"), Answer(found=found))]

    told = quality(noted((0, 5), (6, 11)), [noted((0, 5))])
    strict = told.agreement["mention_f1:2"]
    assert strict.value == pytest.approx(2 / 3) and told.disputed == ("a",)


def test_concepts_are_counted_and_faults_named() -> None:
    examples = [*marked("AB"), replace(marked("A")[0], id="again")]

    def annotate(text: str) -> list[Mention]:
        return [Mention(0, 4, text[:4], f"X:{'drug number 1' in text:d}", kind="Drug")]

    told = quality(examples, annotate=annotate)
    assert told.coverage.concepts == {"Drug": 2} and told.coverage.named == 1.0
    assert told.faults == {"equal to an earlier one": 1}
    empty = quality([])
    assert empty.coverage.items == 0 and empty.gold.different == 0 and balance(["a"]).evenness == 0
    with pytest.raises(BadFormat, match="no item in common"):
        quality(marked("AB"), [[replace(each, id=f"x{each.id}") for each in marked("AB")]])
