"""ICD-10-CM: the codes of diagnoses, what each is a kind of, includes and excludes, and what is coded beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from probatum.formats import xml_records
from probatum.formats.reading import QUOTED, lines
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Name, Passage

ROOT = "ICD10CM.tabular"
_SUBCLASS, _MEMBER = Reading("biolink:subclass_of"), Reading("biolink:member_of")
# What a note about another code says (ICD-10-CM Official Guidelines, section I.A.11 to 17). Excludes1: never coded
# here; excludes2: not part of this condition, though a patient may have both.
NOTES = {
    "excludes1": Reading("biolink:subclass_of", turned=True, negated=True),
    "excludes2": Reading("biolink:subclass_of", turned=True, negated=True),
    "codeFirst": Reading("biolink:manifestation_of"),
    "useAdditionalCode": Reading("biolink:coexists_with"),
    "codeAlso": Reading("biolink:coexists_with"),
}
NAMES = {"inclusionTerm": "narrow", "includes": "narrow"}
_TITLES = {
    "includes": "Includes", "inclusionTerm": "Inclusion terms", "excludes1": "Excludes1", "excludes2": "Excludes2",
    "codeFirst": "Code first", "useAdditionalCode": "Use additional code", "codeAlso": "Code also", "notes": "Notes",
}  # fmt: skip
_KINDS = {"18": "PhenotypicFeature", "19": "Disease", "20": "ClinicalFinding", "21": "ClinicalFinding"}  # by chapter
_ASIDE = re.compile(r"\(([^()]*)\)")
_CODE = re.compile(r"([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\.?-?")
_ORDER = re.compile(r"(\d{5}) ([A-Z]\d[0-9A-Z]{1,5}) +([01]) (.{60}) (.+)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@card(
    "ICD-10-CM",
    reference="https://www.cms.gov/medicare/coding-billing/icd-10-codes (tabular XML, order file)",
    licence="public domain (US CDC/NCHS and CMS); ICD-10 itself: WHO",
    languages=("en",),
    where="https://ftp.cdc.gov/pub/Health_Statistics/NCHS/Publications/ICD10CM (tabular, order)",
    terms="Free to use in the United States; elsewhere ask the World Health Organization.",
)
def icd10cm(path: Path | None = None) -> Iterator[Fact]:
    """The facts of the tabular XML and of the order file, of either or both.

    The XML gives chapters, blocks and codes as `subclass_of`, inclusion terms as names, and each note: whole in a
    passage, and as a claim for each single code that it names in parentheses (a range of codes stays in the passage).
    The order file gives long and short titles, codes of seven characters, and which may be billed. The release is the
    XML's version, else the year in the file's name. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("icd10cm", path, (".xml", ".txt"), card_of(icd10cm))
    tabular = [file for file in files if ".xml" in file.name.lower()]
    begun = release("icd10cm", card_of(icd10cm), files, _version(tabular, files))
    yield begun
    telling = Telling(begun)
    for file in tabular:
        for chapter in xml_records.records(file, "chapter", ROOT):
            yield from _chapter(telling, file, chapter)
    for file in files:
        if file not in tabular:
            yield from _ordered(telling, file)


def _version(tabular: list[Path], files: list[Path]) -> str:
    for file in tabular:
        for element in xml_records.records(file, "version", ROOT):
            if text := _text(element):
                return text
            break
    years = [found[0] for file in files if (found := _YEAR.search(file.name))]
    return max(years, default="")


def _text(element: etree._Element | None) -> str:
    """The text of an element with what stands in elements within it."""
    return "" if element is None else " ".join("".join(str(part) for part in element.itertext()).split())


