"""The web door: pages and JSON interface over one knowledge store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import metadata, resources
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from probatum.desk import LEAVES
from probatum.errors import ProbatumError
from probatum.knowledge import Knowledge
from probatum.ledger.usage import Usage
from probatum.shapes import LanguageModel
from probatum.types import Answer
from probatum.web import (
    api,
    asking,
    compatible,
    completions,
    embeddings,
    knowing,
    pages,
    problems,
    rating,
    training,
    usage,
)
from probatum.web.agents_door import Agents
from probatum.web.gate import Gate
from probatum.web.guard import Guard
from probatum.web.memory import Memory
from probatum.web.reception import Limits, Reception, as_json, reception_of
from probatum.web.shelf import Shelf

QUICK = 2  # threads for look-ups and completions


def build(
    path: Path,
    *,
    limits: Limits | None = None,
    writers: Mapping[str, LanguageModel] | None = None,
    leaves: str = LEAVES[0],
    host: str = "127.0.0.1",
    trained: Path | None = None,
) -> FastAPI:
    """The application over the store in a folder, for any ASGI server; raises `NeedsFile` where there is no store.

    `writers` are the language models that may be asked, by name, the usual one first; `leaves` says what one on
    another computer may be told. `host` is where it listens: on this computer alone, agents must name it so. `trained`
    is a folder of trainings that may be looked at.
    Whoever builds it closes `app.state.reception` when the server has ended.
    """
    limits = limits or Limits()
    shelf = Shelf(lambda: Knowledge(path), look_after=limits.look_after)
    gates = Gate(limits.workers, limits.waiting), Gate(QUICK, limits.waiting)
    memories = Memory[Answer](limits.remembered), Memory[bytes](4 * limits.remembered)
    reception = Reception(shelf, limits, *gates, *memories, writers or {}, leaves, Usage(path))
    agents = Agents(reception, host)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await agents.close()

    app = FastAPI(
        lifespan=life,
        title="Probatum", version=metadata.version("probatum"),
        summary="Clinical knowledge with sources: decision support, not a medical device",
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,  # their pages fetch scripts from outside
    )  # fmt: skip
    app.state.reception, app.state.folder, app.state.trained = reception, path, trained
    for each in (api, completions, embeddings):
        app.include_router(each.router)
    app.router.routes.append(Route("/mcp", agents, include_in_schema=False))
    for page in (asking, pages, knowing, rating, training, usage):
        app.include_router(page.router)
    app.mount("/static", StaticFiles(directory=str(resources.files("probatum.web").joinpath("static"))), "static")
    app.add_api_route("/healthz", _healthz, methods=["GET"], summary="Whether the store can be read")
    app.add_exception_handler(ProbatumError, _told)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _told)
    app.add_exception_handler(Exception, _told)
    app.add_middleware(Guard, limit=limits.body, usage=reception.usage)
    return app


def serve(
    path: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    writers: Mapping[str, LanguageModel] | None = None,
    leaves: str = LEAVES[0],
    trained: Path | None = None,
) -> None:
    """Serves the store in a folder until interrupted; the server's own log of addresses is off: they hold words."""
    app = build(path, limits=limits, writers=writers, leaves=leaves, host=host, trained=trained)
    try:
        uvicorn.run(app, host=host, port=port, access_log=False, server_header=False)
    finally:
        reception: Reception = app.state.reception
        reception.close()


async def _healthz(request: Request) -> Response:
    content = await reception_of(request).short(lambda kb: kb.store.content)
    return as_json({"status": "ok", "content": content})


async def _told(request: Request, error: Exception) -> Response:
    problem = _problem(error)
    if request.url.path.startswith("/v1/"):
        return compatible.refused(problem)
    if request.url.path.startswith(("/api", "/healthz")) or "text/html" not in request.headers.get("accept", ""):
        return Response(problem.body(), problem.status_code, problem.headers, problems.MEDIA_TYPE)
    return pages.problem_page(request, problem)


def _problem(error: Exception) -> problems.Problem:
    if isinstance(error, problems.Problem):
        return error
    if isinstance(error, ProbatumError):
        return problems.of_error(error)
    if isinstance(error, RequestValidationError):
        # Where and why, never the value: it may be a patient's.
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
        return problems.invalid(said)
    if isinstance(error, HTTPException):
        code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "bad-request")
        return problems.Problem(error.status_code, code, str(error.detail), headers=error.headers)
    return problems.Problem(500, "internal", "something went wrong here; the server's log says what")
