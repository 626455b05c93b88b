"""Human rounds as they are kept: each with its seal, and every mark of every rater in the order in which it came."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from probatum.errors import BadPlan
from probatum.ledger.audit import note
from probatum.ledger.rating_file import FILE, opened

LONGEST = 4000  # characters of a remark
# What a rater said last of each thing.
_LATEST = """SELECT m.rater, m.place, m.name, m.value, m.text, m.at FROM marks m WHERE m.round = ? AND m.number =
    (SELECT max(number) FROM marks o WHERE o.round = m.round AND o.rater = m.rater AND o.place = m.place
    AND o.name = m.name)"""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: `layout` is its JSON text, `seal` the hash of it."""

    id: str
    title: str
    layout: str
    seal: str
    made: str  # ISO
    unblinded: str = ""  # ISO; empty while nobody knows which system is which


@dataclass(frozen=True, slots=True)
class Mark:
    """What a rater said of one screen on one criterion, or in words on one remark."""

    rater: str
    place: int  # of the screen on the rater's sheet, from 1
    name: str
    value: float | None  # None for a remark
    text: str = ""
    at: str = ""  # ISO


def begin(folder: Path, round: Round, raters: tuple[str, ...], by: str) -> None:
    """Keeps a sealed round; raises `BadPlan` where there is one of that id."""
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        if link.execute("SELECT 1 FROM rounds WHERE id = ?", (round.id,)).fetchone():
            raise BadPlan(f"there is a round {round.id!r}", where="rate new", mend="the same protocol, runs and raters")
        row = (round.id, round.title, round.layout, round.seal, round.made)
        link.execute("INSERT INTO rounds (id, title, layout, seal, made) VALUES (?, ?, ?, ?, ?)", row)
        link.executemany("INSERT INTO raters (round, rater) VALUES (?, ?)", [(round.id, rater) for rater in raters])
        note(link, round.made, by, "round", {"round": round.id, "seal": round.seal, "raters": raters})


def rounds(folder: Path) -> list[Round]:
    """Every round in the order in which they were made; none where there is no file."""
    if not (folder / FILE).is_file():
        return []
    with closing(opened(folder)) as link:
        rows = link.execute("SELECT id, title, layout, seal, made, unblinded FROM rounds ORDER BY made, id").fetchall()
    return [Round(*row) for row in rows]


def round_of(folder: Path, id: str) -> Round:
    """One round by its id, or the beginning of it; raises `BadPlan` where it names none or several."""
    found = [each for each in rounds(folder) if each.id.startswith(id)]
    if len(found) != 1:
        raise BadPlan(f"{len(found)} rounds are named {id!r}", where="rate", mend="probatum rate status lists them")
    return found[0]


def mark(folder: Path, round: str, given: Mark) -> bool:
    """Appends what a rater said; whether it is new. What it replaces stays on record.

    Raises `BadPlan` where the round was unblinded: who knows the systems can no longer judge blind.
    """
    if len(given.text) > LONGEST:
        raise BadPlan(f"a remark of {len(given.text)} characters", where="rate", mend=f"at most {LONGEST}")
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        if link.execute("SELECT 1 FROM rounds WHERE id = ? AND unblinded = ''", (round,)).fetchone() is None:
            raise BadPlan("the round is closed: it was unblinded", where="rate")
        sql = "SELECT value, text FROM marks WHERE round = ? AND rater = ? AND place = ? AND name = ?"
        last = link.execute(sql + " ORDER BY number DESC", (round, given.rater, given.place, given.name)).fetchone()
        if last == (given.value, given.text) or (last is None and given.value is None and not given.text):
            return False
        said = {"round": round, "rater": given.rater, "place": given.place, "name": given.name}
        said |= {"value": given.value, "text": given.text}
        number = note(link, given.at, given.rater, "mark", said)
        row = (number, *said.values(), given.at)
        link.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return True


def marks(folder: Path, round: str, rater: str = "") -> list[Mark]:
    """What was said last of each thing, by rater, place and name; of one rater where one is named."""
    with closing(opened(folder)) as link:
        more, given = (" AND m.rater = ?", (round, rater)) if rater else ("", (round,))
        sql = f"{_LATEST}{more} ORDER BY m.rater, m.place, m.name"
        return [Mark(*row) for row in link.execute(sql, given).fetchall()]


def place(folder: Path, round: str, rater: str) -> int:
    """The screen that a rater was at last."""
    with closing(opened(folder)) as link:
        sql = "SELECT place FROM raters WHERE round = ? AND rater = ?"
        row = link.execute(sql, (round, rater)).fetchone()
    return int(row[0]) if row else 1


def reach(folder: Path, round: str, rater: str, place: int) -> None:
    """Keeps the screen that a rater is at, so that a closed browser opens there again."""
    with closing(opened(folder)) as link, link:
        link.execute("UPDATE raters SET place = ? WHERE round = ? AND rater = ?", (place, round, rater))


def unblind(folder: Path, round: str, by: str, at: str) -> None:
    """Ends the blindness of a round, once, on record and for good; raises `BadPlan` where that was done before."""
    if not by.strip():
        raise BadPlan("nobody is named", where="rate unblind", mend="--by 'NAME'")
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        row = link.execute("SELECT unblinded FROM rounds WHERE id = ?", (round,)).fetchone()
        if row is None or row[0]:
            raise BadPlan(
                f"the round was unblinded at {row[0]}" if row else f"no round {round!r}", where="rate unblind"
            )
        link.execute("UPDATE rounds SET unblinded = ? WHERE id = ?", (at, round))
        note(link, at, by, "unblinded", {"round": round})


def exported(folder: Path, round: str, by: str, at: str, *, what: str, count: int) -> None:
    """Puts on record that judgements or preferences left the ledger."""
    with closing(opened(folder)) as link, link:
        note(link, at, by, "exported", {"round": round, "what": what, "count": count})
