"""Terms as the Ontology Lookup Service and the HPO's own service give them in their answers to a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.formats.curies import curie
from probatum.formats.json_stream import records
from probatum.formats.ontology import ID
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.types import Fact, Malformed, Name, Passage

# OLS4's search; its lists of terms; the HPO's search
_PLACES = (("response", "docs", "*"), ("_embedded", "terms", "*"), ("terms", "*"))
_COUNTS = (("response", "numFound"), ("page", "totalElements"), ("totalCount",))
_KINDS = {
    "HP": "PhenotypicFeature", "MONDO": "Disease", "DOID": "Disease", "ORPHA": "Disease", "OMIM": "Disease",
    "CHEBI": "ChemicalEntity", "DRON": "Drug", "HGNC": "Gene", "PR": "Protein", "UBERON": "AnatomicalEntity",
    "CL": "Cell", "NCBITaxon": "OrganismTaxon",
}  # fmt: skip
_EXACT = ("exact_synonyms", "synonym", "synonyms")


@card(
    "Answers of term services (OLS4, HPO)",
    reference="https://www.ebi.ac.uk/ols4/help; https://ontology.jax.org/api/hp/docs",
    licence="each ontology under its own terms",
    languages=("en",),
    where="https://www.ebi.ac.uk/ols4/api/search, https://ontology.jax.org/api/hp/search (JSON)",
    terms="Free services; each term under the licence of its ontology (see its source, or OLS4's page of it).",
)
def ols(path: Path | None = None) -> Iterator[Fact]:
    """The terms of recorded answers (JSON): label, synonyms, cross-references, and the definition as a passage.

    An answer is a part of an ontology, chosen by a search: it joins what is there, and takes nothing back. Where an
    answer gives an id and no name, as one cut short does, the term is set aside; an answer that found nothing gives
    nothing. What kind of thing a term is shows in its vocabulary; of others (MeSH, NCIT) it is left open. The release
    is the sha256 of the files. Raises `NeedsFile`, `BadFormat` where the answer is another one.
    """
    files = files_of("ols", path, (".json",), card_of(ols))
    begun = release("ols", card_of(ols), files, manner="joins")
    yield begun
    telling = Telling(begun)
    for file in files:
        met = False
        for each in records(file, *_PLACES, *_COUNTS):
            met = True
            if each.place in _PLACES:
                told = list(_term(telling, each.value if isinstance(each.value, dict) else {}))
                reason = "a term with an id and a name was expected"
                yield from told or [Malformed(file.name, each.line, reason, str(each.value)[:QUOTED])]
        if not met:
            reason = "an answer of OLS4 or of the HPO's search was expected"
            yield Malformed(file.name, 1, reason)


def _term(telling: Telling, said: Mapping[str, Any]) -> Iterator[Fact]:
    id = curie(_text(said, "obo_id") or _text(said, "id") or _text(said, "short_form").replace("_", ":", 1))
    label = _text(said, "label") or _text(said, "name")
    if not ID.fullmatch(id) or not label:
        return
    names = [Name(each, "en", "exact") for key in _EXACT for each in _texts(said, key)]
    names += [Name(each, "en", "related") for each in _texts(said, "related_synonyms")]
    for each in said.get("translations") or () if isinstance(said.get("translations"), list) else ():
        if isinstance(each, dict) and _text(each, "name") and _text(each, "language"):
            names.append(Name(_text(each, "name"), _text(each, "language"), "label"))
    xrefs = [found for key in ("xrefs", "obo_xref") for each in _texts(said, key) if ID.fullmatch(found := curie(each))]
    kind = _KINDS.get(id.partition(":")[0], "OntologyClass")
    yield telling.concept(id, label, kind, names=names, xrefs=xrefs)
    definition = "\n".join(_texts(said, "description") or _texts(said, "definition"))
    if definition:
        yield Passage(f"{id}#ols", definition, label, "en", telling.origin(id), "definition", (id,))


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(said: Mapping[str, Any], key: str) -> list[str]:
    value = said.get(key)
    values = value if isinstance(value, list) else [value]
    return [" ".join(each.split()) for each in values if isinstance(each, str) and each.strip()]
