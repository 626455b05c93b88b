"""The life of a store, for test_kill: each line on standard input names a folder, and a process of its own lives it.

It says when each phase begins. A life that was killed is taken up where it ended by naming the same folder again. A
number before the folder kills the life at that step, that is before its so-manyth statement other than an INSERT.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import NeedsFile, StoreDamaged
from probatum.store import schema, writer
from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.store.retractions import withdraw_paper
from probatum.types import Concept, Fact, Gone, Malformed, Name, Origin, Passage, Relation, Release

MANY = 400  # records of each source, of five facts or so each
PHASES = (
    *("ingest first", "index both", "ingest second", "update second", "withdraw a paper", "withdraw first"),
    "index again",
)
PAPER = "PMID:7"


def source(name: str) -> Iterator[Fact]:
    """A small source with all that a source may have: synonyms, repeated claims, opposed ones, malformed records."""
    yield Release(name, "1", "CC0", "00", (f"{name}.tsv",))
    for n in range(MANY):
        at = Origin(name, "1", f"r{n}", "PCS", (f"PMID:{n}",))
        names = (Name(f"sign {n} of {name}", scope="exact"), Name(f"Zeichen {n}", "de"))
        yield Concept(f"HP:{n:07}", f"Sign {n}", "PhenotypicFeature", at, names, (f"HP:9{n:06}",))
        yield Relation(f"HP:{n:07}", "biolink:subclass_of", f"HP:{n // 2:07}", at)
        claim = Relation(f"OMIM:{n % 50}", "biolink:has_phenotype", f"HP:{n:07}", at, n % 9 == 0, (("sex", "MALE"),))
        yield claim
        if n % 4 == 0:
            yield claim
        if n % 10 == 3:
            yield Malformed(f"{name}.tsv", n, "five columns where six belong", "a\tb")
        yield Passage(f"{name}-{n}", f"The sign numbered {n}.", f"Sign {n}", "en", at, about=(f"HP:{n:07}",))


def update(name: str) -> Iterator[Fact]:
    """The next release of such a source: some records are told anew, some are taken back."""
    yield Release(name, "2", "CC0", "01", (f"{name}.tsv",), manner="updates")
    for n in range(0, MANY, 3):
        at = Origin(name, "2", f"r{n}", "PCS", (f"PMID:{n}",), reliability="extracted")
        yield Relation(f"OMIM:{n % 50}", "biolink:has_phenotype", f"HP:{n:07}", at, False, (("year", "2020"),))
        yield Gone(f"r{n + 1}", Origin(name, "2", f"r{n + 1}"))


def live(folder: Path) -> None:
    """One whole life, from the phase on in which an earlier one ended."""
    loaded, _ = _state(folder)
    if "second@2" not in loaded:
        if "second@1" not in loaded:
            if "first@1" not in loaded:
                _begin(0)
                writer.write(folder, source("first"))
            _begin(1)
            index(folder)
            _begin(2)
            writer.write(folder, source("second"))
        _begin(3)
        writer.write(folder, update("second"))
    loaded, papers = _state(folder)
    if not papers:
        _begin(4)
        withdraw_paper(folder, PAPER)
    if "first@1" in loaded:
        _begin(5)
        writer.withdraw(folder, "first")
    _begin(6)
    writer.write(folder, update("second"))  # writes nothing; clears what a killed withdrawal left
    index(folder)


def index(folder: Path) -> None:
    """Builds every derived index of the store."""
    with Store(folder) as store:
        store.suggest("sign")
        Graph.open(store)


def _state(folder: Path) -> tuple[set[str], frozenset[str]]:
    """The releases that are whole, and the papers that are withdrawn."""
    try:
        with Store(folder) as store:
            return {held.name for held in (*store.view.shown, *store.view.hidden)}, store.view.retracted
    except (NeedsFile, StoreDamaged):  # not begun, or killed before there were tables
        return set(), frozenset()


def _begin(phase: int) -> None:
    os.write(1, f"phase {phase}\n".encode())


class Steps:
    """Counts the statements of the writer, and ends the process before the last one that it may take (0: never)."""

    def __init__(self, last: int) -> None:
        self.taken, self.last = 0, last

    def connect(self, folder: Path) -> sqlite3.Connection:
        """A connection whose statements are counted; those that make the tables are not, as they come before."""
        link = schema.connect(folder)
        link.set_trace_callback(self.take)
        return link

    def take(self, statement: str) -> None:
        """One step more; an INSERT is none, for it shows only with the COMMIT after it."""
        if not statement.startswith("INSERT INTO") or "releases" in statement:
            self.taken += 1
            if self.taken == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Lives each folder that is named; says `born <process id>`, `phase <n>`, `steps <n>` and `ended <status>`."""
    writer.BATCH = 50
    for line in sys.stdin:
        last, _, folder = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.write(1, f"born {os.getpid()}\n".encode())
                steps = Steps(int(last))
                writer.connect = steps.connect
                live(Path(folder))
                os.write(1, f"steps {steps.taken}\n".encode())
                status = 0
            except BaseException:  # noqa: BLE001 - the child must not come back into the loop
                traceback.print_exc()
            os._exit(status)
        _, status = os.waitpid(child, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
