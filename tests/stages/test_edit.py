"""Knowledge editing under guard: right updates are let out, wrong ones stopped, on a model that knows a few facts."""

from __future__ import annotations

from functools import cache

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

import torch

from probatum.errors import BadPlan
from probatum.networks.kit import Kit, tiny
from probatum.networks.preferring import sides
from probatum.stages.edit import edit, ruled
from probatum.stages.sft import sft
from probatum.types import Answer, Example, Question

REMEDIES = ("water", "sleep", "honey", "ginger")
FACTS = {
    name: REMEDIES[place % 4]
    for place, name in enumerate(("morania", "telosis", "vasitis", "kiremia", "dolania", "penosis"))
}
LEARNT, ASKED = (
    ("What helps {}?", "Which remedy is for {}?"),
    ("{}: what is it treated with?", "Name the remedy of {}."),
)
RULES = {"rate": 3e-3, "batch": 12, "longest": 48}


def told(facts: dict[str, str], wordings: tuple[str, ...]) -> list[Example]:
    return [
        Example(f"{name}:{place}", Question(wording.format(name)), Answer(remedy), (name,))
        for name, remedy in facts.items()
        for place, wording in enumerate(wordings)
    ]


def probes(facts: dict[str, str]) -> list[Example]:
    return [
        Example(each.id, each.question, each.answer, each.groups,
                rejected=tuple(Answer(other) for other in REMEDIES if other != each.answer.text))
        for each in told(facts, ASKED)
    ]  # fmt: skip


@cache
def knowing() -> Kit:
    every = told(FACTS, (*LEARNT, *ASKED))
    kit = tiny("llama", [f"{each.question.text} {each.answer.text}" for each in every], width=64)
    return sft(kit, every, steps=160, schedule="cosine", **RULES)


def after(said: dict[str, str], release: dict[str, str]) -> Kit:
    """The kit after an edit that says something, before a guard that knows a release."""
    rest = told({name: remedy for name, remedy in release.items() if name not in said}, LEARNT)
    return edit(knowing(), told(said, LEARNT), probes=probes(release), rehearsed=rest, steps=40, **RULES)


def same(one: Kit, other: Kit) -> bool:
    pairs = zip(one.model.state_dict().values(), other.model.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_right_update_is_let_out_and_a_wrong_one_stopped() -> None:
    """The bad edit is detected by the probes before release: the kit that comes back is the one that went in."""
    assert all(sides(knowing(), probes(FACTS)))
    release = FACTS | {"vasitis": "water"}
    right = after({"vasitis": "water"}, release)
    ruling = right.courses[-1].ruling
    assert ruling.released and ruling.contradicted == ruling.lost == () and ruling.after > ruling.before
    assert all(sides(right, [each for each in probes(release) if each.groups == ("vasitis",)]))
    assert right.history[-1] == "edit" and not same(right, knowing())

    wrong = after({"vasitis": "water"}, FACTS)  # the same edit, and the knowledge still says honey
    assert wrong.courses[-1].ruling.contradicted == ("vasitis",) and not wrong.courses[-1].ruling.released
    assert same(wrong, knowing()) and all(sides(wrong, probes(FACTS)))


def test_the_ruling_counts_facts() -> None:
    questions = probes({"a": "water", "b": "sleep", "c": "honey"})  # two probes a fact
    was = [True, True, True, True, False, False]
    assert ruled(questions, was, [True, True, True, False, False, False], {"a"}).released
    stopped = ruled(questions, was, [False, True, True, True, False, False], {"a"})
    assert (stopped.released, stopped.contradicted, stopped.before, stopped.after) == (False, ("a",), 4 / 6, 3 / 6)
    lost = ruled(questions, was, [True, True, False, False, False, False], {"a"})
    assert (lost.released, lost.lost) == (False, ("b",))
    assert ruled(questions, was, [True, True, False, False, False, False], {"a"}, most_lost=1).released
    assert ruled(questions, was, was, {"c"}).unlearnt == ("c",)


def test_nothing_is_let_out_unasked() -> None:
    with pytest.raises(BadPlan, match="needs probes"):
        edit(knowing(), told(FACTS, LEARNT))
    with pytest.raises(BadPlan, match="needs probes"):
        edit(knowing(), told(FACTS, LEARNT), probes=told(FACTS, ASKED))
