"""The door for agents at /mcp: the tools of `agents` over streamable HTTP, loaded when the first agent knocks."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from probatum.types import Answer, Question
from probatum.web.problems import MEDIA_TYPE, Problem
from probatum.web.reception import Reception


class Agents:
    """An ASGI application at one path; without the extra `mcp` it answers 501. No session is kept between requests."""

    def __init__(self, reception: Reception, host: str) -> None:
        self._reception, self._host = reception, host
        self._ready: asyncio.Future[Any] | None = None
        self._standing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if self._ready is None or self._ready.get_loop() is not asyncio.get_running_loop():
            self._ready = asyncio.get_running_loop().create_future()
            self._standing = asyncio.create_task(self._stand(self._ready))
        app = await asyncio.shield(self._ready)
        await app(scope, receive, send)

    async def close(self) -> None:
        """Ends what was begun for the first agent."""
        if self._standing is not None and self._standing.get_loop() is asyncio.get_running_loop():
            self._standing.cancel()
            await asyncio.wait({self._standing})

    async def _stand(self, ready: asyncio.Future[Any]) -> None:
        """Keeps the tools' own tasks alive for as long as the loop runs."""
        try:
            from probatum.web import agents  # noqa: PLC0415 - loads for seconds and belongs to an extra
        except ImportError:
            problem = Problem(501, "needs-extra", "the door for agents is not installed", 'pip install "probatum[mcp]"')
            ready.set_result(Response(problem.body(), problem.status_code, media_type=MEDIA_TYPE))
            return
        try:
            server = agents.lent(self._reception.long, self._answer, self._reception.usual)
            limit = self._reception.limits.body
            app = server.streamable_http_app(
                stateless_http=True, json_response=True, host=self._host, max_request_body_size=limit
            )
            async with server.session_manager.run():
                ready.set_result(app)
                await asyncio.Event().wait()
        finally:
            if not ready.done():
                ready.set_exception(RuntimeError("the door for agents did not open"))

    def _answer(self, knowledge: Any, question: Question, method: str) -> Answer:
        return self._reception.answer(knowledge, question, method, writer=self._reception.writer)
