"""39Health-KG: triples out of the pages of 39.net, in words; a member of ChiMed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._triples import verbalised
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://arxiv.org/abs/2310.09089"


@card(
    "39Health-KG",
    survey="39health_kg",
    reference="https://arxiv.org/abs/2310.09089",
    licence="none stated (unverified)",
    languages=("zh",),
    where=OFFICIAL,
    terms="Got from its makers; the layout is (unverified).",
)
def health39_kg(path: Path) -> Iterator[Example]:
    """A document for each subject, its triples as sentences, read out of texts by machines (`extracted`).

    `path` is a table of subject, predicate and object (tabs or commas, UTF-8 or GB18030) or a folder of such; a subject
    or object may stand as name@@class. Raises `NeedsFile` and `BadFormat`.
    """
    return verbalised(path, "health39_kg", official=OFFICIAL)
