"""The review queue: what a machine read in texts waits here until a person says whether it holds."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.types import Mention, Origin, Relation

FILE = "review.sqlite"
VERDICTS = ("accepted", "rejected")
_TABLE = """
CREATE TABLE IF NOT EXISTS proposals (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL, text TEXT NOT NULL, mentions TEXT NOT NULL, relation TEXT NOT NULL,
    noted TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '',
    decided TEXT NOT NULL DEFAULT '');
"""
_PROPOSE = "INSERT OR IGNORE INTO proposals (id, reference, text, mentions, relation, noted) VALUES (?, ?, ?, ?, ?, ?)"
_COLUMNS = "id, reference, text, mentions, relation, verdict, who, why, decided"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One relation that a machine read, with all that a person needs to judge it."""

    id: str
    reference: str  # where the text comes from: PMID:1, doi:..., or a name of the user's own
    text: str
    mentions: tuple[Mention, ...]  # those of the relation's two ends
    relation: Relation
    verdict: str = ""  # accepted, rejected, or empty while it waits
    who: str = ""
    why: str = ""
    decided: str = ""  # when, ISO


def propose(folder: Path, reference: str, text: str, found: Iterable[Mention | Relation]) -> int:
    """Puts the relations found in a text into the queue; how many are new. What was proposed before stays as it is."""
    said = list(found)
    mentions = [each for each in said if isinstance(each, Mention)]
    noted = datetime.now(UTC).isoformat(timespec="seconds")
    new = 0
    with closing(_opened(folder)) as link, link:
        for relation in said:
            if isinstance(relation, Relation):
                ends = tuple(each for each in mentions if each.concept in {relation.subject, relation.object})
                whole = json.dumps(_plain(relation), sort_keys=True, ensure_ascii=False)
                key = hashlib.sha256(f"{reference}\x1f{text}\x1f{whole}".encode()).hexdigest()[:12]
                shown = json.dumps([asdict(each) for each in ends], ensure_ascii=False)
                row = (key, reference, text, shown, whole, noted)
                new += link.execute(_PROPOSE, row).rowcount
    return new


def proposals(folder: Path, verdict: str = "") -> Iterator[Proposal]:
    """The proposals of a verdict (accepted, rejected), or those that still wait, in the order of their ids."""
    if not (folder / FILE).is_file():
        return
    with closing(_opened(folder)) as link:
        sql = f"SELECT {_COLUMNS} FROM proposals WHERE verdict = ? ORDER BY id"
        for row in link.execute(sql, (verdict,)).fetchall():
            yield _proposal(row)


def decide(folder: Path, id: str, verdict: str, who: str, why: str = "") -> Proposal:
    """Records what a person says of a proposal; a later word replaces an earlier one. Raises `BadPlan`."""
    if verdict not in VERDICTS:
        raise BadPlan(f"{verdict!r} is no verdict", where="kb review", mend=f"one of: {', '.join(VERDICTS)}")
    if not who.strip():
        raise BadPlan("nobody is named", where="kb review", mend="--by 'NAME'")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with closing(_opened(folder)) as link, link:
        sql = "UPDATE proposals SET verdict = ?, who = ?, why = ?, decided = ? WHERE id = ?"
        if not link.execute(sql, (verdict, who.strip(), why, now, id)).rowcount:
            raise BadPlan(f"no proposal {id!r}", where="kb review", mend="probatum kb review list shows them")
        return _proposal(link.execute(f"SELECT {_COLUMNS} FROM proposals WHERE id = ?", (id,)).fetchone())


def export(folder: Path, file: Path) -> int:
    """Writes every decided proposal as a JSON line, which the source and the data set `reviewed` read; how many."""
    decided = [each for verdict in VERDICTS for each in proposals(folder, verdict)]
    lines = [json.dumps(_told(each), sort_keys=True, ensure_ascii=False) + "\n" for each in decided]
    file.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _told(each: Proposal) -> dict[str, Any]:
    relation = each.relation
    return {
        "id": each.id, "reference": each.reference, "text": each.text, "verdict": each.verdict, "who": each.who,
        "why": each.why, "decided": each.decided, "read_by": relation.origin.source, "at": relation.origin.at,
        "mentions": [[m.start, m.end, m.concept, m.kind] for m in each.mentions],
        "subject": relation.subject, "predicate": relation.predicate, "object": relation.object,
        "negated": relation.negated, "qualifiers": [list(pair) for pair in relation.qualifiers],
    }  # fmt: skip


def _plain(relation: Relation) -> dict[str, Any]:
    return asdict(replace(relation, origin=replace(relation.origin, retrieved="")))


def _proposal(row: tuple[str, ...]) -> Proposal:
    id_, reference, text, mentions, relation, *rest = row
    said = json.loads(relation)
    origin = said.pop("origin")
    origin["references"] = tuple(origin["references"])
    qualifiers = tuple((name, value) for name, value in said.pop("qualifiers"))
    claim = Relation(origin=Origin(**origin), qualifiers=qualifiers, **said)
    return Proposal(id_, reference, text, tuple(Mention(**each) for each in json.loads(mentions)), claim, *rest)


def _opened(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    link = sqlite3.connect(folder / FILE, timeout=30.0)
    link.execute("PRAGMA journal_mode = WAL")
    link.executescript(_TABLE)
    return link
