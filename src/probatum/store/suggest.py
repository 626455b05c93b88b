"""Auto-complete: the names of one language and kind as one sorted text that is searched byte by byte."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from probatum.formats.sorting import Sorted
from probatum.text.normal import fold
from probatum.types import Name

_BLANK = str.maketrans("\t\n", "  ")  # what stands between the parts of a line, and between lines
MOST = 3_000  # matches looked at for one search; a single typed letter fits tens of thousands of names


def build(folder: Path, names: Iterable[tuple[str, str, Name]]) -> None:
    """Writes `<language>-<kind>.txt`: a line a name, (folded name, concept, name) between tabs, short names first.

    The names are sorted on disk: there may be more than memory holds.
    """
    with Sorted() as held:
        for concept, kind, name in names:
            folded = fold(name.text).translate(_BLANK)
            where = f"{quote(name.language, safe='')}-{quote(kind, safe='')}"
            shown = " ".join(name.text.split())
            held.add(f"{where}\t{len(folded):07}\t{folded}\t{concept.translate(_BLANK)}\t{shown}")
        for where, lines in groupby(held, key=lambda line: line.partition("\t")[0]):
            with (folder / f"{where}.txt").open("w", encoding="utf-8", newline="\n") as file:
                file.write("\n")
                file.writelines(line.split("\t", 2)[2] + "\n" for line, _ in groupby(lines))


def search(folder: Path, typed: str, language: str, kinds: tuple[str, ...], limit: int) -> list[tuple[str, str]]:
    """(concept id, name) of at most `limit` concepts: names that begin so, then words that do, then any.

    Several typed words must all stand in the name, in any order.
    """
    words = fold(typed).split()
    if not words:
        return []
    found: dict[str, tuple[int, int, str]] = {}
    for kind in kinds:
        path = _file(folder, language, kind)
        if path.is_file():
            for rank, concept, name in _matches(path, fold(typed), words, limit):
                standing = (rank, len(name), name)
                if concept not in found or standing < found[concept]:
                    found[concept] = standing
    best = sorted(found.items(), key=lambda item: (item[1], item[0]))
    return [(concept, name) for concept, (_, _, name) in best[:limit]]


def _file(folder: Path, language: str, kind: str) -> Path:
    # both come from data and from requests: quoted, they name no other folder
    return folder / f"{quote(language, safe='')}-{quote(kind, safe='')}.txt"


def _matches(path: Path, phrase: str, words: list[str], enough: int) -> Iterator[tuple[int, str, str]]:
    """(rank, concept, name): 0 where the name begins with the phrase, 1 where a word does, 2 where it stands inside.

    The file has short names first, so that a search may end with `enough` concepts that nothing later can outrank.
    """
    rare = max(words, key=len).encode()
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        seen: set[int] = set()
        good: set[str] = set()
        for best, needle in enumerate((b"\n" + words[0].encode(), b" " + rare, rare)):
            at = text.find(needle)
            while at >= 0 and len(seen) < MOST and len(good) < enough:
                start = text.rfind(b"\n", 0, at + 1) + 1
                end = text.find(b"\n", start)
                if start not in seen:
                    seen.add(start)
                    folded, concept, name = text[start:end].decode().split("\t")
                    if all(word in folded for word in words):
                        rank = _rank(folded, phrase, words)
                        if rank <= best:
                            good.add(concept)
                        yield rank, concept, name
                at = text.find(needle, end)


def _rank(folded: str, phrase: str, words: list[str]) -> int:
    if folded.startswith(phrase):
        return 0
    return 1 if all(f" {word}" in f" {folded}" for word in words) else 2
