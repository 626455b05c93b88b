"""One shape for every dialogue: who said what, the last answer as gold, who answered as a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from probatum.datasets._files import files, sound, split_of
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.types import Answer, Example, Origin, Question

ROLES = {
    **dict.fromkeys(("patient", "user", "human", "病人", "患者", "问"), "patient"),
    **dict.fromkeys(("doctor", "assistant", "gpt", "bot", "医生", "答"), "doctor"),
    "system": "system",
}
_PREFIX = re.compile(r"(?:^|\n)\s*(病人|患者|医生|问|答|patient|doctor|user|assistant)\s*[:：]", re.IGNORECASE)
Turns = Sequence[tuple[str, str]]


def dialogue(
    turns: Turns,
    where: str,
    *,
    id: str,
    origin: Origin,
    language: str,
    labels: Mapping[str, str] | None = None,
    context: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> Example:
    """A dialogue: gold is what the doctor says last, the question what the patient says before, the rest its turns.

    What one side says in a row at the end is one text; what the patient says after the last answer is left out. A
    dialogue in which nobody answers has an empty gold text. Labels without a value are left out. Raises `BadFormat`
    with `where` for a turn without a role or a text, and where the patient says nothing before the last answer.
    """
    told = [(ROLES.get(role.strip().lower(), ""), text.strip()) for role, text in turns]
    if not told or any(not role or not text for role, text in told):
        raise BadFormat("turns of patient, doctor and system with texts were expected", where=where)
    ends = max((place for place, (role, _) in enumerate(told, 1) if role == "doctor"), default=0)
    answered, rest = _run(told[:ends] if ends else told, "doctor")
    asked, earlier = _run(rest, "patient")
    if not asked:
        raise BadFormat("the patient says nothing before the last answer", where=where)
    question = Question(asked, context=context, turns=tuple(earlier), language=language)
    said = tuple(sorted((name, value) for name, value in (labels or {}).items() if value))
    return Example(id, question, Answer(answered), groups or (f"dialogue:{id}",), labels=said, origin=origin)


def spoken(text: str, where: str) -> list[tuple[str, str]]:
    """The turns of a text in which each begins with its speaker and a colon; raises `BadFormat` where none does."""
    parts = _PREFIX.split(text)
    if len(parts) < 3 or parts[0].strip():
        raise BadFormat("a text that begins with its speaker and a colon was expected", where=where)
    return [(role.lower(), said.strip()) for role, said in zip(parts[1::2], parts[2::2], strict=True)]


def turns_of(row: Mapping[str, Any], key: str, who: str, what: str, where: str) -> list[tuple[str, str]]:
    """The turns that stand as objects in a list of a record; raises `BadFormat`."""
    listed = row.get(key)
    if not isinstance(listed, list) or not listed:
        raise BadFormat(f"{key!r} must be a list of turns", where=where)
    found = []
    for each in listed:
        role, said = (each.get(who), each.get(what)) if isinstance(each, dict) else (None, None)
        if not isinstance(role, str) or not isinstance(said, str):
            raise BadFormat(f"a turn with {who} and {what} was expected", where=where)
        found.append((role, said))
    return found


def consulted(path: Path, source: str, *, official: str, reliability: str = "generated") -> Iterator[Example]:
    """The dialogues of JSON files whose `data` is a list of texts with their speaker; source and split are labels."""
    for file in files(path, "*.jsonl", "*.json", official=official):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            data = row.get("data")
            if not isinstance(data, list) or not data or not all(isinstance(each, str) for each in data):
                raise BadFormat("'data' must be a list of texts", where=where)
            labels = {"corpus": str(row.get("source") or row.get("type") or ""), "split": split_of(file)}
            turns = [turn for each in data for turn in spoken(each, where)]
            origin = Origin(source, file.stem, id, reliability=reliability)
            yield dialogue(turns, where, id=id, origin=origin, language="zh", labels=labels)


def _run(told: list[tuple[str, str]], who: str) -> tuple[str, list[tuple[str, str]]]:
    """What one side says in a row at the end, and what stands before."""
    at = len(told)
    while at and told[at - 1][0] == who:
        at -= 1
    return "\n".join(text for _, text in told[at:]), told[:at]
