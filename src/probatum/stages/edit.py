"""Editing what a model knows, under guard: facts are trained in, and the model is let out only if probes hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card, find
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard, Trained
from probatum.networks.preferring import sides
from probatum.networks.rendering import Template
from probatum.types import Example

Stage = Callable[..., Kit]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the guard says of an edit: facts are the first groups of probes, each of one or several probes."""

    released: bool
    contradicted: tuple[str, ...]  # facts of the edit of which the model now says what the knowledge does not
    lost: tuple[str, ...]  # other facts that it knew and knows no more
    unlearnt: tuple[str, ...]  # facts of the edit that it knew neither before nor behind it
    before: float  # share of probes that the model answers as the knowledge does
    after: float


@dataclass(frozen=True, slots=True)
class Edited:
    """The course of an edit, and its ruling."""

    trained: Trained
    ruling: Ruling


@card(
    "Knowledge editing under guard",
    survey="6.1",
    reference="doi:10.48550/arXiv.2310.16218",
    languages=("en", "zh"),
)
def edit(
    kit: Kit,
    examples: Sequence[Example],
    *,
    probes: Sequence[Example] = (),
    rehearsed: Sequence[Example] = (),
    most_lost: int = 0,
    template: str | Template = "roles",
    longest: int = 256,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after an edit that the guard lets out; else the kit as it was. The ruling stands in the course.

    `examples` are what is trained in. `probes` are questions whose answers the present knowledge gives, each with
    rejected ones: the model knows it where the answer is the likeliest of them. What shares its first group is one
    fact. An edit is stopped where a fact of its own groups is contradicted (wrong in most of its probes, and it was not
    before, or it was trained in), or where more than `most_lost` other facts that were known (right in all of their
    probes) are wrong in all. The guard reads no edit: it asks the model alone. `rehearsed` is learnt along with it,
    against forgetting. Others as in sft. Raises `BadPlan` without probes: nothing is let out unasked.
    """
    if not probes or any(not each.rejected for each in probes):
        raise BadPlan("the guard needs probes, each with other answers", mend="probes made from the knowledge in use")
    before = sides(kit, probes, template=template, longest=longest)
    working = replace(kit, model=deepcopy(kit.model))
    both = [*examples, *rehearsed]
    sft: Stage = find("stages", "sft")
    made = sft(working, both, template=template, longest=longest, folder=folder, heard=heard, **course)
    after = sides(made, probes, template=template, longest=longest)
    own = {each.groups[0] for each in examples if each.groups}
    ruling = ruled(probes, before, after, own, most_lost=most_lost)
    told = Edited(made.courses[-1], ruling)
    kept = made if ruling.released else kit
    return replace(kept, history=(*kit.history, "edit"), courses=(*kit.courses, told))


def ruled(
    probes: Sequence[Example], before: Sequence[bool], after: Sequence[bool], own: set[str], *, most_lost: int = 0
) -> Ruling:
    """The ruling on what a model answered before and after; `own` are the facts that the edit says it is about."""
    was, now = _facts(probes, before), _facts(probes, after)
    contradicted = tuple(fact for fact in was if fact in own and _mostly(was[fact]) and not _mostly(now[fact]))
    unlearnt = tuple(fact for fact in was if fact in own and not _mostly(was[fact]) and not _mostly(now[fact]))
    lost = tuple(fact for fact in was if fact not in own and all(was[fact]) and not any(now[fact]))
    return Ruling(
        not contradicted and len(lost) <= most_lost, contradicted, lost, unlearnt,
        sum(before) / len(before), sum(after) / len(after),
    )  # fmt: skip


def _facts(probes: Sequence[Example], answers: Sequence[bool]) -> Mapping[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for probe, right in zip(probes, answers, strict=True):
        found.setdefault(probe.groups[0] if probe.groups else probe.id, []).append(right)
    return found


def _mostly(answers: Sequence[bool]) -> bool:
    return 2 * sum(answers) > len(answers)
