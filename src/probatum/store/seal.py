"""The seal: a checksum over the database file as a finished writer left it, so that no byte changes unseen."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from probatum.errors import StoreRefused
from probatum.store.derived import sha256
from probatum.store.schema import DATABASE

SEAL = "knowledge.sha256"


def lift(folder: Path) -> None:
    """Takes the seal away, before the first change; a store whose writer was killed then has none."""
    if (folder / SEAL).exists():
        (folder / SEAL).unlink()
        _settled(folder)


def put(folder: Path, link: sqlite3.Connection) -> bool:
    """Writes the log into the file and seals it, or leaves both where a reader still needs the log; whether it did."""
    waits = link.execute("PRAGMA busy_timeout").fetchone()[0]
    link.execute("PRAGMA busy_timeout = 0")  # readers may stay for days
    busy = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    link.execute(f"PRAGMA busy_timeout = {waits}")
    if busy:
        return False
    beside = folder / f"{SEAL}.new"
    try:
        beside.write_text(f"{sha256(folder / DATABASE)}  {DATABASE}\n", encoding="ascii")
        beside.replace(folder / SEAL)
    except OSError as error:
        said = f"all is written but the seal: {error}"
        raise StoreRefused(
            said, where=str(folder), mend="see to the disk's space and rights, then try again"
        ) from error
    return True


def broken(folder: Path) -> bool | None:
    """Whether the file differs from what was sealed; None without a seal, or with a log that is not in the file yet."""
    log = folder / f"{DATABASE}-wal"
    if not (folder / SEAL).exists() or (log.exists() and log.stat().st_size):
        return None
    said = (folder / SEAL).read_bytes()
    return said != f"{sha256(folder / DATABASE)}  {DATABASE}\n".encode("ascii")


def _settled(folder: Path) -> None:
    """Makes the folder's list of files last through a loss of power."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
