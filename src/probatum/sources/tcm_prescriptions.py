"""Prescriptions of Chinese medicine: a formula, its herbs with their doses, the syndromes that it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.formats.reading import QUOTED
from probatum.formats.tables import comma_separated
from probatum.formats.triples import first_row
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed

FIELDS = {  # what a column is, by the names that such tables use
    "id": ("id", "编号", "序号", "处方号", "prescription_id"),
    "formula": ("formula", "方剂", "方名", "方剂名", "方剂名称", "处方", "prescription"),
    "herbs": ("herbs", "组成", "药物组成", "中药", "herb", "ingredients"),
    "dose": ("dose", "剂量", "用量", "doses"),
    "syndrome": ("syndrome", "证候", "证型", "辨证"),
    "disease": ("disease", "疾病", "病名", "主治", "indications"),
    "symptom": ("symptom", "symptoms", "症状", "临床表现"),
    "function": ("function", "功效", "功用", "治法", "effect"),
    "use": ("use", "usage", "用法"),
    "source": ("source", "出处", "来源", "book"),
}
PURPOSES = {
    "syndrome": ("证候", "ClinicalFinding"),
    "disease": ("主治", "Disease"),
    "symptom": ("症状", "PhenotypicFeature"),
}
_KNOWN = {name: field for field, names in FIELDS.items() for name in names}
_SPLIT = re.compile(r"[、，,;；|\s]+")
_DOSED = re.compile(  # 麻黄9g, 桂枝三两, 甘草(炙)6克, 大枣12枚
    r"(?P<herb>\D+?)(?:[（(](?P<made>[^（）()]*)[）)])?"
    r"(?P<dose>(?:\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?|[一二三四五六七八九十百半]+)(?:g|克|钱|两|枚|片|升|合|斤|分|ml|毫升|个|粒|mg))?"
)
_FOR, _OF = Reading("biolink:applied_to_treat"), Reading("biolink:has_ingredient")
_FUNCTION = Reading("biolink:has_attribute", qualifiers=(("aspect", "function"),))


@card(
    "Prescriptions of traditional Chinese medicine",
    survey="tcm_prescription_kg",
    reference="columns as such tables name them; the graph of the survey's section 3.2.3 is not published",
    licence="as your table",
    languages=("zh",),
    where="your own table: 方名, 组成, 剂量, 证候, 主治, 症状, 功效, 用法, 出处",
    terms="Records of patients must be without anything that identifies a person.",
)
def tcm_prescriptions(path: Path | None = None) -> Iterator[Fact]:
    """The facts of tables of prescriptions (.csv, or .json/.jsonl with such keys): what is in each and what it is for.

    A herb's dose stands in the cell of herbs (麻黄9g) or in a cell of doses in the same order; it becomes the qualifier
    `dose`, the way of preparing a `comment`, the book the qualifier `primary_source`. A prescription without a name has
    an id of its number, or of its row. The release is the sha256 of the files. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("tcm_prescriptions", path, (".csv", ".json", ".jsonl"), card_of(tcm_prescriptions))
    begun = release("tcm_prescriptions", card_of(tcm_prescriptions), files, manner="joins")
    yield begun
    telling = Telling(begun, language="zh")
    for file in files:
        for row in _rows(file):
            if isinstance(row, Malformed):
                yield row
            else:
                yield from _prescription(telling, file, *row)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]] | Malformed]:
    if file.name.removesuffix(".gz").lower().endswith(".csv"):
        columns = first_row(file, ",")
        if not {"herbs"} <= {_KNOWN.get(column.strip().casefold(), "") for column in columns}:
            raise BadFormat("a column of herbs (组成, 中药, herbs) was expected", where=f"{file}:1")
        for row in comma_separated(file, columns):
            yield row if isinstance(row, Malformed) else (row[0], _fields(zip(columns, row[1], strict=True)))
        return
    for found in objects(file):
        if isinstance(found, Malformed):
            yield found
        else:
            yield found[0], _fields((key, _flat(value)) for key, value in found[1].items())


def _fields(cells: Iterator[tuple[str, str]] | zip[tuple[str, str]]) -> dict[str, str]:
    named = ((_KNOWN.get(name.strip().casefold(), ""), value.strip()) for name, value in cells)
    return {field: value for field, value in named if field and value}


def _flat(value: object) -> str:
    return "、".join(_flat(each) for each in value) if isinstance(value, list) else "" if value is None else str(value)


def _prescription(telling: Telling, file: Path, number: int, cells: Mapping[str, str]) -> Iterator[Fact]:
    herbs = _herbs(cells)
    if not herbs:
        yield Malformed(file.name, number, "a prescription with herbs was expected", str(dict(cells))[:QUOTED])
        return
    name = cells.get("formula", "")
    called = name or f"处方 {cells.get('id', '') or f'{file.name} {number}'}"
    id = telling.own(called)
    yield from telling.first(id, called, "MolecularMixture")
    said = (("primary_source", cells.get("source", "")),)
    for herb, made, dose in herbs:
        other = telling.own(herb)
        yield from telling.first(other, herb, "Drug")
        amount = (*said, ("dose", dose), ("comment", made))
        yield telling.claim(id, "组成", other, _OF, f"{id} 组成 {other}", qualifiers=amount)
    for field, (word, kind) in PURPOSES.items():
        for purpose in filter(None, _SPLIT.split(cells.get(field, ""))):
            other = telling.own(purpose)
            yield from telling.first(other, purpose, kind)
            more = (*said, ("comment", cells.get("use", "")))
            yield telling.claim(id, word, other, _FOR, f"{id} {word} {other}", qualifiers=more)
    for function in filter(None, _SPLIT.split(cells.get("function", ""))):
        other = telling.own(function)
        yield from telling.first(other, function, "InformationContentEntity")
        yield telling.claim(id, "功效", other, _FUNCTION, f"{id} 功效 {other}", qualifiers=said)


def _herbs(cells: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(herb, how it is prepared, dose) of each herb of a prescription."""
    written = [part for part in _SPLIT.split(cells.get("herbs", "")) if part]
    doses = [part for part in _SPLIT.split(cells.get("dose", "")) if part]
    apart = doses if len(doses) == len(written) else [""] * len(written)
    found = []
    for text, dose in zip(written, apart, strict=True):
        read = _DOSED.fullmatch(text)
        if read:
            found.append((read["herb"].strip(), read["made"] or "", read["dose"] or dose))
        else:
            found.append((text, "", dose))
    return [each for each in found if each[0]]
