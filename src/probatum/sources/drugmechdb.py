"""DrugMechDB: by which steps a drug does what it does, from the drug over its targets and processes to the disease."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from probatum.formats.curies import curie
from probatum.formats.drugmechdb_yaml import Mechanism, mechanisms
from probatum.formats.ontology import ID
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, reference, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading, reading
from probatum.types import Fact, Malformed, Passage

# Accessions of UniProt (www.uniprot.org/help/accession_numbers), which the Protein Ontology takes over.
_PROTEIN = re.compile(r"PR:(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})")
_TREATS = Reading("biolink:treats")


@card(
    "DrugMechDB",
    reference="https://doi.org/10.1038/s41597-023-02534-z",
    licence="CC0 1.0",
    languages=("en",),
    where="https://github.com/SuLab/DrugMechDB (indication_paths.yaml)",
    terms="Free to use; attribution is asked for.",
)
def drugmechdb(path: Path | None = None) -> Iterator[Fact]:
    """The facts of mechanisms in YAML: each link as a claim that names its path, each path whole as a passage.

    The id of a path is the file's own, else made of its contents. All claims of a path share its `at`, its references
    and the qualifier `path`; the drug of the path is said to treat its disease. A passage of the path's id holds the
    links in their order, about drug and disease. The node that a path starts from is the drug under another id: a
    closeMatch, said to be extracted. Proteins, written PR:P00519, are UniProtKB:P00519 here. The file holds ids and no
    names, so no concepts are told: other sources name them. Nothing of YAML but its lists and texts is read. The
    release is the sha256 of the file. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("drugmechdb", path, (".yaml", ".yml"), card_of(drugmechdb))
    begun = release("drugmechdb", card_of(drugmechdb), files)
    yield begun
    telling = Telling(begun)
    for file in files:
        for each in mechanisms(file):
            if isinstance(each, Malformed):
                yield each
            elif all(ID.fullmatch(_id(end)) for end in _ends(each)):
                yield from _path(telling, each)
            else:
                reason = "ids with a prefix were expected at the ends of links"
                yield Malformed(file.name, each.line, reason, f"{each.drug} {each.disease}"[:QUOTED])


def _ends(each: Mechanism) -> list[str]:
    return [each.drug, each.disease, *(end for link in each.links for end in (link[0], link[2]))]


def _path(telling: Telling, each: Mechanism) -> Iterator[Fact]:
    drug, disease = _id(each.drug), _id(each.disease)
    name = each.id or hashlib.sha256(repr((drug, disease, each.links)).encode()).hexdigest()[:16]
    at = telling.own(name)
    references = tuple(dict.fromkeys(map(_reference, each.references)))
    said = (("path", at),)
    yield telling.claim(drug, "treats", disease, _TREATS, at, references=references, qualifiers=said)
    yield from _start(telling, each, drug, at)
    steps = []
    for number, (subject, word, object_) in enumerate(each.links, start=1):
        ends = _id(subject), _id(object_)
        meant = reading("drugmechdb", word)
        more = (*said, ("step", str(number)))
        yield telling.claim(ends[0], word, ends[1], meant, at, references=references, qualifiers=more)
        steps.append(f"{ends[0]} {word} {ends[1]}")
    origin = telling.origin(at, references=references)
    title = f"How {drug} acts in {disease}"
    yield Passage(at, ". ".join(steps) + ".", title, "en", origin, "document", (drug, disease))


def _id(written: str) -> str:
    id = curie(written)
    return f"UniProtKB:{id[3:]}" if _PROTEIN.fullmatch(id) else id


def _start(telling: Telling, each: Mechanism, drug: str, at: str) -> Iterator[Fact]:
    """That the one node from which a path starts is its drug."""
    reached = {_id(object_) for _, _, object_ in each.links}
    starts = {_id(subject) for subject, _, _ in each.links} - reached
    if len(starts) == 1 and drug not in starts | reached:
        qualifiers = (("mapping_justification", "semapv:StructuralMatching"), ("path", at))
        yield telling.claim(
            drug, "", starts.pop(), Reading("skos:closeMatch"), at, qualifiers=qualifiers, reliability="extracted"
        )


def _reference(written: str) -> str:
    text = written.strip()
    return reference(text.removeprefix("m") if text.startswith("mhttp") else text)
