"""A byte that changed, anywhere in the file or in an index, is found; a ruined file is said to be ruined."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from probatum.errors import NeedsFile, StoreDamaged
from probatum.store import seal
from probatum.store.reader import Store
from probatum.store.schema import DATABASE
from probatum.store.verify import verify
from probatum.store.writer import write
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

RELEASE = Release("made", "1", "CC0", "00", ("made.tsv",))


def facts(many: int = 60) -> list[Fact]:
    """A release whose rows have all that rows can have."""
    found: list[Fact] = [RELEASE, Malformed("made.tsv", 3, "no columns", "x")]
    for n in range(many):
        at = Origin("made", "1", f"r{n}", "PCS", (f"PMID:{n}", "OMIM:7"))
        names = (Name(f"Zeichen {n}", "de"), Name(f"sign {n}", scope="exact", kind="layperson"))
        found.append(
            Concept(f"HP:{n:07}", f"Sign {n}", "PhenotypicFeature", at, names, (f"HP:9{n:06}",), xrefs=("UMLS:C1",))
        )
        text = f"The sign numbered {n}, as it is seen at the bedside."
        found.append(Passage(f"p{n}", text, f"Sign {n}", "en", at, "definition", (f"HP:{n:07}",)))
        for k in range(4):
            told = (("frequency", f"{k}/7"), ("sex", "MALE"))
            found.append(Relation(f"OMIM:{n}", "biolink:has_phenotype", f"HP:{k:07}", at, k == 3, told))
    return found


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    write(folder, facts())
    with Store(folder) as store:
        store.suggest("sign")
    return folder


def test_a_whole_store_is_whole(made: Path) -> None:
    report = verify(made)
    assert report.wrong == ()
    assert (report.rows, report.indexes, report.sealed) == (360, 1, True)
    with Store(made) as store:
        assert report.content == store.content


def test_one_flipped_byte_anywhere_is_found(made: Path) -> None:
    """Every file of the store but locks, at positions drawn by seed; the first and last byte of each among them."""
    draw = random.Random(20)
    files = [path for path in made.rglob("*") if path.is_file() and path.suffix != ".lock" and path.stat().st_size]
    assert {DATABASE, seal.SEAL, "manifest.json", "names.sqlite"} <= {path.name for path in files}
    for path in files:
        whole = path.read_bytes()
        for at in {0, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(6))}:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
            assert verify(made).wrong, (path, at)
        path.write_bytes(whole)
    assert verify(made).wrong == ()


def test_what_the_rows_say_is_checked_without_the_seal_too(made: Path) -> None:
    """Each text of the database is changed where it stands: the rows' keys find it, or nothing that is read changed."""
    (made / seal.SEAL).unlink()
    path = made / DATABASE
    whole = path.read_bytes()
    draw = random.Random(21)
    told = _told(made)
    found = 0
    for _ in range(40):
        at = draw.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
        report = verify(made)
        assert not report.sealed
        found += bool(report.wrong)
        assert report.wrong or _told(made) == told, at
    assert found > 15


def _told(folder: Path) -> list[object]:
    with Store(folder) as store:
        return [*store.concepts(), *store.relations(), *store.passages(), store.content]


