"""MEDLINE: reading alone beside lxml and pubmed_parser, reading and storing, and a million synthetic citations.

    pip install pubmed_parser   # for the comparison alone
    python bench/medline.py peers DATA [--articles 30000] [--times 3]
    python bench/medline.py ingest DATA [--articles 30000]
    python bench/medline.py synthetic 100000 FOLDER    # writes NLM's layout, 30,000 a file; then
    python bench/medline.py load FOLDER STORE          # ingests it: articles a second, peak memory, size

DATA holds pubmed-medline/medline16n0902.xml.gz (604 citations), which are repeated under other PMIDs up to the number
wanted and put into the layout of today. Every measurement is a process of its own; contestants take turns. Seconds are
of the processor. Target: 4,000 articles a second and core, reading alone. What `synthetic` writes says in every title
that it is.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import operator
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from itertools import accumulate, cycle, islice
from pathlib import Path

from lxml import etree

from probatum.formats.medline_xml import citations
from probatum.sources._medline_files import medline_files, survey
from probatum.sources.medline import medline
from probatum.store.reader import Store
from probatum.store.words import words
from probatum.store.writer import write

SEED = 604
FILE = 30_000  # citations of one file, as NLM cuts them
REAL = "pubmed-medline/medline16n0902.xml.gz"
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""
END = "</PubmedArticleSet>\n"


def main() -> None:
    """Prints one JSON line a measurement."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("what", choices=("peers", "ingest", "synthetic", "load", *ONE))
    given.add_argument("first")
    given.add_argument("second", nargs="?", default="")
    given.add_argument("--articles", type=int, default=30_000)
    given.add_argument("--times", type=int, default=3)
    chosen = given.parse_args()
    if chosen.what in ONE:
        print(json.dumps(measured(chosen.what, Path(chosen.first), Path(chosen.second))))
    elif chosen.what == "synthetic":
        synthetic(int(chosen.first), Path(chosen.second))
    elif chosen.what == "load":
        again("surveyed", chosen.first, "")
        again("stored", chosen.first, chosen.second)
        again("found", chosen.first, chosen.second)
    else:
        with tempfile.TemporaryDirectory() as place:
            file = repeated(Path(chosen.first) / REAL, Path(place) / "pubmed26n0001.xml.gz", chosen.articles)
            if chosen.what == "ingest":
                again("stored", str(file), f"{place}/store")
                return
            took: dict[str, list[float]] = {"bare": [], "ours": [], "pubmed_parser": []}
            for name in list(took) * chosen.times:
                took[name].append(again(name, str(file), "")["articles_a_second"])
            medians = {name: round(statistics.median(speeds)) for name, speeds in took.items()}
            ratios = sorted(map(operator.truediv, took["ours"], took["bare"]))  # each pair had the same neighbours
            of_bare = round(statistics.median(ratios), 2)
            print(json.dumps({"median_articles_a_second": medians, "ours_of_bare": of_bare}))


def again(what: str, first: str, second: str) -> dict[str, float]:
    """One measurement in a process of its own, printed."""
    run = [sys.executable, __file__, what, first, second]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    print(done.stdout, end="", flush=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def measured(name: str, path: Path, store: Path) -> dict[str, object]:
    """What one measurement did, its seconds of the processor and on the clock, the peak of its memory."""
    start, work = time.perf_counter(), time.process_time()
    did = ONE[name](path, store)
    seconds, took = time.process_time() - work, time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speeds = {}
    if "articles" in did:
        speeds["articles_a_second"] = round(did["articles"] / seconds)
    if "megabytes" in did:
        speeds["megabytes_a_second"] = round(did["megabytes"] / seconds, 1)
    return {
        "what": name,
        **did,
        **speeds,
        "processor": round(seconds, 1),
        "clock": round(took, 1),
        "peak_mb": round(peak),
    }


# --- contestants ---


def ours(path: Path, _: Path) -> dict[str, float]:
    """Every citation of a file, with all that the format holds; the collector looks as seldom as in an ingest."""
    gc.set_threshold(400_000)
    return {"articles": sum(1 for _ in citations(path)), "megabytes": unpacked_megabytes(path)}


def bare(path: Path, _: Path) -> dict[str, float]:
    """The same records by lxml's own iterparse, nothing taken out of them: what no reader over lxml goes below."""
    gc.set_threshold(400_000)
    count = 0
    with gzip.open(path) as stream:
        for _event, element in etree.iterparse(stream, tag=["PubmedArticle"], resolve_entities=False, no_network=True):
            count += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return {"articles": count, "megabytes": unpacked_megabytes(path)}


def pubmed_parser(path: Path, _: Path) -> dict[str, float]:
    """The same file by pubmed_parser, with what it can give of what ours gives."""
    peer = import_module("pubmed_parser")  # needed for this comparison alone
    gc.set_threshold(400_000)
    found = peer.parse_medline_xml(
        str(path), year_info_only=False, nlm_category=True, author_list=True, reference_list=True
    )
    return {"articles": sum(1 for _ in found), "megabytes": unpacked_megabytes(path)}


def surveyed(path: Path, _: Path) -> dict[str, float]:
    """The pass over all files that finds the last version of each citation and the checksum."""
    survey(medline_files(path))
    return {"megabytes": sum(map(unpacked_megabytes, medline_files(path)))}


def stored(path: Path, store: Path) -> dict[str, float]:
    """Everything into a store: both passes, all facts, the transactions."""
    done = write(store, medline(path))
    with Store(store) as reader:
        count = sum(1 for _ in reader.concepts("Publication"))
    size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file()) / 1e6
    return {"articles": count, "facts": done.written, "quarantined": done.quarantined, "store_mb": round(size)}


