"""Every real source of a data folder into one store: seconds, memory and facts of each, then what the store holds.

    python bench/knowledge.py ../shared/data [--kb DIR]

Each source is loaded by a process of its own, in the order below. At the end: the counts by source, the size on disk,
the quality checks with what failed and why, and how many clusters of identity join how many vocabularies.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from probatum import verbs
from probatum.naming import card_of, find
from probatum.store import consent
from probatum.store.checks import check
from probatum.store.joining import clusters_of
from probatum.store.reader import Store

FOLDERS = {
    "hpo": "hpo",
    "doid": "doid",
    "ordo": "ordo",
    "mondo": "mondo",
    "umls": "umls-semantic-net",
    "hetionet": "hetionet",
    "drugmechdb": "drugmechdb",
    "pharmacotherapydb": "pharmacotherapydb",
    "labeledin": "labeledin",
    "medline": "pubmed-medline",
    "pmc": "pmc-oa-nxml",
    "medquad": "medquad",
    "tcm_classics": "tcm-classics",
    "openfda": "api-captures/openfda",
    "clinicaltrials": "api-captures/ctgov",
    "cpic": "api-captures/cpic",
    "chembl": "api-captures/chembl",
    "monarch": "api-captures/monarch",
    "uniprot": "api-captures/uniprot",
    "pubtator": "api-captures/pubtator",
    "ols": "api-captures/ols4",
    "efetch": "api-captures/ncbi_efetch",
}
# ruff: noqa: S608 - the words below are these
OF = "JOIN releases r ON r.id = x.release GROUP BY 1"
COUNTS = {  # by source, of what SQL counts
    "concepts": f"SELECT source, count(DISTINCT x.id) FROM concepts x {OF}",
    "names": f"SELECT source, count(*) FROM names x {OF}",
    "assertions": f"SELECT source, count(DISTINCT relation) FROM claims x {OF}",
    "claims": f"SELECT source, count(*) FROM claims x {OF}",
    "passages": f"SELECT source, count(*) FROM passages x {OF}",
}
SOURCES = {"efetch": "pmc"}  # rows of another name than their source


def main() -> None:
    """Prints two tables and the checks that failed."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("data", type=Path)
    given.add_argument("--kb", type=Path, help="folder of the store; else a temporary one")
    given.add_argument("--one", help="one source, in this process")
    chosen = given.parse_args()
    if chosen.one:
        print(json.dumps(loaded(chosen.kb, chosen.one, chosen.data / FOLDERS[chosen.one])))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.kb or Path(scratch)
        print("| source | release | facts written | quarantined | seconds | CPU | peak MB |")
        print("|---|---|--:|--:|--:|--:|--:|")
        for name in FOLDERS:
            run = [sys.executable, __file__, str(chosen.data), "--kb", str(folder), "--one", name]
            done = subprocess.run(run, check=False, stdout=subprocess.PIPE, text=True)
            if done.returncode:
                print(f"| {name} | failed | | | | | |")
                continue
            said = json.loads(done.stdout)
            cells = [said["release"][:20], f"{said['written']:,}", said["quarantined"]]
            print(f"| {name} | {' | '.join(map(str, cells))} | {said['seconds']} | {said['cpu']} | {said['peak']} |")
        held(folder)


def loaded(folder: Path, name: str, path: Path) -> dict[str, object]:
    """What loading one source wrote and took."""
    began = time.perf_counter()
    source = SOURCES.get(name, name)
    if (card := card_of(find("sources", source))).gated:
        consent.accept(folder, source, card, "a measurement over the free part")
    done = verbs.ingest(folder, source, path)
    took = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "release": done.release, "written": done.written, "quarantined": done.quarantined,
        "seconds": round(time.perf_counter() - began, 1), "cpu": round(took.ru_utime + took.ru_stime, 1),
        "peak": took.ru_maxrss // 1024,
    }  # fmt: skip


def held(folder: Path) -> None:
    """Prints what a store holds, by source."""
    counts: dict[str, Counter[str]] = {}
    with Store(folder) as store:
        for column, sql in COUNTS.items():
            for source, count in store.rows(sql):
                counts.setdefault(source, Counter())[column] = count
        began = time.perf_counter()
        report = check(store, date.today())
        took = time.perf_counter() - began
        wholes = {whole for _, whole in clusters_of(store).all()}
        vocabularies = Counter(len({id.partition(":")[0] for id in clusters_of(store).same(whole)}) for whole in wholes)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    columns = tuple(COUNTS)
    print(f"\n| source | {' | '.join(columns)} |\n|---|{'--:|' * len(columns)}")
    for name, row in sorted(counts.items()):
        print(f"| {name} | {' | '.join(f'{row[column]:,}' for column in columns)} |")
    total = {column: sum(row[column] for row in counts.values()) for column in columns}
    print(f"| all | {' | '.join(f'{total[column]:,}' for column in columns)} |")
    print(f"\n{size / 1e6:,.0f} MB on disk; {len(wholes):,} things under several ids, by vocabularies: {vocabularies}")
    count = len(report.results)
    print(f"kb check: {count - len(report.failed)} of {count} passed in {took:.1f} s")
    for each in report.failed:
        of = f"{each.violated:,} of {each.rows:,} {each.unit} ({each.percent:.2f} %, at most {each.threshold:g} %)"
        print(f"  {each.name} ({each.severity}): {of}: {each.what}; {', '.join(each.examples[:3])}")


if __name__ == "__main__":
    main()
