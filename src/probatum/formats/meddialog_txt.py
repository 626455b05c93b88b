"""Reads the blocks of MedDialog: a consultation with its address, description, department and the turns of two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.encoded import text_lines

_BEGINS = re.compile(r"id\s*=\s*(\d+)\s*")
_TURN = re.compile(r"(Patient|Doctor|病人|患者|医生)\s*[:：]\s*(.*)", re.DOTALL)
_SECTIONS = {
    "description": "description",
    "dialogue": "dialogue",
    "doctor faculty": "department",
    "diagnosis and suggestions": "advice",
}
_SAYS = {"Patient": "patient", "病人": "patient", "患者": "patient", "Doctor": "doctor", "医生": "doctor"}


@dataclass(slots=True)
class Consultation:
    """One block: where it begins, its id and address, the text of each section, its turns as (role, text)."""

    id: str
    line: int
    url: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    turns: list[tuple[str, str]] = field(default_factory=list)


def consultations(path: Path) -> Iterator[Consultation]:
    """The blocks of one file (UTF-8 or GB18030); raises `NeedsFile`, and `BadFormat` where one holds no turn."""
    held: Consultation | None = None
    section = ""
    for number, raw in text_lines(path):
        line = raw.strip()
        if found := _BEGINS.fullmatch(line):
            if held:
                yield _whole(held, path)
            held, section = Consultation(found[1], number), ""
        elif held is None:
            if line:
                raise BadFormat("a block that begins with id= was expected", where=f"{path}:{number}")
        elif line.rstrip(":：").lower() in _SECTIONS:
            section = _SECTIONS[line.rstrip(":：").lower()]
        elif line:
            _add(held, section, line)
    if held is None:
        raise BadFormat("no block that begins with id=", where=f"{path}:1")
    yield _whole(held, path)


def _add(held: Consultation, section: str, line: str) -> None:
    if not section:
        held.url = held.url or line
    elif section != "dialogue":
        held.sections[section] = f"{held.sections.get(section, '')}\n{line}".strip()
    elif found := _TURN.fullmatch(line):
        held.turns.append((_SAYS[found[1]], found[2].strip()))
    elif held.turns:
        role, said = held.turns[-1]
        held.turns[-1] = (role, f"{said}\n{line}".strip())
    else:
        held.sections["dialogue"] = f"{held.sections.get('dialogue', '')}\n{line}".strip()


def _whole(held: Consultation, path: Path) -> Consultation:
    where = f"{path}:{held.line}"
    if "dialogue" in held.sections:
        raise BadFormat("a line of the dialogue that nobody says", where=where)
    if not held.turns:
        raise BadFormat("a consultation without a turn", where=where)
    return held
