"""Takes a retracted paper out of the knowledge with what rested on it alone, and puts it back where that was wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from json.encoder import encode_basestring as quoted
from pathlib import Path

from probatum.errors import BadFormat, StoreRefused
from probatum.formats.curies import curie
from probatum.store import derived, rows, seal, view
from probatum.store.reader import Store
from probatum.store.writer import sole_writer, transaction

FEW = 20  # papers that are looked for by their text; for more every list of references is read
PAPERS = ("PMID:", "PMC:", "doi:")  # of a paper's cross-references, those that are the same paper


@dataclass(frozen=True, slots=True)
class Retraction:
    """A paper that was withdrawn from the store."""

    paper: str
    asked: str  # the id under which it was withdrawn; another where the paper has several
    reason: str
    noted: str  # when, ISO


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the facts that name a paper when it was withdrawn or restored."""

    papers: tuple[str, ...]  # the ids of the paper
    claims: int  # that rest on retracted papers alone: they went, or came back
    passages: int  # likewise
    standing: int  # claims and passages that name it and stand on other papers too
    texts: int  # passages of the paper itself: they stay, and say that it is retracted


def withdraw_paper(folder: Path, paper: str, reason: str = "") -> Settled:
    """Withdraws a paper (PMID:1, doi:10.1000/1): what rests on it alone goes, elsewhere the reference goes.

    The rows stay as their sources wrote them and are hidden; a release that is loaded later is treated alike. Raises
    `BadFormat` for what is no id, and what `sole_writer` raises.
    """
    asked = curie(paper)
    if not asked.startswith(PAPERS):
        raise BadFormat(f"{paper!r} is not the id of a paper", mend="write it as PMID:123, PMC:PMC123 or doi:10.1000/1")
    return _withdrawn(folder, lambda link: [asked], reason)


def withdraw_retracted(folder: Path) -> Settled:
    """Withdraws every paper of which the store's own record says that it is retracted (status, of its passage)."""
    return _withdrawn(folder, _said_retracted, "its record says that it is retracted")


def _withdrawn(folder: Path, asked: Callable[[sqlite3.Connection], Sequence[str]], reason: str) -> Settled:
    with sole_writer(folder) as link:
        seal.lift(folder)
        with transaction(link):
            noted = datetime.now(UTC).isoformat(timespec="seconds")
            found = {one: _same(link, one) for one in asked(link)}
            sql = "INSERT INTO retractions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            link.executemany(sql, [(each, one, reason, noted) for one, same in found.items() for each in same])
            done = _settled(link, tuple(dict.fromkeys(chain.from_iterable(found.values()))))
        derived.clear(folder, view.of(link).content)
    return done


def _said_retracted(link: sqlite3.Connection) -> list[str]:
    sql = "SELECT DISTINCT id FROM passages WHERE instr(qualifiers, ?) ORDER BY id"
    records = (rows.record_of(row[0]) for row in link.execute(sql, ('["status","retracted"]',)))
    return [record for record in dict.fromkeys(records) if record.startswith(PAPERS)]


def restore_paper(folder: Path, paper: str) -> Settled:
    """Undoes `withdraw_paper`, exactly. Raises `StoreRefused` where that paper was not withdrawn."""
    asked = curie(paper)
    with sole_writer(folder) as link:
        sql = """SELECT paper FROM retractions WHERE asked = (SELECT asked FROM retractions WHERE paper = ?1)
            ORDER BY paper <> ?1, paper"""
        papers = tuple(row[0] for row in link.execute(sql, (asked,)))
        if not papers:
            mend = "probatum kb stats lists the papers"
            raise StoreRefused(f"{asked} is not withdrawn", where=str(folder), mend=mend)
        seal.lift(folder)
        with transaction(link):
            link.executemany("DELETE FROM retractions WHERE paper = ?", [(one,) for one in papers])
            done = _settled(link, papers)
        derived.clear(folder, view.of(link).content)
    return done


def retractions(store: Store) -> list[Retraction]:
    """The papers that were withdrawn, sorted."""
    return [Retraction(*row) for row in store.rows("SELECT paper, asked, reason, noted FROM retractions ORDER BY 1")]


def _same(link: sqlite3.Connection, paper: str) -> tuple[str, ...]:
    """The ids of a paper: the one given, then those that its own record in the store names."""
    others: set[str] = set()
    for (links,) in link.execute("SELECT links FROM concepts WHERE id = ?", (paper,)):
        others.update(id for id in rows.groups(links)[3] if id.startswith(PAPERS))
    return (paper, *sorted(others - {paper}))


def _settled(link: sqlite3.Connection, papers: Sequence[str]) -> Settled:
    """Marks anew every row that names one of the papers."""
    gone = view.retracted(link)
    moved = {"claims": 0, "passages": 0}
    standing = 0
    for table, first in (("claims", "relation"), ("passages", "id")):
        for row in list(_naming(link, table, first, papers)):
            *place, id, refs, before = row
            now = rows.withdrawn(rows.texts(refs), rows.record_of(id), gone)
            if now != bool(before):
                moved[table] += 1
                own = f"{first} = ? AND key = ?" + (" AND release = ?" if table == "passages" else "")
                link.execute(f"UPDATE {table} SET withdrawn = ? WHERE {own}", (now, *place[: own.count("?")]))
            elif not now:
                standing += 1
    return Settled(
        tuple(papers), moved["claims"], moved["passages"], standing, sum(_texts(link, one) for one in papers)
    )


def _naming(
    link: sqlite3.Connection, table: str, first: str, papers: Sequence[str]
) -> Iterator[tuple[int | str, bytes, int, str, str, int]]:
    """(first part of the primary key, key, release, id or nothing, references, withdrawn) of rows that name a paper."""
    id = "id" if table == "passages" else "''"
    sql = f"SELECT {first}, key, release, {id}, refs, withdrawn FROM {table} WHERE"
    if len(papers) <= FEW:
        named = " OR ".join(["0", *("instr(refs, ?)" for _ in papers)])
        return link.execute(f"{sql} {named}", [quoted(one) for one in papers])
    wanted = frozenset(papers)
    link.create_function("is_named", 1, lambda refs: not wanted.isdisjoint(rows.texts(refs)), deterministic=True)
    return link.execute(f"{sql} refs <> '[]' AND is_named(refs)")


def _texts(link: sqlite3.Connection, paper: str) -> int:
    """How many passages are the paper's own: under its id, or parts of it (PMID:1#abstract)."""
    own = "id = ?1 OR (id >= ?1 || '#' AND id < ?1 || '$')"  # $ comes after #
    return int(link.execute(f"SELECT count(*) FROM passages WHERE {own}", (paper,)).fetchone()[0])
