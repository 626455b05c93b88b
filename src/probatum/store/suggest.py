"""Auto-complete: names by the beginnings of their words, the short ones first, in work that hardly grows with them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from weakref import finalize

from probatum.errors import StoreDamaged
from probatum.formats.sorting import Sorted
from probatum.text.normal import fold
from probatum.types import Name

NAME = "suggest-3"  # of the derived index; the number grows when its file changes
FILE = "names.sqlite"
MOST = 3_000  # matches looked at for one search: two frequent words may hardly ever stand together
INSIDE = 50_000  # shortest names that are searched for what stands within a word
KEPT = (2, 3, 4, 6, 9, 13)  # letters of the beginnings of which lists are kept, the mark of the group among them
_BLANK = str.maketrans("\t\n\0", "   ")  # what stands between the parts of a line, and between lines
_BEGINS = "^"  # before the first word of a name: of the names that begin so there is a list of their own
_GROUPS = 0xE000  # the first private character: one stands for each language and kind
# The names stand in the order of their length, and so do the lists of those in which a word begins so: the shortest
# are read first, and no more of them than are wanted. Words end at blanks and nowhere else.
TABLES = f"""
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; PRAGMA cache_size = -65536;
CREATE TABLE groups (number INTEGER PRIMARY KEY, language TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE names (
    place INTEGER PRIMARY KEY, of INTEGER NOT NULL, folded TEXT NOT NULL, concept TEXT NOT NULL, name TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    text, content = '', detail = none, columnsize = 0, prefix = '{" ".join(map(str, KEPT))}',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
CREATE VIRTUAL TABLE inside USING fts5(folded, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1');
"""
_FOUND = """SELECT n.of, n.folded, n.concept, n.name FROM words JOIN names n ON n.place = words.rowid
    WHERE words MATCH ? ORDER BY words.rowid LIMIT ?"""
_INSIDE = """SELECT n.of, n.folded, n.concept, n.name FROM inside JOIN names n ON n.place = inside.rowid
    WHERE inside MATCH ? ORDER BY inside.rowid LIMIT ?"""
_SHORT = f"""SELECT of, folded, concept, name FROM names
    WHERE place <= {INSIDE} AND instr(folded, ?) ORDER BY place LIMIT ?"""
_GRAM = 3  # letters that one entry of the index of what stands within words has

Found = tuple[int, str, str]  # rank (0: the name begins so; 1: a word does; 2: it stands inside), concept, name


def build(folder: Path, names: Iterable[tuple[str, str, Name]]) -> None:
    """Writes the index of (concept, kind, name): short names first, each word under its beginnings.

    The names are sorted on disk: there may be more than memory holds. Raises `OSError` where there is no room.
    """
    groups: dict[tuple[str, str], int] = {}
    try:
        with Sorted() as held, closing(sqlite3.connect(folder / FILE, isolation_level=None)) as link:
            for concept, kind, name in names:
                folded = " ".join(fold(name.text).translate(_BLANK).split())
                of = groups.setdefault((name.language, kind), len(groups))
                shown = " ".join(name.text.translate(_BLANK).split())
                held.add(f"{len(folded):07}\t{folded}\t{of}\t{concept.translate(_BLANK)}\t{shown}")
            link.executescript(f"{TABLES} BEGIN;")
            rows = [(number, language, kind) for (language, kind), number in groups.items()]
            link.executemany("INSERT INTO groups VALUES (?, ?, ?)", rows)
            for place, (line, _) in enumerate(groupby(held), start=1):
                _, folded, group, concept, shown = line.split("\t")
                link.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?)", (place, int(group), folded, concept, shown))
                link.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (place, _words(folded, int(group))))
                if place <= INSIDE:
                    link.execute("INSERT INTO inside (rowid, folded) VALUES (?, ?)", (place, folded))
            link.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise OSError(str(error)) from error


def _words(folded: str, of: int) -> str:
    """The words of a name as they are looked for: behind the mark of their group, the first one twice."""
    mark, words = chr(_GROUPS + of), folded.split(" ")
    return " ".join([f"{mark}{_BEGINS}{words[0]}", *(mark + word for word in dict.fromkeys(words))])


def search(folder: Path, typed: str, language: str, kinds: tuple[str, ...], limit: int) -> list[tuple[str, str]]:
    """(concept id, name) of at most `limit` concepts: names that begin so, then words that do, then any.

    Several typed words must all stand in the name, in any order. What stands within a word is looked for in the
    `INSIDE` shortest names alone. Raises `StoreDamaged`.
    """
    phrase = " ".join(fold(typed).translate(_BLANK).split())
    if not phrase:
        return []
    found: dict[str, tuple[int, int, str]] = {}
    for rank, concept, name in _opened(folder).matches(phrase, language, kinds, limit):
        standing = (rank, len(name), name)
        if concept not in found or standing < found[concept]:
            found[concept] = standing
    best = sorted(found.items(), key=lambda item: (item[1], item[0]))
    return [(concept, name) for concept, (_, _, name) in best[:limit]]


class _Names:
    """The index in one folder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._lock, self._path = threading.Lock(), folder / FILE
        try:
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._link = sqlite3.connect(address, uri=True, check_same_thread=False)
            finalize(self, self._link.close)
            rows = self._link.execute("SELECT language, kind, number FROM groups").fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        self._groups = {(language, kind): number for language, kind, number in rows}

    def matches(self, phrase: str, language: str, kinds: Iterable[str], enough: int) -> list[Found]:
        """The names of one language and some kinds that fit; of each kind no more than can stand among `enough`."""
        groups = [of for kind in dict.fromkeys(kinds) if (of := self._groups.get((language, kind))) is not None]
        words = phrase.split(" ")
        found: list[Found] = []
        good: set[str] = set()
        with self._lock:
            try:
                for of in groups:
                    good |= self._beginning(phrase, words, of, enough, found)
                if groups and len(good) < enough:
                    rows = self._within(max(words, key=len))
                    chosen = set(groups)
                    found += ((_rank(each, phrase, words), concept, name) for of, each, concept, name in rows
                              if of in chosen and all(word in each for word in words))  # fmt: skip
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error
        return found

    def _beginning(self, phrase: str, words: list[str], of: int, enough: int, found: list[Found]) -> set[str]:
        """Finds names of one group in which every word begins one: those that begin with the phrase, then others.

        The kept beginnings are asked for first: a list that is kept is read from its start. Where it holds too many
        names of other words, that list is made which is put together for the longest word, and must be short.
        """
        mark = chr(_GROUPS + of)
        kept = [_begins(_kept(mark + word)) for word in words]
        first, longest = _begins(_kept(f"{mark}{_BEGINS}{words[0]}")), _begins(mark + max(words, key=len))
        good: set[str] = set()
        for best, asked in enumerate(([first, *kept[1:]], kept, [longest, *kept])):
            looked = 0
            with closing(self._link.execute(_FOUND, (" AND ".join(dict.fromkeys(asked)), MOST))) as rows:
                for _, folded, concept, name in rows:
                    looked += 1
                    rank = _rank(folded, phrase, words)
                    if rank <= min(best, 1):
                        good.add(concept)
                        found.append((rank, concept, name))
                        if len(good) >= enough:
                            return good
            if best == 1 and looked < MOST:
                break  # all of them were looked at
        return good

    def _within(self, word: str) -> sqlite3.Cursor:
        """The shortest names that hold a word anywhere."""
        if len(word) < _GRAM:
            return self._link.execute(_SHORT, (word, MOST))
        escaped = word.replace('"', '""')
        return self._link.execute(_INSIDE, (f'"{escaped}"', MOST))

    def _damaged(self, error: Exception) -> StoreDamaged:
        mend = "remove that folder; it is built again"
        return StoreDamaged(f"the index of names cannot be read: {error}", where=str(self._path), mend=mend)


@lru_cache(maxsize=8)
def _opened(folder: Path) -> _Names:
    """The index of a folder, opened once: a derived index never changes, its folder is named by its content."""
    return _Names(folder)


def _kept(word: str) -> str:
    """The longest beginning of a word of which a list is kept."""
    return word[: max(length for length in KEPT if length <= len(word))]


def _begins(word: str) -> str:
    """What FTS5 takes for: a word begins so."""
    escaped = word.replace('"', '""')
    return f'"{escaped}"*'


def _rank(folded: str, phrase: str, words: list[str]) -> int:
    if folded.startswith(phrase):
        return 0
    return 1 if all(f" {word}" in f" {folded}" for word in words) else 2
