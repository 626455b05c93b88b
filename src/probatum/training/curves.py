"""The course of a training while it runs: a line a step in curve.jsonl, which whoever looks on may read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from probatum.networks.loop import Listener, resident_mb

FILE = "curve.jsonl"


class Curve(Listener):
    """Writes each step that it hears of behind the others: stage, step, of how many, loss, tokens, seconds, MB, time.

    `tokens` and `seconds` are those of this process since the stage began; `tokens` is 0 where a stage counts none;
    MB is the most memory that the process has held. `then` hears of the step too.
    """

    def __init__(self, path: Path, stage: str, then: Callable[[str, int, int, float], None] | None = None) -> None:
        self.path, self.stage, self.then, self.tokens = path, stage, then, 0
        self._began = time.perf_counter()
        path.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, step: int, total: int, loss: float) -> None:
        """Writes one step; a whole line at once, so that a reader never meets more than one broken line, the last."""
        line = {
            "stage": self.stage, "step": step, "of": total, "loss": loss, "tokens": self.tokens,
            "seconds": round(time.perf_counter() - self._began, 3), "mb": round(resident_mb(), 1),
            "at": round(time.time(), 3),
        }  # fmt: skip
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        if self.then:
            self.then(self.stage, step, total, loss)
