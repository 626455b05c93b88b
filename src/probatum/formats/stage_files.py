"""Examples as the records of the three stages of training: texts to read, conversations, preferences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from probatum.errors import BadPlan
from probatum.formats.example_files import conversations
from probatum.types import Example

STAGES = ("cpt", "sft", "dpo")


def plain_text(example: Example) -> str:
    """All that is said in an example, one after the other by lines: context, turns, question, answer."""
    asked = example.question
    said = (*asked.context, *(text for _, text in asked.turns), asked.text, example.answer.text)
    return "\n".join(text for text in said if text)


def stage_lines(examples: Iterable[Example], stage: str) -> Iterator[str]:
    """The lines of a JSONL file for a stage; what gives no record for it is left out.

    cpt: `text`, each text once; sft: ShareGPT's `conversations`, of what asks and answers; dpo: `prompt`, `chosen`,
    `rejected`, one for each answer that was liked less. Raises `BadPlan` for another stage.
    """
    if stage not in STAGES:
        raise BadPlan(f"stage = {stage!r}", mend=f"one of: {', '.join(STAGES)}")
    if stage == "sft":
        yield from conversations(each for each in examples if each.question.text)
        return
    seen: set[str] = set()
    for each in examples:
        if stage == "dpo":
            for worse in each.rejected:
                said = {"prompt": each.question.text, "chosen": each.answer.text, "rejected": worse.text}
                yield json.dumps(said, ensure_ascii=False)
        elif (text := plain_text(each)) and text not in seen:
            seen.add(text)
            yield json.dumps({"text": text}, ensure_ascii=False)


def write_stage(examples: Iterable[Example], stage: str, path: Path) -> int:
    """Writes the file of a stage and gives the number of its records; raises `BadPlan`."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in stage_lines(examples, stage):
            file.write(line + "\n")
            count += 1
    return count
