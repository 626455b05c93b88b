"""Lays facts out as rows, by table, with their keys: what the writer puts into the store in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.store import rows, view
from probatum.types import Concept, Fact, Gone, Malformed, Mark, Passage, Relation, Release

MEND = "mend the source function"
INSERT = {
    "relation": "INSERT INTO relations (subject, predicate, object, negated) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "claim": """INSERT INTO claims VALUES ((SELECT id FROM relations WHERE subject = ? AND predicate = ? AND object = ?
        AND negated = ?), ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1""",
    "concept": "INSERT INTO concepts VALUES (?,?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "name": "INSERT INTO names VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
    "alias": "INSERT INTO aliases VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "passage": """INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)
        ON CONFLICT DO UPDATE SET count = count + 1""",
    "subject": "INSERT INTO subjects VALUES (?,?,?) ON CONFLICT DO NOTHING",
    "record": """INSERT INTO records VALUES (?,?,?,?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, key = max(key, excluded.key)""",
    "quarantine": "INSERT INTO quarantine VALUES (?,?,?,?,?)",
}
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Load:
    """The release that is being written."""

    number: int
    release: Release
    named: tuple[str, str]  # source and version
    retracted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Laid:
    """What goes into one transaction."""

    tables: Tables
    facts: int
    total: int  # of the facts' keys
    timed: bool
    mark: str


def laid(load: Load, batch: Sequence[Fact], mark: str) -> Laid:
    """The rows of a batch, by table."""
    tables: Tables = {name: [] for name in INSERT}
    total = 0
    for fact in batch:
        try:
            total += int.from_bytes(_lay(tables, load, fact))
        except UnicodeEncodeError as error:  # half a surrogate pair, which JSON can spell and UTF-8 cannot
            _set_aside(tables, load.number, fact, error)
    qualifiers = {row[6] for row in tables["claim"]} | {row[8] for row in tables["passage"]}
    return Laid(tables, len(batch), total % rows.MODULUS, any(map(view.bounded, qualifiers)), mark)


def _lay(tables: Tables, load: Load, fact: Fact) -> bytes:
    """Lays a fact's rows on their tables; its key, empty for a record in quarantine."""
    if isinstance(fact, Malformed):
        "".join((fact.path, fact.reason, fact.text)).encode()  # what is no Unicode text fails here, not in SQLite
        tables["quarantine"].append((load.number, fact.path, fact.line, fact.reason, fact.text[:200]))
        return b""
    lay = LAID.get(type(fact))
    if lay is None or isinstance(fact, Release | Mark):
        raise BadFormat(f"a source yielded a {type(fact).__name__} where facts were expected", mend=MEND)
    origin, named = fact.origin, load.named
    if origin.source != named[0] or origin.release != named[1]:
        said = f"a fact of {named[0]}@{named[1]} says it is of {origin.source}@{origin.release}"
        raise BadFormat(said, mend=MEND)
    key = lay(tables, load, fact)
    if load.release.manner == "updates" and lay is not _lay_gone:
        # it takes the place of all that earlier releases hold of the record
        tables["record"].append((rows.record_of(origin.at), load.number, b"", 0))
    return key


def _lay_relation(tables: Tables, load: Load, fact: Relation) -> bytes:
    # of these there are millions: each name is looked up once, and no tuple is made to be taken apart again
    row = subject, predicate, object_, negated, qualifiers, at, evidence, refs, place = rows.of_relation(fact)
    key = rows.key_of_relation(*load.named, row)
    identity, laid = (subject, predicate, object_, negated), tables["relation"]
    if not laid or laid[-1] != identity:  # claims of one assertion tend to stand together
        laid.append(identity)
    gone = rows.withdrawn(fact.origin.references, "", load.retracted) if load.retracted else False
    tables["claim"].append(
        (subject, predicate, object_, negated, key, load.number, qualifiers, at, evidence, refs, place, gone)
    )
    return key


def _lay_passage(tables: Tables, load: Load, fact: Passage) -> bytes:
    row = rows.of_passage(fact)
    key = rows.key_of("passage", *load.named, row)
    gone = rows.withdrawn(fact.origin.references, rows.record_of(fact.id), load.retracted)
    tables["passage"].append((row[0], load.number, key, *row[1:], int(gone)))
    tables["subject"] += [(concept, fact.id, load.number) for concept in fact.about]
    return key


def _lay_gone(tables: Tables, load: Load, fact: Gone) -> bytes:
    if load.release.manner != "updates":
        raise BadFormat(f"{load.release.source} takes a record back in a release that does not update", mend=MEND)
    key = rows.key_of("gone", *load.named, (fact.record,))
    tables["record"].append((fact.record, load.number, key, 1))
    return key


def _lay_concept(tables: Tables, load: Load, fact: Concept) -> bytes:
    row, names, number = rows.of_concept(fact), rows.of_names(fact.names), load.number
    key = rows.key_of("concept", *load.named, row, names)
    tables["concept"].append((row[0], number, key, *row[1:]))
    tables["name"] += [(fact.id, number, key, text, *rest, kind) for *rest, text, kind in names]
    tables["alias"] += [(*alias, number) for alias in rows.aliases(fact.id, row[4])]
    return key


LAID: dict[type, Callable[[Tables, Load, Any], bytes]] = {
    Relation: _lay_relation,
    Passage: _lay_passage,
    Concept: _lay_concept,
    Gone: _lay_gone,
}


def _set_aside(tables: Tables, number: int, fact: Fact, error: UnicodeEncodeError) -> None:
    at = (ascii(fact.path), fact.line) if isinstance(fact, Malformed) else ("", 0)
    tables["quarantine"].append((number, *at, f"not Unicode text: {error.reason}", ascii(fact)[:200]))
