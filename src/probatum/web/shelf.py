"""The knowledge that requests read: one open snapshot, exchanged between requests when something new was written."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from probatum.errors import ProbatumError
from probatum.knowledge import Knowledge
from probatum.types import Observation, Patient

LOG = logging.getLogger("probatum.web")


@dataclass(slots=True)
class _Copy:
    knowledge: Knowledge
    readers: int = 0


class Shelf:
    """Lends the newest knowledge; a snapshot that was replaced is closed when its last reader gives it back.

    At most every `look_after` seconds the folder is looked at; a new snapshot is opened and its desk laid aside of the
    requests, which read the old one until the new one is ready. Raises what `opened` raises for the first one.
    """

    def __init__(self, opened: Callable[[], Knowledge], *, look_after: float) -> None:
        self._opened, self._look_after = opened, look_after
        self._lock = threading.Lock()
        self._copy = _Copy(_laid(opened()))
        self._looked = time.monotonic()
        self._renewal: threading.Thread | None = None

    @contextmanager
    def lend(self) -> Iterator[Knowledge]:
        """Knowledge that stays the same until it is given back."""
        with self._lock:
            copy = self._copy
            copy.readers += 1
            self._look()
        try:
            yield copy.knowledge
        finally:
            with self._lock:
                copy.readers -= 1
                done = copy.readers == 0 and copy is not self._copy
            if done:
                copy.knowledge.store.close()

    def earlier(self, as_of: str) -> Knowledge:
        """The same knowledge as it was on a day (ISO), opened for one request; raises `BadPlan`."""
        return Knowledge(self._copy.knowledge.store.path, as_of=as_of)

    def close(self) -> None:
        """Closes what is open; for the end of the process, when nobody reads any more."""
        if self._renewal is not None:
            self._renewal.join()
        self._copy.knowledge.store.close()

    def _look(self) -> None:
        """Starts a renewal where it is time for a look and none is under way; the lock is held."""
        due = time.monotonic() - self._looked >= self._look_after
        if due and (self._renewal is None or not self._renewal.is_alive()):
            self._looked = time.monotonic()
            self._renewal = threading.Thread(target=self._renew, name="probatum-web-renewal", daemon=True)
            self._renewal.start()

    def _renew(self) -> None:
        try:
            if self._copy.knowledge.store.is_current():
                return
            fresh = _Copy(_laid(self._opened()))
        except ProbatumError as error:
            LOG.warning("the new knowledge cannot be opened, the old one stays: %s", error)
            return
        with self._lock:
            old, self._copy = self._copy, fresh
            idle = old.readers == 0
        if idle:
            old.knowledge.store.close()


def _laid(knowledge: Knowledge) -> Knowledge:
    """The same, ready: the first question and the first case must not wait for indexes to be built."""
    claim = next(knowledge.store.relations(predicate="biolink:has_phenotype"), None)
    seen = (Observation("phenotype", claim.object),) if claim else ()
    knowledge.rank(Patient(observations=seen), keep=1, explained=1)
    return knowledge
