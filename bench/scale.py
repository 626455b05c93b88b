"""A store of the size of the Metathesaurus: synthetic official files, ingest, indexes, look-ups, neighbourhoods, paths.

    python bench/scale.py run PLACE --share 100        # a hundredth of the size class; then 10, then 1
    python bench/scale.py files PLACE --share 1        # the files alone: MRCONSO, MRREL, MRSTY, MRDEF, MRSAB, MRFILES

The size class: 2,000,000 concepts, 10,000,000 names, 12,500,000 relations. Everything in the files is made up by seed
and says so in its names; only the layout is the official one. Every measurement is a process of its own. Targets:
ingest within 1.5 GB, and ten times the input in at most 1.2 times the memory; a name looked up within 1 ms, two hops
within 5 ms, the best paths between two concepts within 50 ms, each at the 99th percentile.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from probatum.formats.rrf import COLUMNS
from probatum.sources.umls import umls
from probatum.store import suggest, writer
from probatum.store.graph import Graph
from probatum.store.linking import linker
from probatum.store.reader import Store

CONCEPTS, NAMES, RELATIONS = 2_000_000, 10_000_000, 12_500_000
SEED = 7
QUESTIONS = 1_000
RELEASE = "SYNTHETIC"
# (REL, RELA) as a row has it, with the weight of its kind: half of all rows are the mirror image of the other half
KINDS = (
    ("PAR", "", 12), ("CHD", "isa", 12), ("RO", "has_finding_site", 10), ("RO", "finding_site_of", 10),
    ("RO", "may_treat", 8), ("RO", "may_be_treated_by", 8), ("RO", "has_manifestation", 8), ("RO", "cause_of", 6),
    ("RN", "", 8), ("RO", "associated_with", 10), ("RO", "", 8),
)  # fmt: skip
TYPES = (("T047", "Disease or Syndrome"), ("T184", "Sign or Symptom"), ("T121", "Pharmacologic Substance"),
         ("T023", "Body Part, Organ, or Organ Component"), ("T061", "Therapeutic or Preventive Procedure"),
         ("T028", "Gene or Genome"), ("T033", "Finding"))  # fmt: skip
LANGUAGES = (("ENG", 70), ("SPA", 14), ("FRE", 5), ("GER", 4), ("JPN", 4), ("CHI", 3))


def main() -> None:
    """Prints one JSON line a measurement."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("what", choices=["run", "files", *MEASURED])
    given.add_argument("place", type=Path)
    given.add_argument("--share", type=int, default=100, help="one part in so many of the size class")
    given.add_argument("--keep", action="store_true", help="leave the store where it is")
    chosen = given.parse_args()
    if chosen.what == "run":
        run(chosen.place, chosen.share, keep=chosen.keep)
        return
    start, work = time.perf_counter(), time.process_time()
    if chosen.what == "files":
        said = files(chosen.place / "files", chosen.share)
    else:
        said = MEASURED[chosen.what](chosen.place)
    seconds = {"seconds": round(time.perf_counter() - start, 1), "processor": round(time.process_time() - work, 1)}
    print(json.dumps({"what": chosen.what, "share": chosen.share, **seconds, "peak_mb": peak(), **said}), flush=True)


def run(place: Path, share: int, *, keep: bool) -> None:
    """All measurements of one size, one process after the other; what was made is removed."""
    place.mkdir(parents=True, exist_ok=True)
    for what in ("files", *MEASURED):
        subprocess.run([sys.executable, __file__, what, str(place), "--share", str(share)], check=True)
    if not keep:
        shutil.rmtree(place)


def peak() -> int:
    """The most memory that this process has held, in MB."""
    (line,) = (line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if "VmHWM" in line)
    return int(line.split()[1]) // 1024


# --- the files ---


