"""MIMIC-CXR: chest radiographs in DICOM with the radiologists' reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chest import enough, keyed, optional, pair, release
from probatum.datasets._deidentified import deidentified
from probatum.datasets._files import chosen, files
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.radiology_report import sections
from probatum.formats.reading import whole
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://physionet.org/content/mimic-cxr/"
PARTS = ("report", "impression")
_STUDY = re.compile(r"s(\d+)")
_PATIENT = re.compile(r"p(\d+)")


@card(
    "MIMIC-CXR: chest radiographs and reports",
    survey="mimic_cxr",
    reference="doi:10.1038/s41597-019-0322-0",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement; nothing is sent to services outside.",
    gated=True,
)
def mimic_cxr(path: Path, part: str = "report") -> Iterator[Example]:
    """A pair for each study that has a report, in the order of its place; `part` is report or impression.

    `path` is the folder with files/pNN/pNNNNNNNN/sNNNNNNNN.txt, the DICOM images (or the JPG of MIMIC-CXR-JPG) in a
    folder beside the report, and, where they are, mimic-cxr-2.0.0-split.csv and -chexpert.csv (plain or .gz).
    Gold is findings and impression, or the impression of the findings; a study without them is left out. Labels:
    split. Patient and study are groups. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    reports = files(path, "s[0-9]*.txt", official=OFFICIAL)
    table = optional(path, "mimic-cxr-*-split.csv") if path.is_dir() else None
    splits = keyed(table, "study_id", ("split",)) if table else {}
    version = release(path, "2.0.0")
    for file in reports:
        study, patient = _STUDY.fullmatch(file.stem), _PATIENT.fullmatch(file.parent.name)
        if not study or not patient:
            raise BadFormat("a report at pNNNNNNNN/sNNNNNNNN.txt was expected", where=str(file))
        told = sections(deidentified(_text(file)))
        if not enough(told, wanted):
            continue
        split = splits.get(study[1], {}).get("split", "").replace("validate", "dev")
        folder = file.with_suffix("")
        images = sorted(each for each in folder.glob("*") if each.suffix.lower() in {".dcm", ".jpg", ".png"})
        root = path if path.is_dir() else file.parent
        yield pair(
            f"s{study[1]}",
            [media(root, each.relative_to(root).as_posix(), "mimic_cxr", version, str(file)) for each in images],
            told, Origin("mimic_cxr", version, file.relative_to(root).as_posix()),
            labels={"split": split}, groups=(f"patient:{patient[1]}", f"study:{study[1]}"), part=wanted,
        )  # fmt: skip


def _text(file: Path) -> str:
    try:
        return whole(file).decode()
    except UnicodeDecodeError as error:
        raise BadFormat(f"not UTF-8 at byte {error.start}", where=str(file)) from error
