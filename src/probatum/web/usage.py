"""The page Usage: what was asked and how it went, in numbers alone; and where an answer's page is marked."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from probatum.ledger.usage import DAYS, MARKS, REASONS, Usage
from probatum.web.pages import Asked, asked_of, html, page
from probatum.web.problems import Problem
from probatum.web.reception import Here, Reception, as_json

router = APIRouter(include_in_schema=False)
LONGEST = 366  # days
FIELDS = 8  # of a form


@router.get("/usage")
async def usage_page(request: Request, reception: Here) -> Response:
    """The page, of the last `days` days."""
    asked, kept, days = _read(request, reception)
    return await reception.quick.run(lambda: html(page("usage.html", asked, None, found=kept.report(days), days=days)))


@router.get("/usage.json")
async def usage_json(request: Request, reception: Here) -> Response:
    """The same as JSON."""
    _, kept, days = _read(request, reception)

    def drawn() -> Response:
        found = kept.report(days)
        return as_json(asdict(found) | {"answered": found.answered})

    return await reception.quick.run(drawn)


@router.post("/feedback")
async def feedback(request: Request, reception: Here) -> Response:
    """Keeps whether an answer was of use, and leads back to it; raises `Problem` 403 for a slip that no page bore."""
    async with request.form(max_files=0, max_fields=FIELDS) as form:
        said = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    mark, kept = said.get("mark", ""), reception.usage
    args = said.get("slip", ""), mark, said.get("reason", "")
    if kept is None or not await reception.quick.run(lambda: kept.mark(*args)):
        raise Problem(403, "not-marked", "this mark is of no answer that was shown here", "ask anew")
    back = said.get("back", "").replace("\r", "").replace("\n", "")
    return RedirectResponse(f"/ask?{back}&{urlencode({'marked': mark})}#feedback", 303)


def told(asked: Asked) -> tuple[Asked, str]:
    """The request without the word that its answer was just marked, and that word."""
    mark = asked.get("marked")
    items = tuple(each for each in asked.items if each[0] != "marked")
    return replace(asked, items=items), mark if mark in MARKS else ""


def form(reception: Reception, method: str) -> dict[str, Any]:
    """What the page of an answer needs so that it can be marked."""
    return {"slip": reception.usage.slip(method) if reception.usage else "", "reasons": REASONS}


def _read(request: Request, reception: Reception) -> tuple[Asked, Usage, int]:
    if reception.usage is None:
        raise Problem(404, "not-found", "nothing is counted here")
    asked = asked_of(request, "/usage")
    return asked, reception.usage, min(max(asked.number("days", DAYS), 1), LONGEST)
