"""Serves one store from several processes that share one address: each reads the store, none writes to it.

What is written besides (ratings, accounts, the audit log) goes into the ledger, whose files lock themselves; a session
of an agent or an answer that was remembered belongs to no process, it can be asked of any.
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import uvicorn

from probatum.desk import LEAVES
from probatum.errors import BadPlan
from probatum.knowledge import Knowledge
from probatum.shapes import LanguageModel
from probatum.web.app import build
from probatum.web.reception import Limits, Reception

MOST = 64  # processes
_LOOK = 0.2  # seconds between two looks at the processes
_FAILURES, _WITHIN = 5, 30.0  # so many that end by themselves within so many seconds: there is no sense in going on
_BACKLOG = 2048
Writers = Callable[[], Mapping[str, LanguageModel]]


def serve_with(
    count: int,
    path: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    writers: Writers = dict,
    leaves: str = LEAVES[0],
    trained: Path | None = None,
) -> None:
    """Serves with `count` processes until interrupted; one that ends by itself is started again.

    `writers` is called in each process; it must be a function that another process can import. Raises `BadPlan` for a
    number that is none, or where the processes keep ending; `NeedsFile` where there is no store.
    """
    if not 1 <= count <= MOST:
        raise BadPlan(f"workers = {count}", mend=f"it is 1 to {MOST}")
    with Knowledge(path) as knowledge:
        knowledge.desk.annotate("")  # what is built on its first use is built once, before there are several
        knowledge.store.suggest("a")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as shared:
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        shared.bind((host, port))
        shared.listen(_BACKLOG)
        _Crew(count, (path, host, shared, limits or Limits(), writers, leaves, trained)).stand()


class _Crew:
    def __init__(self, count: int, given: tuple[Path, str, socket.socket, Limits, Writers, str, Path | None]) -> None:
        self._given = given
        self._context = multiprocessing.get_context("spawn")
        self._processes: list[BaseProcess] = [self._begun() for _ in range(count)]
        self._asked_to_end = False

    def stand(self) -> None:
        """Returns when it was asked to end and all have ended."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._end)
        failures: list[float] = []
        try:
            while not self._asked_to_end:
                time.sleep(_LOOK)
                for place, process in enumerate(self._processes):
                    if process.is_alive() or self._asked_to_end:
                        continue
                    failures = [each for each in failures if time.monotonic() - each < _WITHIN] + [time.monotonic()]
                    if len(failures) >= _FAILURES:
                        raise BadPlan("the processes keep ending by themselves", mend="the log says why")
                    self._processes[place] = self._begun()
        finally:
            for process in self._processes:
                process.terminate()
            for process in self._processes:
                process.join(30)
                if process.is_alive():
                    process.kill()

    def _begun(self) -> BaseProcess:
        process = self._context.Process(target=_work, args=(self._given,), daemon=True)
        process.start()
        return process

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_end = True


def _work(given: tuple[Path, str, socket.socket, Limits, Writers, str, Path | None]) -> None:
    """One process: an application of its own on the shared socket."""
    path, host, shared, limits, writers, leaves, trained = given
    app = build(path, limits=limits, writers=writers(), leaves=leaves, host=host, trained=trained)
    try:
        config = uvicorn.Config(app, access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[shared])
    finally:
        reception: Reception = app.state.reception
        reception.close()
