"""NHS Health A to Z: conditions, symptoms, tests and healthy living in plain words, with the dates of their review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.naming import card, card_of
from probatum.sources._nhs import LICENCE, TERMS, WHERE, page_facts
from probatum.types import Fact


@card(
    "NHS Health A to Z",
    survey="nhs_health",
    reference=WHERE,
    licence=LICENCE,
    languages=("en",),
    where=WHERE,
    terms=TERMS,
)
def nhs_health(path: Path | None = None, *, as_of: str = "") -> Iterator[Fact]:
    """The pages on conditions, symptoms, tests, treatments and healthy living, part by part, with their review dates.

    `path` is a folder of pages as the content API gives them (JSON) or as saved (HTML), or one such page. With `as_of`
    (ISO date) pages whose review was due before that day are marked as stale. Raises `NeedsFile`.
    """
    return page_facts("nhs_health", path, card_of(nhs_health), as_of)
