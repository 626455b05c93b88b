"""Readers in threads and processes, while the store and its indexes are exchanged under them: each sees one release."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.store.retractions import restore_paper, withdraw_paper
from probatum.store.verify import verify
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Name, Origin, Relation, Release

VERSIONS = 51  # a hundred swaps
READERS = 2  # threads, and as many processes
SIGNS = 30
PATIENCE = 90.0  # seconds after which a reader gives up


def source(version: int) -> Iterator[Fact]:
    """A release in which every name, relation and id bears the number of its version."""
    yield Release("made", str(version), "CC0", "00")
    at = Origin("made", str(version), "r")
    for n in range(SIGNS):
        names = (Name(f"sign {n} as of {version}", scope="exact"),)
        yield Concept(f"HP:{version:03}{n:04}", f"Sign {n} in {version}", "PhenotypicFeature", at, names)
        yield Relation("OMIM:1", "biolink:has_phenotype", f"HP:{version:03}{n:04}", at)


def steady() -> Iterator[Fact]:
    """Another source, which stays while the first is exchanged, and bears a paper that comes and goes."""
    yield Release("steady", "1", "CC0", "00")
    at = Origin("steady", "1", "r", references=("PMID:1", "PMID:2"))
    yield Concept("X:1", "A thing that stays", "Disease", at)
    for paper in ("PMID:1", "PMID:2"):
        yield Relation("X:1", "biolink:has_phenotype", f"HP:{paper}", replace(at, references=(paper,)))


def swap(folder: Path, version: int) -> None:
    """Exchanges a version for the next, and takes a paper out or puts it back: contents come after one another."""
    write(folder, source(version))
    (withdraw_paper if version % 2 else restore_paper)(folder, "PMID:1")
    withdraw(folder, "made", str(version - 1))


def read(folder: Path) -> int:
    """The newest version that a reader sees; every way of reading must show the same versions and no other."""
    with Store(folder) as store:
        versions = {release.version for release in store.releases() if release.source == "made"}
        ids = {f"HP:{int(version):03}{n:04}" for version in versions for n in range(SIGNS)}
        for _ in range(2):  # the same store, while the one on disk goes on
            assert {id for id, _ in store.suggest("sign", limit=3 * SIGNS)} == ids
            assert {id for id, _ in Graph.open(store).neighbours("OMIM:1")} == ids
            assert {name.text.split()[-1] for id, _, name in store.names() if id != "X:1"} == versions
            assert {claim.object for claim in store.relations("OMIM:1")} == ids
            assert store.stats()["concepts"] == len(ids) + 1
            papers = {paper for claim in store.relations("X:1") for paper in claim.origin.references}
            assert papers == {"PMID:1", "PMID:2"} - store.view.retracted
            assert {object_ for subject, _, object_ in store.assertions() if subject == "X:1"} == {
                f"HP:{paper}" for paper in papers
            }
    return max(map(int, versions))


def read_on(folder: Path) -> int:
    """Reads until the last version is seen; how often. Versions never go back."""
    reads, last, began = 0, 0, time.monotonic()
    while last < VERSIONS and time.monotonic() < began + PATIENCE:
        seen = read(folder)
        assert seen >= last
        last = seen
        reads += 1
    assert last == VERSIONS
    return reads


@pytest.mark.slow
def test_a_hundred_swaps_under_readers_and_each_answer_from_one_release(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    write(folder, steady())
    write(folder, source(1))
    withdraw_paper(folder, "PMID:1")
    paths = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})"
    script = f"{paths}; import test_swaps, pathlib; folder = pathlib.Path({str(folder)!r})"
    script += "; print(test_swaps.read(folder), flush=True); print(test_swaps.read_on(folder))"
    with ExitStack() as running:
        pool = running.enter_context(ThreadPoolExecutor(READERS))
        processes = [
            running.enter_context(subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True))
            for _ in range(READERS)
        ]
        assert [process.stdout.readline() for process in processes if process.stdout] == ["1\n"] * READERS
        threads = [pool.submit(read_on, folder) for _ in range(READERS)]
        for version in range(2, VERSIONS + 1):
            swap(folder, version)
        counts = [thread.result() for thread in threads]
        counts += [int(process.communicate()[0]) for process in processes]
    assert len(counts) == 2 * READERS and min(counts) > 3
    for left in ("made", "steady"):
        withdraw(folder, left)
    report = verify(folder)
    assert (report.wrong, report.sealed, report.indexes) == ((), True, 0)  # what nobody holds is cleared
