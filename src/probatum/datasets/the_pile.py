"""The Pile: 22 sets of English texts, of which those of PubMed are a part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._pile import OFFICIAL, pile
from probatum.naming import card
from probatum.types import Example


@card(
    "The Pile",
    survey="the_pile",
    reference="doi:10.48550/arXiv.2101.00027",
    licence="MIT (code); of each text its own",
    languages=("en",),
    where=OFFICIAL,
    terms="Each text under its own terms.",
)
def the_pile(path: Path, part: str = "") -> Iterator[Example]:
    """The texts in the order of the files; `part` is one set by its name there (PubMed Central ...), empty for all.

    `path` is a JSONL of the release (text, meta.pile_set_name), plain or under gzip, or a folder of them. The set and
    the split are labels. Raises `NeedsFile`, and `BadFormat` where a file is packed with zstandard: unpack it before.
    """
    return pile(path, "the_pile", part)
