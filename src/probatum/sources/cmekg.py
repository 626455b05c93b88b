"""CMeKG, the Chinese medical knowledge graph: diseases, drugs, symptoms and what is done about them, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.json_stream import Record, records
from probatum.formats.reading import QUOTED
from probatum.formats.triples import Triple, triples
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import kind
from probatum.sources._triples import told
from probatum.types import Fact, Malformed

NAME, CLASSES = "名称", ("疾病", "药物", "症状", "诊疗")


@card(
    "CMeKG, Chinese Medical Knowledge Graph",
    survey="cmekg",
    reference="https://cmekg.pcl.ac.cn; layout: https://github.com/huyuanxin/CMeKGCrawler (doc/疾病.md)",
    licence="none stated; for research",
    languages=("zh",),
    where="https://cmekg.pcl.ac.cn (on request), or a copy of its triples",
    terms="No licence is stated; ask Peking University, Zhengzhou University and Pengcheng Laboratory.",
)
def cmekg(path: Path | None = None) -> Iterator[Fact]:
    """The facts of CMeKG's triples (.tsv, .csv, .txt, .jsonl: 头实体, 关系, 尾实体) and records by entity (.json).

    A record names its entity under 名称 and has a list under each relation (症状, 并发症 ...), in an array under 疾病,
    药物, 症状 or 诊疗. Relations are read after _relations.toml; the Chinese word stays as `original_predicate`.
    The release is the sha256 of the files, as CMeKG states none. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("cmekg", path, (".tsv", ".csv", ".txt", ".json", ".jsonl"), card_of(cmekg))
    begun = release("cmekg", card_of(cmekg), files)
    yield begun
    telling = Telling(begun, language="zh")
    for file in files:
        by_entity = file.name.removesuffix(".gz").lower().endswith(".json")
        yield from told(telling, _entities(file) if by_entity else triples(file), "chinese")


def _entities(file: Path) -> Iterator[Triple | Malformed]:
    met = False
    for record in records(file, *((class_, "*") for class_ in CLASSES), ("*",)):
        met = True
        yield from _entity(file, record)
    if not met:
        raise BadFormat("records under 疾病, 药物, 症状 or 诊疗 were expected, or an array of triples", where=str(file))


def _entity(file: Path, record: Record) -> Iterator[Triple | Malformed]:
    said: Any = record.value
    name = said.get(NAME, said.get("name")) if isinstance(said, dict) else None
    if not isinstance(name, str) or not name.strip():
        yield Malformed(file.name, record.line, f"a record with {NAME} was expected", str(said)[:QUOTED])
        return
    class_ = record.place[0] if kind(record.place[0]) else ""
    for relation, values in said.items():
        if relation in {NAME, "name"} or not relation.strip():
            continue
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and value.strip():
                yield Triple(name.strip(), relation.strip(), value.strip(), record.line, subject_kind=class_)
            elif value not in (None, ""):
                yield Malformed(file.name, record.line, f"text was expected under {relation}", str(value)[:QUOTED])
