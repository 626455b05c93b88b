"""What sets that nobody can get share: a file made here names itself synthetic, and so does every record of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.types import Origin

SYNTHETIC = "synthetic"
TERMS = "Not obtainable: its makers hand it out to nobody. What `probatum data synthetic` writes is marked synthetic."


def origin_of(source: str, file: Path, at: str, reliability: str = "curated") -> Origin:
    """The origin of a record; its release is `synthetic`, and it is generated, where the file's name begins so."""
    if file.stem.startswith(SYNTHETIC):
        return Origin(source, SYNTHETIC, at, reliability="generated")
    return Origin(source, file.stem, at, reliability=reliability)


def earlier(row: Mapping[str, Any], where: str) -> list[tuple[str, str]]:
    """The turns of `history`, pairs of what was asked and answered; raises `BadFormat`."""
    history = row.get("history") or []
    if not isinstance(history, list) or not all(_pair(each) for each in history):
        raise BadFormat("'history' must be a list of pairs of texts", where=where)
    return [(role, said) for pair in history for role, said in zip(("patient", "doctor"), pair, strict=True)]


def _pair(each: Any) -> bool:
    return isinstance(each, list) and len(each) == 2 and all(isinstance(said, str) and said.strip() for said in each)
