"""Classics of Chinese medicine as plain text: each chapter of a book is a passage that can be quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import LINE, QUOTED, whole
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.types import Fact, Malformed, Passage

TITLE, PART = "<篇名>", "<目录>"
_HEAD = re.compile(r"(书名|作者|朝代|年份)[：:]\s*(.*)")
_OPENING = re.compile(r"^(?:内容|属性)[：:]\s*")
_ORDER = re.compile(r"^\d+-")


@card(
    "Classics of traditional Chinese medicine",
    reference="https://github.com/xiaopangxia/TCM-Ancient-Books",
    licence="the works are in the public domain by age; the transcription states none",
    languages=("zh",),
    where="https://github.com/xiaopangxia/TCM-Ancient-Books (*.txt, GB18030)",
    terms="Take books whose authors died long ago; the collection holds modern ones too.",
)
def tcm_classics(path: Path | None = None) -> Iterator[Fact]:
    """The facts of books in GB18030 (or UTF-8) text: each book as a Publication, each chapter as a passage about it.

    <目录> opens a part, <篇名> a chapter; the first <篇名> bears the book's own title, author, dynasty and years. A
    passage's id is book, part and chapter; where a book has two of one name, the second bears #2. The release is the
    sha256 of the files. Raises `NeedsFile`, and `BadFormat` where a file has no chapter.
    """
    files = files_of("tcm_classics", path, (".txt",), card_of(tcm_classics))
    begun = release("tcm_classics", card_of(tcm_classics), files, manner="joins")
    yield begun
    telling = Telling(begun, language="zh")
    for file in files:
        yield from _book(telling, file)


def _lines(file: Path) -> Iterator[tuple[int, str] | Malformed]:
    data = whole(file)
    encoding = "utf-8" if TITLE.encode() in data[:LINE] else "gb18030"
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            shown = raw[:QUOTED].decode(encoding, "replace")[:QUOTED]
            yield Malformed(file.name, number, f"not {encoding} at byte {error.start} of the line", shown)
            continue
        if "\0" in text:
            yield Malformed(file.name, number, "a zero byte; text was expected", text[:QUOTED])
            continue
        yield number, text.strip()


def _book(telling: Telling, file: Path) -> Iterator[Fact]:
    book = _ORDER.sub("", file.name.removesuffix(".gz").removesuffix(".txt"))
    about: dict[str, str] = {}
    part, title, text = "", "", list[str]()
    seen: Counter[str] = Counter()
    chapters = 0
    for line in _lines(file):
        if isinstance(line, Malformed):
            yield line
            continue
        _, row = line
        if row.startswith((TITLE, PART)):
            if text and chapters > 1:
                yield _passage(telling, _Place(book, part, title, about), text, seen)
            text = []
            if row.startswith(PART):
                part = row.removeprefix(PART).strip()
            else:
                title, chapters = row.removeprefix(TITLE).strip(), chapters + 1
                if chapters == 1 and title:
                    book = title
        elif chapters == 1 and (found := _HEAD.fullmatch(row)):
            about[found[1]] = found[2].strip()
        elif row:
            if chapters == 2 and not text and not seen:
                yield from telling.first(telling.own(book), book, "Publication")
            text.append(_OPENING.sub("", row) if not text else row)
    if text and chapters > 1:
        yield _passage(telling, _Place(book, part, title, about), text, seen)
    if chapters < 2:
        raise BadFormat(f"a book with chapters ({TITLE}) was expected", where=str(file))


class _Place:
    """Where a chapter stands."""

    def __init__(self, book: str, part: str, title: str, about: dict[str, str]) -> None:
        self.book, self.part, self.title, self.about = book, part, title, about


def _passage(telling: Telling, place: _Place, text: list[str], seen: Counter[str]) -> Passage:
    name = "/".join(filter(None, (place.book, place.part, place.title)))
    seen[name] += 1
    id = telling.own(name if seen[name] == 1 else f"{name}#{seen[name]}")
    about = place.about
    qualifiers = said(
        (
            ("section", place.part),
            ("years", about.get("年份", "")),
            ("author", about.get("作者", "")),
            ("period", about.get("朝代", "")),
        )
    )
    title = f"{place.book}·{place.title}" if place.title else place.book
    origin = telling.origin(id)
    return Passage(id, "\n".join(text), title, "zh", origin, "document", (telling.own(place.book),), qualifiers)
