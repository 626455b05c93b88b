"""Which files make up one release of the UMLS, and where they are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats import rrf
from probatum.formats.places import data_folder
from probatum.sources import _nlm
from probatum.sources._files import is_release, releases

LICENCE = "UMLS Metathesaurus licence (https://uts.nlm.nih.gov/uts/assets/LicenseAgreement.pdf)"
OFFICIAL = "https://www.nlm.nih.gov/research/umls/licensedcontent/umlsknowledgesources.html"
TERMS = (
    "A free account with the licence of the National Library of Medicine and a yearly report; vocabularies of "
    "restriction level 1 to 4 and 9 have conditions of their own (MRSAB.RRF names whom to ask)."
)
# in this order they are hashed and told
METATHESAURUS = (
    "MRSAB", "MRDOC", "MRCONSO", "MRSTY", "MRDEF", "MRSAT", "MRCUI", "DELETEDCUI", "MERGEDCUI", "MRREL", "MRHIER",
)  # fmt: skip
NETWORK = ("SRDEF", "SRSTR")
TRIPLES = ("train.txt", "valid.txt", "test.txt")
_SAID = re.compile(r"^umls\.release\.(name|date)\s*=\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class UmlsFiles:
    """The tables of one release; the Metathesaurus or the semantic network may stand alone."""

    tables: dict[str, rrf.Table]  # before `rrf.checked`
    triples: tuple[Path, ...] = ()  # the semantic network as (head, relation, tail)
    version: str = ""  # as release.dat says
    published: str = ""  # ISO date, likewise


def umls_files(path: Path | None = None) -> UmlsFiles:
    """The files of the release in a folder: MRCONSO.RRF and its kin, SRDEF and SRSTR, or triples of the network.

    The folder is that of the tables or one above it that holds META and NET, or sub-folders named by release (the
    newest counts); a file given stands for its folder. None stands for $PROBATUM_DATA/umls. Raises `NeedsFile`.
    """
    place = data_folder() / "umls" if path is None else path.parent if path.is_file() else path
    places = [place, *releases(place)[:1]] if place.is_dir() else []
    for folder in places:
        inner = [folder, folder / "META", folder / "NET"]
        tables = {name: table for each in reversed(inner) if each.is_dir() for name, table in rrf.tables(each).items()}
        if "MRCONSO" in tables or "SRDEF" in tables:
            wanted = (*METATHESAURUS, *NETWORK) if "MRCONSO" in tables else NETWORK
            return UmlsFiles({name: tables[name] for name in wanted if name in tables}, (), *_release(inner))
        if triples := tuple(folder / name for name in TRIPLES if (folder / name).is_file()):
            return UmlsFiles({}, triples)
    mend = (
        f"get a release from {OFFICIAL} ({LICENCE}), take the vocabularies that you want out of it with MetamorphoSys, "
        f"and give the folder that holds MRCONSO.RRF, or put it into {data_folder() / 'umls'}"
    )
    raise NeedsFile(f"no MRCONSO.RRF and no SRDEF in {place}", mend=mend)


def _release(folders: list[Path]) -> tuple[str, str]:
    """Name and date of the release."""
    for folder in (*folders, folders[0].parent):
        file = folder / "release.dat"
        if file.is_file():
            said = dict(_SAID.findall(file.read_bytes()[:10_000].decode("utf-8", "replace")))
            if "name" in said:
                return said["name"], _nlm.day(said.get("date", ""))
    name = folders[0].name
    return (name if is_release(folders[0]) and re.fullmatch(r"\d{4}A[A-C]", name) else ""), ""
