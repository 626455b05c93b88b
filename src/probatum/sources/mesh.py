"""The Medical Subject Headings: what medical literature is indexed by, in trees from the wide to the narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import mesh_xml
from probatum.formats.places import data_folder
from probatum.formats.reading import digest
from probatum.naming import card
from probatum.sources._files import matching, releases, shown
from probatum.sources._nlm import kind_of
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

OFFICIAL = "https://www.nlm.nih.gov/databases/download/mesh.html"
LICENCE = "Free with attribution to the National Library of Medicine and the version shown; changes must be said"
_FILES = ("desc*.xml", "qual*.xml", "supp*.xml", "pa*.xml")
_YEAR = re.compile(r"(?:desc|qual|supp|pa)(\d{4})\b")
_SUBCLASS = "biolink:subclass_of"
# branches of the trees as Biolink classes, the longest that fits; of several trees the more telling class counts
_BRANCHES = {
    "A": "AnatomicalEntity", "A11": "Cell", "A11.284": "CellularComponent", "B": "OrganismTaxon", "C": "Disease",
    "C23": "PhenotypicFeature", "C23.550": "BiologicalProcess", "D": "ChemicalEntity", "D08.811": "Protein",
    "D12.776": "Protein", "D27": "OntologyClass", "E": "Procedure", "E07": "Device", "F01": "Behavior",
    "F02": "BiologicalProcess", "F03": "Disease", "G": "BiologicalProcess", "G05.360.340.024.340": "Gene",
    "J02": "Food", "V": "InformationContentEntity", "L": "InformationContentEntity",
}  # fmt: skip
_TELLING = (
    "Disease", "Gene", "Protein", "PhenotypicFeature", "CellularComponent", "Cell", "AnatomicalEntity",
    "ChemicalEntity", "Food", "OrganismTaxon", "Device", "Procedure", "Behavior", "BiologicalProcess",
    "InformationContentEntity", "OntologyClass",
)  # fmt: skip
# supplementary records by their class (SCRClass)
_SUPPLEMENTS = {
    "1": "ChemicalEntity", "2": "Procedure", "3": "Disease", "4": "OrganismTaxon", "5": "OntologyClass",
    "6": "AnatomicalEntity",
}  # fmt: skip
_TAGS = {"ABB": "abbreviation", "ABX": "abbreviation", "ACR": "abbreviation", "ACX": "abbreviation", "EPO": "eponym",
         "LAB": "laboratory_number", "NAM": "proper_name", "TRD": "trade_name"}  # fmt: skip
_NUMBERS = (
    (re.compile(r"EC (\d+\.[\d.n-]+)"), "EC"),
    (re.compile(r"txid(\d+)"), "NCBITaxon"),
    (re.compile(r"(\d{2,7}-\d{2}-\d)"), "CAS"),
    (re.compile(r"([A-Z0-9]{10})"), "UNII"),
)


@card(
    "MeSH",
    survey="mesh",
    reference="https://www.nlm.nih.gov/mesh/xml_data_elements.html",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="No account needed; name the National Library of Medicine and the version, and say what was changed.",
)
def mesh(path: Path | None = None) -> Iterator[Fact]:
    """The facts of one release: headings with entry terms and scope notes, their trees, what substances do.

    `path` is a folder with desc*.xml and, where they are, qual*.xml, supp*.xml and pa*.xml (plain or .gz; of several
    years the last), or one such file. A heading is a subclass of the one that stands above it in a tree, one claim for
    each tree number; an entry term has the scope of its concept. A supplementary record maps to headings that are wider
    than it. Which qualifiers a heading allows is not told. Raises `NeedsFile`, `BadFormat`.
    """
    files = _found(path)
    sha256 = digest(files)
    years = sorted(found[1] for file in files if (found := _YEAR.match(file.name)))
    version = years[-1] if years else sha256
    # the headings of a year hold from its beginning
    published = f"{version}-01-01" if years else ""
    yield Release("mesh", version, LICENCE, sha256, tuple(shown(file) for file in files), published)
    trees: dict[str, str] = {}  # tree number -> id: some seventy thousand
    held = 0
    for file in files:
        for each in mesh_xml.read(file):
            if isinstance(each, Malformed):
                yield each
            elif isinstance(each, mesh_xml.Action):
                held += 1
                yield from (_has_action(ui, each.ui, version) for ui, _ in each.substances)
            else:
                held += 1
                yield from _record(each, version)
                for number in each.trees:
                    if trees.setdefault(number, each.ui) != each.ui:
                        why = f"the tree number {number} is that of {trees[number]}"
                        yield Malformed(file.name, each.line, why, each.ui)
    if not held:
        raise BadFormat("no record in these files", where=str(files[0]))
    yield from _above(trees, files[0].name, version)


def _found(path: Path | None) -> tuple[Path, ...]:
    place = data_folder() / "mesh" if path is None else path
    if place.is_file():
        return (place,)
    for folder in (place, *releases(place)[:1]) if place.is_dir() else ():
        found = tuple(some[-1] for pattern in _FILES if (some := matching((folder,), pattern)))
        if found:
            return found
    mend = f"get desc, qual, supp and pa as XML from {OFFICIAL} ({LICENCE}) and put them into {data_folder() / 'mesh'}"
    raise NeedsFile(f"no desc*.xml in {place}", mend=mend)


def _record(record: mesh_xml.Record, version: str) -> Iterator[Fact]:
    id, at = f"MESH:{record.ui}", Origin("mesh", version, record.ui)
    names = (
        Name(term.text, "en", term.scope, "permuted" if term.permuted else _TAGS.get(term.tag, ""))
        for term in record.terms
        if term.text != record.name
    )
    xrefs = tuple(dict.fromkeys(xref for number in record.numbers if (xref := _xref(number))))
    yield Concept(id, record.name, _kind(record), at, tuple(dict.fromkeys(names)), xrefs=xrefs)
    if record.note:
        yield Passage(f"{id}#definition", record.note, record.name, "en", at, "definition", (id,))
    for heading in record.related:
        pairs = (("original_predicate", "see_also"),)
        yield _relation(id, "biolink:related_to", f"MESH:{heading}", version, pairs)
    yield from (_has_action(record.ui, action, version) for action in record.actions)
    for mapped in record.mapped_to:
        if mapped.heading:
            how = "preferred_mapped_to" if mapped.major else "mapped_to"
            comment = (("comment", f"with qualifier MESH:{mapped.qualifier}"),) if mapped.qualifier else ()
            pairs = (*comment, ("original_predicate", how))
            yield _relation(id, "skos:broadMatch", f"MESH:{mapped.heading}", version, pairs)


def _has_action(substance: str, action: str, version: str) -> Relation:
    pairs = (("original_predicate", "pharmacological_action"),)
    return _relation(f"MESH:{substance}", "biolink:has_chemical_role", f"MESH:{action}", version, pairs)


def _above(trees: dict[str, str], file: str, version: str) -> Iterator[Relation | Malformed]:
    for number in sorted(trees):
        above, dot, _ = number.rpartition(".")
        if not dot:
            continue
        if above not in trees:
            yield Malformed(file, 0, "nothing stands at the tree number above", number)
        elif trees[above] != trees[number]:
            at = Origin("mesh", version, f"{trees[number]} {number}")
            pairs = (("original_predicate", "broader_descriptor"),)
            yield Relation(f"MESH:{trees[number]}", _SUBCLASS, f"MESH:{trees[above]}", at, qualifiers=pairs)


def _relation(
    subject: str, predicate: str, object_: str, version: str, qualifiers: tuple[tuple[str, str], ...]
) -> Relation:
    at = f"{subject.partition(':')[2]} {object_.partition(':')[2]}"
    return Relation(subject, predicate, object_, Origin("mesh", version, at), qualifiers=qualifiers)


def _kind(record: mesh_xml.Record) -> str:
    if record.what == "SupplementalRecord":
        return _SUPPLEMENTS.get(record.class_ or "1", "ChemicalEntity")
    kinds = {_branch(number) for number in record.trees}
    if kinds:
        return min(kinds, key=_TELLING.index)
    return kind_of(list(record.types)) if record.types else "OntologyClass"


def _branch(number: str) -> str:
    while number:
        if number in _BRANCHES:
            return _BRANCHES[number]
        number = number.rpartition(".")[0] if "." in number else number[:1] if len(number) > 1 else ""
    return "OntologyClass"


def _xref(number: str) -> str:
    for pattern, prefix in _NUMBERS:
        if found := pattern.fullmatch(number):
            return f"{prefix}:{found[1]}"
    return ""
