"""HealthCareMagic-100k: questions to the doctors of healthcaremagic.com with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import instructions
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/Kent0n-Li/ChatDoctor"


@card(
    "HealthCareMagic-100k",
    survey="healthcaremagic_100k",
    reference="doi:10.7759/cureus.40895",
    licence="none stated for the data",
    languages=("en",),
    where=OFFICIAL,
    terms="The repository allows academic research alone; the conversations belong to the site that they come from.",
)
def healthcaremagic_100k(path: Path) -> Iterator[Example]:
    """The consultations in the order of the file: the patient's text is the question, the instruction its context.

    `path` is the release's JSON (instruction, input, output; HealthCareMagic-100k.json) or a folder that holds it.
    Raises `NeedsFile` and `BadFormat`.
    """
    return instructions(
        path, "healthcaremagic_100k", official=OFFICIAL, language="en", reliability="curated", swapped=True,
        patterns=("*ealth*are*agic*.json*",),
    )  # fmt: skip
