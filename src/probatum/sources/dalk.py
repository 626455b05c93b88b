"""DALK's graph of Alzheimer's disease: what a language model read in the abstracts of each year, year by year."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.places import data_folder
from probatum.formats.pubtator import Annotation, Document, documents
from probatum.formats.reading import QUOTED, digest, lines, loads, whole
from probatum.naming import card
from probatum.sources._files import shown
from probatum.sources._publications import MENTIONS
from probatum.sources._relations import original, reading
from probatum.text.normal import fold
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "none stated by its makers; abstracts from PubMed under NLM terms"
OFFICIAL = "https://github.com/David-Li0406/DALK (LLM4KG: by_year, extracted)"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_KINDS = {"gene": "Gene", "disease": "Disease", "chemical": "ChemicalEntity", "species": "OrganismTaxon",
          "cellline": "Cell", "genes": "Gene", "diseases": "Disease", "compounds": "ChemicalEntity"}  # fmt: skip
_OTHER_NAMES = re.compile(r"(?P<name>[^()]+?)\s*\((?P<others>[^()]+)\)")
_NOTHING = {"no-relation", "no relation", "none", ""}


@dataclass(slots=True)
class _Year:
    """What the abstracts of one year name, so that the triples of that year can be put to ids."""

    articles: dict[str, int] = field(default_factory=dict)  # folded title -> PMID
    named: dict[int, dict[str, str]] = field(default_factory=dict)  # PMID -> folded text -> id
    agreed: dict[str, str] = field(default_factory=dict)  # folded text -> id; empty where two abstracts differ


@dataclass(slots=True)
class _Things:
    """The concepts met so far, by id: class, and how often they bore which name; and the papers."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, Counter[str]] = field(default_factory=dict)
    papers: set[int] = field(default_factory=set)

    def note(self, id: str, kind: str, name: str) -> None:
        self.kinds.setdefault(id, kind)
        self.names.setdefault(id, Counter())[name] += 1


@card(
    "DALK (Alzheimer's disease by year)",
    survey="ad_kg_dalk",
    reference="https://doi.org/10.48550/arXiv.2405.04819",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="No licence is stated; ask its makers before passing it on.",
)
def dalk(path: Path | None = None) -> Iterator[Fact]:
    """The abstracts of each year with what is named in them, and the triples that a model read there.

    `path` is a folder with <year>.pubtator (or .txt in that format), <year>_s2s.json or <year>.json (title, abstract,
    triplet) and extracted_triplet_<year>.txt (three columns), at any depth; None stands for $PROBATUM_DATA/dalk.
    Every relation bears the qualifier `year`, and its PMID as reference where its abstract is known by the title: the
    graph as of a year (a store opened as of its last day) are the relations up to it. What a triple names is the
    concept that PubTator found under those words in that abstract (in every abstract of the year, where it states
    none), else the id that the triple states, else one of its own (dalk:). Reliability is "extracted" for what was
    tagged, "generated" for triples. Raises `NeedsFile`, `BadFormat`.
    """
    files = _files(path)
    years = sorted({year for year, _ in files})
    sha256 = digest([file for _, file in files])
    release = f"{years[0]}-{years[-1]}.{sha256[:12]}"
    yield Release("dalk", release, LICENCE, sha256, tuple(shown(file) for _, file in files), f"{years[0]}-01-01")
    things = _Things()
    for year in years:
        known = _Year()
        of_year = [file for each, file in files if each == year]
        for file in of_year:
            if not file.name.startswith("extracted_triplet") and ".json" not in file.name:
                yield from _abstracts(file, year, release, known, things)
        for file in of_year:
            if ".json" in file.name:
                yield from _extracted(file, year, release, known, things)
            elif file.name.startswith("extracted_triplet"):
                yield from _triples(file, year, release, known, things)
    yield from (_concept(id, things, release) for id in sorted(things.kinds))


def _files(path: Path | None) -> list[tuple[str, Path]]:
    """(year, file), by year and name. Lists of PMIDs (pmid-2011.txt) say nothing that the abstracts do not."""
    place = path if path is not None else data_folder() / "dalk"
    found = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    wanted = (".pubtator", ".json", ".txt")
    years = [
        (year[1], file)
        for file in found
        if file.name.removesuffix(".gz").endswith(wanted)
        and not file.name.startswith("pmid")
        and (year := _YEAR.search(file.name.replace("_", " ")))
    ]
    if not years:
        mend = f"get it from {OFFICIAL} ({LICENCE}) and give the folder, or put it into {data_folder() / 'dalk'}"
        raise NeedsFile(f"no file named by a year (2011.pubtator, 2011_s2s.json) in {place}", mend=mend)
    return sorted(years, key=lambda each: (each[0], each[1].name, each[1].as_posix()))


def _abstracts(file: Path, year: str, release: str, known: _Year, things: _Things) -> Iterator[Fact]:
    for each in documents(file):
        if isinstance(each, Malformed):
            yield each
            continue
        named = known.named.setdefault(each.pmid, {})
        known.articles[fold(each.title)] = each.pmid
        for annotation in each.annotations:
            if len(annotation.ids) == 1:
                text, id = fold(annotation.text), annotation.ids[0]
                named[text] = id
                known.agreed[text] = id if known.agreed.get(text, id) == id else ""
                things.note(annotation.ids[0], _kind(annotation), annotation.text)
        if each.pmid not in things.papers:
            things.papers.add(each.pmid)
            yield from _abstract(each, year, release)


