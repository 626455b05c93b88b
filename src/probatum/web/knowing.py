"""The page Knowledge: what is known, on whose word; all of its state in the address, every table as .json and .csv."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from probatum.errors import UnknownName
from probatum.knowledge import Knowledge
from probatum.store.query import named
from probatum.store.reader import Store
from probatum.store.wording import called
from probatum.web import known, tables
from probatum.web.known import Table
from probatum.web.pages import Asked, asked_of, html, page
from probatum.web.problems import not_found
from probatum.web.reception import Here, as_json

router = APIRouter(include_in_schema=False)
ROWS, MOST_ROWS = 50, 2_000  # relations of a concept where the address does not say, and at most
TYPED = 200  # characters of what is typed


@router.get("/knowledge")
async def knowledge(request: Request, reception: Here) -> Response:
    """The page: a search, a concept, the ways between two, the sources, what changed."""
    asked = asked_of(request)
    return await reception.long(lambda kb: html(page("knowledge.html", asked, kb.store, **_shown(kb, asked))))


@router.get("/knowledge.json")
async def knowledge_json(request: Request, reception: Here) -> Response:
    """One table of the page, a list of rows, each by its columns."""
    asked = asked_of(request)

    def drawn(kb: Knowledge) -> Response:
        table = _table(kb, asked)
        rows = [dict(zip(_columns(table), row, strict=True)) for row in _rows(table)]
        response = as_json(rows)
        response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.json"'
        return response

    return await reception.long(drawn)


@router.get("/knowledge.csv")
async def knowledge_csv(request: Request, reception: Here) -> Response:
    """One table of the page as CSV."""
    asked = asked_of(request)

    def drawn(kb: Knowledge) -> Response:
        table = _table(kb, asked)
        text = "\ufeff" + tables.table(_columns(table), _rows(table))
        headers = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
        return Response(text.encode("utf-8", "replace"), headers=headers, media_type="text/csv; charset=utf-8")

    return await reception.long(drawn)


def _shown(kb: Knowledge, asked: Asked) -> dict[str, Any]:
    """What the address asks for: the tables, the concept where one is asked for, what was not found."""
    store, language = kb.store, asked.language
    held = tuple(one.name for one in (*store.view.shown, *store.view.hidden))
    shown: dict[str, Any] = {"thing": None, "tables": (), "missing": "", "ends": (), "held": held}
    if asked.get("id"):
        rows = min(max(asked.number("rows", ROWS), 1), MOST_ROWS)
        found = known.thing(store, _id(store, asked.get("id")), language, rows)
        return shown | {"thing": found, "tables": found.tables}
    if asked.get("from") and asked.get("to"):
        return shown | _ways(store, asked)
    return shown | {"tables": _listed(store, asked)}


def _ways(store: Store, asked: Asked) -> dict[str, Any]:
    try:
        start, end = (named(store, asked.get(name)[:TYPED]) for name in ("from", "to"))
    except UnknownName as error:
        return {"missing": error.what}
    by = "length" if asked.get("by") == "length" else "evidence"
    names = tuple((id, called(store, id, asked.language)) for id in (start, end))
    return {"tables": known.ways(store, (start, end), asked.language, by), "ends": names}


def _listed(store: Store, asked: Asked) -> tuple[Table, ...]:
    if asked.get("old") and asked.get("new"):
        return (_changed(store, asked.get("old"), asked.get("new")),)
    if asked.get("source"):
        return (known.set_aside(store, asked.get("source")),)
    if text := asked.get("q").strip()[:TYPED]:
        found = known.search(store, text, asked.language)
        return (found,) if found.rows else ()
    return (known.sources(store),)


def _changed(store: Store, old: str, new: str) -> Table:
    """What changed between two releases that the store holds: an address names no other folder of this host."""
    held = {one.name for one in (*store.view.shown, *store.view.hidden)}
    for name in (old, new):
        if name not in held:
            raise not_found("release", name)
    return known.changed(store, old, new)


def _id(store: Store, written: str) -> str:
    """The id in use, where the store says anything of it; raises `Problem` 404."""
    try:
        return named(store, written[:TYPED])
    except UnknownName as error:
        raise not_found("concept", written) from error


def _table(kb: Knowledge, asked: Asked) -> Table:
    shown: tuple[Table, ...] = _shown(kb, asked)["tables"]
    wanted, place = asked.get("table"), asked.number("number")
    fitting = [table for table in shown if not wanted or table.name == wanted]
    return fitting[place] if place < len(fitting) else Table(wanted or "nothing", (), ())


def _columns(table: Table) -> list[str]:
    """The columns as they leave the page: an id beside a name is a column of its own."""
    return [name for place, column in enumerate(table.columns) for name in _parts(table, place, column)]


def _parts(table: Table, place: int, column: str) -> tuple[str, ...]:
    return (column, f"{column}_id") if any(row[place].id for row in table.rows) else (column,)


def _rows(table: Table) -> list[list[str]]:
    doubled = [len(_parts(table, place, column)) == 2 for place, column in enumerate(table.columns)]
    return [
        [
            part
            for cell, two in zip(row, doubled, strict=True)
            for part in ((cell.text, cell.id) if two else (cell.text,))
        ]
        for row in table.rows
    ]
