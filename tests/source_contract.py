"""What every source keeps to, whatever it reads: pinned records, hostile files, a second ingest, a withdrawal.

A test of a source calls `check_contract("name", tiny / "sources/name", pinned, tmp_path)`.
"""

from __future__ import annotations

import gzip
import random
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from small_store import facts as standing

from probatum.errors import NeedsFile, ProbatumError
from probatum.formats.biolink import predicates
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Gone, Malformed, Passage, Relation, Release

SLOWEST = 10  # seconds for one damaged file of a few kilobytes: more is a hang
FLIPS = 8  # damaged copies of each file with flipped bytes
CURIE = re.compile(r"[A-Za-z][\w.\-]*:\S.*")
RELIABILITY = {"curated", "extracted", "generated"}
KINDS = (Release, Concept, Relation, Passage, Malformed, Gone)
Source = Callable[[Path | None], Iterator[Fact]]


def check_contract(name: str, sample: Path, pinned: Sequence[Fact], tmp_path: Path) -> None:
    """The whole contract of the source `name` on its tiny sample (a file or a folder, which stays as it is).

    `pinned` are its first records: from the Release on where the first of them is one, else those after it. Where a
    pinned record's origin has the release "", the release that the source states is meant (a sha256, say).
    """
    source = find("sources", name)
    check_pinned(source, sample, pinned)
    check_facts(name, source(sample))
    assert list(source(sample)) == list(source(sample)), f"{name} gives other facts when it is read again"
    check_store(name, source, sample, tmp_path / "contract-store")
    check_hostile(name, source, sample, tmp_path / "contract-hostile")
    check_absent(source, tmp_path / "contract-absent")


def check_pinned(source: Source, sample: Path, pinned: Sequence[Fact]) -> None:
    """The first records are those pinned, at least three where any are."""
    release, *others = islice(source(sample), len(pinned) + 1)
    assert isinstance(release, Release), "the first fact is a Release"
    found = [release, *others] if pinned and isinstance(pinned[0], Release) else others
    assert not pinned or len(pinned) >= 3, "pin three records"
    for fact, wanted in zip(found, pinned, strict=False):
        assert fact == _of(release, wanted), f"pinned otherwise:\n{fact}\n{_of(release, wanted)}"
    assert len(found) >= len(pinned)


def check_facts(name: str, found: Iterator[Fact], *, sound: bool = True) -> int:
    """Every fact is whole: one Release first, texts are texts, origins name it, ids are CURIEs, qualifiers sorted.

    The number of facts that are not in quarantine; of a damaged file (`sound` false) only the shapes are looked at.
    """
    release, good = None, 0
    for fact in found:
        assert isinstance(fact, KINDS) and _are_texts(fact), fact
        if isinstance(fact, Malformed):
            assert fact.reason and len(fact.text) <= 200, fact
            continue
        good += 1
        if isinstance(fact, Release):
            assert release is None, "a second Release"
            release = fact
            assert fact.source == name and fact.version and fact.licence and re.fullmatch("[0-9a-f]{64}", fact.sha256)
            continue
        assert release is not None, "a fact before the Release"
        origin = fact.origin
        assert (origin.source, origin.release) == (name, release.version) and origin.at, fact
        assert origin.reliability in RELIABILITY, fact
        if sound and not isinstance(fact, Gone):
            _check_ids(fact)
    return good


def check_store(name: str, source: Source, sample: Path, folder: Path) -> None:
    """A second ingest writes nothing; a withdrawal leaves the store as if the source had never been loaded."""
    before = write(folder, standing()).content
    stats = _stats(folder)
    first = write(folder, source(sample))
    assert first.written >= 1 and first.content != before
    second = write(folder, source(sample))
    assert (second.written, second.quarantined, second.content) == (0, 0, first.content)
    alone = write(folder.with_name("contract-alone"), source(sample))
    assert (alone.written, alone.quarantined) == (first.written, first.quarantined)
    assert withdraw(folder, name) == 1
    assert write(folder, standing()).content == before and _stats(folder) == stats


