"""How a fact becomes a row and comes back: normalised fields, and a key that knows no order of reading."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from probatum.errors import BadFormat, StoreDamaged
from probatum.store.schema import RESTORE
from probatum.types import Concept, Name, Origin, Pairs, Passage, Relation

MODULUS = 1 << 128
SEPARATOR = "\x1f"
RELIABILITY = ("curated", "extracted", "generated")  # a row holds the place in this list
_PLACE = {name: place for place, name in enumerate(RELIABILITY)}
_PLAIN_TEXTS = re.compile(r'\["[^"\\\x00-\x1f]*"(?:,"[^"\\\x00-\x1f]*")*\]')
_END_OF_RECORD = re.compile(r"[\s#]")

Row = tuple[Any, ...]
Origins = Mapping[int, tuple[str, str, str]]  # number of a release -> source, version, date on which it was loaded


def key_of(kind: str, source: str, version: str, row: Sequence[Any], names: Iterable[Sequence[str]] = ()) -> bytes:
    """The 16-byte key of a row that one of the functions below made: relation, passage, or concept (with names).

    It is a hash over the row's normalised content and evidence, not over times, paths or row ids.
    """
    parts = [kind, source, version, *map(str, row)]
    if kind == "concept":
        parts.append(_listed(map(_listed_texts, names)))
    body = SEPARATOR.join(parts)
    if body.count(SEPARATOR) != len(parts) - 1:  # a text holds the separator: say of each part where it ends
        body = "".join(f"{len(part)}{SEPARATOR}{part}" for part in parts)
    return hashlib.blake2b(body.encode(), digest_size=16).digest()


def key_of_relation(source: str, version: str, row: Row) -> bytes:
    """What `key_of` gives for a relation, in half its time: of these there are millions."""
    subject, predicate, object_, negated, qualifiers, at, evidence, refs, reliability = row
    s = SEPARATOR
    body = (
        f"relation{s}{source}{s}{version}{s}{subject}{s}{predicate}{s}{object_}{s}{negated}{s}{qualifiers}{s}{at}{s}"
        f"{evidence}{s}{refs}{s}{reliability}"
    )
    if body.count(s) != len(row) + 2:
        return key_of("relation", source, version, row)
    return hashlib.blake2b(body.encode(), digest_size=16).digest()


def of_relation(fact: Relation) -> Row:
    """(subject, predicate, object, negated, qualifiers, at, evidence, refs, reliability) of a claim."""
    at = fact.origin
    return (
        fact.subject, fact.predicate, fact.object, int(fact.negated), _listed_pairs(fact.qualifiers),
        at.at, at.evidence, _listed_once(at.references), _reliability(at),
    )  # fmt: skip


def of_passage(fact: Passage) -> Row:
    """(id, text, title, language, kind, about, qualifiers, at, evidence, refs, reliability) of a passage."""
    at = fact.origin
    about = _listed_texts(sorted(set(fact.about)))
    return (
        fact.id, fact.text, fact.title, fact.language, fact.kind, about, _listed_pairs(fact.qualifiers),
        at.at, at.evidence, _listed_texts(at.references), _reliability(at),
    )  # fmt: skip


def of_concept(fact: Concept) -> Row:
    """(id, name, kind, obsolete, links, at, evidence, refs, reliability) of a concept; names are rows of their own."""
    at = fact.origin
    groups = (fact.alternatives, fact.replaced_by, fact.consider, fact.xrefs)
    links = _listed(_listed_texts(sorted(set(group))) for group in groups)
    refs = _listed_texts(at.references)
    return fact.id, fact.name, fact.kind, int(fact.obsolete), links, at.at, at.evidence, refs, _reliability(at)


def of_names(names: Iterable[Name]) -> list[tuple[str, str, str, str]]:
    """(language, scope, text, kind) of each name, sorted, each once."""
    return sorted({(name.language, name.scope, name.text, name.kind) for name in names})


def aliases(id: str, links: str) -> list[tuple[str, str, str]]:
    """(old id, new id, how) that the links of a concept imply."""
    merged, replaced, *_ = groups(links)
    return [(old, id, "merged") for old in merged] + [(id, new, "replaced") for new in replaced]


def groups(links: str) -> list[tuple[str, ...]]:
    """The four groups of ids that a concept's links hold: alternatives, replaced_by, consider, xrefs."""
    return [tuple(group) for group in _read(links)]


