"""Exams as a choice: each option is scored with its stem by one head, and the right one is to score highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.heads import Laid, choices_of, headed
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.stages._course import course_of, split
from probatum.types import Example


@dataclass(frozen=True, slots=True)
class Choice:
    """One question as rows, an option each, and which of them is right."""

    rows: tuple[Laid, ...]
    right: int


@card(
    "Exam as sequential multi-class: one head scores each option",
    survey="T5 ME",
    reference="https://github.com/stanford-crfm/BioMedLM/tree/main/finetune/mc",
    languages=("en", "zh"),
)
def choice(
    kit: Kit,
    examples: Sequence[Example],
    *,
    longest: int = 384,
    held_out: float = 0.0,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit with a head as its model: a softmax over the options of a question, each read alone with its stem.

    Questions without options, or with several right ones, are left out. What it comes to stands in the course:
    `accuracy` on the held-out questions, beside those of `chance` and of always the `longest_option` on the same.
    `longest`: tokens of stem and option. Others: `networks.loop.Course`. Raises `BadPlan` where nothing can be learnt.
    """
    settings = course_of(course)
    usable = [each for each in examples if answerable(each)]
    if not usable:
        raise BadPlan("there is no question with options and one right answer")
    learn, kept = split(usable, held_out, settings.seed)
    with needed("torch").random.fork_rng():
        needed("torch").manual_seed(settings.seed)
        head = headed(kit, "choice", longest=longest)

    def rows(examples: Sequence[Example]) -> list[Choice]:
        return [
            Choice(
                tuple(head.laid(*pair) for pair in choices_of(each.question)),
                [letter for letter, _ in each.question.options].index(each.answer.choice),
            )
            for each in examples
        ]

    def collated(items: Sequence[Choice]) -> Mapping[str, Any]:
        torch = needed("torch")
        batch = head.tensors([row for item in items for row in item.rows])
        batch["numbers"] = torch.tensor([len(item.rows) for item in items])
        return batch | {"right": torch.tensor([item.right for item in items])}

    trained = fit(
        head.network, rows(learn), collated, choice_loss, settings, weigh=lambda batch: len(batch["right"]),
        held_out=rows(kept), folder=folder, heard=heard,
    )  # fmt: skip
    head.network.eval()
    measured = kept or learn
    hits = sum(head(each.question).choice == each.answer.choice for each in measured)
    told = {"accuracy": hits / len(measured), "measured_on": "held-out" if kept else "learnt", **references(measured)}
    trained = replace(trained, course={**trained.course, **told})
    return replace(kit, model=head, history=(*kit.history, "choice"), courses=(*kit.courses, trained))


def choice_loss(network: Any, batch: Mapping[str, Any]) -> Any:
    """The mean cross-entropy of the right option among those of its question; questions may differ in their number."""
    torch, functional = needed("torch"), needed("torch.nn.functional")
    inputs = {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
    scores, numbers = network(**inputs)[:, 0].float(), batch["numbers"]
    table = scores.new_full((len(numbers), int(numbers.max())), float("-inf"))
    table[torch.arange(table.shape[1], device=scores.device)[None] < numbers[:, None]] = scores
    return functional.cross_entropy(table, batch["right"])


def answerable(example: Example) -> bool:
    """Whether a question has several options of which one is right."""
    letters = [letter for letter, _ in example.question.options]
    return len(letters) > 1 and example.answer.choice in letters


def references(examples: Sequence[Example]) -> dict[str, float]:
    """The accuracy of a draw (`chance`) and of always the longest option (`longest_option`; the first of several)."""
    chance = [1 / len(each.question.options) for each in examples]
    longest = [max(each.question.options, key=lambda option: len(option[1]))[0] for each in examples]
    right = [letter == each.answer.choice for letter, each in zip(longest, examples, strict=True)]
    return {"chance": sum(chance) / len(chance), "longest_option": sum(right) / len(right)}
