"""Xywy-KG: diseases of xywy.com with their symptoms, drugs and departments, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files, sound, text
from probatum.datasets._triples import sentence
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin

RELATIONS = {  # what the fields of a record are called in a sentence
    "symptom": "症状",
    "acompany": "并发症",
    "cure_department": "就诊科室",
    "cure_way": "治疗方式",
    "check": "检查",
    "common_drug": "常用药物",
    "recommand_drug": "推荐药物",
    "do_eat": "宜吃食物",
    "not_eat": "忌吃食物",
    "recommand_eat": "推荐食谱",
}
OFFICIAL = "https://github.com/liuhuanyong/QASystemOnMedicalKG"


@card(
    "Xywy-KG",
    survey="xywy_kg",
    reference="https://github.com/liuhuanyong/QASystemOnMedicalKG",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="Gathered from a web site: for study.",
)
def xywy_kg(path: Path) -> Iterator[Example]:
    """A document for each disease: its description, then a sentence for each triple; how many these are is a label.

    `path` is medical.json (an object a line: name, desc, symptom, acompany, cure_department, check, recommand_drug ...)
    or a folder that holds it. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "medical*.json", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            name, told = text(row, "name", where), [text(row, "desc", where, needed=False)]
            triples = [(name, said, each) for key, said in RELATIONS.items() for each in _listed(row.get(key), where)]
            told += [sentence(triple) for triple in triples]
            origin = Origin("xywy_kg", file.stem, id, reliability="extracted")
            yield document(id, "".join(told), origin, "zh", subject=name, triples=str(len(triples)))


def _listed(value: object, where: str) -> list[str]:
    said = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise BadFormat("a list of texts was expected", where=where)
    return [each.strip() for each in said if each.strip()]
