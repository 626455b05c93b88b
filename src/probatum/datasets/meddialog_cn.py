"""MedDialog-CN: the Chinese consultations of MedDialog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._meddialog import meddialogs
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/UCSD-AI4H/Medical-Dialogue-System"


@card(
    "MedDialog-CN",
    survey="meddialog_cn",
    reference="doi:10.18653/v1/2020.emnlp-main.743",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="For research; the dialogues belong to the sites that they come from.",
)
def meddialog_cn(path: Path) -> Iterator[Example]:
    """The Chinese consultations in the order of the files, in the layouts of `meddialog`; those of others are left out.

    Raises `NeedsFile` and `BadFormat`.
    """
    return meddialogs(path, "meddialog_cn", "zh", official=OFFICIAL)
