"""Reads LabeledIn: indications that experts marked in drug labels, as rows of ids and as marked-up text.

Layout: README.txt of the release (https://github.com/dhimmel/indications/tree/gh-pages/labeledin/download): two files
without a header, eight and four columns apart by "|", lists apart by ";".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed, Pairs

_MARKED = re.compile(r'<annotation\s+cui="([^"<>]*)"\s*>(.*?)</annotation>', re.DOTALL)
_BREAK = re.compile(r"</?(?:br|div|li|ol|ul|p)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:annotation(?:\s[^<>]*)?|i|b|u|sub|sup)\s*/?>", re.IGNORECASE)  # "<" is also "less than"
_CUI = re.compile(r"C\d{7}")
_NUMBER = re.compile(r"\d+")
_SET = re.compile(r"[0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")


@dataclass(frozen=True, slots=True)
class Label:
    """One drug label with its indications."""

    line: int
    id: str
    spl: str  # set id in DailyMed
    indications: tuple[str, ...]  # UMLS CUIs
    ingredient: str  # RxNorm ids: of the ingredient,
    forms: tuple[str, ...]  # of ingredient and dose form,
    drugs: tuple[str, ...]  # of ingredient, strength and dose form


@dataclass(frozen=True, slots=True)
class Marked:
    """The section on indications of one label."""

    line: int
    id: str
    spl: str
    text: str
    mentions: Pairs  # (CUI, words), in the order of the text
    alike: tuple[str, ...]  # set ids of labels that say the same


def labels(path: Path) -> Iterator[Label | Malformed]:
    """The rows of LabeledIn_Structured_Results.txt; what is not of its layout is `Malformed`."""
    for line, cells in _rows(path, 8):
        if isinstance(cells, Malformed):
            yield cells
            continue
        id_, spl, indications, ingredient, forms, drugs = cells[:6]
        found = Label(line, id_, spl, _listed(indications), ingredient.strip(), _listed(forms), _listed(drugs))
        if not _SET.fullmatch(spl) or not _NUMBER.fullmatch(found.ingredient):
            yield Malformed(path.name, line, "a set id and an RxNorm id were expected", "|".join(cells)[:QUOTED])
            continue
        for wrong in (cui for cui in found.indications if not _CUI.fullmatch(cui)):
            yield Malformed(path.name, line, f"{wrong!r} is no UMLS id", "|".join(cells)[:QUOTED])
        yield replace(found, indications=tuple(cui for cui in found.indications if _CUI.fullmatch(cui)))


def marked(path: Path) -> Iterator[Marked | Malformed]:
    """The rows of LabeledIn_annotated_XML.txt: plain text by lines, and what is marked in it."""
    for line, cells in _rows(path, 4):
        if isinstance(cells, Malformed):
            yield cells
            continue
        id_, spl, written, alike = cells
        found = ((cui, " ".join(words.split())) for ids, words in _MARKED.findall(written) for cui in _CUI.findall(ids))
        mentions = tuple(found)  # one stretch of text may be marked with two ids
        kept = (" ".join(piece.split()) for piece in _TAG.sub("", _BREAK.sub("\n", written)).split("\n"))
        text = "\n".join(piece for piece in kept if piece)
        if not _SET.fullmatch(spl) or not text:
            yield Malformed(path.name, line, "a set id and a text were expected", "|".join(cells)[:QUOTED])
            continue
        yield Marked(line, id_, spl, text, mentions, _listed(alike))


def _rows(path: Path, width: int) -> Iterator[tuple[int, list[str] | Malformed]]:
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line.line, line
            continue
        number, text = line
        cells = text.split("|")
        if len(cells) == width and cells[0].strip():
            yield number, [cells[0].strip(), cells[1].strip(), *cells[2:]]
        elif text.strip():
            reason = f"{len(cells)} columns; {width} were expected"
            yield number, Malformed(path.name, number, reason, text[:QUOTED])


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in cell.split(";") if value.strip()))
