"""Recorded answers of public services, written by us in their layouts: facts about three genes and two drugs."""

from __future__ import annotations

import json
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.naming import find
from probatum.shapes import Given
from probatum.tools._lookup import Heard, asked_of, written

DAY = "2026-01-05T00:00:00+00:00"
LABEL = "https://api.fda.gov/drug/label.json?limit=5&search=openfda.generic_name%3A%22warfarin%22"
PAIRS = "https://rxnav.nlm.nih.gov/REST/interaction/list.json?rxcuis=11289%20703"


def url_of(tool: str, given: dict[str, Given]) -> str:
    """The address that a call asks, told by its own refusal."""
    try:
        find("tools", tool)(given)
    except NeedsFile as error:
        return error.what.removeprefix("no recorded answer for ")
    raise AssertionError("a call without a record was answered")


def write(file: Path, *pairs: tuple[str, object]) -> str:
    """A record of (address, answer) pairs."""
    lines = [
        written(Heard(asked_of(url), said if isinstance(said, str) else json.dumps(said), DAY)) for url, said in pairs
    ]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(file)


def found(*ids: str) -> dict[str, object]:
    """What esearch answers."""
    return {"esearchresult": {"count": str(len(ids)), "idlist": list(ids)}}


def told(id: str, **said: object) -> dict[str, object]:
    """What esummary answers of one record."""
    return {"result": {"uids": [id], id: {"uid": id, **said}}}


def ncbi_url(**given: str) -> str:
    """The address of a call of the tool `ncbi`."""
    return url_of("ncbi", dict(given))