def _chapter(telling: Telling, file: Path, chapter: etree._Element) -> Iterator[Fact]:
    number, title = _text(chapter.find("name")), _text(chapter.find("desc"))
    if not number or not title:
        yield Malformed(file.name, chapter.sourceline or 0, "a chapter needs name and desc", title[:QUOTED])
        return
    id = telling.own(f"chapter/{number}")
    yield telling.concept(id, title, "OntologyClass")
    yield from _notes(telling, id, title, chapter)
    for section in chapter.iterfind("section"):
        code = str(section.get("id") or "").strip()
        label = _text(section.find("desc"))
        if not code or not label:
            yield Malformed(file.name, section.sourceline or 0, "a section needs id and desc", label[:QUOTED])
            continue
        block = f"ICD10CM:{code}"
        yield telling.concept(block, label, "OntologyClass")
        yield telling.claim(block, "", id, _SUBCLASS, f"{block} {id}")
        yield from _notes(telling, block, label, section)
        # an explicit stack: a file may nest deeper than any code does
        waiting = [(diag, block) for diag in reversed(section.findall("diag"))]
        while waiting:
            diag, parent = waiting.pop()
            made = _diagnosis(telling, diag, parent, _KINDS.get(number, "Disease"))
            if not made:
                yield Malformed(
                    file.name, diag.sourceline or 0, "a diagnosis needs name and desc", _text(diag)[:QUOTED]
                )
                continue
            yield from made
            code = f"ICD10CM:{_text(diag.find('name'))}"
            waiting.extend((inner, code) for inner in reversed(diag.findall("diag")))


def _diagnosis(telling: Telling, diag: etree._Element, parent: str, kind: str) -> list[Fact]:
    code, title = _text(diag.find("name")), _text(diag.find("desc"))
    if not _CODE.fullmatch(code) or not title:
        return []
    id = f"ICD10CM:{code}"
    names = [
        Name(text, "en", scope, tag)
        for tag, scope in NAMES.items()
        for note in diag.iterfind(f"{tag}/note")
        if (text := _text(note))
    ]
    return [
        telling.concept(id, title, kind, names=names),
        telling.claim(id, "", parent, _SUBCLASS, f"{id} {parent}"),
        *_notes(telling, id, title, diag),
    ]


def _notes(telling: Telling, id: str, title: str, element: etree._Element) -> Iterator[Fact]:
    told = [(tag, _text(note)) for tag in _TITLES for note in element.iterfind(f"{tag}/note")]
    for tag, text in told:
        if tag in NOTES:
            codes = (part.strip() for aside in _ASIDE.findall(text) for part in aside.split(","))
            for code in dict.fromkeys(found[1] for part in codes if (found := _CODE.fullmatch(part))):
                other = f"ICD10CM:{code}"
                if other != id:
                    said_ = (("comment", text),)
                    yield telling.claim(id, tag, other, NOTES[tag], f"{id} {tag} {other}", qualifiers=said_)
    if any(text for _, text in told):
        at = f"{id}#notes"
        body = "\n".join(f"{_TITLES[tag]}: {text}" for tag, text in told if text)
        yield Passage(at, body, title, "en", telling.origin(at), "definition", (id,), said([("section", "notes")]))


def _ordered(telling: Telling, file: Path) -> Iterator[Fact]:
    above: list[str] = []
    billable = telling.own("billable")
    for line in lines(file):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        if not text.strip():
            continue
        read = _ORDER.fullmatch(text.rstrip())
        if not read:
            yield Malformed(file.name, number, "a line of the order file was expected", text[:QUOTED])
            continue
        _, code, valid, short, title = (part.strip() for part in read.groups())
        while above and not code.startswith(above[-1]):
            above.pop()
        id = _dotted(code)
        yield telling.concept(id, title, "Disease", names=[Name(short, "en", "exact", "short_title")])
        if above:
            yield telling.claim(id, "", _dotted(above[-1]), _SUBCLASS, f"{id} {_dotted(above[-1])}")
        if valid == "1":
            yield from telling.first(billable, "valid for billing", "OntologyClass")
            yield telling.claim(id, "valid", billable, _MEMBER, f"{id} {billable}")
        above.append(code)


def _dotted(code: str) -> str:
    return f"ICD10CM:{code[:3]}.{code[3:]}" if len(code) > 3 else f"ICD10CM:{code}"
