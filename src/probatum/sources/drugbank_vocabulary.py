"""DrugBank's open vocabulary: the names of drugs with their ids, free for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.reading import QUOTED, digest
from probatum.formats.tables import comma_separated
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._pages import files_of
from probatum.types import Concept, Fact, Malformed, Name, Origin, Release

LICENCE = "CC0 1.0"
COLUMNS = ("DrugBank ID", "Accession Numbers", "Common name", "CAS", "UNII", "Synonyms", "Standard InChI Key")


@card(
    "DrugBank vocabulary",
    reference="https://doi.org/10.1093/nar/gkad976",
    licence=LICENCE,
    languages=("en",),
    where="https://go.drugbank.com/releases/latest#open-data",
    terms="Public domain; no account is needed.",
)
def drugbank_vocabulary(path: Path | None = None) -> Iterator[Fact]:
    """Drugs with synonyms, CAS, UNII and InChI keys from the CSV `drugbank vocabulary.csv`, or its .zip.

    Columns as in the open data of go.drugbank.com; several values of a cell stand apart by " | ". A release is named by
    its sha256, for the file states none. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("drugbank_vocabulary", path, (".csv",), card_of(drugbank_vocabulary))
    sha256 = digest(files)
    yield Release("drugbank_vocabulary", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    for file in files:
        for row in comma_separated(file, COLUMNS):
            if isinstance(row, Malformed):
                yield row
                continue
            line, (id_, numbers, name, cas, unii, synonyms, key) = row
            if not id_.startswith("DB") or not name.strip():
                yield Malformed(file.name, line, "an id DB... and a name were expected", f"{id_},{name}"[:QUOTED])
                continue
            xrefs = (("CAS", cas), ("UNII", unii), ("INCHIKEY", key))
            yield Concept(
                id=f"DRUGBANK:{id_}",
                name=name.strip(),
                kind="Drug",
                origin=Origin("drugbank_vocabulary", sha256, id_),
                names=tuple(Name(text, "en", "exact") for text in _values(synonyms) if text != name.strip()),
                alternatives=tuple(f"DRUGBANK:{number}" for number in _values(numbers) if number != id_),
                xrefs=tuple(f"{prefix}:{value.strip()}" for prefix, value in xrefs if value.strip()),
            )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in cell.split("|") if value.strip()))
