"""The page Rate: a rater's screens one after the other, kept with every key, opened again where they were left."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from probatum.ledger import accounts, rating
from probatum.ledger.accounts import SESSION, Visitor
from probatum.ledger.rating_file import FILE
from probatum.rounds import findings
from probatum.web import screens
from probatum.web.pages import asked_of, html, page
from probatum.web.problems import Problem
from probatum.web.reception import Here, Reception, as_json

router = APIRouter(include_in_schema=False)
COOKIE = "probatum_rater"
FIELDS = 64  # of a form


def _folder(request: Request) -> Path:
    found: Path = request.app.state.folder
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _key(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


async def _as_rater(
    request: Request, reception: Reception, task: Callable[[Path, Visitor], Response]
) -> Response:  # fmt: skip
    """What `task` gives for who is signed in; the page that asks who it is for everybody else."""
    folder, key = _folder(request), _key(request)

    def known() -> Response:
        who = accounts.visitor(folder, key, _now()) if key and (folder / FILE).is_file() else None
        return task(folder, who) if who else _door(request)

    return await reception.quick.run(known)


def _door(request: Request, link: str = "", wrong: str = "", status: int = 200) -> Response:
    path = "/rate" if not link else request.url.path
    return html(page("rate_door.html", asked_of(request, path), None, link=link, wrong=wrong), status)


def _to(request: Request, path: str) -> RedirectResponse:
    language = request.query_params.get("lang", "")
    return RedirectResponse(f"{path}?{urlencode({'lang': language})}" if language else path, 303)


def _let_in(request: Request, key: str) -> Response:
    response = _to(request, "/rate")
    response.set_cookie(
        COOKIE, key, max_age=int(SESSION.total_seconds()), path="/rate", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@router.get("/rate")
async def rate_page(request: Request, reception: Here) -> Response:
    """Where a rater left off; how the rounds stand for an organiser; for others the door."""

    def led(folder: Path, who: Visitor) -> Response:
        if who.role != "rater":
            return _standing(request, folder, who)
        found = screens.round_for(folder, who)
        if found is None:
            return html(page("rate_door.html", asked_of(request, "/rate"), None, link="", wrong="round"))
        return _to(request, f"/rate/{rating.place(folder, found.id, who.name)}")

    return await _as_rater(request, reception, led)


def _standing(request: Request, folder: Path, who: Visitor) -> Response:
    rows = []
    for each in rating.rounds(folder):
        layout, marks = screens.layout_of(each.layout, each.seal, each.id), rating.marks(folder, each.id)
        rows.append((each, findings.progress(layout, marks), findings.may_stop(layout, marks)))
    return html(page("rate_rounds.html", asked_of(request, "/rate"), None, who=who, rows=rows))


@router.get("/rate/enter/{key}")
async def link_page(request: Request, key: str) -> Response:
    """The page of a link; it lets in only who presses its button, so that no preview of a letter uses it up."""
    return _door(request, link=key[:100])


@router.post("/rate/enter")
async def entered(request: Request, reception: Here) -> Response:
    """Lets in whoever brings the key of an unused link."""
    said = await _form(request)
    folder = _folder(request)
    key = await reception.quick.run(lambda: accounts.enter(folder, said.get("key", ""), _now()))
    return _let_in(request, key) if key else _door(request, wrong="link", status=403)


@router.post("/rate/sign-in")
async def signed_in(request: Request, reception: Here) -> Response:
    """Lets in who has an account."""
    said = await _form(request)
    folder, name, password = _folder(request), said.get("name", ""), said.get("password", "")
    key = await reception.quick.run(lambda: accounts.sign_in(folder, name, password, _now()))
    return _let_in(request, key) if key else _door(request, wrong="password", status=403)


@router.post("/rate/leave")
async def left(request: Request, reception: Here) -> Response:
    """Ends the session."""
    folder, key = _folder(request), _key(request)
    await reception.quick.run(lambda: accounts.leave(folder, key))
    response = _to(request, "/rate")
    response.delete_cookie(COOKIE, path="/rate")
    return response


@router.get("/rate/{place}")
async def screen_page(request: Request, reception: Here, place: int) -> Response:
    """One screen."""

    def drawn(folder: Path, who: Visitor) -> Response:
        sheet = _sheet(folder, who, place)
        if not sheet[1].closed:
            rating.reach(folder, sheet[0].id, who.name, sheet[1].place)
        return html(page("rate.html", asked_of(request), None, sheet=sheet[1], round=sheet[0].id, who=who))

    return await _as_rater(request, reception, drawn)


@router.post("/rate/{place}")
async def marked(request: Request, reception: Here, place: int) -> Response:
    """Keeps what was said on a screen: one change of a script, answered with the progress, or a whole form."""
    by_script = request.headers.get("content-type", "").startswith("application/json")
    said = _object(await request.body()) if by_script else await _form(request)

    def kept(folder: Path, who: Visitor) -> Response:
        found, sheet = _sheet(folder, who, place)
        for each in screens.read(sheet, said, who.name, _now()):
            rating.mark(folder, found.id, each)
        _, fresh = _sheet(folder, who, place)
        onwards = {"next": min(place + 1, fresh.of), "back": max(place - 1, 1), "open": fresh.first_open or place}
        if by_script:
            addresses = {way: f"/rate/{number}" for way, number in onwards.items()}
            return as_json({"saved": True, "done": fresh.done, "of": fresh.of, "to": addresses})
        return _to(request, f"/rate/{onwards.get(said.get('go', ''), onwards['next'])}")

    response = await _as_rater(request, reception, kept)
    if by_script and response.media_type != "application/json":
        raise Problem(401, "signed-out", "nobody is signed in any more", "open /rate again")
    return response


def _sheet(folder: Path, who: Visitor, place: int) -> tuple[rating.Round, screens.Sheet]:
    found = screens.round_for(folder, who) if who.role == "rater" else None
    if found is None:
        raise Problem(404, "not-found", "there is no round to rate for this name")
    return found, screens.sheet_of(found, who.name, place, rating.marks(folder, found.id, who.name))


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=FIELDS) as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _object(body: bytes) -> dict[str, str]:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "invalid-request", "the body is not JSON") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise Problem(422, "invalid-request", "the body must be an object of texts")
    # Half of a surrogate pair, which JSON can smuggle in, cannot be kept.
    return {name: value.encode("utf-8", "replace").decode("utf-8") for name, value in said.items()}
