"""Run files: one JSON line an item, appended as it is answered, so that a killed run goes on where it stood."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from probatum.errors import BadFormat, BadPlan


class RunFile:
    """The file of one run, open for appending; `done` holds the lines that an earlier, broken call wrote, by item id.

    Beside it stands `<file>.run.json`, what the run is made of; a file that was made of something else is refused with
    `BadPlan`. A last line that a kill cut off is dropped and answered again.
    """

    def __init__(self, path: Path, made_of: Mapping[str, Any]) -> None:
        self.path = path
        beside = path.with_name(path.name + ".run.json")
        wanted = json.dumps(made_of, sort_keys=True, ensure_ascii=False, indent=1)
        if path.exists() and not (beside.exists() and beside.read_text(encoding="utf-8") == wanted):
            raise BadPlan(
                "this run file is of another run: other data, knowledge, settings or versions",
                where=str(path),
                mend="name another file with --out, or move this one away",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = beside.with_name(beside.name + ".new")
            fresh.write_text(wanted, encoding="utf-8")
            fresh.replace(beside)
        self.done = {line["id"]: line for line in _whole_lines(path)} if path.exists() else {}
        self._stream = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def write(self, line: Mapping[str, Any]) -> None:
        """Appends one item; `line` has its id under `id`."""
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    try:
        return [json.loads(line) for line in data[:whole].decode().splitlines()]
    except ValueError as error:
        raise BadFormat(f"not a run file: {error}", where=str(path), mend="move it away") from error
