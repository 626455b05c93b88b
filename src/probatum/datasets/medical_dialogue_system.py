"""Medical-Dialogue-System: the consultations of haodf.com, a member of ChiMed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._meddialog import meddialogs
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/UCSD-AI4H/Medical-Dialogue-System"


@card(
    "Medical-Dialogue-System",
    survey="medical_dialogue_system",
    reference="doi:10.48550/arXiv.2004.03329",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="For research; the dialogues belong to the site that they come from.",
)
def medical_dialogue_system(path: Path) -> Iterator[Example]:
    """The Chinese consultations in the order of the files, in the layouts of `meddialog`.

    Raises `NeedsFile` and `BadFormat`.
    """
    return meddialogs(path, "medical_dialogue_system", "zh", official=OFFICIAL)
