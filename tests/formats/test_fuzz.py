"""Every parser meets thousands of damaged files: nothing but Probatum's own errors may come out, and soon.

PROBATUM_FUZZ_SECONDS sets the seconds for each parser (a few by default), PROBATUM_FUZZ_SEED the seed.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from source_contract import at_most

from probatum.datasets.liveqa_medquad import liveqa_medquad
from probatum.datasets.phenopackets import phenopackets
from probatum.errors import ProbatumError
from probatum.formats import babelon, hpoa, obo, obographs, phenopacket, reading
from probatum.formats.medquad_xml import document
from probatum.formats.tables import comma_separated
from probatum.naming import find
from probatum.sources.hpo import hpo
from probatum.sources.medquad import medquad

SECONDS = float(os.environ.get("PROBATUM_FUZZ_SECONDS", "3"))
SEED = int(os.environ.get("PROBATUM_FUZZ_SEED", "20250116"))
FEWEST = 20  # files, however little time there is
SLOWEST = 10  # seconds for one file of a few kilobytes: more is a hang
TOKENS = [
    *(b"\0", b"\n", b"\r\n", b"\t", b'"', b"\\", b"[", b"]", b"{", b"}", b"<", b">", b"&", b";", b",", b":", b"!"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\x1f\x8b", b"A" * 3000, b"\\" * 200),
    *(b"[Term]", b"is_a: HP:0000001\n", b"id: HP:0000118\n", b"HP:0000001", b"P1Y", b"0/0", b"../../"),
    *(b"<!DOCTYPE d>", b"<!ENTITY a 'b'>", b"]]>", b"<![CDATA[", b"&#0;"),
    *(b"null", b"true", b"1e999", b"-0", b"9" * 400, b"NaN", b"\\u0000", b'"\\ud800"', b"[" * 300, b'{"a":' * 300),
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight random damages: flipped, cut, doubled, moved, replaced by what trips parsers up."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + chance.choice([1, 1, 2, 8, 64, 512]))
        kind = chance.randrange(7)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at:to]
        elif kind == 2:
            changed[at:at] = changed[at:to] * chance.choice([1, 2, 30])
        elif kind == 3:
            changed[at:to] = chance.choice(TOKENS)
        elif kind == 4:
            changed[at:at] = chance.choice(TOKENS)
        elif kind == 5 and chance.random() < 0.2:
            del changed[at:]
        else:
            elsewhere = chance.randrange(len(changed) + 1)
            changed[elsewhere:elsewhere] = changed[at:to]
    return bytes(changed)


def packed(folder: Path, suffix: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for file in sorted(folder.rglob(f"*{suffix}")):
            tar.add(file, file.relative_to(folder).as_posix())
    return target.getvalue()


Read = Callable[[Path], object]


def drained(read: Callable[[Path], Iterator[object]]) -> Read:
    return lambda path: sum(1 for _ in read(path))


def in_folder(read: Callable[[Path], Iterator[object]], name: str) -> Read:
    """Reads a copy of the tiny folder in which one file is the damaged one."""

    def run(path: Path) -> object:
        (path.parent / "folder" / name).write_bytes(path.read_bytes())
        return drained(read)(path.parent / "folder")

    return run


def of_bytes(read: Callable[[bytes, str], object]) -> Read:
    return lambda path: read(path.read_bytes(), path.name)


HPO, MEDQUAD, CASES, JUDGED = "sources/hpo", "sources/medquad", "datasets/phenopackets", "datasets/liveqa_medquad"
CSV = "qrels-odd/Answers-retrieved-from-MedQuAD_odd-questions.csv"
# name: (the sound file or folder of which it is made, how it is read)
PARSERS: dict[str, tuple[str, Read]] = {
    "lines": (f"{HPO}/hp-zh.babelon.tsv", drained(reading.lines)),
    "obo": (f"{HPO}/hp.obo", drained(obo.terms)),
    "obographs": ("formats/hp.json", drained(obographs.terms)),
    "hpoa": (f"{HPO}/phenotype.hpoa", drained(hpoa.disease_rows)),
    "genes": (f"{HPO}/genes_to_phenotype.txt", drained(hpoa.gene_rows)),
    "babelon": (f"{HPO}/hp-es.babelon.tsv", drained(babelon.translations)),
    "lay": (f"{HPO}/layperson-synonyms.tsv", drained(babelon.lay_synonyms)),
    "csv": (f"{MEDQUAD}/{CSV}", drained(lambda path: comma_separated(path, ("AnswerID", "Answer")))),
    "medquad_xml": (f"{MEDQUAD}/2_GARD_QA/0002396.xml", of_bytes(document)),
    "phenopacket": (f"{CASES}/PMID_2000001_case_0.json", of_bytes(phenopacket.case)),
    "tar": (CASES, drained(lambda path: reading.members(path, ".json"))),
    "hpo": (f"{HPO}/hp.obo", in_folder(hpo, "hp.obo")),
    "medquad": (f"{MEDQUAD}/{CSV}", in_folder(medquad, CSV)),
    "drugbank": ("sources/drugbank/full_database.xml", drained(find("sources", "drugbank"))),
    "drugs_com": ("sources/drugs_com/warfarin.html", drained(find("sources", "drugs_com"))),
    "nhs_medicines": ("sources/nhs_medicines/warfarin.html", drained(find("sources", "nhs_medicines"))),
    "nhs_health": ("sources/nhs_health/gaucher-disease.json", drained(find("sources", "nhs_health"))),
    "uptodate": ("sources/uptodate/fabry-disease-treatment.html", drained(find("sources", "uptodate"))),
    "clinicalkey": ("sources/clinicalkey/media_and_trials.json", drained(find("sources", "clinicalkey"))),
    "labeledin": ("sources/labeledin/LabeledIn_Structured_Results.txt", drained(find("sources", "labeledin"))),
    "dailymed": ("sources/dailymed/warfarin.xml", drained(find("sources", "dailymed"))),
    "openfda": ("sources/openfda/label.json", drained(find("sources", "openfda"))),
    "phenopackets": (CASES, drained(phenopackets)),
    "liveqa_medquad": (f"{JUDGED}/qrels-odd.txt", in_folder(liveqa_medquad, "qrels-odd.txt")),
}
FOLDERS = {"hpo": HPO, "medquad": MEDQUAD, "liveqa_medquad": JUDGED}


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_damaged_files_raise_nothing_of_their_own(name: str, tiny: Path, tmp_path: Path) -> None:
    place, read = PARSERS[name]
    source = tiny / place
    sound = packed(source, ".json") if source.is_dir() else source.read_bytes()
    if name in FOLDERS:
        for file in (tiny / FOLDERS[name]).rglob("*.*"):
            to = tmp_path / "folder" / file.relative_to(tiny / FOLDERS[name])
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    chance = random.Random(f"{SEED} {name}")
    target = tmp_path / source.name
    read_whole = refused = 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until or read_whole + refused < FEWEST:
        data = mutated(sound, chance)
        if chance.random() < 0.2:
            data = gzip.compress(data)
            data = mutated(data, chance) if chance.random() < 0.5 else data
        target.write_bytes(data)
        with at_most(SLOWEST):
            try:
                read(target)
                read_whole += 1
            except ProbatumError:
                refused += 1
