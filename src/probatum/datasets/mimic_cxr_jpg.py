"""MIMIC-CXR-JPG: chest radiographs as JPG with the fourteen findings that were read out of their reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chest import FINDINGS, findings, keyed, optional, release
from probatum.datasets._files import chosen, sound
from probatum.datasets._images import media
from probatum.errors import BadFormat, NeedsFile
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://physionet.org/content/mimic-cxr-jpg/"
PARTS = ("chexpert", "negbio")
VERSION = "2.0.0"


@card(
    "MIMIC-CXR-JPG: chest radiographs and findings",
    survey="mimic_cxr_jpg",
    reference="doi:10.13026/jsn5-t979",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement; nothing is sent to services outside.",
    gated=True,
)
def mimic_cxr_jpg(path: Path, part: str = "chexpert") -> Iterator[Example]:
    """An example for each image of mimic-cxr-2.0.0-metadata.csv, in its order, with the findings of its study.

    `path` is the folder with the tables (-metadata, -split, -chexpert or -negbio; plain or .gz) and files/pNN/.../
    DICOM_ID.jpg; `part` says whose labels. Gold's candidates are the findings present, its fields say present, absent
    or uncertain (read by a machine: `extracted`); a study without a row has no gold. Labels: split, view. Patient and
    study are groups. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    images = optional(path, "mimic-cxr-*-metadata.csv")
    told, table = optional(path, f"mimic-cxr-*-{wanted}.csv"), optional(path, "mimic-cxr-*-split.csv")
    if images is None or told is None:
        raise NeedsFile(
            f"no mimic-cxr-{VERSION}-metadata.csv and -{wanted}.csv in {path}", mend=f"get them from {OFFICIAL}"
        )
    labelled = keyed(told, "study_id", FINDINGS)
    splits = keyed(table, "dicom_id", ("split",)) if table else {}
    version = release(path, VERSION)
    for line, row in sound(named_cells(images, ("dicom_id", "subject_id", "study_id", "ViewPosition")), images):
        where = f"{images}:{line}"
        patient, study, id = (row[name].strip() for name in ("subject_id", "study_id", "dicom_id"))
        if not (patient.isdecimal() and study.isdecimal() and id):
            raise BadFormat("numbers of patient and study and the image's id were expected", where=where)
        place = f"files/p{patient[:2]}/p{patient}/s{study}/{id}.jpg"
        gold = findings(labelled[study], f"{told}: study {study}") if study in labelled else Answer()
        split = splits.get(id, {}).get("split", "").replace("validate", "dev")
        said = {"split": split, "view": row["ViewPosition"].strip()}
        yield Example(
            id, Question(media=(media(path, place, "mimic_cxr_jpg", version, where),), language="en"), gold,
            (f"patient:{patient}", f"study:{study}"),
            labels=tuple((name, value) for name, value in said.items() if value),
            origin=Origin("mimic_cxr_jpg", version, place, reliability="extracted"),
        )  # fmt: skip
