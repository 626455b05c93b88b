"""MedDialog: consultations of English and Chinese sites, turn by turn, with departments and descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen
from probatum.datasets._meddialog import PARTS, meddialogs
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/UCSD-AI4H/Medical-Dialogue-System"


@card(
    "MedDialog (English and Chinese)",
    survey="meddialog",
    reference="doi:10.18653/v1/2020.emnlp-main.743",
    licence="none stated",
    languages=("en", "zh"),
    where=OFFICIAL,
    terms="For research; the dialogues belong to the sites that they come from.",
)
def meddialog(path: Path, part: str = "all") -> Iterator[Example]:
    """The consultations in the order of the files; gold is the doctor's last answer.

    `path` is a text of the release (blocks of id=, address, Description, Dialogue; the Chinese ones with Doctor faculty
    and Diagnosis and suggestions too), a processed JSON (English: description and utterances; Chinese: lists of
    utterances), or a folder of them. `part`: all, en or zh, told by who speaks. The description is context; department,
    advice and address are labels. The blocks are those that huggingface/datasets reads in
    datasets/medical_dialog/medical_dialog.py, which names no licence either. Raises `NeedsFile` and `BadFormat`.
    """
    return meddialogs(path, "meddialog", chosen(part, PARTS), official=OFFICIAL)