CHANGES = {
    "UPDATE claims SET qualifiers = replace(qualifiers, '1/7', '6/7')": "not what was written",
    "UPDATE claims SET refs = '[]'": "not what was written",
    "UPDATE claims SET count = 2 WHERE at = 'r1'": "does not have the rows",
    "DELETE FROM claims WHERE at = 'r1'": "does not have the rows",
    "UPDATE relations SET negated = 1 - negated WHERE id = 3": "not what was written",
    "INSERT INTO relations VALUES (10000, 'a', 'b', 'c', 0)": "of relations, 1 stand for nothing",
    "UPDATE names SET text = 'x' WHERE text = 'sign 3'": "not what was written",
    "DELETE FROM names WHERE text = 'sign 3'": "not what was written",
    "INSERT INTO names VALUES ('HP:1', 1, x'00', 'a', 'en', 'exact', '')": "of names, 1 stand for nothing",
    "UPDATE passages SET text = text || ' ' WHERE id = 'p9'": "not what was written",
    "DELETE FROM subjects WHERE passage = 'p9'": "of subjects, 0 stand for nothing and 1 are missing",
    "UPDATE aliases SET new = 'HP:2' WHERE old = 'HP:9000003'": "of aliases, 1 stand for nothing and 1 are missing",
    "UPDATE concepts SET obsolete = 1 WHERE id = 'HP:0000007'": "not what was written",
    "DELETE FROM concepts WHERE id = 'HP:0000007'": "does not have the rows",
    "UPDATE releases SET digest = zeroblob(16)": "made@1 does not have the rows",
    "UPDATE releases SET version = '2'": "not what was written",
    "DELETE FROM releases": "refers to one of releases that is not there",
}


@pytest.mark.parametrize("sql", CHANGES)
def test_a_row_changed_behind_its_back_is_found(made: Path, sql: str) -> None:
    with sqlite3.connect(made / DATABASE) as link:
        assert link.execute(sql).rowcount
    link.close()
    (made / seal.SEAL).unlink()
    wrong = verify(made).wrong
    assert any(CHANGES[sql] in fault for fault in wrong), wrong
    assert all("restore it from a backup" in fault for fault in wrong)


@pytest.mark.parametrize("ruin", ["truncated", "half a page", "binary", "empty", "text"])
def test_a_ruined_file_is_said_to_be_ruined(made: Path, ruin: str) -> None:
    whole = (made / DATABASE).read_bytes()
    left = {
        "truncated": whole[: len(whole) // 8192 * 4096], "half a page": whole[:2000], "empty": b"",
        "binary": random.Random(3).randbytes(9_000), "text": b"not a database\n" * 300,
    }  # fmt: skip
    (made / DATABASE).write_bytes(left[ruin])
    assert verify(made).wrong
    with pytest.raises(StoreDamaged, match="restore it from a backup"), Store(made) as store:
        _ = [*store.concepts(), *store.relations(), *store.passages(), *store.names(), store.stats()]


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE) as link:
        link.execute("CREATE TABLE bookmarks (url TEXT)")
    link.close()
    before = (tmp_path / DATABASE).read_bytes()
    for use in (Store, verify_strictly, lambda folder: write(folder, facts())):
        with pytest.raises(StoreDamaged, match="another program wrote it"):
            use(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def verify_strictly(folder: Path) -> None:
    for fault in verify(folder).wrong:
        raise StoreDamaged(fault)


def _garbled(index: Path) -> None:
    (index / "manifest.json").write_bytes(b"\xff{")


def _relisted(index: Path) -> None:
    (index / "manifest.json").write_text("[]")


INDEX: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda index: (index / "names.sqlite").unlink(), "is missing"),
    "added": (lambda index: (index / "more.txt").write_text("x"), "does not belong"),
    "cut": (lambda index: (index / "names.sqlite").write_text(""), "has changed"),
    "no manifest": (lambda index: (index / "manifest.json").unlink(), "cannot be read"),
    "garbled": (_garbled, "cannot be read"),
    "relisted": (_relisted, "cannot be read"),
}


@pytest.mark.parametrize("how", INDEX)
def test_a_damaged_index_is_named_and_built_again(made: Path, how: str) -> None:
    ruin, said = INDEX[how]
    (index,) = made.glob("indexes/*/suggest*")
    ruin(index)
    (fault,) = verify(made).wrong
    assert said in fault and "built again" in fault
    shutil.rmtree(index)
    with Store(made) as store:
        assert store.suggest("sign 5")[0] == ("HP:0000005", "Sign 5")
    assert verify(made).wrong == ()


def test_no_store_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="ingest"):
        verify(tmp_path)
