"""The memory of past cases: dialogues kept with consent, how they were rated, and which are like a new one."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from probatum.errors import BadPlan, NeedsConsent
from probatum.text.normal import fold
from probatum.text.personal import identifying
from probatum.types import Answer, Example, Origin, Pairs, Passage, Question

FILE = "cases.sqlite"
_MARKS = re.compile(r"\s*\[\d+(?:\s*[,，、]\s*\d+)*\]")
SOURCE = "cases"  # the source of what is cited from here
GOOD, BAD, BEST = 4, 2, 5  # ratings are 1 to 5; from GOOD on a case is followed, up to BAD its answer is not liked
_TABLES = """
CREATE TABLE IF NOT EXISTS consents (person TEXT PRIMARY KEY, day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cases (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES consents (person) ON DELETE CASCADE, question TEXT NOT NULL,
    turns TEXT NOT NULL, answer TEXT NOT NULL, cites TEXT NOT NULL, language TEXT NOT NULL, rating INTEGER NOT NULL,
    day TEXT NOT NULL);
"""
_COLUMNS = "id, question, turns, answer, cites, language, rating, day"


@dataclass(frozen=True, slots=True)
class Case:
    """One kept dialogue; who it belongs to is not told."""

    id: str
    question: str
    turns: Pairs
    answer: str
    cites: tuple[str, ...]  # sources and places of the evidence that the answer had
    language: str
    rating: int  # 1 to 5; 0 while nobody has rated it
    day: str  # ISO


def agree(folder: Path, person: str, day: str) -> None:
    """Records that a person (a pseudonym) agrees to have cases kept; raises `BadPlan` without one."""
    if not person.strip():
        raise BadPlan("nobody is named", where="case memory")
    with closing(_opened(folder)) as link, link:
        link.execute("INSERT OR REPLACE INTO consents VALUES (?, ?)", (person, day))


def withdraw(folder: Path, person: str) -> int:
    """Takes back a person's consent and removes all of their cases from the file itself; how many there were."""
    with closing(_opened(folder)) as link:
        with link:
            count = int(link.execute("SELECT count(*) FROM cases WHERE person = ?", (person,)).fetchone()[0])
            link.execute("DELETE FROM cases WHERE person = ?", (person,))
            link.execute("DELETE FROM consents WHERE person = ?", (person,))
        link.execute("VACUUM")  # with secure_delete: no byte of it stays in a free page
    return count


def remember(folder: Path, person: str, question: Question, answer: Answer, day: str) -> Case:
    """Keeps a dialogue as a case; what is kept twice stands once.

    Raises `NeedsConsent` where the person has not agreed, `BadPlan` for a text that would identify somebody or an
    answer that abstained. Of the patient nothing is kept.
    """
    if answer.abstained or not answer.text:
        raise BadPlan("an answer that abstained is no case", where="case memory")
    for text in (question.text, answer.text, *(text for _, text in question.turns)):
        if found := identifying(text):
            raise BadPlan(f"the text would identify a person ({found[0][2]})", where="case memory", mend="take it out")
    turns = json.dumps(question.turns, ensure_ascii=False)
    cites = tuple(f"{each.origin.source} {each.origin.at}" for each in answer.evidence)
    told = json.dumps([person, question.text, turns, answer.text], ensure_ascii=False)
    key = hashlib.sha256(told.encode()).hexdigest()[:12]
    row = (key, person, question.text, turns, answer.text, json.dumps(cites), question.language, 0, day)
    with closing(_opened(folder)) as link, link:
        if link.execute("SELECT 1 FROM consents WHERE person = ?", (person,)).fetchone() is None:
            raise NeedsConsent("this person has not agreed to have cases kept", mend="ask, then record it with agree")
        link.execute("INSERT OR IGNORE INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return _case(link.execute(f"SELECT {_COLUMNS} FROM cases WHERE id = ?", (key,)).fetchone())


def rate(folder: Path, id: str, rating: int) -> Case:
    """Records how good a case's answer was, 1 to 5; a later rating replaces an earlier one. Raises `BadPlan`."""
    if rating not in range(1, BEST + 1):
        raise BadPlan(f"rating = {rating}", where="case memory", mend=f"it is 1 to {BEST}")
    with closing(_opened(folder)) as link, link:
        if not link.execute("UPDATE cases SET rating = ? WHERE id = ?", (rating, id)).rowcount:
            raise BadPlan(f"no case {id!r}", where="case memory")
        return _case(link.execute(f"SELECT {_COLUMNS} FROM cases WHERE id = ?", (id,)).fetchone())


def cases(folder: Path) -> list[Case]:
    """Every case in the order of their ids; none where there is no memory."""
    if not (folder / FILE).is_file():
        return []
    with closing(_opened(folder)) as link:
        return [_case(row) for row in link.execute(f"SELECT {_COLUMNS} FROM cases ORDER BY id").fetchall()]


def case(folder: Path, id: str) -> Case | None:
    """The case of an id; None where there is none (any more)."""
    return next((each for each in cases(folder) if each.id == id), None)


def as_passage(case: Case) -> Passage:
    """A case as what can be cited: its answer, without the marks, which point at a list of its own."""
    origin = Origin(SOURCE, case.day, f"case:{case.id}", references=case.cites, reliability="extracted")
    text = _MARKS.sub("", case.answer)
    return Passage(f"case:{case.id}", text, case.question, case.language or "en", origin, "case")


def similar(folder: Path, text: str, keep: int, *, least: float = 0.25) -> list[tuple[Case, float]]:
    """The cases whose question is most like a text, best first, with the cosine of their words weighted by rarity.

    Words in English, pairs of characters in Chinese. Cases below `least` and those rated below good are left out;
    ties go by rating, then id.
    """
    held = [each for each in cases(folder) if each.rating >= GOOD]
    words = [Counter(_words(each.question)) for each in held]
    rarity = {word: math.log(1 + len(held) / sum(word in each for each in words)) for each in words for word in each}
    mine = Counter(_words(text))
    unknown = math.log(1 + len(held))  # a word that no case holds counts against all of them
    scored = [(case, _cosine(mine, theirs, rarity, unknown)) for case, theirs in zip(held, words, strict=True)]
    fitting = [(case, score) for case, score in scored if score >= least]
    return sorted(fitting, key=lambda each: (-each[1], -each[0].rating, each[0].id))[:keep]


def preferences(folder: Path) -> Iterator[Example]:
    """Preference data: questions with answers rated good and bad; the best is the answer, the bad ones are rejected."""
    asked: dict[tuple[str, Pairs], list[Case]] = {}
    for each in cases(folder):
        asked.setdefault((" ".join(fold(each.question).split()), each.turns), []).append(each)
    for alike in asked.values():
        best = max(alike, key=lambda each: (each.rating, each.id))
        worse = sorted((each for each in alike if 0 < each.rating <= BAD), key=lambda each: (-each.rating, each.id))
        if best.rating >= GOOD and worse:
            origin = Origin("cases", best.day, f"case:{best.id}", reliability="extracted")
            question = Question(best.question, turns=best.turns, language=best.language)
            rejected = tuple(Answer(text=each.answer) for each in worse)
            yield Example(f"case:{best.id}", question, Answer(text=best.answer), rejected=rejected, origin=origin)


def _words(text: str) -> list[str]:
    plain, found = fold(text), list[str]()
    run = ""
    for letter in f"{plain} ":
        if "\u4e00" <= letter <= "\u9fff":
            if run and not "\u4e00" <= run[-1] <= "\u9fff":
                found, run = [*found, run], ""
            run += letter
            if len(run) > 1:
                found.append(run[-2:])
        elif letter.isalnum():
            run = letter if run and "\u4e00" <= run[-1] <= "\u9fff" else run + letter
        else:
            found += [run] if run and not "\u4e00" <= run[-1] <= "\u9fff" else []
            run = ""
    return found


def _cosine(mine: Counter[str], theirs: Counter[str], rarity: dict[str, float], unknown: float) -> float:
    weigh = [{word: count * rarity.get(word, unknown) for word, count in each.items()} for each in (mine, theirs)]
    shared = sum(weigh[0][word] * weigh[1][word] for word in weigh[0].keys() & weigh[1].keys())
    sizes = [math.sqrt(sum(value**2 for value in each.values())) for each in weigh]
    return shared / (sizes[0] * sizes[1]) if all(sizes) else 0.0


def _case(row: tuple[str, str, str, str, str, str, int, str]) -> Case:
    id_, question, turns, answer, cites, language, rating, day = row
    told = tuple((role, text) for role, text in json.loads(turns))
    return Case(id_, question, told, answer, tuple(json.loads(cites)), language, rating, day)


def _opened(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    link = sqlite3.connect(folder / FILE, timeout=30.0)
    link.execute("PRAGMA foreign_keys = ON")
    link.execute("PRAGMA secure_delete = ON")
    link.executescript(_TABLES)
    return link
