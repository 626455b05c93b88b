"""PrimeKG, the precision-medicine knowledge graph: diseases, drugs, genes, phenotypes, pathways of twenty resources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.tables import comma_separated
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading, kind, original, readings
from probatum.types import Fact, Malformed

COLUMNS = "relation,display_relation,x_index,x_id,x_type,x_name,x_source,y_index,y_id,y_type,y_name,y_source".split(",")
_WIDE = {"HPO": "HP", "MONDO": "MONDO", "GO": "GO", "UBERON": "UBERON"}  # numbers without their leading zeros
_PLAIN = {"NCBI": "NCBIGene", "DrugBank": "DRUGBANK", "REACTOME": "REACT", "CTD": "MESH"}  # CTD names by MeSH
_GROUP = "MONDO_grouped"
_KINDS = {"gene/protein": "Gene"}  # its ids are of genes


@card(
    "PrimeKG, Precision Medicine Knowledge Graph",
    survey="precision_medicine_kg",
    reference="https://doi.org/10.1038/s41597-023-01960-3; https://github.com/mims-harvard/PrimeKG",
    licence="MIT for the code; data as their sources (DrugBank: CC BY-NC)",
    languages=("en",),
    where="https://doi.org/10.7910/DVN/IXA7BM (kg.csv, 982 MB)",
    terms="Each row is under the terms of the resource that it was taken from.",
)
def primekg(path: Path | None = None) -> Iterator[Fact]:
    """The facts of kg.csv: each end once, each edge once (the file has every edge in both directions).

    Ids are those of the resources (MONDO, HP, NCBIGene, DRUGBANK, GO, REACT, UBERON, MESH); a group of MONDO terms that
    PrimeKG made one node of has an id of PrimeKG's with its terms as cross-references. An edge 'parent-child' has lost
    its direction in the file and is `related_to`. The release is the sha256. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("primekg", path, (".csv",), card_of(primekg))
    begun = release("primekg", card_of(primekg), files)
    yield begun
    telling = Telling(begun)
    for file in files:
        for row in comma_separated(file, COLUMNS):
            if isinstance(row, Malformed):
                yield row
            else:
                yield from _edge(telling, file, *row)


def _edge(telling: Telling, file: Path, number: int, cells: list[str]) -> Iterator[Fact]:
    relation, shown = cells[0].strip(), cells[1].strip()
    ends = [_End(telling, cells[2:7]), _End(telling, cells[7:12])]
    if not relation or not all(end.id for end in ends):
        reason = "a relation and two ends with id, type, name and source were expected"
        yield Malformed(file.name, number, reason, ",".join(cells)[:200])
        return
    table = readings("primekg")
    meant = table.get(relation) or table.get(f"{relation} {shown}") or Reading()
    ends.sort(key=lambda end: (end.type != meant.subject, end.id))
    for end in ends:
        for concept in telling.first(end.id, end.name, end.kind):
            yield telling.concept(concept.id, concept.name, concept.kind, xrefs=end.members)
    sources = "|".join(sorted({end.source for end in ends}))
    word = shown if original(shown, meant.predicate) and shown != relation else ""
    yield telling.claim(
        ends[0].id,
        relation,
        ends[1].id,
        Reading(meant.predicate, negated=meant.negated, qualifiers=meant.qualifiers),
        f"{relation} {ends[0].id} {ends[1].id}",
        qualifiers=(("comment", word), ("primary_source", sources)),
    )


class _End:
    """One end of an edge: five cells of the row."""

    def __init__(self, telling: Telling, cells: list[str]) -> None:
        _, local, self.type, self.name, self.source = (cell.strip() for cell in cells)
        self.kind = _KINDS.get(self.type) or kind(self.type)
        self.members: tuple[str, ...] = ()
        if not local or not self.source:
            self.id = ""
        elif self.source in _WIDE:
            self.id = f"{_WIDE[self.source]}:{local.zfill(7)}"
        elif self.source in _PLAIN:
            self.id = f"{_PLAIN[self.source]}:{local}"
        elif self.source == _GROUP:
            self.id = telling.own(f"{_GROUP}/{local}")
            self.members = tuple(f"MONDO:{each.zfill(7)}" for each in local.split("_") if each)
        else:
            self.id = telling.own(f"{self.source}/{local}")
