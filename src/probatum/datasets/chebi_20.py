"""ChEBI-20: molecules, each with a description in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound
from probatum.errors import BadFormat
from probatum.formats.tables import tab_separated
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/blender-nlp/MolT5 (ChEBI-20_data)"
_SPLITS = {"training": "train", "train": "train", "validation": "dev", "test": "test"}


@card(
    "ChEBI-20: descriptions of molecules",
    survey="chebi_20",
    reference="doi:10.18653/v1/2021.emnlp-main.47",
    licence="CC BY 4.0 (the descriptions are ChEBI's)",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution to ChEBI and PubChem.",
)
def chebi_20(path: Path) -> Iterator[Example]:
    """The molecules in the order of the files: the SMILES string is context, the description gold.

    `path` is the folder with training.txt, validation.txt and test.txt (CID, SMILES, description between tabs), or one
    of them. The compound is a group (PUBCHEM.COMPOUND:CID). Label: split. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "training.txt", "train.txt", "validation.txt", "test.txt", official=OFFICIAL):
        for line, (compound, smiles, said) in sound(tab_separated(file, ("CID", "SMILES", "description")), file):
            if not compound.strip().isdecimal() or not smiles.strip() or not said.strip():
                raise BadFormat("a CID, a SMILES string and a description were expected", where=f"{file}:{line}")
            id = f"PUBCHEM.COMPOUND:{compound.strip()}"
            asked = Question("Describe this molecule.", context=(smiles.strip(),), language="en")
            split = _SPLITS.get(file.stem, "")
            yield Example(
                f"{file.stem}:{compound.strip()}", asked, Answer(said.strip().strip('"')), (id,),
                labels=(("split", split),) if split else (), origin=Origin("chebi_20", "MolT5", id),
            )  # fmt: skip
