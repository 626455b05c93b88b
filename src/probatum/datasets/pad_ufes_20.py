"""PAD-UFES-20: smartphone pictures of skin lesions with what the patients say, and the diagnosis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://data.mendeley.com/datasets/zr7vgbcyr2"
CLASSES = {
    "ACK": "actinic keratosis", "BCC": "basal cell carcinoma", "MEL": "melanoma", "NEV": "nevus",
    "SCC": "squamous cell carcinoma", "SEK": "seborrheic keratosis",
}  # fmt: skip
_TOLD = (
    *("age", "gender", "region", "fitspatrick", "diameter_1", "diameter_2", "skin_cancer_history", "cancer_history"),
    *("itch", "grew", "hurt", "changed", "bleed", "elevation", "smoke", "drink", "pesticide"),
)
_UNTOLD = {"", "UNK", "nan"}


@card(
    "PAD-UFES-20: skin lesions in smartphone pictures",
    survey="pad_ufes_20",
    reference="doi:10.1016/j.dib.2020.106221",
    licence="CC BY 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def pad_ufes_20(path: Path) -> Iterator[Example]:
    """The pictures in the order of metadata.csv: gold is one of six diagnoses, as choice and candidate.

    `path` is the folder with metadata.csv and the pictures (in images/, imgs_part_1/ to _3/, or beside it), or the
    table. What the patient says of the lesion is context, as far as it is told. Label: biopsied. Patient and lesion are
    groups. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "metadata.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, ("patient_id", "lesion_id", "img_id", "diagnostic", *_TOLD)), file):
            where, code = f"{file}:{line}", row["diagnostic"].strip().upper()
            patient, name = row["patient_id"].strip(), row["img_id"].strip()
            if code not in CLASSES or not patient or not name:
                raise BadFormat(f"a patient, an image and one of {', '.join(CLASSES)} were expected", where=where)
            parts = (f"imgs_part_{n}/imgs_part_{n}" for n in (1, 2, 3))
            image = media(
                file.parent, name, "pad_ufes_20", "1", where,
                places=("images", *parts, *(f"imgs_part_{n}" for n in (1, 2, 3)), ""),
            )  # fmt: skip
            told = tuple(f"{key}: {row[key].strip()}" for key in _TOLD if row[key].strip() not in _UNTOLD)
            asked = Question(
                "Which of these is the lesion?", tuple(CLASSES.items()), told, media=(image,), language="en"
            )
            biopsied = row.get("biopsed", "").strip().lower()
            labels = (("biopsied", "yes" if biopsied == "true" else "no"),) if biopsied else ()
            gold = Answer(choice=code, candidates=(Candidate(code, CLASSES[code], 1.0),))
            groups = (f"patient:{patient}", f"lesion:{patient}:{row['lesion_id'].strip()}")
            yield Example(name, asked, gold, groups, labels=labels, origin=Origin("pad_ufes_20", "1", name))
