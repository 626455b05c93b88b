"""The disease table that ChatDoctor looks things up in: symptoms, tests and medications of about 700 diseases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED
from probatum.formats.tables import comma_separated
from probatum.formats.triples import first_row
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Name, Passage

# Column, its reading, the class of what it lists. "Tests" holds therapies too, and "medications" are those that a site
# listed, fitting or not: neither may be said to diagnose or to treat.
LISTS = {
    "Symptom": (Reading("biolink:has_phenotype"), "PhenotypicFeature"),
    "Medical Tests": (Reading("biolink:associated_with", qualifiers=(("aspect", "test_or_procedure"),)), "Procedure"),
    "TestsAndProcedures": (
        Reading("biolink:associated_with", qualifiers=(("aspect", "test_or_procedure"),)),
        "Procedure",
    ),
    "Medications": (Reading("biolink:treats_or_applied_or_studied_to_treat", turned=True), "Drug"),
    "commonMedications": (Reading("biolink:treats_or_applied_or_studied_to_treat", turned=True), "Drug"),
}
LAYOUTS = (  # disease_symptom.csv, disease_database_mini.csv, format_dataset.csv
    ["disease", "Symptom"],
    ["idx", "disease", "Symptom", "Medical Tests", "Medications"],
    ["idx", "disease", "Symptom", "reason", "TestsAndProcedures", "commonMedications"],
)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_ASIDE = re.compile(r"(.+?)\s+\(([^()]+)\)")
_BYTES = re.compile(r"(?:\\x[0-9a-f]{2})+")
_SHORTEST = 40  # characters; what is shorter is a scrap of the lists beside it, not an explanation


@card(
    "ChatDoctor disease database",
    survey="chatdoctor_disease_kb",
    reference="https://doi.org/10.7759/cureus.40895; https://github.com/Kent0n-Li/ChatDoctor",
    licence="Apache-2.0 for the repository; its data for research only",
    languages=("en",),
    where="https://github.com/Kent0n-Li/ChatDoctor: disease_database_mini.csv, disease_symptom.csv, format_dataset.csv",
    terms="For academic research; commercial and clinical use are prohibited by its authors.",
    gated=True,
)
def chatdoctor_diseases(path: Path | None = None) -> Iterator[Fact]:
    """The facts of the three tables: diseases with what is listed for each, and the explanations as passages.

    The tables were gathered by machine from web pages, so their reliability is "extracted". The release is the sha256
    of the files. Raises `NeedsFile`, and `BadFormat` for a table with other columns.
    """
    files = files_of("chatdoctor_diseases", path, (".csv",), card_of(chatdoctor_diseases))
    begun = release("chatdoctor_diseases", card_of(chatdoctor_diseases), files)
    yield begun
    telling = Telling(begun, reliability="extracted")
    for file in files:
        columns = first_row(file, ",")
        if columns not in LAYOUTS:
            raise BadFormat(f"the columns {' or '.join(map(','.join, LAYOUTS))} were expected", where=f"{file}:1")
        for row in comma_separated(file, columns):
            if isinstance(row, Malformed):
                yield row
            else:
                yield from _disease(telling, file, row[0], dict(zip(columns, row[1], strict=True)))


def _disease(telling: Telling, file: Path, number: int, cells: Mapping[str, str]) -> Iterator[Fact]:
    name = cells["disease"].strip()
    if not name:
        yield Malformed(file.name, number, "the name of a disease was expected", ",".join(cells.values())[:QUOTED])
        return
    id = telling.own(name)
    yield from telling.first(id, name, "Disease")
    for column, (meant, kind) in LISTS.items():
        for item in _listed(cells.get(column, "")):
            other = telling.own(item)
            for concept in telling.first(other, item, kind):
                yield replace(concept, names=_names(item))
            yield telling.claim(id, column, other, meant, f"{id} {column} {other}")
        if (cell := cells.get(column, "").strip()) not in {"", "[]"} and not _listed(cell):
            yield Malformed(file.name, number, f"a list of quoted texts was expected under {column}", cell[:QUOTED])
    yield from _explained(telling, file, number, cells.get("reason", ""), name)


def _explained(telling: Telling, file: Path, number: int, cell: str, name: str) -> Iterator[Fact]:
    text = _BYTES.sub(_decoded, cell).replace("\\'", "'").strip()
    if len(text) >= _SHORTEST:
        at = f"{telling.own(name)}#definition"
        yield Passage(at, text, name, "en", telling.origin(at), "definition", (telling.own(name),))
    elif text:
        yield Malformed(file.name, number, "too short for an explanation", text)


def _listed(cell: str) -> list[str]:
    """The texts of a list as Python writes it, without running any of it."""
    found = (one or other for one, other in _QUOTED.findall(cell))
    return [text for each in found if (text := re.sub(r"\\(.)", r"\1", each).strip())]


def _names(item: str) -> tuple[Name, ...]:
    """'Alprazolam (Xanax)' goes by either name."""
    aside = _ASIDE.fullmatch(item)
    return tuple(Name(part, "en", "exact") for part in aside.groups()) if aside else ()


def _decoded(found: re.Match[str]) -> str:
    """Bytes that were written down as escapes, as text again."""
    return bytes.fromhex(found[0].replace("\\x", "")).decode("utf-8", "replace")
