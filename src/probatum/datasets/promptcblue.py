"""PromptCBLUE: the tasks of Chinese medical language understanding, each asked and answered in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/michael-wzhu/PromptCBLUE"


@card(
    "PromptCBLUE",
    survey="promptcblue",
    reference="doi:10.48550/arXiv.2310.14151",
    licence="none stated in the repository",
    languages=("zh",),
    where=OFFICIAL,
    terms="See the repository; registration with the competition for the whole.",
)
def promptcblue(path: Path, part: str = "all") -> Iterator[Example]:
    """The prompts in the order of the files; `part` is `all` or one task_dataset (CMeEE-V2, CHIP-CTC ...).

    `path` is one file of JSON lines (input, target, task_dataset; task_type, sample_id and answer_choices where they
    are told) or a folder of such. Labels: task, type, choices, split. A prompt without a target has an empty gold text.
    Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            task = text(row, "task_dataset", where)
            if part not in {"all", task}:
                continue
            choices = row.get("answer_choices") or []
            if isinstance(choices, str):
                choices = [choices]
            if not isinstance(choices, list) or not all(isinstance(each, str) for each in choices):
                raise BadFormat("'answer_choices' must be a list of texts", where=where)
            told = {
                "choices": "; ".join(choices), "split": split_of(file), "task": task,
                "type": text(row, "task_type", where, needed=False),
            }  # fmt: skip
            id = f"{file.stem}:{text(row, 'sample_id', where, needed=False) or line}"
            asked = Question(text(row, "input", where), language="zh")
            gold = Answer(text(row, "target", where, needed=False))
            labels = tuple((name, value) for name, value in told.items() if value)
            yield Example(id, asked, gold, (), (), labels, Origin("promptcblue", task, id))
