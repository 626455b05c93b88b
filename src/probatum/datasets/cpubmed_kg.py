"""CPubMed-KG: triples that were read out of Chinese medical papers, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._triples import verbalised
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://cpubmed.openi.org.cn/graph/wiki"


@card(
    "CPubMed-KG",
    survey="cpubmed_kg",
    reference="https://cpubmed.openi.org.cn/graph/wiki",
    licence="none stated (unverified)",
    languages=("zh",),
    where=OFFICIAL,
    terms="Got from its makers; the layout is (unverified).",
)
def cpubmed_kg(path: Path) -> Iterator[Example]:
    """A document for each subject, its triples as sentences, read out of texts by machines (`extracted`).

    `path` is a table of subject, predicate and object (tabs or commas, UTF-8 or GB18030) or a folder of such; a subject
    or object may stand as name@@class. Raises `NeedsFile` and `BadFormat`.
    """
    return verbalised(path, "cpubmed_kg", official=OFFICIAL)
