"""Samples of the QiZhen medical knowledge base: what drugs are for, in Chinese, and questions that it answers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.formats.json_stream import objects
from probatum.formats.reading import QUOTED
from probatum.formats.tables import comma_separated
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.sources._relations import reading
from probatum.types import Fact, Malformed, Passage

COLUMNS = ["药品", "药品适应症", "医学专家标注的适应病症", "instruction"]
# Questions are made of templates: the name of a drug or disease, 的, the field of the knowledge base.
_ASKED = re.compile(
    r"(?P<of>[^，。？?、的]{2,40}?)(?:的|有什么|有哪些|是否有|一般)?"
    r"(?P<field>适应病症|适应症|适应证|禁忌|不良反应|用法用量|注意事项|药物相互作用|主要作用|临床表现|症状|病因|并发症|检查)"
    r"(?:是什么|有哪些|有什么|是)?[？?]?"
)
_TAG = re.compile(r"<[^<>]{1,200}>")


@card(
    "QiZhen medical knowledge base (samples of QiZhenGPT)",
    survey="qizhen_kb",
    reference="https://github.com/CMKRG/QiZhenGPT: data/eval/药品适应症评测数据集.csv, data/train",
    licence="for academic research only, commercial use prohibited",
    languages=("zh",),
    where="https://github.com/CMKRG/QiZhenGPT (samples); the whole base: http://www.mk-base.com",
    terms="The base itself is closed; the samples are for academic research only.",
    gated=True,
)
def qizhen(path: Path | None = None) -> Iterator[Fact]:
    """The facts of the samples: indications (.csv) as claims and passages, questions and answers (.json) as passages.

    In the CSV experts have marked the diseases in a label's text: each becomes a claim that the drug treats it, with
    the text as a passage. JSON holds instruction, input, output; a question that is made of the base's templates tells
    what it is about. The release is the sha256 of the files. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("qizhen", path, (".csv", ".json", ".jsonl"), card_of(qizhen))
    begun = release("qizhen", card_of(qizhen), files)
    yield begun
    telling = Telling(begun, language="zh")
    for file in files:
        if file.name.removesuffix(".gz").lower().endswith(".csv"):
            for row in comma_separated(file, COLUMNS):
                yield from [row] if isinstance(row, Malformed) else _indications(telling, file, *row)
        else:
            for found in objects(file):
                yield from [found] if isinstance(found, Malformed) else _answer(telling, file, *found)


def _indications(telling: Telling, file: Path, number: int, cells: list[str]) -> Iterator[Fact]:
    drug, text, diseases = cells[0].strip(), _plain(cells[1]), [each.strip() for each in cells[2].split("|")]
    if not drug or not any(diseases):
        yield Malformed(file.name, number, "a drug and its indications were expected", ",".join(cells)[:QUOTED])
        return
    id = telling.own(drug)
    yield from telling.first(id, drug, "Drug")
    for disease in filter(None, diseases):
        other = telling.own(disease)
        yield from telling.first(other, disease, "Disease")
        yield telling.claim(id, "适应病症", other, reading("chinese", "适应症"), f"{id} 适应病症 {other}")
    if text:
        at = f"{id}#适应症"
        section = said([("section", "适应症")])
        yield Passage(at, text, drug, "zh", telling.origin(at), "document", (id,), section)


def _answer(telling: Telling, file: Path, number: int, record: dict[str, Any]) -> Iterator[Fact]:
    asked, more, text = (record.get(key, "") for key in ("instruction", "input", "output"))
    if not all(isinstance(each, str) for each in (asked, more, text)) or not asked.strip() or not text.strip():
        yield Malformed(file.name, number, "texts under instruction and output were expected", str(record)[:QUOTED])
        return
    question = " ".join(f"{asked} {more}".split())
    about: tuple[str, ...] = ()
    section = ""
    if found := _ASKED.fullmatch(question):
        about, section = (telling.own(found["of"]),), found["field"]
        yield from telling.first(about[0], found["of"], "NamedThing")
    id = telling.own(f"问答/{question}")
    yield Passage(id, _plain(text), question, "zh", telling.origin(id), "document", about, said([("section", section)]))


def _plain(text: str) -> str:
    """A text without its HTML marks."""
    without = html.unescape(_TAG.sub("\n", text.replace("</p>", "\n")))
    return "\n".join(line for part in without.split("\n") if (line := part.strip()))
