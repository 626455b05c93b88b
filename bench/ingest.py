"""The Human Phenotype Ontology into a store: seconds, peak memory, the same content whatever the order, resuming.

    python bench/ingest.py ../shared/data/hpo

Every measurement is a process of its own. Targets: under 30 s and 600 MB; a second ingest writes nothing; shuffled
files give the same content hash; an ingest that broke off anywhere has written something new 2 s after it is taken up
again (`first`), and its two calls together take at most 2 s longer than one that did not break off.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from probatum.sources.hpo import hpo
from probatum.store import writer
from probatum.store.reader import Store
from probatum.store.verify import verify

SEED = 11
KILLED_AFTER = (30_000, 320_000, 500_000, 670_000)  # facts: in the terms, the diseases, the genes, at the end


def main() -> None:
    """Prints one JSON line a measurement."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("data", type=Path)
    given.add_argument("--one", choices=sorted(ONE), help="one measurement, in this process")
    given.add_argument("--store", type=Path)
    chosen = given.parse_args()
    if chosen.one:
        print(json.dumps(measured(chosen.one, chosen.data, chosen.store)))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shuffled(chosen.data, folder / "shuffled")
        for name, data, store in (
            ("read", chosen.data, "a"), ("ingest", chosen.data, "a"), ("again", chosen.data, "a"),
            ("verify", chosen.data, "a"), ("ingest", folder / "shuffled", "b"),
            *((f"broken{n}", chosen.data, f"c{n}") for n in range(len(KILLED_AFTER)) for _ in range(2)),
            ("withdraw", chosen.data, "c0"),
        ):  # fmt: skip
            run = [sys.executable, __file__, str(data), "--one", name, "--store", str(folder / store)]
            subprocess.run(run, check=True)


def measured(name: str, data: Path, store: Path) -> dict[str, object]:
    """What one measurement did, its seconds on the clock and of the processor, and the peak of its memory."""
    start, work = time.perf_counter(), time.process_time()
    did = ONE[name](data, store)
    seconds = {"seconds": round(time.perf_counter() - start, 2), "processor": round(time.process_time() - work, 2)}
    return {"what": name, **seconds, "peak_mb": peak(), **did}


def peak() -> int:
    """The most memory that this process has held, in MB; getrusage would count what its parent held before it."""
    (line,) = (line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if "VmHWM" in line)
    return int(line.split()[1]) // 1024


def read(data: Path, store: Path) -> dict[str, object]:
    """The source alone, written nowhere."""
    return {"facts": sum(1 for _ in hpo(data))}


def ingest(data: Path, store: Path) -> dict[str, object]:
    """A whole ingest, or what is left of a broken one."""
    done = writer.write(store, hpo(data))
    size = (store / "knowledge.sqlite").stat().st_size / 1e6
    told = {"written": done.written, "resumed": done.resumed, "quarantined": done.quarantined}
    return {**told, "content": done.content, "file_mb": round(size)}


def broken(data: Path, store: Path, after: int) -> dict[str, object]:
    """An ingest that breaks off after so many facts; or, where one did, the rest of it."""
    start, first = time.perf_counter(), 0.0

    def heard(taken: int) -> None:
        nonlocal first
        first = first or round(time.perf_counter() - start, 2)
        if not known and taken >= after:
            raise KeyboardInterrupt

    known = (store / "knowledge.sqlite").exists()
    try:
        done = writer.write(store, hpo(data), heard=heard)
    except KeyboardInterrupt:
        return {"broken_after": after}
    return {"resumed": done.resumed, "first": first, "content": done.content}


def withdraw(data: Path, store: Path) -> dict[str, object]:
    """The source taken out again."""
    gone = writer.withdraw(store, "hpo")
    with Store(store) as left:
        return {"releases": gone, "content": left.content}


def checked(data: Path, store: Path) -> dict[str, object]:
    """Every row's key computed again."""
    report = verify(store)
    return {"rows": report.rows, "wrong": list(report.wrong)}


ONE = {"read": read, "ingest": ingest, "again": ingest, "withdraw": withdraw, "verify": checked}
ONE |= {f"broken{n}": partial(broken, after=after) for n, after in enumerate(KILLED_AFTER)}


def shuffled(data: Path, folder: Path) -> None:
    """A copy of the data with the rows of its tables and the terms of its ontology in an order drawn by seed."""
    draw = random.Random(SEED)
    shutil.copytree(data, folder, copy_function=shutil.copyfile)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        if path.name.removesuffix(".gz").endswith((".obo", ".hpoa", ".tsv", "genes_to_phenotype.txt")):
            zipped = path.suffix == ".gz"
            text = (gzip.decompress(path.read_bytes()) if zipped else path.read_bytes()).decode()
            mixed = _mixed_terms(text, draw) if ".obo" in path.name else _mixed_rows(text, draw)
            path.write_bytes(gzip.compress(mixed.encode(), 1) if zipped else mixed.encode())


def _mixed_terms(text: str, draw: random.Random) -> str:
    head, *stanzas = text.rstrip("\n").split("\n\n")
    draw.shuffle(stanzas)
    return "\n\n".join([head, *stanzas]) + "\n"


def _mixed_rows(text: str, draw: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0) + 1  # comments and the header
    rows = lines[head:]
    draw.shuffle(rows)
    return "".join([*lines[:head], *rows])


if __name__ == "__main__":
    main()
