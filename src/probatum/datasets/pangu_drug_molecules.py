"""The 1.7 billion molecules of PanGu's model of drugs: not obtainable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._files import files
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Example, Malformed, Question

OFFICIAL = "https://pangu.huaweicloud.com"
_SMILES = re.compile(r"[A-Za-z0-9@+\-\[\]()=#$:/\\.%*~]+")


@card(
    "The molecules of PanGu Drug (not obtainable)",
    survey="pangu_drug_molecules",
    reference="doi:10.1101/2022.03.31.485886",
    licence="none: not handed out",
    languages=("zxx",),
    where=OFFICIAL,
    terms=TERMS,
)
def pangu_drug_molecules(path: Path) -> Iterator[Example]:
    """The molecules as texts to train on, in the order of the files.

    The makers' layout is not published; this is the usual one of SMILES files (.smi): a SMILES string, a blank or tab,
    and a name that is the id. `path` is such a file, plain or .gz, or a folder of them. Raises `NeedsFile`, and
    `BadFormat` where a line is no such pair or its brackets are not closed.
    """
    for file in files(path, "*.smi", "*.smi.gz", official=OFFICIAL):
        for line in lines(file):
            if isinstance(line, Malformed):
                raise BadFormat(line.reason, where=f"{file}:{line.line}")
            number, said = line
            if not said.strip():
                continue
            smiles, *name = said.split(maxsplit=1)
            if not name or not _SMILES.fullmatch(smiles) or not _closed(smiles):
                raise BadFormat("a SMILES string and a name were expected", where=f"{file}:{number}")
            id = name[0].strip()
            origin = origin_of("pangu_drug_molecules", file, id)
            yield Example(id, Question(), Answer(smiles), (f"molecule:{id}",), origin=origin)


def _closed(smiles: str) -> bool:
    open_: list[str] = []
    for letter in smiles:
        if letter in "([":
            open_.append(letter)
        elif letter in ")]" and (not open_ or open_.pop() != {")": "(", "]": "["}[letter]):
            return False
    return not open_
