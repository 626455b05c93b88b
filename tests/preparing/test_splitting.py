"""A part outside of the domain shares neither label nor group nor text with what is learnt from."""

from __future__ import annotations

import random

import pytest

from probatum.errors import BadPlan
from probatum.preparing.overlaps import contaminated, index
from probatum.preparing.splitting import out_of_domain
from probatum.types import Answer, Example, Question

DRAW = random.Random(3)
WORDS = [f"{one}{two}" for one in ("ka", "lo", "mi", "ser") for two in ("ra", "ne", "dol", "pix", "sum", "tan")]


def one(name: str, subject: str, group: str, text: str = "") -> Example:
    labels = (("subject", subject),) if subject else ()
    said = text or " ".join(DRAW.choices(WORDS, k=30))
    return Example(name, Question(said), Answer("Yes."), (group,), labels=labels)


def test_performance_on_unseen_data_is_measured_outside_of_the_domain() -> None:
    examples = [one(f"i{n}", "surgery" if n % 2 else "medicine", f"g{n}") for n in range(10)]
    examples += [one(f"o{n}", "eyes", f"h{n}") for n in range(6)]
    copied = one("copy", "eyes", "h9", examples[0].question.text)
    shared = one("shared", "surgery", "h2")
    inside, outside = out_of_domain([*examples, copied, shared, one("none", "", "g")], "subject", ["eyes"])
    assert [each.id for each in inside] == [f"i{n}" for n in range(10)]
    assert [each.id for each in outside] == [f"o{n}" for n in range(6)]
    assert not {g for each in inside for g in each.groups} & {g for each in outside for g in each.groups}
    assert contaminated(index(inside), outside).overlaps == ()
    with pytest.raises(BadPlan, match="eyes, medicine, surgery"):
        out_of_domain(examples, "subject", ["ears"])
