"""The last answers, so that opening a source of an answer does not search for it again."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

from probatum.types import Question

Key = tuple[str, str, Question]  # content of the knowledge, method, question
Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """At most `most` answers, or what was written of them, in this process alone; the oldest goes first.

    Nothing of a question that bears a patient is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, tuple[Kept, float]] = OrderedDict()

    def recall(self, key: Key) -> Kept | None:
        """The answer that was kept under the key, if it still is."""
        with self._lock:
            answer, until = self._held.get(key, (None, 0.0))
            if answer is None or time.monotonic() > until:
                return None
            self._held.move_to_end(key)
            return answer

    def left(self, key: Key) -> float:
        """For how many seconds the answer under the key will still be kept; where there is none, without end."""
        with self._lock:
            answer, until = self._held.get(key, (None, math.inf))
            return until - time.monotonic() if answer is not None else math.inf

    def keep(self, key: Key, answer: Kept, seconds: float = math.inf) -> None:
        """Keeps an answer for so long, unless it is about a person."""
        if key[2].patient is None:
            with self._lock:
                self._held[key] = answer, time.monotonic() + seconds
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
