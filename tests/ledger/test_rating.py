"""Marks only grow, every act is chained, a link opens once, passwords are hashed, blindness ends once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from probatum.errors import BadPlan, StoreDamaged, StoreRefused
from probatum.ledger import accounts, audit, rating
from probatum.ledger.rating import Mark, Round
from probatum.ledger.rating_file import FILE, MIGRATIONS, opened

NOW, LATER = "2026-01-05T10:00:00+00:00", "2026-01-06T10:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rating.begin(tmp_path, Round("r1", "Title", "{}", "5ea1", NOW), ("ana", "bo"), "org")
    return tmp_path


def broken(folder: Path, *statements: str) -> None:
    """What somebody with the file in hand can do: the triggers taken off, then anything."""
    with closing(sqlite3.connect(folder / FILE)) as link, link:
        for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            link.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            link.execute(statement)


def test_a_change_of_mind_is_the_last_word_and_stays_on_record(folder: Path) -> None:
    assert rating.mark(folder, "r1", Mark("ana", 1, "safe", 3.0, at=NOW))
    assert not rating.mark(folder, "r1", Mark("ana", 1, "safe", 3.0, at=LATER))  # nothing new
    assert rating.mark(folder, "r1", Mark("ana", 1, "safe", 4.0, at=LATER))
    assert rating.mark(folder, "r1", Mark("ana", 1, "remark_1", None, "short", LATER))
    assert not rating.mark(folder, "r1", Mark("ana", 2, "remark_1", None, "", LATER))  # nothing said at all
    assert rating.mark(folder, "r1", Mark("bo", 1, "safe", 1.0, at=NOW))
    mine = [Mark("ana", 1, "remark_1", None, "short", LATER), Mark("ana", 1, "safe", 4.0, "", LATER)]
    assert rating.marks(folder, "r1", "ana") == mine
    assert len(rating.marks(folder, "r1")) == 3 and rating.marks(folder, "r2") == []
    said = [each.said for each in audit.entries(folder) if each.what == "mark"]
    assert len(said) == 4 and '"value": 3.0' in said[0] and '"value": 4.0' in said[1]
    with pytest.raises(BadPlan, match="remark of"):
        rating.mark(folder, "r1", Mark("ana", 1, "remark_1", None, "x" * 5000, NOW))


def test_the_place_is_kept(folder: Path) -> None:
    assert rating.place(folder, "r1", "ana") == 1
    rating.reach(folder, "r1", "ana", 17)
    assert (rating.place(folder, "r1", "ana"), rating.place(folder, "r1", "bo")) == (17, 1)


def test_blindness_ends_once_and_closes_the_round(folder: Path) -> None:
    with pytest.raises(BadPlan, match="nobody is named"):
        rating.unblind(folder, "r1", " ", NOW)
    rating.unblind(folder, "r1", "org", LATER)
    assert rating.round_of(folder, "r").unblinded == LATER
    with pytest.raises(BadPlan, match="was unblinded at 2026-01-06"):
        rating.unblind(folder, "r1", "org", LATER)
    with pytest.raises(BadPlan, match="closed"):
        rating.mark(folder, "r1", Mark("ana", 1, "safe", 3.0, at=NOW))
    assert [each.what for each in audit.entries(folder)] == ["round", "unblinded"]
    with closing(opened(folder)) as link, pytest.raises(sqlite3.IntegrityError, match="was unblinded"):
        link.execute("UPDATE rounds SET unblinded = ''")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "UPDATE marks SET value = 5", "DELETE FROM marks",
     "UPDATE rounds SET layout = 'x'", "UPDATE rounds SET seal = 'x'"],
)  # fmt: skip
def test_the_file_itself_refuses_to_forget(folder: Path, statement: str) -> None:
    rating.mark(folder, "r1", Mark("ana", 1, "safe", 3.0, at=NOW))
    with closing(opened(folder)) as link, pytest.raises(sqlite3.IntegrityError):
        link.execute(statement)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (["UPDATE audit SET who = 'x' WHERE number = 1"], "entry 1 "),
        (["UPDATE audit SET said = replace(said, '3.0', '5.0') WHERE number = 2"], "entry 2 "),
        (["DELETE FROM marks WHERE number = 2", "DELETE FROM audit WHERE number = 2"], "entry 2 "),
        (["UPDATE marks SET value = 5 WHERE number = 2"], "mark 2 is not"),
        (["UPDATE marks SET rater = 'bo' WHERE number = 3"], "mark 3 is not"),
        (["DELETE FROM marks WHERE number = 3"], "mark 3 of the audit log is gone"),
        (["INSERT INTO marks VALUES (9, 'r1', 'bo', 1, 'safe', 1, '', '')"], "mark 9 is not"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(folder: Path, done: list[str], said: str) -> None:
    for place in (1, 2):
        rating.mark(folder, "r1", Mark("ana", place, "safe", 3.0, at=NOW))
    count, last = audit.verify(folder)
    assert count == 3 and len(last) == 64
    broken(folder, *done)
    with pytest.raises(StoreDamaged, match=said):
        audit.verify(folder)


def test_a_link_opens_once(folder: Path) -> None:
    key = accounts.invite(folder, "r1", "ana", "org", NOW)
    assert key.encode() not in b"".join(path.read_bytes() for path in folder.glob(f"{FILE}*"))
    session = accounts.enter(folder, key, LATER)
    assert accounts.enter(folder, key, LATER) == ""
    assert accounts.visitor(folder, session, LATER) == accounts.Visitor("ana", "rater", "r1")
    assert accounts.visitor(folder, "other", LATER) is None and accounts.visitor(folder, "", LATER) is None
    assert accounts.visitor(folder, session, "2026-03-01T00:00:00+00:00") is None  # it ended
    accounts.leave(folder, session)
    assert accounts.visitor(folder, session, LATER) is None
    old = accounts.invite(folder, "r1", "ana", "org", NOW)
    fresh = accounts.invite(folder, "r1", "ana", "org", NOW)
    assert accounts.enter(folder, old, LATER) == ""
    assert accounts.enter(folder, fresh, "2026-03-01T00:00:00+00:00") == ""  # too late
    assert accounts.enter(folder, fresh, LATER) != ""
    with pytest.raises(BadPlan, match="no rater 'eve'"):
        accounts.invite(folder, "r1", "eve", "org", NOW)


def test_a_password_is_kept_as_argon2id_alone(folder: Path) -> None:
    pytest.importorskip("argon2", reason='needs: pip install "probatum[web]"')
    accounts.enrol(folder, "org", "organiser", "correct horse", NOW)
    with closing(opened(folder)) as link:
        (hashed,) = link.execute("SELECT hash FROM accounts").fetchone()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and "horse" not in hashed
    assert accounts.sign_in(folder, "org", "wrong horse!", NOW) == ""
    assert accounts.sign_in(folder, "nobody", "correct horse", NOW) == ""
    session = accounts.sign_in(folder, "org", "correct horse", NOW)
    assert accounts.visitor(folder, session, NOW) == accounts.Visitor("org", "organiser")
    for name, role, password, said in (
        ("a", "king", "correct horse", "one of: admin"), ("a", "rater", "short", "10 characters"),
        ("org", "rater", "correct horse", "there is an account"),
    ):  # fmt: skip
        with pytest.raises(BadPlan, match=said):
            accounts.enrol(folder, name, role, password, NOW)


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as link:
        assert link.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        link.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreRefused, match="version 99"):
        opened(tmp_path)


def test_a_round_stands_once(folder: Path) -> None:
    with pytest.raises(BadPlan, match="there is a round 'r1'"):
        rating.begin(folder, Round("r1", "Title", "{}", "5ea1", NOW), ("ana",), "org")
    with pytest.raises(BadPlan, match="0 rounds"):
        rating.round_of(folder, "x")
    assert rating.rounds(folder / "none") == [] and list(audit.entries(folder / "none")) == []
    assert audit.verify(folder / "none") == (0, "")
