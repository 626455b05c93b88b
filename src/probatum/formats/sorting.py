"""Sorts more lines of text than memory holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from heapq import merge
from types import TracebackType
from typing import IO, Self

RUN = 32 << 20  # characters that are sorted in memory at once


class Sorted:
    """Lines of text that come back sorted, however many they are: kept on disk in sorted runs, and merged.

    A context; lines have no line ends in them.
    """

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._runs: list[IO[str]] = []
        self._held: list[str] = []
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opened.close()

    def add(self, line: str) -> None:
        """Takes one line."""
        self._held.append(line)
        self._size += len(line) + 50  # the place that a text takes beside its letters
        if self._size > RUN:
            self._held.sort()
            run = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed on leaving
            file = self._opened.enter_context(run)
            file.writelines(f"{line}\n" for line in self._held)
            self._runs.append(file)
            self._held, self._size = [], 0

    def __iter__(self) -> Iterator[str]:
        """All lines, sorted; once."""
        self._held.sort()
        for run in self._runs:
            run.seek(0)
        runs = ((line[:-1] for line in run) for run in self._runs)
        return merge(*runs, self._held)
