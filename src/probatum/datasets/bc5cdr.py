"""Abstracts in which people marked every chemical and disease, and which chemical brings about which disease."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import pubtator
from probatum.formats.bioc import Annotation, Document, documents
from probatum.naming import card
from probatum.types import Answer, Example, Malformed, Mention, Origin, Question, Relation

OFFICIAL = "https://biocreative.bioinformatics.udel.edu/tasks/biocreative-v/track-3-cdr/"
CAUSES = "biolink:causes"
KINDS = {"Chemical": "ChemicalEntity", "Disease": "Disease"}


@card(
    "BC5CDR: chemical-disease relations of BioCreative V",
    survey="T5 information extraction",
    reference="https://doi.org/10.1093/database/baw068",
    licence="public (made by NCBI)",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution to the BioCreative V task.",
)
def bc5cdr(path: Path) -> Iterator[Example]:
    """The abstracts in the order of the file: the text as the question's context, mentions and relations as found.

    `path` is a BioC XML or PubTator file (plain or .gz) or a folder of such; of both layouts BioC is read. Mentions
    bear kind and MeSH id (empty where the corpus has -1; one mention for each id of a composite one, whose single parts
    are left out); relations are chemical, biolink:causes, disease. Raises `NeedsFile`, and `BadFormat` where a document
    is broken: a benchmark with holes would not be the benchmark.
    """
    layouts = ("*.BioC.xml*", "*.[Pp]ub[Tt]ator*")
    files = next((found for each in layouts if (found := sorted(path.glob(each)))), []) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise NeedsFile(
            f"no BioC file (*.BioC.xml, *.BioC.xml.gz) or *.PubTator.txt at {path}",
            mend=f"get CDR_Data from {OFFICIAL}",
        )
    for file in files:
        if "pubtator" in file.name.lower():
            yield from _from_pubtator(file)
            continue
        for document in documents(file):
            if isinstance(document, Malformed):
                raise BadFormat(document.reason, where=f"{file}:{document.line}")
            yield _example(document)


def _from_pubtator(file: Path) -> Iterator[Example]:
    for document in pubtator.documents(file):
        if isinstance(document, Malformed):
            raise BadFormat(document.reason, where=f"{file}:{document.line}")
        id = f"PMID:{document.pmid}"
        origin = Origin("bc5cdr", "BioCreative V", id, references=(id,))
        mentions = sorted(
            (
                Mention(
                    each.start,
                    each.end,
                    each.text,
                    _mesh(concept.removeprefix("MESH:")),
                    kind=KINDS.get(each.type, each.type),
                )
                for each in document.annotations
                for concept in each.ids or ("",)
            ),
            key=lambda mention: (mention.start, mention.end, mention.concept),
        )
        relations = tuple(
            Relation(_mesh(chemical), CAUSES, _mesh(disease), origin)
            for kind, chemical, disease in document.relations
            if kind == "CID"
        )
        asked = Question(context=(document.text,), language="en")
        yield Example(str(document.pmid), asked, Answer(found=(*mentions, *relations)), (id,))


def _example(document: Document) -> Example:
    origin = Origin("bc5cdr", "BioCreative V", f"PMID:{document.id}", references=(f"PMID:{document.id}",))
    # the parts of "ocular and auditory toxicity" are marked besides the whole: one reading of the text stays
    single = [each for each in document.annotations if each.infon("CompositeRole") != "IndividualMention"]
    mentions = sorted(
        (mention for each in single for mention in _mentions(each, document)),
        key=lambda mention: (mention.start, mention.end, mention.concept),
    )
    relations = tuple(
        Relation(_mesh(said["Chemical"]), CAUSES, _mesh(said["Disease"]), origin)
        for said in map(dict, document.relations)
        if said.get("relation") == "CID"
    )
    return Example(
        document.id,
        Question(context=(document.text,), language="en"),
        Answer(found=(*mentions, *relations)),
        (f"PMID:{document.id}",),
    )


def _mentions(each: Annotation, document: Document) -> Iterator[Mention]:
    start, end = each.parts[0][0], each.parts[-1][1]
    if document.text[start:end] != each.text:
        raise BadFormat(f"{each.text[:40]!r} does not stand at {start}", where=f"document {document.id}")
    kind = KINDS.get(each.infon("type"), each.infon("type"))
    for id_ in each.infon("MESH").split("|"):
        yield Mention(start, end, each.text, _mesh(id_), kind=kind)


def _mesh(id_: str) -> str:
    return f"MESH:{id_}" if id_ not in {"", "-1"} else ""
