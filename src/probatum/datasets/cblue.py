"""CBLUE: eight tasks of Chinese medical language: entities, relations, normal terms, classes, likeness, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Mention, Origin, Pairs, Question, Relation

OFFICIAL = "https://tianchi.aliyun.com/dataset/95414"
Read = Callable[[Mapping[str, Any], str, Origin], tuple[Question, Answer]]
_SAME = (("0", "不同"), ("1", "相同"))
_MATCH = (("0", "完全不匹配"), ("1", "少量匹配"), ("2", "基本匹配"), ("3", "完全匹配"))
_LIKE = (("0", "语义不相关"), ("1", "包含或被包含"), ("2", "语义相同"))


@card(
    "CBLUE, Chinese Biomedical Language Understanding Evaluation",
    survey="cblue",
    reference="doi:10.18653/v1/2022.acl-long.544",
    licence="terms of the competition",
    languages=("zh",),
    where=OFFICIAL,
    terms="Registration with Tianchi; for research, not handed on.",
)
def cblue(path: Path, part: str = "cmeee") -> Iterator[Example]:
    """The records of one task in the order of its files, official layout of each; `part` is one of the eight tasks.

    `path` is the folder with CMeEE/, CMeIE/ ... as unpacked, or one file. cmeee: mentions (nested ones too); cmeie:
    relations between names, the types of both as qualifiers; chip_cdn: standard terms as candidates; chip_ctc and
    kuake_qic: the class as choice; chip_sts, kuake_qtr, kuake_qqr: the grade as choice. Records of a test without
    labels have no gold. Label: split. Raises `NeedsFile`, and `BadFormat` where a span does not stand in its text.
    """
    name, read = _TASKS[chosen(part, _TASKS)]
    for file in files(path, f"{name}*.json", f"{name}*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{part}:{file.stem}:{row.get('id') or line}"
            asked, gold = read(row, where, origin := Origin("cblue", part, id))
            labels = (("split", split_of(file)),) if split_of(file) else ()
            yield Example(id, asked, gold, labels=labels, origin=origin)


def _entities(row: Mapping[str, Any], where: str, origin: Origin) -> tuple[Question, Answer]:
    said = _whole(row, where)
    found = sorted(
        (_mention(each, said, where) for each in _listed(row, "entities", where)),
        key=lambda one: (one.start, one.end, one.kind),
    )
    return Question(context=(said,), language="zh"), Answer(found=tuple(found))


def _mention(each: Any, said: str, where: str) -> Mention:
    if not isinstance(each, dict):
        raise BadFormat(f"an entity must be an object, not {each!r:.60}", where=where)
    start, end, name = each.get("start_idx"), each.get("end_idx"), each.get("entity")
    if type(start) is int and type(end) is int and isinstance(name, str) and name:
        for after in (end, end + 1):  # the second version counts to the place behind, the first to the last letter
            if 0 <= start < after <= len(said) and said[start:after] == name:
                return Mention(start, after, name, "", kind=text(each, "type", where))
    raise BadFormat(f"{name!r:.60} does not stand at {start!r} to {end!r}", where=where)


def _relations(row: Mapping[str, Any], where: str, origin: Origin) -> tuple[Question, Answer]:
    found = []
    for each in _listed(row, "spo_list", where):
        if not isinstance(each, dict):
            raise BadFormat(f"a relation must be an object, not {each!r:.60}", where=where)
        types = (("object_type", _value(each.get("object_type"))), ("subject_type", _value(each.get("subject_type"))))
        object_ = _value(each.get("object"))
        if not object_:
            raise BadFormat("a relation without an object", where=where)
        told: Pairs = tuple((key, value) for key, value in types if value)
        found.append(
            Relation(text(each, "subject", where), text(each, "predicate", where), object_, origin, qualifiers=told)
        )
    return Question(context=(_whole(row, where),), language="zh"), Answer(found=tuple(found))


def _value(said: Any) -> str:
    value = said.get("@value") if isinstance(said, dict) else said
    return value.strip() if isinstance(value, str) else ""


def _terms(row: Mapping[str, Any], where: str, origin: Origin) -> tuple[Question, Answer]:
    said = text(row, "normalized_result", where, needed=False)
    terms = tuple(Candidate(term, term, 1.0) for each in said.split("##") if (term := each.strip()))
    asked = Question("与这一临床用语对应的标准词是什么？", context=(text(row, "text", where),), language="zh")
    return asked, Answer(said, candidates=terms)


def _class(key: str) -> Read:
    def read(row: Mapping[str, Any], where: str, origin: Origin) -> tuple[Question, Answer]:
        asked = Question("属于哪一类？", context=(text(row, key, where),), language="zh")
        return asked, Answer(choice=text(row, "label", where, needed=False))

    return read


def _pair(first: str, second: str, options: Pairs) -> Read:
    def read(row: Mapping[str, Any], where: str, origin: Origin) -> tuple[Question, Answer]:
        said = str(row.get("label", "")).strip()
        if said and said not in dict(options):
            raise BadFormat(f"a label of {', '.join(dict(options))} was expected, not {said!r:.40}", where=where)
        context = (text(row, first, where), text(row, second, where))
        return Question("两者的关系是？", options, context, language="zh"), Answer(choice=said)

    return read


def _whole(row: Mapping[str, Any], where: str) -> str:
    said = row.get("text")
    if not isinstance(said, str) or not said:
        raise BadFormat(f"'text' must be a text, not {said!r:.60}", where=where)
    return said


def _listed(row: Mapping[str, Any], key: str, where: str) -> list[Any]:
    said = row.get(key) or []
    if not isinstance(said, list):
        raise BadFormat(f"{key!r} must be a list, not {said!r:.60}", where=where)
    return said


_TASKS: dict[str, tuple[str, Read]] = {
    "cmeee": ("CMeEE", _entities),
    "cmeie": ("CMeIE", _relations),
    "chip_cdn": ("CHIP-CDN", _terms),
    "chip_ctc": ("CHIP-CTC", _class("text")),
    "chip_sts": ("CHIP-STS", _pair("text1", "text2", _SAME)),
    "kuake_qic": ("KUAKE-QIC", _class("query")),
    "kuake_qtr": ("KUAKE-QTR", _pair("query", "title", _MATCH)),
    "kuake_qqr": ("KUAKE-QQR", _pair("query1", "query2", _LIKE)),
}
