"""Orphanet's ontology of rare diseases: disorders and their groups, genes, inheritance, onset, how many have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats import obographs
from probatum.formats.curies import curie
from probatum.formats.ontology import Term
from probatum.naming import card, card_of
from probatum.sources import _terms
from probatum.sources._files import shown
from probatum.sources._graph import Telling, release
from probatum.sources._ontology import descendants
from probatum.sources._pages import files_of
from probatum.types import Fact

# What stands under these terms is of this class; a disorder itself is a Disease.
CLASSES = {
    "ORPHA:C010": "Gene",
    "ORPHA:C005": "OntologyClass",  # inheritance
    "ORPHA:C023": "OntologyClass",  # age of onset
    "ORPHA:C003": "InformationContentEntity",  # epidemiology
    "ORPHA:C009": "InformationContentEntity",  # geography
}
TYPES = "ORPHA:C001"  # clinical entity: its children are the types that a disorder may be of
OBSOLETE = "http://www.orpha.net/ORDO/ObsoleteClass"
_WITHDRAWN = "OBSOLETE: "


@card(
    "Orphanet Rare Disease Ontology",
    reference="https://www.orphadata.com/ordo/",
    licence="CC BY 4.0",
    languages=("en",),
    where="https://www.orphadata.com/ordo/ as OBO graphs JSON (robot convert of the OWL file)",
    terms="Attribution: Orphanet, an online database of rare diseases and orphan drugs, INSERM 1999.",
)
def ordo(path: Path | None = None) -> Iterator[Fact]:
    """The facts of one ORDO release as OBO graphs: disorders, groups, genes, and the axioms between them.

    Ids are ORPHA: numbers; those of genes too, with HGNC, Ensembl, OMIM and Swiss-Prot as cross-references. A gene's
    relation to a disorder keeps Orphanet's words. A disorder's type (disease, malformation syndrome, group of
    disorders ...) is `member_of`, not `subclass_of`. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("ordo", path, (".json",), card_of(ordo))
    if len(files) > 1:
        raise BadFormat(
            f"{len(files)} files; give one release", where=str(path), mend=f"give {shown(files[-1])} itself"
        )
    begun = release("ordo", card_of(ordo), files, _terms.version(files[0]))
    yield begun
    telling, terms = Telling(begun), dict[str, Term]()
    yield from _terms.read(files, terms)
    if not terms:
        raise BadFormat("no term was found", where=str(files[0]))
    words = obographs.words(files[0])
    above = {id: tuple(map(curie, term.is_a)) for id, term in terms.items()}
    kinds = {id: kind for root, kind in CLASSES.items() for id in descendants(above, root)}
    types = {id for id, parents in above.items() if TYPES in parents} | {TYPES}
    for id, term in terms.items():
        if id == OBSOLETE:
            continue
        kind = "OntologyClass" if id in types or id in CLASSES else kinds.get(id, "Disease")
        yield _terms.concept(telling, id, _said(term, withdrawn=OBSOLETE in above[id]), kind)
        yield from _terms.definition(telling, id, term)
        yield from _terms.axioms(telling, id, term, dialect="ordo", words=words)
        for type_ in dict.fromkeys(above[id]):
            if type_ in types and id not in types:
                yield telling.claim(id, "type", type_, _terms.MEMBER, f"{id} type {type_}")
    plain = {id: _without(term, {OBSOLETE} if id in types else {*types, OBSOLETE}) for id, term in terms.items()}
    yield from _terms.hierarchy(telling, plain, shown(files[0]))


def _said(term: Term, *, withdrawn: bool) -> Term:
    """A term whose withdrawal stands in its fields instead of its label."""
    return replace(term, name=term.name.removeprefix(_WITHDRAWN), obsolete=term.obsolete or withdrawn)


def _without(term: Term, parents: set[str]) -> Term:
    return replace(term, is_a=tuple(each for each in term.is_a if curie(each) not in parents))