@lru_cache(maxsize=1 << 16)  # the claims of a disease say the same few references and qualifiers
def texts(written: str) -> tuple[str, ...]:
    """The texts of a stored list."""
    if _PLAIN_TEXTS.fullmatch(written):  # most are: no need of a parser
        return tuple(written[2:-2].split('","'))
    return tuple(_read(written)) if written != "[]" else ()


@lru_cache(maxsize=1 << 16)
def pairs(written: str) -> Pairs:
    """The pairs of a stored list."""
    return tuple((name, value) for name, value in _read(written)) if written != "[]" else ()


def relation(row: Row, origins: Origins, retracted: AbstractSet[str] = frozenset()) -> Relation:
    """The claim of a row: (subject, predicate, object, negated, qualifiers), then what `origin` takes."""
    subject, predicate, object_, negated, qualifiers, *rest = row
    return Relation(subject, predicate, object_, origin(rest, origins, retracted), bool(negated), pairs(qualifiers))


def origin(row: Sequence[Any], origins: Origins, retracted: AbstractSet[str] = frozenset()) -> Origin:
    """The origin of a row (release, at, evidence, refs, reliability), the release being looked up in `origins`.

    Papers that are `retracted` do not stand among its references.
    """
    release, at, evidence, references, place = row
    if release not in origins:
        raise StoreDamaged(f"a row belongs to the release numbered {release}, which is not there", mend=RESTORE)
    if place not in _PLACE.values():
        raise StoreDamaged(f"a row says {place} where its reliability was written", mend=RESTORE)
    source, version, loaded = origins[release]
    named = texts(references)
    if retracted and not retracted.isdisjoint(named):
        named = tuple(name for name in named if name not in retracted)
    return Origin(source, version, at, evidence, named, loaded, RELIABILITY[place])


def record_of(at: str) -> str:
    """The record that a fact's place in its release begins with: PMID:1 of "PMID:1#abstract" and of "PMID:1 MESH:2"."""
    return _END_OF_RECORD.split(at, maxsplit=1)[0]


def withdrawn(references: Iterable[str], record: str, retracted: AbstractSet[str]) -> bool:
    """Whether a fact goes because all its references are retracted; the retracted paper's own text stays, marked."""
    if not retracted:
        return False
    named = tuple(references)
    return bool(named) and record not in retracted and all(name in retracted for name in named)


def _reliability(origin: Origin) -> int:
    place = _PLACE.get(origin.reliability)
    if place is None:
        said = f"a fact of {origin.source} at {origin.at} says it is {origin.reliability!r}"
        raise BadFormat(said, mend=f"mend the source function: one of {', '.join(RELIABILITY)}")
    return place


@lru_cache(maxsize=8192)  # the rows of one disease share their references and qualifiers
def _listed_pairs(pairs: Pairs) -> str:
    return f"[{','.join([f'[{quoted(name)},{quoted(value)}]' for name, value in sorted(pairs)])}]"


@lru_cache(maxsize=8192)
def _listed_once(values: tuple[str, ...]) -> str:
    return _listed_texts(values)


def _listed_texts(values: Iterable[str]) -> str:
    return f"[{','.join(map(quoted, values))}]"


def _listed(values: Iterable[str]) -> str:
    return f"[{','.join(values)}]"


def _read(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError as error:
        raise StoreDamaged(f"{written[:80]!r} stands where a list was written", mend=RESTORE) from error
