"""UniProt: proteins of man and what they do, the genes that they come from, the diseases that their variants cause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.curies import curie
from probatum.formats.json_stream import records
from probatum.formats.ontology import ID
from probatum.formats.reading import QUOTED, loads, whole
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Name, Passage

_RESULTS = ("results", "*")
_PRODUCT, _DISEASE, _TAXON = (
    Reading("biolink:gene_product_of"),
    Reading("biolink:contributes_to"),
    Reading("biolink:in_taxon"),
)
XREFS = {"HGNC", "GeneID", "Ensembl", "DrugBank", "ChEMBL", "MIM", "Orphanet", "Reactome"}


@card(
    "UniProtKB",
    reference="https://doi.org/10.1093/nar/gkac1052; https://www.uniprot.org/help/api",
    licence="CC BY 4.0",
    languages=("en",),
    where="https://rest.uniprot.org/uniprotkb (JSON of an entry or of a search)",
    terms="Attribution: the UniProt Consortium.",
)
def uniprot(path: Path | None = None) -> Iterator[Fact]:
    """The facts of entries in JSON, one or the `results` of a search: names, gene, organism, function, diseases.

    A reviewed entry (Swiss-Prot) is curated, any other was made by a program. That a disease rests on variants of the
    gene is `contributes_to`, with the description and its references. The release is the sha256 of the files. Raises
    `NeedsFile`, and `BadFormat` where there is no entry.
    """
    files = files_of("uniprot", path, (".json",), card_of(uniprot))
    begun = release("uniprot", card_of(uniprot), files, manner="updates")
    yield begun
    telling = Telling(begun)
    for file in files:
        for number, entry in _entries(file):
            telling.reliability = "curated" if "Swiss-Prot" in _text(entry, "entryType") else "generated"
            facts = list(_entry(telling, entry))
            yield from facts or [
                Malformed(file.name, number, "an entry of UniProtKB was expected", str(entry)[:QUOTED])
            ]


def _entries(file: Path) -> Iterator[tuple[int, Any]]:
    met = False
    for record in records(file, _RESULTS, ("primaryAccession",)):
        met = True
        if record.place == _RESULTS:
            yield record.line, record.value
        else:
            yield 1, loads(whole(file), str(file))
    if not met:
        raise BadFormat("an entry or the results of a search were expected", where=str(file))


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Any, *keys: str) -> str:
    found = _at(value, *keys)
    return str(found).strip() if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def _list(value: Any, *keys: str) -> list[Any]:
    found = _at(value, *keys)
    return found if isinstance(found, list) else []


def _entry(telling: Telling, entry: Any) -> Iterator[Fact]:
    accession = _text(entry, "primaryAccession")
    name = _text(entry, "proteinDescription", "recommendedName", "fullName", "value")
    name = name or next(
        (_text(each, "fullName", "value") for each in _list(entry, "proteinDescription", "submissionNames")), ""
    )
    id = f"UniProtKB:{accession}"
    if not name or not ID.fullmatch(id):
        return
    others = [_text(each, "fullName", "value") for each in _list(entry, "proteinDescription", "alternativeNames")]
    shorts = [_text(each, "value") for each in _list(entry, "proteinDescription", "recommendedName", "shortNames")]
    names = [Name(text, "en", "exact", kind) for kind, texts in (
        ("", others), ("abbreviation", shorts), ("entry_name", [_text(entry, "uniProtkbId")]),
    ) for text in texts if text]  # fmt: skip
    found = {(each.get("database"), str(each.get("id"))) for each in _list(entry, "uniProtKBCrossReferences")
             if isinstance(each, dict) and each.get("database") in XREFS}  # fmt: skip
    xrefs = sorted(xref for of, local in found if ID.fullmatch(xref := curie(f"{of}:{local}")))
    yield telling.concept(id, name, "Protein", names=names, xrefs=xrefs)
    genes = [symbol for gene in _list(entry, "genes")[:1] if (symbol := _text(gene, "geneName", "value"))]
    for symbol in genes:
        gene = next((xref for xref in xrefs if xref.startswith("HGNC:")), "") or telling.own(f"gene/{symbol}")
        synonyms = [
            Name(_text(each, "value"), "en", "exact") for each in _list(entry, "genes")[0].get("synonyms") or ()
        ]
        yield telling.concept(gene, symbol, "Gene", names=synonyms)
        yield telling.claim(id, "gene", gene, _PRODUCT, f"{id} {gene}")
    if taxon := _text(entry, "organism", "taxonId"):
        organism = f"NCBITaxon:{taxon}"
        yield from telling.first(organism, _text(entry, "organism", "scientificName"), "OrganismTaxon")
        yield telling.claim(id, "organism", organism, _TAXON, f"{id} {organism}")
    yield from _comments(telling, id, name, entry)


def _comments(telling: Telling, id: str, name: str, entry: Any) -> Iterator[Fact]:
    texts: dict[str, list[str]] = {}
    for comment in _list(entry, "comments"):
        of = _text(comment, "commentType")
        if of == "DISEASE" and isinstance(_at(comment, "disease"), dict):
            yield from _disease(telling, id, comment["disease"])
        elif of and (told := [text for each in _list(comment, "texts") if (text := _text(each, "value"))]):
            texts.setdefault(of, []).extend(told)
    for of, told in sorted(texts.items()):
        at = f"{id}#{of.casefold().replace(' ', '_')}"
        section = said([("section", of.lower())])
        yield Passage(at, "\n".join(told), name, "en", telling.origin(at), "definition", (id,), section)


def _disease(telling: Telling, id: str, disease: dict[str, Any]) -> Iterator[Fact]:
    name = _text(disease, "diseaseId")
    if not name:
        return
    of, local = _text(disease, "diseaseCrossReference", "database"), _text(disease, "diseaseCrossReference", "id")
    known = curie(f"{of}:{local}") if of and local else ""
    other = known if ID.fullmatch(known) else telling.own(f"disease/{name}")
    short = [Name(text, "en", "exact", "abbreviation") for text in [_text(disease, "acronym")] if text]
    yield telling.concept(other, name, "Disease", names=short)
    papers = tuple(f"PMID:{_text(each, 'id')}" for each in _list(disease, "evidences")
                   if _text(each, "source") == "PubMed" and _text(each, "id"))  # fmt: skip
    comment = (("comment", _text(disease, "description")),)
    yield telling.claim(id, "disease", other, _DISEASE, f"{id} {other}", references=papers, qualifiers=comment)
