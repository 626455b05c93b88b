"""Facts out of tables of triples: names become things of the source, its words Biolink relations, its columns data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from probatum.formats.curies import curie
from probatum.formats.triples import Triple
from probatum.sources._graph import Telling, references
from probatum.sources._relations import Reading, kind, reading
from probatum.types import Fact, Malformed, Name

_ID = re.compile(r"[A-Za-z][\w.\-]*:\S.*")
_TRUE = {"true", "t", "1", "yes", "y", "not", "是", "否定"}


def told(telling: Telling, rows: Iterable[Triple | Malformed], dialect: str = "") -> Iterator[Fact]:
    """The facts of triples in the order of the rows: each end once, then what is said of both.

    Without a dialect each word is read by its letters, as Chinese or as English. An end with an id of a known
    vocabulary keeps it; one that the table knows by its name alone gets an id of the source's own, made of exactly
    that name, and is joined with nothing else.
    """
    for row in rows:
        if isinstance(row, Malformed):
            yield row
        else:
            usual = "english" if row.relation.isascii() else "chinese"
            yield from facts(telling, row, reading(dialect or usual, row.relation))


def facts(telling: Telling, row: Triple, meant: Reading) -> Iterator[Fact]:
    """The facts of one triple, of which it is known what its word means."""
    subject = identity(telling, row.subject, row.subject_id)
    yield from telling.first(subject, row.subject, kind(row.subject_kind) or meant.subject)
    class_ = kind(row.subject_kind) or meant.subject
    if meant.name:
        synonym = Name(row.object, telling.language_of(row.object), meant.name)
        yield telling.concept(subject, row.subject, class_, names=[synonym])
        return
    if meant.xref:
        yield telling.concept(subject, row.subject, class_, xrefs=[curie(f"{meant.xref}:{row.object}")])
        return
    object = identity(telling, row.object, row.object_id)
    yield from telling.first(object, row.object, kind(row.object_kind) or meant.object)
    yield telling.claim(
        subject,
        row.relation,
        object,
        meant,
        f"{subject} {row.relation} {object}",
        references=references(row.reference),
        qualifiers=(*((_plain(name), value) for name, value in row.others), ("primary_source", row.source)),
        negated=row.negated.casefold() in _TRUE,
    )


def identity(telling: Telling, name: str, id: str = "") -> str:
    """The id of one end: its own where it has one of a known vocabulary, else one made of the source and its name."""
    known = curie(id) if id else ""
    return known if _ID.fullmatch(known) else telling.own(id or name)


def _plain(column: str) -> str:
    return "_".join(column.strip().casefold().replace("-", " ").split())
