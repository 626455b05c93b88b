"""Associations of the Monarch Initiative: diseases, genes and phenotypes, each with the database that says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.curies import curie
from probatum.formats.json_stream import json_lines, records
from probatum.formats.ontology import ID
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, references, release
from probatum.sources._pages import files_of
from probatum.sources._relations import kind, reading
from probatum.types import Fact, Malformed

_ITEMS = ("items", "*")
# Fields of an association and the qualifiers that they become; a label is taken where there is no id.
FIELDS = {
    "frequency": ("frequency_qualifier", "frequency_qualifier_label"),
    "onset": ("onset_qualifier", "onset_qualifier_label"),
    "sex": ("sex_qualifier", "sex_qualifier_label"),
    "stage": ("stage_qualifier", "stage_qualifier_label"),
    "disease": ("disease_context_qualifier",),
    "primary_source": ("primary_knowledge_source",),
    "provided_by": ("provided_by",),
    "knowledge_level": ("knowledge_level",),
    "agent_type": ("agent_type",),
    "original_predicate": ("original_predicate",),
}
_KINDS = {
    "MONDO": "Disease",
    "OMIM": "Disease",
    "ORPHA": "Disease",
    "HP": "PhenotypicFeature",
    "HGNC": "Gene",
    "NCBIGene": "Gene",
}
_MACHINES = {"automated_agent", "text_mining_agent", "computational_model", "data_analysis_pipeline"}


@card(
    "Monarch Initiative associations",
    reference="https://doi.org/10.1093/nar/gkad1082; https://api.monarchinitiative.org/v3/docs",
    licence="CC BY 4.0 for the graph; each association under its source's terms",
    languages=("en",),
    where="https://api.monarchinitiative.org/v3/api/association, or the KGX files of https://data.monarchinitiative.org",
    terms="Attribution: the Monarch Initiative, and the database that each association names.",
)
def monarch(path: Path | None = None) -> Iterator[Fact]:
    """The facts of the API's answers (`items` of associations, JSON) or of associations one a line (JSON lines).

    Both ends with their labels; predicates are Biolink's already. The database that asserted it is `primary_source`;
    frequency, onset, sex and stage are data; what a program made is "extracted". The release is the sha256 of the
    files. Raises `NeedsFile`, and `BadFormat` for an answer of another kind.
    """
    files = files_of("monarch", path, (".json", ".jsonl"), card_of(monarch))
    files = [file for file in files if "association" in file.name] or files
    begun = release("monarch", card_of(monarch), files, manner="joins")
    yield begun
    telling = Telling(begun)
    for file in files:
        for number, each in _associations(file):
            yield from [each] if isinstance(each, Malformed) else _told(telling, file, number, each)


def _associations(file: Path) -> Iterator[tuple[int, Any]]:
    if file.name.removesuffix(".gz").lower().endswith(".jsonl"):
        for found in json_lines(file):
            yield (found.line, found) if isinstance(found, Malformed) else found
        return
    met = False
    for record in records(file, _ITEMS, ("total",)):
        met = True
        if record.place == _ITEMS:
            yield record.line, record.value
    if not met:
        raise BadFormat("an answer with items was expected", where=str(file))


def _told(telling: Telling, file: Path, number: int, value: Any) -> Iterator[Fact]:
    said = {str(key): _flat(each) for key, each in value.items()} if isinstance(value, dict) else {}
    subject, object_ = curie(said.get("subject", "")), curie(said.get("object", ""))
    word = said.get("predicate", "")
    if not ID.fullmatch(subject) or not ID.fullmatch(object_) or not word:
        yield Malformed(file.name, number, "subject, predicate and object were expected", str(value)[:QUOTED])
        return
    for id, side in ((subject, "subject"), (object_, "object")):
        class_ = kind(said.get(f"{side}_category", "")) or _KINDS.get(id.partition(":")[0], "NamedThing")
        yield from telling.first(id, said.get(f"{side}_label", ""), class_)
    qualifiers = [
        (name, next((text for field in fields if (text := said.get(field, ""))), "")) for name, fields in FIELDS.items()
    ]
    yield telling.claim(
        subject,
        word,
        object_,
        reading("english", word),
        said.get("id", "") or f"{subject} {word} {object_}",
        evidence=said.get("has_evidence", ""),
        references=references(said.get("publications", "")),
        qualifiers=qualifiers,
        negated=said.get("negated", "").casefold() == "true",
        reliability="extracted" if said.get("agent_type") in _MACHINES else "",
    )


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(filter(None, map(_flat, value)))
    return "" if value is None or isinstance(value, dict) else str(value).strip()
