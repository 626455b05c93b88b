"""CBIS-DDSM: digitised mammograms with their masses and calcifications, benign or malignant as pathology found them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, split_of
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://www.cancerimagingarchive.net/collection/cbis-ddsm/"
PARTS = {"mass": "mass", "calcification": "calc"}
CLASSES = {"BENIGN": "benign", "BENIGN_WITHOUT_CALLBACK": "benign, not called back", "MALIGNANT": "malignant"}
_SHARED = ("patient_id", "left or right breast", "image view", "abnormality id", "pathology", "image file path")
_TOLD = {
    "mass": ("mass shape", "mass margins"), "calcification": ("calc type", "calc distribution"),
}  # fmt: skip


@card(
    "CBIS-DDSM: mammograms with masses and calcifications",
    survey="cbis_ddsm",
    reference="doi:10.1038/sdata.2017.177",
    licence="CC BY 3.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution to The Cancer Imaging Archive.",
)
def cbis_ddsm(path: Path, part: str = "mass") -> Iterator[Example]:
    """The abnormalities in the order of the tables; gold is the pathology as choice and candidate (three classes).

    `path` is the folder with mass_case_description_train_set.csv, calc_..._test_set.csv and so on and the DICOM files
    (in CBIS-DDSM/ or as the tables name them), or one table; `part` is mass or calcification. Shape and margins, or
    type and distribution, are fields of gold, not of the question. Labels: assessment (BI-RADS), density, split, view.
    The patient is a group. Raises `NeedsFile` and `BadFormat`.
    """
    word = PARTS[chosen(part, PARTS)]
    for file in files(path, f"{word}_case_description_*.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, (*_SHARED, *_TOLD[part])), file):
            where, found = f"{file}:{line}", row["pathology"].strip().upper()
            patient, name = row["patient_id"].strip(), row["image file path"].strip()
            if found not in CLASSES or not patient:
                raise BadFormat(f"a patient and one of {', '.join(CLASSES)} were expected", where=where)
            image = media(file.parent, name, "cbis_ddsm", part, where, places=("CBIS-DDSM", ""))
            density = row.get("breast_density", row.get("breast density", "")).strip()
            view = f"{row['left or right breast'].strip()} {row['image view'].strip()}"
            told = {"assessment": row.get("assessment", "").strip(), "density": density, "split": split_of(file)}
            labels = tuple((key, value) for key, value in (*told.items(), ("view", view)) if value)
            gold = Answer(
                choice=found, candidates=(Candidate(found, CLASSES[found], 1.0),),
                fields=tuple((key, row[key].strip()) for key in _TOLD[part] if row[key].strip()),
            )  # fmt: skip
            asked = Question(
                f"Is this {part} benign or malignant?", tuple(CLASSES.items()), media=(image,), language="en"
            )
            id = f"{part}:{patient}:{view.replace(' ', '_')}:{row['abnormality id'].strip()}"
            yield Example(id, asked, gold, (f"patient:{patient}",), labels=labels, origin=Origin("cbis_ddsm", part, id))