def check_hostile(name: str, source: Source, sample: Path, folder: Path) -> None:
    """Each damaged copy of each file gives facts and `Malformed`, or a `ProbatumError`; no other error, and soon."""
    folder.mkdir()
    place = folder / sample.name
    shutil.copytree(sample, place) if sample.is_dir() else shutil.copy(sample, place)
    files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]
    for file in files:
        data = file.read_bytes()
        for what, bad in damaged(data, random.Random(f"{name} {file.name}")):
            file.write_bytes(bad)
            with at_most(SLOWEST, f"{file.name}, {what}"):
                try:
                    check_facts(name, source(place), sound=False)
                except ProbatumError as error:
                    assert error.what, f"{file.name}, {what}: an error that says nothing"
        file.write_bytes(data)


def damaged(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """What is made of a file: (in words, bytes). Cut short, other contents, packed and cut, bytes flipped."""
    for part in (0, 1, 2, 3):
        yield f"cut after {part}/4", data[: len(data) * part // 4]
    yield "cut before its last byte", data[:-1]
    yield "a picture", b"\x89PNG\r\n\x1a\n" + chance.randbytes(300)
    yield "noise", chance.randbytes(max(len(data) // 4, 16))
    yield "zeros", bytes(64)
    yield "UTF-16", data[:2000].decode("utf-8", "replace").encode("utf-16")
    yield "packed and cut", gzip.compress(data, mtime=0)[:-12]
    yield "twice", data + data
    for number in range(FLIPS):
        changed = bytearray(data)
        for _ in range(1 + number):
            if changed:
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        yield f"flipped, no. {number}", bytes(changed)


def check_absent(source: Source, folder: Path) -> None:
    """Where nothing is, `NeedsFile` says what to get; without a path the data folder is looked at."""
    folder.mkdir()
    for path in (folder / "nowhere", folder):
        with pytest.raises(NeedsFile) as refused:
            list(source(path))
        assert refused.value.mend, "what to get, where, under which licence, where to put it"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROBATUM_DATA", str(folder))
        try:
            assert isinstance(next(source(None)), Release)  # brought along by an installed distribution
        except NeedsFile as error:
            assert error.mend


def _of(release: Release, wanted: Fact) -> Fact:
    if isinstance(wanted, (Release, Malformed)) or wanted.origin.release:
        return wanted
    return replace(wanted, origin=replace(wanted.origin, release=release.version))


def _are_texts(value: Any) -> bool:
    """Whether a fact holds texts, numbers, truth values, tuples and facts only: what a store can keep."""
    if is_dataclass(value) and not isinstance(value, type):
        return all(_are_texts(getattr(value, each.name)) for each in fields(value))
    return all(map(_are_texts, value)) if isinstance(value, tuple) else isinstance(value, (str, int))


def _check_ids(fact: Concept | Relation | Passage) -> None:
    ids = {Concept: ("id",), Relation: ("subject", "predicate", "object"), Passage: ()}[type(fact)]
    assert all(CURIE.fullmatch(getattr(fact, part)) for part in ids), fact
    if isinstance(fact, Relation):
        assert fact.predicate in predicates(), f"{fact.predicate} does not stand in formats/biolink.toml"
    if isinstance(fact, Concept):
        assert fact.name and fact.kind and fact.kind[0].isupper(), fact
        assert all(CURIE.fullmatch(xref) for xref in fact.xrefs), fact
        assert all(name.text.strip() and name.language for name in fact.names), fact
        return
    assert all(name and value for name, value in fact.qualifiers), fact
    assert list(fact.qualifiers) == sorted(fact.qualifiers), fact
    if isinstance(fact, Passage):
        assert fact.id and fact.text.strip() and fact.language and fact.kind in {"document", "definition"}, fact
        assert all(CURIE.fullmatch(id) for id in fact.about), fact


def _stats(folder: Path) -> dict[str, int]:
    with Store(folder) as store:
        return store.stats()


@contextmanager
def at_most(seconds: int, what: str = "this file") -> Iterator[None]:
    """Lets what stands within go on for so long; an error that comes out bears what it was about."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"no answer within {seconds} s: {what}")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        if (error := sys.exc_info()[1]) is not None:
            error.add_note(f"with {what}")
