"""MedQuAD: questions that people ask about diseases, drugs and tests, with the answers of twelve NIH sites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.medquad_xml import Document, document
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED, contents, digest, members
from probatum.formats.tables import comma_separated
from probatum.naming import card
from probatum.sources._files import shown
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Release

LICENCE = "CC BY 4.0"
OFFICIAL = "https://github.com/abachaa/MedQuAD"
_ARCHIVES = ("medquad-xml.tar.gz", "medquad-xml.tar")
_JUDGED = re.compile(r"Question: (?P<title>.*?)\r?\nURL: (?P<url>\S*)\s*?\nAnswer:(?P<text>.*)", re.DOTALL)
_ALSO = re.compile(r"\s*\(Also called:.*\)\s*$", re.DOTALL)
_ANSWER_ID = re.compile(r"[A-Za-z]+_\d+(?:_\d+)*_Sec\d+\.txt")
# the judged answers were numbered when this source bore a shorter name
_SHORTER = {"MPlusHerbsSupplements": "MPlusHerbsSuppls"}
# UMLS semantic types as Biolink categories; all others are diseases (congenital, neoplastic, mental, injury ...)
_KINDS = {
    "T005": "OrganismTaxon",
    "T007": "OrganismTaxon",
    "T033": "ClinicalFinding",
    "T034": "ClinicalFinding",
    "T046": "PathologicalProcess",
    "T049": "PathologicalProcess",
    "T184": "ClinicalFinding",
}


@dataclass(slots=True)
class _Focus:
    """What all documents say of one UMLS concept."""

    names: Counter[str] = field(default_factory=Counter)
    synonyms: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)


@card(
    "MedQuAD",
    survey="medquad",
    reference="https://doi.org/10.1186/s12859-019-3119-4",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution; the answers of three MedlinePlus collections were removed by its makers.",
    tar=True,
)
def medquad(path: Path | None = None) -> Iterator[Fact]:
    """The answered pairs as passages, and the diseases and drugs that they are about as concepts.

    A drug bears an id of MedQuAD's own, made of its name, for its page states no other.

    `path` is a folder with medquad-xml.tar.gz, a folder of the unpacked XML folders, or the archive; None stands for
    $PROBATUM_DATA/medquad. Judged answers (a CSV `AnswerID,Answer` in the folder or in one under it) belong to it: the
    passage of a judged answer bears its AnswerID, and the CSV's text wins over the XML's. The n-th pair of the file
    0002396.xml of GARD has the id GARD_0002396_Sec<n>.txt: this gives every judged pair its AnswerID. Of two records
    of the same id the first stands; the second is ignored where it is the same, else `Malformed`. A release is named
    by its sha256. Raises `NeedsFile`, `BadFormat`.
    """
    xml, judged = _found(path)
    names = ("medquad-xml", *(shown(file) for file in judged))
    sha256 = digest(judged, before=contents(xml, ".xml"))
    yield Release("medquad", sha256, LICENCE, sha256, names)
    answers: dict[str, Passage] = {}
    for file in judged:
        yield from _judged(file, sha256, answers)
    focuses: dict[str, _Focus] = {}
    drugs: set[str] = set()
    seen: dict[str, int] = {}
    for member in members(xml, ".xml"):
        if isinstance(member, Malformed):
            yield member
            continue
        place, data = member
        try:
            page = document(data, place)
        except BadFormat as error:
            line = error.where.rpartition(":")[2]
            yield Malformed(place, int(line) if line.isdigit() else 0, error.what)
            continue
        _gather(page, focuses)
        if (drug := _drug(page)) and drug not in drugs:
            drugs.add(drug)
            yield Concept(drug, page.focus, "Drug", Origin("medquad", sha256, page.url or drug))
        yield from _passages(page, place, sha256, answers, seen)
    yield from (answers[id_] for id_ in sorted(answers.keys() - seen.keys()))
    yield from (_concept(cui, focuses[cui], sha256) for cui in sorted(focuses))


def _found(path: Path | None) -> tuple[Path, list[Path]]:
    """The archive or the folder of XML, and the CSV files of judged answers."""
    place = path if path is not None else data_folder() / "medquad"
    if place.is_file():
        return place, []
    if place.is_dir():
        judged = sorted(file for file in place.rglob("*Answers*.csv") if file.is_file())
        for name in _ARCHIVES:
            if (place / name).is_file():
                return place / name, judged
        if next(place.rglob("*.xml"), None):
            return place, judged
    mend = f"get it from {OFFICIAL} ({LICENCE}) and give the folder, or put it into {data_folder() / 'medquad'}"
    raise NeedsFile(f"no MedQuAD XML in {place}", mend=mend)


def _judged(file: Path, release: str, answers: dict[str, Passage]) -> Iterator[Malformed]:
    """Gathers the judged answers into `answers` by their id; yields what is not one."""
    for row in comma_separated(file, ("AnswerID", "Answer")):
        if isinstance(row, Malformed):
            yield row
            continue
        line, (id_, said) = row
        match = _JUDGED.fullmatch(said.strip())
        if not _ANSWER_ID.fullmatch(id_) or not match or not match["text"].strip():
            reason = "an id and 'Question: ... URL: ... Answer: ...' were expected"
            yield Malformed(file.name, line, reason, f"{id_},{said}"[:QUOTED])
            continue
        # the synonyms that only this file adds to a question would favour judged answers in every search
        title = _ALSO.sub("", match["title"]).strip()
        origin = Origin("medquad", release, match["url"] or id_)
        answer = Passage(id_, match["text"].strip(), title, "en", origin)
        if answers.setdefault(id_, answer) != answer:
            yield Malformed(file.name, line, "another answer of an id that was given before", id_)


def _passages(
    page: Document, place: str, release: str, answers: dict[str, Passage], seen: dict[str, int]
) -> Iterator[Passage | Malformed]:
    stem = place.rpartition("/")[2].removesuffix(".xml")
    drug = _drug(page)
    about = (*(f"UMLS:{cui}" for cui in page.concepts), *([drug] if drug else ()))
    for pair in page.pairs:
        id_ = f"{_SHORTER.get(page.source, page.source)}_{stem}_Sec{pair.place}.txt"
        if id_ in answers:
            answer = answers[id_]
            passage = Passage(id_, answer.text, answer.title, "en", answer.origin, about=about)
        elif pair.answer:
            origin = Origin("medquad", release, page.url or id_)
            passage = Passage(id_, pair.answer, pair.question, "en", origin, about=about)
        else:
            continue
        if id_ not in seen:
            seen[id_] = hash(passage.text)  # the texts themselves would fill the memory
            yield passage
        elif seen[id_] != hash(passage.text):
            yield Malformed(place, 0, "another answer of an id that was given before", id_)


def _drug(page: Document) -> str:
    """The drug or supplement of a page that gives it no other id than its name; empty for other pages."""
    named = page.category == "Drug" and page.focus and not page.concepts
    return f"medquad:{'_'.join(page.focus.casefold().split())}" if named else ""


def _gather(page: Document, focuses: dict[str, _Focus]) -> None:
    for cui in page.concepts:
        focus = focuses.setdefault(cui, _Focus())
        focus.names[page.focus or cui] += 1
        focus.synonyms.update(page.synonyms)
        focus.types.update(page.types)


def _concept(cui: str, focus: _Focus, release: str) -> Concept:
    # the commonest of the documents' names stands; on a tie the first by alphabet
    first, *others = sorted(focus.names, key=lambda name: (-focus.names[name], name))
    texts = sorted({*others, *focus.synonyms} - {first})
    kinds = {_KINDS.get(type_, "Disease") for type_ in focus.types} or {"Disease"}
    return Concept(
        id=f"UMLS:{cui}",
        name=first,
        kind="Disease" if "Disease" in kinds else min(kinds),
        origin=Origin("medquad", release, f"UMLS:{cui}"),
        names=tuple(Name(text, scope="exact") for text in texts),
    )
