"""A medical graph gathered from several sources in one table, where a column says of each row whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.triples import triples
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._triples import told
from probatum.types import Fact


@card(
    "LMKG and other tables of triples of several sources",
    survey="lmkg",
    reference="columns as formats/triples.toml lists them; the graph itself is published as a paper only",
    licence="as each row's source",
    languages=("en", "zh"),
    where="your own table: head, relation, tail, source, optionally ids, classes, reference, negated",
    terms="Those of the sources that the table was gathered from.",
)
def lmkg(path: Path | None = None, *, language: str = "en") -> Iterator[Fact]:
    """The facts of tables of triples (.csv, .tsv, .txt, .json, .jsonl); each claim keeps its row's source and version.

    The row's source is the qualifier `primary_source`, its references stand in the origin; other columns stay under
    their names. Rows whose relation is Chinese are read by the Chinese table. The release is the sha256 of the files.
    Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("lmkg", path, (".csv", ".tsv", ".txt", ".json", ".jsonl"), card_of(lmkg))
    begun = release("lmkg", card_of(lmkg), files, manner="joins")
    yield begun
    telling = Telling(begun, language=language)
    for file in files:
        yield from told(telling, triples(file))
