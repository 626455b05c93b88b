"""SLAKE's knowledge graph: what organs do and where they lie, what causes diseases, shows them and treats them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import whole
from probatum.formats.triples import Triple
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._triples import told
from probatum.types import Fact, Malformed

_KINDS = {"disease": "Disease", "organ": "AnatomicalEntity"}


@card(
    "SLAKE's knowledge graph",
    survey="slake",
    reference="doi:10.1109/ISBI48211.2021.9434010",
    licence="CC BY 4.0",
    languages=("en", "zh"),
    where="https://www.med-vqa.com/slake/",
    terms="Free to use with attribution.",
)
def slake(path: Path | None = None) -> Iterator[Fact]:
    """The facts of KG/*.csv (en_disease, en_organ, en_organ_rel; the same in Chinese): a line is head#relation#tail.

    The first line of a file names its columns. Heads of a disease table are diseases, of the others anatomy; a tail
    that lists several stays one, as the questions ask for it whole. Chinese files may be UTF-8 or GB 18030. The release
    is the sha256 of the files, as the set states none. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("slake", path, (".csv",), card_of(slake))
    begun = release("slake", card_of(slake), files)
    yield begun
    english, chinese = Telling(begun), Telling(begun, language="zh")
    for file in files:
        is_chinese = file.name.lower().startswith("zh")
        yield from told(chinese if is_chinese else english, _triples(file), "chinese" if is_chinese else "slake")


def _triples(file: Path) -> Iterator[Triple | Malformed]:
    rows = _text(file).splitlines()
    if not rows or rows[0].count("#") != 2:
        raise BadFormat("a header of three names with # between them was expected", where=f"{file}:1")
    kind = next((kind for word, kind in _KINDS.items() if word in file.name.lower()), "")
    for number, row in enumerate(rows[1:], 2):
        cells = [cell.strip().strip('"').strip() for cell in row.split("#")]
        if len(cells) == 3 and all(cells):
            yield Triple(cells[0], cells[1], cells[2], number, subject_kind=kind)
        elif row.strip(" ,#"):
            yield Malformed(file.name, number, "head#relation#tail was expected", row[:200])


def _text(file: Path) -> str:
    data = whole(file)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\0", "\N{REPLACEMENT CHARACTER}")
        except UnicodeDecodeError:
            continue
    raise BadFormat("neither UTF-8 nor GB 18030", where=str(file))
