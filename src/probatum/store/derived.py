"""Derived indexes: folders of files that can always be built again from the database, shown by one rename."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from probatum.errors import ProbatumError, StoreRefused

MANIFEST = "manifest.json"
SPACE = "see to the disk's space and rights, then try again"
INDEXES = "indexes"

# Who is told that the index of that name is being built, for as long as it takes.
watching: ContextVar[Callable[[str], AbstractContextManager[object]]] = ContextVar("watching", default=nullcontext)


def hold(store: Path, content: str) -> IO[bytes]:
    """An open file that keeps the derived indexes of a content from being cleared, until it is closed."""
    (store / INDEXES).mkdir(parents=True, exist_ok=True)
    return _locked(store / INDEXES / f"{content}.lock", fcntl.LOCK_SH)


def folder(store: Path, content: str, name: str, build: Callable[[Path], None]) -> Path:
    """The folder indexes/<content>/<name>; where it is missing `build` fills a folder beside it, which is then renamed.

    One process or thread builds, the others wait for it. The caller `hold`s the content.
    """
    target = store / INDEXES / content / name
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.parent / f".{name}.lock", fcntl.LOCK_EX):
        if target.is_dir():
            return target
        for left in target.parent.glob(f".{name}-*"):  # of a builder that was killed: nobody else is here now
            shutil.rmtree(left)
        beside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
        try:
            with watching.get()(name):
                build(beside)
            (beside / MANIFEST).write_text(_manifest(sums(beside)), encoding="utf-8")
            for path in _files(beside):
                _lasting(path)
            beside.rename(target)
        except ProbatumError:  # some are also OSErrors: what the builder says stands
            raise
        except OSError as error:
            raise StoreRefused(f"the index {name} cannot be written: {error}", where=str(store), mend=SPACE) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return target


def clear(store: Path, current: str) -> None:
    """Removes the derived indexes of every other content that no reader holds."""
    for left in (store / INDEXES).glob(".gone-*"):
        shutil.rmtree(left, ignore_errors=True)
    for content in sorted({path.stem for path in (store / INDEXES).glob("[!.]*")} - {current}):
        lock = store / INDEXES / f"{content}.lock"
        with _tried(lock) as free:
            if free:
                gone = lock.with_name(f".gone-{content}")
                if (store / INDEXES / content).is_dir():  # one rename: a broken removal leaves nothing that looks whole
                    (store / INDEXES / content).rename(gone)
                lock.unlink()
                shutil.rmtree(gone, ignore_errors=True)


def built(store: Path) -> list[Path]:
    """The folders of all derived indexes that are whole or were so once, sorted."""
    return sorted(path for path in (store / INDEXES).glob("[!.]*/[!.]*") if path.is_dir())


def damaged(store: Path) -> list[str]:
    """What is wrong with the derived indexes, a sentence each: files missing, added or with another checksum."""
    wrong = []
    for index in built(store):
        manifest = index / MANIFEST
        try:
            written = manifest.read_text(encoding="utf-8")
            said = json.loads(written)
            if written != _manifest(said):
                raise ValueError("not as it was written")
        except (OSError, ValueError, TypeError, AttributeError) as error:
            wrong.append(f"{manifest} cannot be read: {error}")
            continue
        there = sums(index)
        for name in sorted(said.keys() | there.keys()):
            if name not in there:
                wrong.append(f"{index / name} is missing")
            elif name not in said:
                wrong.append(f"{index / name} does not belong to the index")
            elif there[name] != said[name]:
                wrong.append(f"{index / name} has changed since it was built")
    return wrong


def sums(index: Path) -> dict[str, str]:
    """The sha256 of each file of an index but its manifest, by its path within."""
    return {str(path.relative_to(index)): sha256(path) for path in _files(index) if path != index / MANIFEST}


def sha256(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest(found: dict[str, str]) -> str:
    return json.dumps(dict(found), indent=1, sort_keys=True)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def _lasting(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _locked(path: Path, how: int) -> IO[bytes]:
    """The file at that path, locked; one that was removed while this call waited for it is opened anew."""
    while True:
        stream = path.open("ab")
        fcntl.flock(stream, how)
        with suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(stream.fileno())):
                return stream
        stream.close()


@contextmanager
def _tried(path: Path) -> Iterator[bool]:
    """Whether the lock of that file can be had at once; it is held for as long as the context lasts."""
    with path.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
