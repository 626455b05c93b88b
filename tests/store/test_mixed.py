"""A store of several sources stays whole: in any order, with any byte flipped, on a disk that is full."""

from __future__ import annotations

import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from mixed import DAY, PARTS, build, index, larger, told

from probatum.errors import StoreRefused
from probatum.store import derived, schema, seal, writer
from probatum.store.reader import Store
from probatum.store.schema import DATABASE
from probatum.store.verify import verify


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was built without disturbance; nobody changes it."""
    folder = tmp_path_factory.mktemp("calm") / "kb"
    build(folder)
    return folder


@pytest.fixture
def made(calm: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(calm, tmp_path / "kb"))


def test_it_is_whole_and_holds_what_it_should(calm: Path) -> None:
    report = verify(calm)
    assert (report.wrong, report.sealed) == ((), True) and report.indexes >= 4
    with Store(calm) as store:
        seen = {(text.id, text.origin.release) for text in store.passages(kind="document")}
        assert {("PMID:0", "n2"), ("PMID:2", "n1"), ("PMID:4", "n2")} <= seen
        assert not {"PMID:1", "PMID:5"} & {id for id, _ in seen}
        assert not any("PMID:3" in claim.origin.references for claim in store.relations())
        assert store.passage("PMID:3").qualifiers == (("status", "retracted"), ("year", "1993"))  # type: ignore[union-attr]
        every = len(list(store.relations()))
    with Store(calm, as_of=DAY) as store:
        assert len(store.releases()) == 4 and 0 < len(list(store.relations())) < every - 20


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_records_or_of_sources_matters(calm: Path, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    parts = list(PARTS)
    draw.shuffle(parts)
    build(tmp_path, tuple(parts), draw)
    assert told(tmp_path) == told(calm)
    indexes = {path.relative_to(calm): derived.sums(path) for path in derived.built(calm)}
    assert {path.relative_to(tmp_path): derived.sums(path) for path in derived.built(tmp_path)} == indexes
    assert verify(tmp_path).content == verify(calm).content and verify(tmp_path).wrong == ()


def test_a_flipped_byte_in_any_file_is_found(made: Path) -> None:
    draw = random.Random(31)
    files = [path for path in made.rglob("*") if path.is_file() and path.suffix != ".lock" and path.stat().st_size]
    assert len(files) > 30
    for path in [*draw.sample(files, 12), made / DATABASE, made / seal.SEAL]:
        whole = path.read_bytes()
        for at in {0, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(2))}:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
            assert verify(made).wrong, (path, at)
        path.write_bytes(whole)
    assert verify(made).wrong == ()


def test_without_the_seal_a_flipped_byte_is_found_or_changes_nothing(made: Path) -> None:
    (made / seal.SEAL).unlink()
    shutil.rmtree(made / derived.INDEXES)
    path = made / DATABASE
    whole, draw, before, found = path.read_bytes(), random.Random(32), told(made), 0
    for _ in range(25):
        at = draw.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
        wrong = verify(made).wrong
        found += bool(wrong)
        assert wrong or told(made) == before, at
    assert found > 6


CHANGES = {
    "UPDATE passages SET qualifiers = '[]' WHERE id = 'PMID:2'": "not what was written",
    "UPDATE claims SET reliability = 0 WHERE reliability = 2": "not what was written",
    "UPDATE claims SET withdrawn = 1 WHERE at = 'row 1'": "are withdrawn and should stand",
    "DELETE FROM records WHERE record = 'PMID:4'": "of records, 0 stand for nothing and 1 are missing",
    "DELETE FROM records WHERE record = 'PMID:5'": "papers@n2 does not have the rows",
    "INSERT INTO records VALUES ('PMID:2', 3, x'', 0)": "of records, 1 stand for nothing",
    "INSERT INTO records VALUES ('PMID:2', 4, x'00', 1)": "the gone 'PMID:2' is not what was written",
    "UPDATE records SET count = 2 WHERE record = 'PMID:5'": "does not have the rows",
    "UPDATE releases SET manner = 'joins' WHERE version = 'n2'": "of records, 10 stand for nothing",
    "DELETE FROM retractions WHERE paper = 'PMID:3'": "are withdrawn and should stand",
}


@pytest.mark.parametrize("sql", CHANGES)
def test_a_row_changed_behind_its_back_is_found(made: Path, sql: str) -> None:
    with sqlite3.connect(made / DATABASE) as link:
        assert link.execute(sql).rowcount
    link.close()
    (made / seal.SEAL).unlink()
    wrong = verify(made).wrong
    assert any(CHANGES[sql] in fault for fault in wrong), wrong


@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_full_disk_is_said_and_what_was_there_stays(
    calm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(writer, "BATCH", 30)
    pages = int(share * (calm / DATABASE).stat().st_size / 4096)

    def narrow(folder: Path) -> sqlite3.Connection:
        link = schema.connect(folder)
        link.execute(f"PRAGMA max_page_count = {pages}")
        return link

    monkeypatch.setattr(writer, "connect", narrow)
    with pytest.raises(StoreRefused, match="disk's space"):
        build(tmp_path)
    report = verify(tmp_path)
    assert report.wrong == ()
    with Store(tmp_path) as store:
        assert len(store.releases()) < len(PARTS)
    monkeypatch.setattr(writer, "connect", schema.connect)
    build(tmp_path)
    assert told(tmp_path) == told(calm) and verify(tmp_path).wrong == ()


LIMITED = """
import resource, signal, sys, pathlib
sys.path.insert(0, {here!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from mixed import build, index
from probatum.errors import StoreRefused
try:
    {call}(pathlib.Path({folder!r}))
except StoreRefused as error:
    print("refused:", error)
"""


def limited(folder: Path, limit: int, call: str) -> str:
    """What a process says that may write no file longer than so many bytes."""
    code = LIMITED.format(here=str(Path(__file__).parent), limit=limit, folder=str(folder), call=call)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_no_file_may_grow(calm: Path, tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert "refused:" in limited(tmp_path, (calm / DATABASE).stat().st_size // 2, "build")
    assert verify(tmp_path).wrong == ()
    build(tmp_path)
    assert told(tmp_path) == told(calm) and verify(tmp_path).wrong == ()


def test_an_index_that_finds_no_room_is_refused_and_built_later(made: Path) -> None:
    room = 40_000  # bytes: enough for what SQLite needs to read, too little for the names
    writer.write(made, larger())
    assert "the index suggest-3 cannot be written" in limited(made, room, "index")
    assert derived.built(made) == [] and verify(made).wrong == ()
    index(made)
    assert max(path.stat().st_size for path in made.glob("indexes/*/suggest-3/*")) > room