def found(_: Path, store: Path) -> dict[str, float]:
    """The index of words, and what a search of three words costs."""
    with Store(store) as reader:
        start = time.perf_counter()
        index = words(reader)
        built = time.perf_counter() - start
        chance = random.Random(SEED)
        vocabulary, _ = lexicon(chance)
        took = []
        for _ in range(1_000):
            asked = " ".join(chance.choices(vocabulary[50:2_000], k=3))
            start = time.perf_counter()
            hits = index.search(asked, 10)
            took.append(1_000 * (time.perf_counter() - start))
            assert all(hit.id.startswith("PMID:") for hit in hits)  # noqa: S101
    took.sort()
    return {
        "indexed": len(index),
        "built_s": round(built, 1),
        "p50_ms": round(took[500], 2),
        "p99_ms": round(took[990], 2),
    }


ONE = {
    "ours": ours,
    "bare": bare,
    "pubmed_parser": pubmed_parser,
    "surveyed": surveyed,
    "stored": stored,
    "found": found,
}


def unpacked_megabytes(path: Path) -> float:
    """The size of a packed file when unpacked, as its last four bytes tell it (files of less than 4 GB)."""
    return int.from_bytes(path.read_bytes()[-4:], "little") / 1e6


# --- data ---


def repeated(source: Path, target: Path, count: int) -> Path:
    """The real citations again and again under new PMIDs, each put into a PubmedArticle as files are written today."""
    data = gzip.decompress(source.read_bytes()).decode()
    records = re.findall(r"<MedlineCitation .*?</MedlineCitation>", data, re.DOTALL)
    with gzip.open(target, "wt", compresslevel=6, encoding="utf-8") as file:
        file.write(HEAD)
        for number, record in enumerate(islice(cycle(records), count), start=10_000_000):
            own = re.sub(r'(<PMID Version="1">)\d+', rf"\g<1>{number}", record, count=1)
            file.write(f"<PubmedArticle>\n{own}\n<PubmedData/>\n</PubmedArticle>\n")
        file.write(END)
    return target


def synthetic(count: int, folder: Path) -> None:
    """Writes `count` made-up citations into NLM's files; the last is an update that revises and deletes some."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    vocabulary, weights = lexicon(chance)
    text = chance.choices(vocabulary, cum_weights=weights, k=1_000_000)  # windows of it are drawn: ten times as fast
    for first in range(0, count, FILE):
        number = first // FILE + 1
        with gzip.open(folder / f"pubmed26n{number:04}.xml.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            file.write(HEAD)
            for pmid in range(first + 1, min(first + FILE, count) + 1):
                file.write(made_up(pmid, chance, text, revised="2025-12-10"))
            file.write(END)
    with gzip.open(folder / f"pubmed26n{number + 1:04}.xml.gz", "wt", compresslevel=1, encoding="utf-8") as file:
        file.write(HEAD)
        for pmid in range(1, count + 1, 100):
            file.write(made_up(pmid, chance, text, revised="2026-01-05"))
        gone = "\n".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in range(50, count + 1, 1_000))
        file.write(f"<DeleteCitation>\n{gone}\n</DeleteCitation>\n{END}")


def lexicon(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words that nobody uses, the frequent first, and their cumulative weights after Zipf."""
    parts = [a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "ol", "us")]
    words = list(dict.fromkeys("".join(chance.choices(parts, k=chance.randint(1, 4))) for _ in range(60_000)))
    return words, list(accumulate(1 / rank for rank in range(1, len(words) + 1)))


def made_up(pmid: int, chance: random.Random, text: list[str], *, revised: str) -> str:
    """One citation of about the usual size: 190 words, ten headings, five authors."""

    def said(count: int) -> str:
        start = chance.randrange(len(text) - count)
        return " ".join(text[start : start + count])

    def heading() -> str:
        id = f"D{chance.randrange(30_000):06}"
        under = f'<QualifierName UI="Q{chance.randrange(80):06}" MajorTopicYN="N">aspect</QualifierName>'
        major = "Y" if chance.random() < 0.3 else "N"
        name = f'<DescriptorName UI="{id}" MajorTopicYN="{major}">Synthetic heading {id}</DescriptorName>'
        return f"<MeshHeading>{name}{under if chance.random() < 0.4 else ''}</MeshHeading>"

    year, month, day = revised.split("-")
    parts = "".join(
        f'<AbstractText Label="{label}">{said(46)}.</AbstractText>' for label in ("AIM", "METHODS", "RESULTS", "END")
    )
    authors = "".join(
        f"<Author><LastName>{word.title()}</LastName><ForeName>A</ForeName><Initials>A</Initials><AffiliationInfo>"
        f"<Affiliation>Synthetic institute of {word}.</Affiliation></AffiliationInfo></Author>"
        for word in chance.choices(text, k=5)
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID><DateRevised>'
        f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised><Article><Journal><ISSN>0000-0000</ISSN>"
        f"<JournalIssue><Volume>{pmid % 90}</Volume><PubDate><Year>{1980 + pmid % 45}</Year></PubDate></JournalIssue>"
        f"<Title>Synthetic journal {pmid % 5_000}</Title></Journal><ArticleTitle>Synthetic citation {pmid}: {said(10)}."
        f'</ArticleTitle><Pagination><MedlinePgn>1-9</MedlinePgn></Pagination><ELocationID EIdType="doi" '
        f'ValidYN="Y">10.99999/synthetic.{pmid}</ELocationID><Abstract>{parts}</Abstract><AuthorList>{authors}'
        f'</AuthorList><Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article'
        f"</PublicationType></PublicationTypeList></Article><MeshHeadingList>"
        f"{''.join(heading() for _ in range(10))}</MeshHeadingList></MedlineCitation><PubmedData/></PubmedArticle>\n"
    )


if __name__ == "__main__":
    main()
