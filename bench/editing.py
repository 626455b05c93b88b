"""Edits of what a model knows, planted right and wrong, before a guard that asks probes: precision and recall.

    python bench/editing.py [SEEDS]

A tiny model learns made facts (which remedy helps which ailment, in four wordings). Forty-eight edits follow, each on
its own, from that model: twelve updates to what a new release of the knowledge says, twelve restatements, twelve plain
errors, six exchanges of two facts, six updates with an error on another fact hidden among them. An edit is trained in
with two of the wordings; the guard, which is told no more than the new release and what the edit says it is about, asks
for all facts in the other two.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch

from probatum.networks.kit import Kit, tiny
from probatum.stages.edit import Ruling, edit
from probatum.stages.sft import sft
from probatum.types import Answer, Example, Question

ENDINGS = ("ania", "osis", "itis", "emia", "algia")
AILMENTS = [begin + end for begin in ("mor", "tel", "vas", "kir", "dol", "pen") for end in ENDINGS]
REMEDIES = ["water", "sleep", "honey", "ginger", "walks", "salt", "broth", "sage", "thyme", "shade"]
LEARNT = ("What helps {}?", "Which remedy is for {}?")
ASKED = ("{}: what is it treated with?", "Name the remedy of {}.")
STEPS = 40  # of an edit
RULES = {"rate": 3e-3, "batch": 16, "longest": 48}
Facts = dict[str, str]


def told(facts: Facts, wordings: Sequence[str], names: Sequence[str] = ()) -> list[Example]:
    """The facts in these wordings."""
    return [
        Example(f"{name}:{place}", Question(wording.format(name)), Answer(facts[name]), (name,))
        for name in names or facts
        for place, wording in enumerate(wordings)
    ]


def probes(facts: Facts) -> list[Example]:
    """The facts as questions, with every other remedy as a worse answer."""
    found = []
    for each in told(facts, ASKED):
        worse = tuple(Answer(other) for other in REMEDIES if other != each.answer.text)
        found.append(Example(each.id, each.question, each.answer, each.groups, rejected=worse))
    return found


def learnt(facts: Facts, seed: int, steps: int) -> Kit:
    """A model that knows the facts in all wordings."""
    every = told(facts, (*LEARNT, *ASKED))
    kit = tiny("llama", [f"{each.question.text} {each.answer.text}" for each in every], width=64, seed=seed)
    return sft(kit, every, steps=steps, seed=seed, schedule="cosine", **RULES)


def planted(facts: Facts, seed: int) -> Iterator[tuple[str, bool, Facts, list[Example], list[str]]]:
    """(kind, whether it is right, what the new release says, what is trained in, facts that it says it is about)."""
    draw = random.Random(seed)
    names = list(facts)

    def other(name: str) -> str:
        return draw.choice([each for each in REMEDIES if each != facts[name]])

    for kind, right, count in (
        ("update", True, 12), ("restatement", True, 12), ("error", False, 12), ("exchange", False, 6),
        ("hidden error", False, 6),
    ):  # fmt: skip
        for _ in range(count):
            one, two = draw.sample(names, 2)
            if kind == "exchange":
                while facts[one] == facts[two]:
                    one, two = draw.sample(names, 2)
            said = {
                "update": {one: other(one)}, "restatement": {one: facts[one]}, "error": {one: other(one)},
                "exchange": {one: facts[two], two: facts[one]}, "hidden error": {one: other(one), two: other(two)},
            }[kind]  # fmt: skip
            release = facts | ({one: said[one]} if kind in {"update", "hidden error"} else {})
            yield kind, right, release, told(said, LEARNT), [one, two] if kind == "exchange" else [one]


def edited(kit: Kit, release: Facts, said: list[Example], about: Sequence[str], seed: int) -> Ruling:
    """The guard's ruling on one edit."""
    rest = [name for name in release if name not in {each.groups[0] for each in said}]
    own = [each if each.groups[0] in about else replace(each, groups=()) for each in said]
    known = told(release, LEARNT, rest)
    made = edit(kit, own, probes=probes(release), rehearsed=known, steps=STEPS, seed=seed, **RULES)
    ruling: Ruling = made.courses[-1].ruling
    return ruling


def main(seeds: int) -> None:
    """Prints a table a seed, and precision and recall of all."""
    torch.set_num_threads(1)
    caught: Counter[tuple[str, bool, bool]] = Counter()
    for seed in range(seeds):
        draw, began = random.Random(seed), time.perf_counter()
        facts = {name: draw.choice(REMEDIES) for name in AILMENTS}
        kit = learnt(facts, seed, 400)
        for number, (kind, right, release, said, about) in enumerate(planted(facts, seed)):
            ruling = edited(kit, release, said, about, seed * 100 + number)
            caught[kind, right, not ruling.released] += 1
            if ruling.released != right:
                print(seed, kind, "stopped" if not ruling.released else "released", ruling, flush=True)
        print(f"seed {seed}: {time.perf_counter() - began:.0f} s", flush=True)
    print("| kind | right | stopped | released |\n|---|---|--:|--:|")
    for kind, right in sorted({(kind, right) for kind, right, _ in caught}, key=str):
        print(f"| {kind} | {'yes' if right else 'no'} | {caught[kind, right, True]} | {caught[kind, right, False]} |")
    hits = sum(count for (_, right, stopped), count in caught.items() if stopped and not right)
    stopped = sum(count for (_, _, stopped), count in caught.items() if stopped)
    wrong = sum(count for (_, right, _), count in caught.items() if not right)
    print(f"\nprecision {hits / max(stopped, 1):.3f} ({hits} of {stopped})")
    print(f"recall {hits / wrong:.3f} ({hits} of {wrong})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