def _kind(annotation: Annotation) -> str:
    return _KINDS.get(annotation.type.lower().replace(" ", ""), "SequenceVariant")


def _abstract(each: Document, year: str, release: str) -> Iterator[Fact]:
    id = f"PMID:{each.pmid}"
    origin = Origin("dalk", release, id)
    yield Concept(id, each.title, "Publication", origin)
    yield Passage(f"{id}#pubtator", each.abstract.strip() or each.title, each.title, "en", origin,
                  qualifiers=(("year", year),))  # fmt: skip
    tagged = Origin("dalk", release, id, references=(id,), reliability="extracted")
    for concept in dict.fromkeys(each.ids[0] for each in each.annotations if len(each.ids) == 1):
        yield Relation(id, MENTIONS, concept, tagged, qualifiers=(("year", year),))


def _extracted(file: Path, year: str, release: str, known: _Year, things: _Things) -> Iterator[Fact]:
    """The triples of a year's abstracts, as one JSON list."""
    found = loads(whole(file), str(file))
    if not isinstance(found, list):
        raise BadFormat("a list of abstracts with their triples was expected", where=str(file))
    for place, each in enumerate(found, start=1):
        triples = each.get("triplet") if isinstance(each, dict) else None
        if not isinstance(triples, list):
            yield Malformed(file.name, 0, f"entry {place}: title, abstract and triplet were expected", _shown(each))
            continue
        pmid = known.articles.get(fold(str(each.get("title", ""))), 0)
        for triple in triples:
            said = _said(triple)
            if said is None:
                reason = f"entry {place}: entity1, relation and entity2 were expected"
                yield Malformed(file.name, 0, reason, _shown(triple))
            elif said[1].strip().lower() not in _NOTHING:
                at = Origin("dalk", release, f"PMID:{pmid}" if pmid else f"{shown(file)}:{place}",
                            references=(f"PMID:{pmid}",) if pmid else (), reliability="generated")  # fmt: skip
                yield _relation(said, year, at, known.named.get(pmid, {}), things)


_Side = tuple[tuple[str, ...], str, str]  # names, id as stated, type as stated


def _said(triple: Any) -> tuple[_Side, str, _Side] | None:
    if not isinstance(triple, dict) or not isinstance(triple.get("relation"), str):
        return None
    sides: list[_Side] = []
    for entity in (triple.get("entity1"), triple.get("entity2")):
        if not isinstance(entity, dict):
            return None
        names = entity.get("entity_name")
        names = [names] if isinstance(names, str) else names
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not any(names):
            return None
        id, kind = (str(entity.get(part) or "") for part in ("entity_id", "entity_type"))
        sides.append((tuple(name.strip() for name in names if name.strip()), id, kind))
    return (sides[0], triple["relation"], sides[1]) if sides[0][0] and sides[1][0] else None


def _triples(file: Path, year: str, release: str, known: _Year, things: _Things) -> Iterator[Fact]:
    """The triples of a year without their abstracts: head, relation, tail."""
    agreed = {text: id for text, id in known.agreed.items() if id}
    for line in lines(file):
        if isinstance(line, Malformed):
            yield line
            continue
        cells = [cell.strip() for cell in line[1].split("\t")]
        if len(cells) != 3 or not all(cells):
            if line[1].strip():
                yield Malformed(file.name, line[0], "head, relation and tail were expected", line[1][:QUOTED])
        elif cells[1].lower() not in _NOTHING:
            at = Origin("dalk", release, f"{shown(file)}:{line[0]}", reliability="generated")
            yield _relation((((cells[0],), "", ""), cells[1], ((cells[2],), "", "")), year, at, agreed, things)


def _relation(
    said: tuple[_Side, str, _Side], year: str, at: Origin, named: dict[str, str], things: _Things
) -> Relation:
    head, word, tail = said
    meant = reading("dalk", word)
    ends = [_grounded(side, named, things) for side in (head, tail)]
    subject, object_ = reversed(ends) if meant.turned else ends
    own = original(word.strip(), meant.predicate)
    qualifiers = {**dict(meant.qualifiers), "original_predicate": own, "year": year}
    pairs = tuple(sorted((name, value) for name, value in qualifiers.items() if value))
    return Relation(subject, meant.predicate, object_, at, meant.negated, pairs)


def _grounded(side: _Side, named: dict[str, str], things: _Things) -> str:
    """The id of what a triple names: what stands in its abstract under those words, what it states, or one of ours."""
    names, stated, kind = side
    spellings = list(names)
    for name in names:
        if found := _OTHER_NAMES.fullmatch(name):
            spellings += [found["name"], *(each.strip() for each in found["others"].split(","))]
    id = next((named[fold(each)] for each in spellings if fold(each) in named), "")
    if id:
        return id
    if not re.fullmatch(r"[A-Za-z]+:\w+", stated):
        stated = f"dalk:{quote(fold(spellings[0]).replace(' ', '_'), safe='_.,()+-')}"
    things.note(stated, _KINDS.get(kind.lower(), "NamedThing"), spellings[0])
    return stated


def _concept(id: str, things: _Things, release: str) -> Concept:
    names = things.names[id]
    first, *others = sorted(names, key=lambda name: (-names[name], -len(name), name))
    spellings = tuple(Name(other, scope="related") for other in others)
    return Concept(id, first, things.kinds[id], Origin("dalk", release, id, reliability="extracted"), spellings)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)[:QUOTED]
