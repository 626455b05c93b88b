"""PubTator 3: which genes, variants, diseases and chemicals programs found in an abstract, and how they are related."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.pubtator import Document, exported
from probatum.formats.reading import whole
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._publications import MENTIONS
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Passage, Relation

_KINDS = {
    "gene": "Gene", "disease": "Disease", "chemical": "ChemicalEntity", "species": "OrganismTaxon",
    "cellline": "Cell", "variant": "SequenceVariant",
}  # fmt: skip
# The types of relations of BioRED (doi:10.1093/bib/bbac282), which PubTator 3 gives; they have no direction but these.
RELATIONS = {
    "association": "biolink:associated_with",
    "bind": "biolink:directly_physically_interacts_with",
    "drug_interaction": "biolink:interacts_with",
    "negative_correlation": "biolink:negatively_correlated_with",
    "positive_correlation": "biolink:positively_correlated_with",
}
_OTHER = "biolink:related_to"  # comparison, conversion, cotreatment


@card(
    "PubTator 3",
    reference="https://doi.org/10.1093/nar/gkae235; https://www.ncbi.nlm.nih.gov/research/pubtator3/api",
    licence="annotations: public domain (NCBI); abstracts may be under publishers' copyright",
    languages=("en",),
    where="https://www.ncbi.nlm.nih.gov/research/pubtator3-api/publications/export/biocjson?pmids=...",
    terms="Free to use; NCBI asks to be cited. What is found is found by programs and was read by nobody.",
)
def pubtator(path: Path | None = None) -> Iterator[Fact]:
    """The facts of exports in BioC JSON: what an abstract mentions, and each relation that programs read in it.

    All of it is "extracted". A relation's type is `original_predicate`, its score the qualifier `score`; the paper is
    its reference. Concepts bear PubTator's names for their ids; the abstract is the passage PMID:<number>. The release
    is the sha256 of the files and updates earlier ones paper by paper. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("pubtator", path, (".json",), card_of(pubtator))
    begun = release("pubtator", card_of(pubtator), files, manner="updates")
    yield begun
    telling = Telling(begun, reliability="extracted")
    for file in files:
        for each in exported(whole(file), file.name):
            yield from [each] if isinstance(each, Malformed) else _paper(telling, each)


def _paper(telling: Telling, paper: Document) -> Iterator[Fact]:
    here = f"PMID:{paper.pmid}"
    origin = telling.origin(here)
    yield telling.concept(here, paper.title.strip() or here, "Publication")
    found: dict[str, int] = {}
    for each in paper.annotations:
        kind = _KINDS.get(each.type.casefold(), "NamedThing")
        for id in each.ids:
            found[id] = found.get(id, 0) + 1
            if len(each.ids) == 1:  # of several ids nobody says whose the name is
                yield from telling.first(id, each.name, kind)
    text = paper.abstract or paper.title
    qualifiers = (("section", "abstract"),) if paper.abstract else ()
    mentioned = telling.origin(here, references=(here,))
    yield Passage(here, text, paper.title.strip(), "en", origin, about=tuple(found), qualifiers=qualifiers)
    for id, count in found.items():
        yield Relation(here, MENTIONS, id, mentioned, qualifiers=(("count", str(count)),))
    for (type_, one, other), score in zip(paper.relations, paper.scores, strict=True):
        meant = Reading(RELATIONS.get(type_.casefold(), _OTHER))
        said = (("score", score),) if score else ()
        yield telling.claim(one, type_, other, meant, here, references=(here,), qualifiers=said)
