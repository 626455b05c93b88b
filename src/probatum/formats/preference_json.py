"""Preference data as JSON lines: a prompt, the answer that was chosen, one that was rejected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import lines, loads
from probatum.types import Answer, Example, Malformed, Origin, Question


def write(examples: Iterable[Example], path: Path) -> int:
    """Writes a line for each rejected answer of each example, the keys `prompt`, `chosen`, `rejected`; how many.

    `id`, `source`, `release` and `at` stand beside them, so that a pair leads back to who judged it.
    """
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for each in examples:
            origin = each.origin or Origin("", "", "")
            for worse in each.rejected:
                said = {"prompt": each.question.text, "chosen": each.answer.text, "rejected": worse.text}
                said |= {"id": each.id, "source": origin.source, "release": origin.release, "at": origin.at}
                said |= {"reliability": origin.reliability}
                file.write(json.dumps(said, ensure_ascii=False) + "\n")
                count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """An example a run of lines with the same id, prompt and chosen answer; its rejected answers in their order.

    Lines of others need `prompt`, `chosen` and `rejected` alone. Raises `NeedsFile`, and `BadFormat` at the line.
    """
    held: Example | None = None
    for line in lines(path):
        if isinstance(line, Malformed):
            raise BadFormat(line.reason, where=f"{path}:{line.line}")
        number, text = line
        said = loads(text.encode(), f"{path}:{number}")
        keys = ("prompt", "chosen", "rejected")
        if not isinstance(said, dict) or not all(isinstance(said.get(key), str) and said[key] for key in keys):
            raise BadFormat("a line needs the texts prompt, chosen and rejected", where=f"{path}:{number}")
        source, release, at, reliability = (
            str(said.get(key, "")) for key in ("source", "release", "at", "reliability")
        )
        origin = Origin(source, release, at, reliability=reliability or "curated")
        fresh = Example(
            str(said.get("id", number)), Question(said["prompt"]), Answer(text=said["chosen"]),
            rejected=(Answer(text=said["rejected"]),), origin=origin,
        )  # fmt: skip
        if held and (held.id, held.question, held.answer) == (fresh.id, fresh.question, fresh.answer):
            held = Example(held.id, held.question, held.answer, rejected=(*held.rejected, *fresh.rejected),
                           origin=held.origin)  # fmt: skip
            continue
        if held:
            yield held
        held = fresh
    if held:
        yield held