def files(folder: Path, share: int) -> dict[str, Any]:
    """Writes the tables of a synthetic release, row by row."""
    meta = folder / "META"
    meta.mkdir(parents=True, exist_ok=True)
    count = CONCEPTS // share
    sizes = {
        "MRCONSO": _written(meta, "MRCONSO", _names(count, NAMES // share)),
        "MRSTY": _written(meta, "MRSTY", _types(count)),
        "MRDEF": _written(meta, "MRDEF", _definitions(count)),
        "MRREL": _written(meta, "MRREL", _relations(count, RELATIONS // share)),
        "MRSAB": _written(meta, "MRSAB", _vocabularies()),
    }
    lines = (f"{name}.RRF|synthetic|{','.join(COLUMNS[name])}|{len(COLUMNS[name])}|{rows}|{size}|\n"
             for name, (rows, size) in sizes.items())  # fmt: skip
    (meta / "MRFILES.RRF").write_text("".join(lines), encoding="utf-8")
    (meta / "release.dat").write_text(f"umls.release.name={RELEASE}-{share}\n", encoding="utf-8")
    return {
        "rows": {name: rows for name, (rows, _) in sizes.items()},
        "mb": sum(size for _, size in sizes.values()) >> 20,
    }


def _written(folder: Path, name: str, rows: Iterator[str]) -> tuple[int, int]:
    count = size = 0
    with (folder / f"{name}.RRF").open("wb") as file:
        for row in rows:
            size += file.write(row.encode())
            count += 1
    return count, size


def _words(draw: random.Random) -> list[str]:
    """Made-up words, of which names consist; a few are common, as in real names."""
    starts, middles, ends = (
        "b c d f g gl h k l m n p pl r s st t tr v".split(),
        "a e i o u ae eo io".split(),
        ("lor mis nda rex stol tin ven zar phyl gon".split()),
    )
    made = {f"{a}{b}{c}{d}" for a in starts for b in middles for c in ends for d in ("a", "itis", "oma", "ine", "um")}
    return draw.sample(sorted(made), len(made))


def _names(count: int, names: int) -> Iterator[str]:
    draw = random.Random(SEED)
    words = _words(draw)
    languages, weights = zip(*LANGUAGES, strict=True)
    atom = 0
    for number in range(1, count + 1):
        # from one name to nine, so that all of them together are as many as asked
        several = number * names // count - (number - 1) * names // count
        several = max(1, several + draw.randint(-several + 1, several - 1))
        stem = " ".join(words[int(len(words) * draw.random() ** 2)] for _ in range(draw.randint(1, 3)))
        for place in range(several):
            atom += 1
            language = "ENG" if place == 0 else draw.choices(languages, weights)[0]
            text = f"{stem} {number}" if place == 0 else f"{words[int(len(words) * draw.random() ** 2)]} {stem} {place}"
            status = "P|L{0:08}|PF|S{0:08}|Y" if place == 0 else "S|L{0:08}|PF|S{0:08}|N"
            code, said = f"X{number:07}", f"SYN{place % 7}|SY"
            yield (
                f"C{number:07}|{language}|{status.format(atom)}|A{atom:08}||{code}||{said}|{code}|{text} (synthetic)"
                "|0|N||\n"
            )


def _types(count: int) -> Iterator[str]:
    draw = random.Random(SEED + 1)
    for number in range(1, count + 1):
        code, name = TYPES[int(len(TYPES) * draw.random())]
        yield f"C{number:07}|{code}|A1|{name}|AT{number:08}|256|\n"


def _definitions(count: int) -> Iterator[str]:
    draw = random.Random(SEED + 2)
    words = _words(draw)
    for number in range(1, count + 1, 20):
        text = " ".join(draw.choices(words, k=30))
        yield f"C{number:07}|A{number:08}|AT9{number:07}||SYN0|Synthetic: {text}.|N||\n"


def _relations(count: int, relations: int) -> Iterator[str]:
    """Rows by their first concept; the second is drawn so that a few concepts have thousands of relations."""
    draw = random.Random(SEED + 3)
    bounds = list(accumulate(weight for *_, weight in KINDS))
    for number in range(1, count + 1):
        for row in range((number - 1) * relations // count, number * relations // count):
            other = 1 + int(count * draw.random() ** 2)
            rel, rela, _ = draw.choices(KINDS, cum_weights=bounds)[0]
            said = f"SYN{row % 7}|SYN{row % 7}"
            yield f"C{number:07}||CUI|{rel}|C{other:07}||CUI|{rela}|R{row:09}||{said}|||N||\n"


def _vocabularies() -> Iterator[str]:
    for number in range(7):
        told = {
            "RSAB": f"SYN{number}",
            "SON": f"Synthetic vocabulary {number}",
            "SRL": "0",
            "LAT": "ENG",
            "CURVER": "Y",
        }
        yield "".join(f"{told.get(column, '')}|" for column in COLUMNS["MRSAB"]) + "\n"


# --- what is measured ---


def ingest(place: Path) -> dict[str, Any]:
    """The files into a store."""
    start = time.perf_counter()
    done = writer.write(place / "kb", umls(place / "files"))
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in (place / "kb").rglob("*") if file.is_file())
    shutil.rmtree(place / "files")
    told = {"facts": done.written, "quarantined": done.quarantined, "facts_a_second": round(done.written / seconds)}
    return {**told, "store_mb": size >> 20}


def graph_index(place: Path) -> dict[str, Any]:
    """The graph as arrays, built."""
    with Store(place / "kb") as store:
        graph = Graph.open(store)
        return {"nodes": len(graph), "edges": graph.edges}


def name_index(place: Path) -> dict[str, Any]:
    """The index in which stretches of a text are looked up among all names, built."""
    with Store(place / "kb") as store:
        linker(store)
        return {"mb": _size(place, "links")}


def suggest_index(place: Path) -> dict[str, Any]:
    """The names for auto-completion, built."""
    with Store(place / "kb") as store:
        store.derived(suggest.NAME, lambda beside: suggest.build(beside, store.names()))
        return {"mb": _size(place, suggest.NAME)}


def questions(place: Path) -> dict[str, Any]:
    """Look-ups by id and by name, two hops, and paths, on a store whose indexes stand."""
    draw = random.Random(SEED + 4)
    with Store(place / "kb") as store:
        graph, link = Graph.open(store), linker(store)
        count = sum(1 for _ in store.rows("SELECT 1 FROM concepts WHERE id GLOB 'UMLS:C*'"))
        some = [f"UMLS:C{1 + int(count * draw.random()):07}" for _ in range(2 * QUESTIONS + 100)]
        warm, ids, others = some[:100], some[100 : QUESTIONS + 100], some[QUESTIONS + 100 :]
        names = [store.name_of(id) for id in ids]
        for id in warm:
            graph.neighbours(id, hops=2)
        found = [link(name) for name in names]
        wrong = sum(id not in {each.concept for each in links} for id, links in zip(ids, found, strict=True))
        pairs = list(zip(ids, others, strict=True))
        sizes = sorted(len(graph.neighbours(id, hops=2)) for id in ids)
        return {
            "not_found_by_name": wrong,
            "name_of_id": _timed(store.name_of, ids),
            "concepts_of_name": _timed(link, names),
            "typed": _timed(lambda name: store.suggest(name[:9], kinds=("Disease", "Gene", "Drug")), names),
            "two_hops": _timed(lambda id: graph.neighbours(id, hops=2), ids),
            "two_hops_first_100": _timed(lambda id: graph.neighbours(id, hops=2, limit=100), ids),
            "two_hops_sizes": [sizes[len(sizes) // 2], sizes[int(0.99 * len(sizes))], sizes[-1]],
            "five_shortest_paths": _timed(lambda ends: graph.shortest_paths(*ends), pairs),
            "best_path": _timed(lambda ends: graph.best_path(*ends), pairs),
        }


def _timed(run_one: Callable[[Any], object], items: list[Any]) -> dict[str, float]:
    """Milliseconds: median, 99th percentile and the longest on the clock; the 99th percentile of the processor.

    Where others use the machine too, the clock counts the turns that they take, the processor does not.
    """
    times, works = [], []
    for item in items:
        start, work = time.perf_counter(), time.thread_time()
        run_one(item)
        times.append(1000 * (time.perf_counter() - start))
        works.append(1000 * (time.thread_time() - work))
    times.sort()
    works.sort()
    place = int(0.99 * len(times))
    said = {"median_ms": times[len(times) // 2], "p99_ms": times[place], "longest_ms": times[-1]}
    return {name: round(value, 3) for name, value in (said | {"p99_processor_ms": works[place]}).items()}


def _size(place: Path, index: str) -> int:
    return sum(file.stat().st_size for file in (place / "kb").glob(f"indexes/*/{index}/**/*") if file.is_file()) >> 20


MEASURED: dict[str, Callable[[Path], dict[str, Any]]] = {
    "ingest": ingest,
    "graph_index": graph_index,
    "name_index": name_index,
    "suggest_index": suggest_index,
    "questions": questions,
}

if __name__ == "__main__":
    main()
