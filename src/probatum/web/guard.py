"""What every response bears and every request is held to: security headers, a limit on bytes, a log without words."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from probatum.ledger.usage import Usage
from probatum.safety.gate import disclaimer
from probatum.web import problems

LOG = logging.getLogger("probatum.web")
UNCOUNTED = ("/healthz", "/usage", "/usage.json")

HEADERS = {
    "Decision-Support": disclaimer("en"),
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HEADERS = [(name.lower().encode(), value.encode("latin-1")) for name, value in HEADERS.items()]
_SHARED, _OWN = (b"cache-control", b"public, max-age=3600"), (b"cache-control", b"no-store")
_NAMES = {name for name, _ in _HEADERS} | {b"cache-control"}


class Guard:
    """An ASGI layer around the whole application; `limit` is in bytes of the request's body, `usage` counts."""

    def __init__(self, app: ASGIApp, *, limit: int, usage: Usage | None = None) -> None:
        self._app, self._limit, self._usage = app, limit, usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, read = time.perf_counter(), 500, 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise problems.too_large(self._limit)
            return message

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message, scope["path"])
            await send(message)

        try:
            if _announced(scope) > self._limit:
                await _refuse(problems.too_large(self._limit), dressed)
            else:
                await self._app(scope, counted, dressed)
        finally:
            seconds = time.perf_counter() - begun
            _log(scope, status, seconds)
            if self._usage:
                _count(self._usage, scope, status, seconds)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length[:20]) if length.isdecimal() else 0


def _dress(message: MutableMapping[str, Any], path: str) -> None:
    given = [each for each in message.get("headers", ()) if each[0].lower() not in _NAMES]
    # What a patient was asked for must not stay in a shared cache; the style sheets may.
    message["headers"] = [*given, *_HEADERS, _SHARED if path.startswith("/static/") else _OWN]


async def _refuse(problem: problems.Problem, send: Send) -> None:
    headers = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": problem.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": problem.body()})


def _count(usage: Usage, scope: Scope, status: int, seconds: float) -> None:
    route = str(getattr(scope.get("route"), "path", "-"))
    if route not in UNCOUNTED and not scope["path"].startswith("/static/"):
        usage.served(route, status, seconds)
    if usage.due():
        threading.Thread(target=usage.write, daemon=True).start()  # a disk must not hold up who waits


def _log(scope: Scope, status: int, seconds: float) -> None:
    # The route's pattern, never the path or the query: a person may have typed a name into either.
    route = getattr(scope.get("route"), "path", "-")
    LOG.info("%s %s %d %.1f ms", scope["method"], route, status, seconds * 1000)
