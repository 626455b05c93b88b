"""Mondo: one id for a disease that many vocabularies name, what it is a kind of, and what it is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats import kgx, sssom
from probatum.formats.curies import curie
from probatum.formats.ontology import ID, Term, release_in
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED
from probatum.formats.tables import tab_separated
from probatum.naming import card, card_of
from probatum.sources import _terms
from probatum.sources._files import matching, shown
from probatum.sources._graph import Telling, references, release
from probatum.sources._relations import Reading, reading
from probatum.types import Fact, Malformed, Name

GARD = ("mondo_id", "gard_id", "source_external", "subset")
# Justifications that rest on somebody's decision (semapv); what else there is was computed.
DECIDED = {"semapv:ManualMappingCuration", "semapv:MappingReview", "semapv:UnspecifiedMatching"}


@card(
    "Mondo Disease Ontology",
    reference="https://doi.org/10.1101/2022.04.13.22273750",
    licence="CC BY 4.0",
    languages=("en",),
    where="https://github.com/monarch-initiative/mondo/releases (mondo.obo or .json, mappings/*.sssom.tsv, KGX tables)",
    terms="Attribution: the Mondo Disease Ontology, Monarch Initiative.",
)
def mondo(path: Path | None = None) -> Iterator[Fact]:
    """The facts of a folder of Mondo's files: ontology, KGX nodes and edges, mappings in SSSOM, the GARD template.

    Whatever of these is there is read: `mondo*.obo|json`, `*nodes.tsv`, `*edges.tsv`, `*.sssom.tsv`, `gard*.tsv`. A
    mapping is a claim (skos:exactMatch ...) with its justification. Names of Mondo's own terms come from the ontology,
    else from the mappings. The release is the newest that a file states. Raises `NeedsFile`, `BadFormat`.
    """
    files = _files(path)
    begun = release("mondo", card_of(mondo), [file for group in files.values() for file in group], _version(files))
    yield begun
    telling, terms = Telling(begun), dict[str, Term]()
    yield from _terms.read(files["ontology"], terms)
    for id, term in terms.items():
        yield _terms.concept(telling, id, term, "Disease" if id.startswith("MONDO:") else "NamedThing")
        yield from _terms.definition(telling, id, term)
        yield from _terms.axioms(telling, id, term, dialect="doid", words={})
    yield from _terms.hierarchy(telling, terms, ", ".join(map(shown, files["ontology"])))
    for file in files["nodes"]:
        yield from _nodes(telling, file, terms)
    labels = {id: term.name for id, term in terms.items()}
    for file in files["mappings"]:
        yield from _mappings(telling, file, labels)
    for file in files["edges"]:
        yield from _edges(telling, file)
    for file in files["gard"]:
        yield from _gard(telling, file, labels)


def _files(path: Path | None) -> dict[str, list[Path]]:
    place = path if path is not None else data_folder() / "mondo"
    patterns = {
        "ontology": ("mondo*.obo", "mondo*.json"),
        "nodes": ("*nodes.tsv",),
        "mappings": ("*.sssom.tsv",),
        "edges": ("*edges.tsv",),
        "gard": ("gard*.tsv",),
    }
    if place.is_file():
        fits = {kind: any(place.match(p) or place.match(f"{p}.gz") for p in each) for kind, each in patterns.items()}
        found = {kind: [place] if fit else [] for kind, fit in fits.items()}
    else:
        found = {
            kind: [file for pattern in each for file in matching([place], pattern)] for kind, each in patterns.items()
        }
    if not any(found.values()):
        said = card_of(mondo)
        raise NeedsFile(
            "none of Mondo's files is here",
            where=str(place),
            mend=f"get them from {said.where}; licence: {said.licence}; put them into {data_folder() / 'mondo'}",
        )
    return found


def _version(files: dict[str, list[Path]]) -> str:
    stated = [_terms.version(file) for file in files["ontology"]]
    stated += [release_in(sssom.head(file).said("mapping_set_version")) for file in files["mappings"]]
    return max(stated, default="")


def _nodes(telling: Telling, file: Path, terms: dict[str, Term]) -> Iterator[Fact]:
    for node in kgx.nodes(file):
        if isinstance(node, Malformed):
            yield node
        elif (id := curie(node.id)) not in terms:
            kind = node.categories[0].removeprefix("biolink:") if node.categories else "Disease"
            names = (Name(text, "en", "exact") for text in node.synonyms)
            yield telling.concept(id, node.name, kind, names=names, xrefs=map(curie, node.xrefs))


def _mappings(telling: Telling, file: Path, labels: dict[str, str]) -> Iterator[Fact]:
    for each in sssom.mappings(file):
        if isinstance(each, Malformed):
            yield each
            continue
        subject, object_ = curie(each.subject), curie(each.object)
        if not ID.fullmatch(subject) or not ID.fullmatch(object_) or sssom.NOTHING in {each.subject, each.object}:
            yield Malformed(file.name, each.line, "two ids were expected", f"{each.subject} {each.object}"[:QUOTED])
            continue
        if subject not in labels and (label := each.said("subject_label")):
            labels[subject] = label
            yield telling.concept(subject, label, "Disease")
        told = {"subject_label", "object_label"}
        yield telling.claim(
            subject,
            each.predicate,
            object_,
            Reading(each.predicate),
            f"{subject} {each.predicate} {object_}",
            qualifiers=(
                *((name, value) for name, value in each.slots if name not in told),
                ("mapping_justification", each.justification),
            ),
            negated=each.negated,
            reliability="curated" if each.justification in DECIDED else "extracted",
        )


def _edges(telling: Telling, file: Path) -> Iterator[Fact]:
    for edge in kgx.edges(file):
        if isinstance(edge, Malformed):
            yield edge
            continue
        subject, object_ = curie(edge.subject), curie(edge.object)
        word = next(iter(edge.said("relation")), "") or edge.predicate
        meant = reading("english", edge.predicate)
        if meant == Reading():  # KGX had no better predicate; the relation may be one that the table knows
            meant = reading("doid", word.rpartition("/")[2].replace(":", "_"))
        yield telling.claim(
            subject,
            "" if word == "rdfs:subClassOf" else word,
            object_,
            meant,
            f"{subject} {word} {object_}",
            references=references("|".join(edge.publications)),
            qualifiers=(("primary_source", edge.primary_source),),
            negated=edge.negated,
        )


def _gard(telling: Telling, file: Path, labels: dict[str, str]) -> Iterator[Fact]:
    for row in tab_separated(file, GARD):
        if isinstance(row, Malformed):
            yield row
            continue
        id, gard, other, subset = (curie(cell) for cell in row[1])
        if id == "ID":  # the second line of a ROBOT template says what each column becomes
            continue
        if not ID.fullmatch(id) or not ID.fullmatch(gard):
            yield Malformed(file.name, row[0], "a Mondo id and a GARD id were expected", "\t".join(row[1])[:QUOTED])
            continue
        if id in labels:
            yield telling.concept(id, labels[id], "Disease", xrefs=[gard, other] if ID.fullmatch(other) else [gard])
        else:
            yield telling.claim(id, "oboInOwl:hasDbXref", gard, Reading("skos:relatedMatch"), f"{id} {gard}")
        if slim := subset.rpartition("#")[2]:
            yield from telling.first(telling.own(slim), slim.replace("_", " "), "OntologyClass")
            yield telling.claim(id, "inSubset", telling.own(slim), _terms.MEMBER, f"{id} inSubset {slim}")
