"""NHS Medicines: what a medicine is for, who can take it, how, with what, and when the page was reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.naming import card, card_of
from probatum.sources._nhs import LICENCE, TERMS, WHERE, page_facts
from probatum.types import Fact


@card(
    "NHS Medicines",
    survey="nhs_medicines",
    reference=WHERE,
    licence=LICENCE,
    languages=("en",),
    where=WHERE,
    terms=TERMS,
)
def nhs_medicines(path: Path | None = None, *, as_of: str = "") -> Iterator[Fact]:
    """The medicines A to Z as drugs, and each part of their pages as a passage with its address and review dates.

    `path` is a folder of pages as the content API gives them (JSON) or as saved (HTML), or one such page. With `as_of`
    (ISO date) pages whose review was due before that day are marked as stale. Raises `NeedsFile`.
    """
    return page_facts("nhs_medicines", path, card_of(nhs_medicines), as_of)
