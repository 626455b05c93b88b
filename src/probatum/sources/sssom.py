"""Any set of mappings in SSSOM tables: which concept of one vocabulary is which of another, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats import sssom as tables
from probatum.formats.curies import curie
from probatum.formats.ontology import ID, release_in
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.types import Fact, Malformed, Origin, Pairs, Relation, Release

LICENCE = "as the mapping set states"
# What other vocabularies of mapping call the relations of this one.
PREDICATES = {
    "owl:equivalentClass": "skos:exactMatch",
    "owl:sameAs": "skos:exactMatch",
    "rdfs:subClassOf": "biolink:subclass_of",
    "oboInOwl:hasDbXref": "skos:relatedMatch",
}
# Justifications that rest on somebody's decision; everything else was computed (semapv, the vocabulary of SSSOM).
DECIDED = {"semapv:ManualMappingCuration", "semapv:MappingReview", "semapv:UnspecifiedMatching"}


@card(
    "Mappings in SSSOM",
    reference="https://doi.org/10.1093/database/baac035",
    licence=LICENCE,
    languages=("en",),
    where="the publisher of the mappings: *.sssom.tsv, plain or .gz",
    terms="Those of the mapping set, which its head states.",
)
def sssom(path: Path | None = None) -> Iterator[Fact]:
    """The mappings of a file or of all *.sssom.tsv of a folder, each with predicate, justification and every slot.

    The release is what the heads state where they agree, else the sha256. A row which says that nothing was found
    (sssom:NoTermFound) maps nothing and is set aside. Raises `NeedsFile`, `BadFormat`.
    """
    files = _files(path)
    sha256, heads = digest(files), [tables.head(file) for file in files]
    stated = {release_in(head.said("mapping_set_version")) for head in heads}
    version = stated.pop() if len(stated) == 1 and stated != {""} else sha256
    licences = sorted({head.said("license") for head in heads} - {""})
    licence, read = " and ".join(licences) or LICENCE, tuple(shown(file) for file in files)
    yield Release("sssom", version, licence, sha256, read, manner="joins")
    for file in files:
        for each in tables.mappings(file):
            yield each if isinstance(each, Malformed) else _relation(each, version, file.name)


def _files(path: Path | None) -> list[Path]:
    place = path or data_folder() / "sssom"
    found = sorted(place.iterdir()) if place.is_dir() else []
    files = [file for file in found if file.is_file() and file.name.endswith((".sssom.tsv", ".sssom.tsv.gz"))]
    if place.is_file():
        files = [place]
    if not files:
        said = card_of(sssom)
        raise NeedsFile(
            "there are no files named *.sssom.tsv here",
            where=str(place),
            mend=f"get them from {said.where}; licence: {LICENCE}; then give the file or its folder",
        )
    return files


def _relation(each: tables.Mapping, version: str, file: str) -> Relation | Malformed:
    shown_row = f"{each.subject} {each.predicate} {each.object}"
    subject, object_ = curie(each.subject), curie(each.object)
    if tables.NOTHING in {each.subject, each.object}:
        return Malformed(file, each.line, "says that nothing was found to map to", shown_row[:QUOTED])
    if not ID.fullmatch(subject) or not ID.fullmatch(object_) or ":" not in each.predicate:
        return Malformed(file, each.line, "ids with a prefix were expected", shown_row[:QUOTED])
    predicate = PREDICATES.get(each.predicate, each.predicate)
    return Relation(
        subject,
        predicate,
        object_,
        Origin(
            "sssom", version, f"{subject} {each.predicate} {object_}",
            reliability="curated" if each.justification in DECIDED else "extracted",
        ),
        each.negated,
        _qualifiers(each, predicate),
    )  # fmt: skip


def _qualifiers(each: tables.Mapping, predicate: str) -> Pairs:
    own = [("mapping_justification", each.justification)]
    if predicate != each.predicate:
        own.append(("original_predicate", each.predicate))
    return tuple(sorted({*each.slots, *own}))
