"""Reads the Medical Subject Headings: descriptors, qualifiers, supplementary records and pharmacological actions.

Layout: https://www.nlm.nih.gov/mesh/xml_data_elements.html and the document types nlmdescriptorrecordset,
nlmqualifierrecordset, nlmsupplementalrecordset and nlmpharmacologicalactionset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED
from probatum.formats.xml_stream import records, root_of, text_of
from probatum.types import Malformed

# root element -> (its records, the beginning of the names of their parts)
_SETS = {
    "DescriptorRecordSet": ("DescriptorRecord", "Descriptor"),
    "QualifierRecordSet": ("QualifierRecord", "Qualifier"),
    "SupplementalRecordSet": ("SupplementalRecord", "SupplementalRecord"),
    "PharmacologicalActionSet": ("PharmacologicalAction", ""),
}
_SCOPES = {"NRW": "narrow", "BRD": "broad", "REL": "related"}
_UI = re.compile(r"\*?([A-Z]\d{3,12})")
_TREE = re.compile(r"[A-Z]\d{2}(?:\.\d{3})*")


@dataclass(frozen=True, slots=True)
class Term:
    """One name in a record."""

    text: str
    scope: str  # exact, narrow, broad or related to the record
    tag: str  # LexicalTag: NON, ABB, ACR, EPO, TRD ...
    permuted: bool  # made of another term by turning its words round


@dataclass(frozen=True, slots=True)
class Mapped:
    """A heading that a supplementary record is indexed under."""

    heading: str
    qualifier: str  # empty where the heading stands without one
    major: bool  # marked with an asterisk


@dataclass(frozen=True, slots=True)
class Record:
    """A descriptor, a qualifier or a supplementary record."""

    what: str  # Descriptor, Qualifier, SupplementalRecord
    ui: str
    name: str
    class_: str  # DescriptorClass or SCRClass
    line: int
    trees: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    note: str = ""  # scope note of the preferred concept, or the note of a supplementary record
    numbers: tuple[str, ...] = ()  # registry numbers of the preferred concept
    types: tuple[str, ...] = ()  # semantic types, which older releases give
    mapped_to: tuple[Mapped, ...] = ()
    actions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # see also


@dataclass(frozen=True, slots=True)
class Action:
    """A pharmacological action with the substances that have it."""

    ui: str
    name: str
    substances: tuple[tuple[str, str], ...]  # (id, name)


def read(path: Path) -> Iterator[Record | Action | Malformed]:
    """The records of one file of any of the four kinds, plain or packed, one after the other.

    A record without id or name is `Malformed`. Raises `NeedsFile`, and `BadFormat` where the file is none of these or
    breaks off.
    """
    root = root_of(path)
    if root not in _SETS:
        raise BadFormat(f"one of {', '.join(_SETS)} was expected, not {root}", where=f"{path}:1")
    tag, start = _SETS[root]
    for element in records(path, (tag,)):
        found = _record(element, start) if start else _action(element)
        if not found.ui or not found.name:
            shown = text_of(element)[:QUOTED]
            yield Malformed(path.name, element.sourceline or 0, "a record needs an id and a name", shown)
        else:
            yield found


def _record(element: Any, start: str) -> Record:
    preferred, terms = _terms(element)
    listed = [_text(number) for number in element.findall("TreeNumberList/TreeNumber")]
    numbers = () if preferred is None else (*preferred.findall("RegistryNumber"), *_registry(preferred))
    note = "" if preferred is None else _text(preferred.find("ScopeNote"))
    types = () if preferred is None else preferred.findall("SemanticTypeList/SemanticType/SemanticTypeUI")
    return Record(
        what=start,
        ui=_ui(element.find(f"{start}UI")),
        name=_text(element.find(f"{start}Name/String")),
        class_=element.get("DescriptorClass") or element.get("SCRClass") or "",
        line=element.sourceline or 0,
        trees=tuple(number for number in listed if _TREE.fullmatch(number)),
        terms=terms,
        note=_text(element.find("Note")) or note,
        numbers=tuple(number for each in numbers if (number := _text(each)) not in {"", "0"}),
        types=tuple(_text(each) for each in types),
        mapped_to=tuple(_mapped(each) for each in element.findall("HeadingMappedToList/HeadingMappedTo")),
        actions=_uis(element, "PharmacologicalActionList/PharmacologicalAction/DescriptorReferredTo/DescriptorUI"),
        related=_uis(element, "SeeRelatedList/SeeRelatedDescriptor/DescriptorReferredTo/DescriptorUI"),
    )


def _registry(concept: Any) -> list[Any]:
    return list(concept.findall("RegistryNumberList/RegistryNumber"))


def _terms(element: Any) -> tuple[Any, tuple[Term, ...]]:
    """The preferred concept, and the terms of all concepts with what their concept is to the preferred one."""
    concepts = element.findall("ConceptList/Concept")
    preferred = next((each for each in concepts if each.get("PreferredConceptYN") == "Y"), None)
    centre = _text(preferred.find("ConceptUI")) if preferred is not None else ""
    scopes: dict[str, str] = {}
    for relation in element.iterfind("ConceptList/Concept/ConceptRelationList/ConceptRelation"):
        ends = _text(relation.find("Concept1UI")), _text(relation.find("Concept2UI"))
        scope = _SCOPES.get(relation.get("RelationName", ""), "")
        if scope and ends[0] == centre:  # the second concept is narrower, broader or related
            scopes[ends[1]] = scope
    found = []
    for concept in concepts:
        ui = _text(concept.find("ConceptUI"))
        scope = "exact" if concept is preferred else scopes.get(ui, "related")
        for term in concept.findall("TermList/Term"):
            if text := _text(term.find("String")):
                permuted = (term.get("IsPermutedTermYN") or "N") == "Y"
                found.append(Term(text, scope, term.get("LexicalTag") or "", permuted))
    return preferred, tuple(found)


def _mapped(element: Any) -> Mapped:
    heading = element.find("DescriptorReferredTo/DescriptorUI")
    qualifier = element.find("QualifierReferredTo/QualifierUI")
    stars = _text(heading).startswith("*") or _text(qualifier).startswith("*")
    return Mapped(_ui(heading), _ui(qualifier), stars)


def _action(element: Any) -> Action:
    substances = element.findall("PharmacologicalActionSubstanceList/Substance")
    told = [(_ui(each.find("RecordUI")), _text(each.find("RecordName/String"))) for each in substances]
    place = element.find("DescriptorReferredTo")
    if place is None:
        return Action("", "", ())
    ui, name = _ui(place.find("DescriptorUI")), _text(place.find("DescriptorName/String"))
    return Action(ui, name, tuple(pair for pair in told if pair[0]))


def _uis(element: Any, place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ui for each in element.iterfind(place) if (ui := _ui(each))))


def _ui(element: Any) -> str:
    found = _UI.fullmatch(_text(element))
    return found[1] if found else ""


def _text(element: Any) -> str:
    return "" if element is None else text_of(element)
