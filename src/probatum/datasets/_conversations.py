"""Conversations about images as LLaVA and its kin keep them: turns of human and gpt, the image named beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.types import Answer, Example, Media, Origin, Question

_ROLES = {"human": "patient", "user": "patient", "gpt": "doctor", "assistant": "doctor", "system": "system"}
_IMAGE = "<image>"


def conversation(
    row: Mapping[str, Any], file: Path, line: int, source: str, part: str, *, language: str
) -> Example:  # fmt: skip
    """One record: id, image, conversations (from, value); the last turn is gold, the one before it the question.

    Earlier turns are the question's; the image's mark in a text is taken off.
    Raises `BadFormat` where the turns do not end with an answer, or a turn is no text.
    """
    where = f"{file}:{line}"
    turns = [_turn(each, where) for each in _listed(row, where)]
    if len(turns) < 2 or turns[-1][0] != "doctor" or turns[-2][0] != "patient" or not turns[-1][1]:
        raise BadFormat("a conversation that ends with a question and its answer was expected", where=where)
    names = row.get("image") or row.get("images") or []
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise BadFormat("image must be a name or a list of names", where=where)
    images: tuple[Media, ...] = tuple(
        media(file.parent, each, source, part, where, places=("images", "")) for each in names
    )
    id = f"{file.stem}:{row.get('id', line)}:{line}"
    asked = Question(turns[-2][1], turns=tuple(turns[:-2]), media=images, language=language)
    groups = tuple(f"image:{each}" for each in names) or (f"item:{id}",)
    origin = Origin(source, part, id, reliability="generated")
    return Example(id, asked, Answer(turns[-1][1]), groups, origin=origin)


def _listed(row: Mapping[str, Any], where: str) -> list[Any]:
    said = row.get("conversations", row.get("conversatons"))  # LLaVA-Med's own files misspell it
    if not isinstance(said, list):
        raise BadFormat("a list of conversations was expected", where=where)
    return said


def _turn(each: Any, where: str) -> tuple[str, str]:
    who, said = (each.get("from"), each.get("value")) if isinstance(each, dict) else (None, None)
    if who not in _ROLES or not isinstance(said, str):
        raise BadFormat("a turn with from (human, gpt) and value was expected", where=where)
    return _ROLES[who], said.replace(_IMAGE, " ").strip()
