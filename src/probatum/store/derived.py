"""Derived indexes: folders of files that can always be built again from the database, shown by one rename."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

MANIFEST = "manifest.json"
INDEXES = "indexes"


def folder(store: Path, content: str, name: str, build: Callable[[Path], None]) -> Path:
    """The folder indexes/<content>/<name>; where it is missing `build` fills a folder beside it, which is then renamed.

    Two processes may build at once: the first rename wins and the other's work is thrown away.
    """
    target = store / INDEXES / content / name
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    try:
        build(beside)
        sums = {str(path.relative_to(beside)): sha256(path) for path in _files(beside)}
        (beside / MANIFEST).write_text(json.dumps(sums, indent=1, sort_keys=True), encoding="utf-8")
        try:
            os.rename(beside, target)  # noqa: PTH104 - must fail, not replace, where another was first
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def damaged(store: Path) -> list[str]:
    """What is wrong with the derived indexes, a sentence each: files missing, added or with another checksum."""
    wrong = []
    for manifest in sorted((store / INDEXES).glob(f"*/*/{MANIFEST}")):
        sums = json.loads(manifest.read_text(encoding="utf-8"))
        there = {str(path.relative_to(manifest.parent)): path for path in _files(manifest.parent)}
        for name in sorted(sums.keys() | there.keys() - {MANIFEST}):
            if name not in there:
                wrong.append(f"{manifest.parent / name} is missing")
            elif name not in sums:
                wrong.append(f"{there[name]} does not belong to the index")
            elif sha256(there[name]) != sums[name]:
                wrong.append(f"{there[name]} has changed since it was built")
    return wrong


def sha256(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())
