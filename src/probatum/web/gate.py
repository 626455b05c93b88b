"""How many requests may work at once: a few in threads, some waiting, the rest are sent away for a second."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from probatum.web.problems import busy

Result = TypeVar("Result")


class Gate:
    """Runs synchronous work in `workers` threads and lets at most `waiting` more wait; beyond that `Problem` 429."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="probatum-web")
        self._room = workers + waiting
        self._inside = 0
        self._lock = threading.Lock()

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` gives, from another thread."""
        with self._lock:
            if self._inside >= self._room:
                raise busy(1)
            self._inside += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError:  # the pool is closed: the server is ending
            self._leave()
            raise busy(1) from None
        # A client that hangs up cancels the waiting, not the work: the place is free only when the thread is.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Lets the work in hand end and takes no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _leave(self, _done: Future[Any] | None = None) -> None:
        with self._lock:
            self._inside -= 1
