"""BigBio's records: one schema for each family of tasks, whatever the data set was before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from probatum.errors import BadFormat
from probatum.types import Mention, Origin, Relation

SCHEMAS = {  # the keys that tell a schema from the others
    "kb": ("passages", "entities"),
    "qa": ("question", "answer"),
    "te": ("premise", "hypothesis"),
    "pairs": ("text_1", "text_2", "label"),
    "t2t": ("text_1", "text_2"),
    "text": ("text", "labels"),
}


def schema_of(row: Mapping[str, Any], where: str) -> str:
    """The schema that a record is of: kb, qa, te, pairs, t2t or text; raises `BadFormat` where it is of none."""
    for name, keys in SCHEMAS.items():
        if all(key in row for key in keys):
            return name
    if "text" in row and "label" in row:  # as the page of the schemas has it
        return "text"
    raise BadFormat(f"a record of one of {', '.join(SCHEMAS)} was expected", where=where)


def document(row: Mapping[str, Any], where: str) -> str:
    """The text of a record of kb: its passages, a blank between two, as their offsets count; raises `BadFormat`."""
    texts: list[str] = []
    for passage in _objects(row, "passages", where):
        texts += _texts(passage, "text", where)
    if not texts:
        raise BadFormat("a passage with a text was expected", where=where)
    return " ".join(texts)


def marked(row: Mapping[str, Any], text: str, origin: Origin, where: str) -> tuple[Mention | Relation, ...]:
    """The mentions of a record of kb by their places, then its relations between ids of database or text.

    A broken mention goes from its first place to its last; a mention's concept is its first link (DB:ID), where it has
    one. Raises `BadFormat` where an offset lies outside the text or has other words, or a relation's end is not there.
    """
    mentions: dict[str, Mention] = {}
    for entity in _objects(row, "entities", where):
        id, kind = str(entity.get("id", "")), str(entity.get("type", ""))
        spans, said = entity.get("offsets"), _texts(entity, "text", where)
        if not isinstance(spans, list) or not spans or not all(_span(each) for each in spans):
            raise BadFormat(f"the offsets of entity {id!r:.40} are none", where=where)
        if len(spans) != len(said) or any(text[a:b] != words for (a, b), words in zip(spans, said, strict=True)):
            raise BadFormat(f"{said!r:.60} does not stand at {spans!r:.60}", where=where)
        start, end = min(a for a, _ in spans), max(b for _, b in spans)
        links = _objects(entity, "normalized", where)
        concept = f"{links[0].get('db_name')}:{links[0].get('db_id')}" if links else ""
        mentions[id] = Mention(start, end, text[start:end], concept, kind=kind)
    placed = sorted(mentions.values(), key=lambda one: (one.start, one.end, one.kind))
    found: list[Mention | Relation] = [*placed]
    for relation in _objects(row, "relations", where):
        ends = [mentions.get(str(relation.get(key))) for key in ("arg1_id", "arg2_id")]
        if ends[0] is None or ends[1] is None:
            raise BadFormat("a relation between two entities was expected", where=where)
        subject, object_ = (each.concept or each.text for each in ends if each)
        found.append(Relation(subject, str(relation.get("type", "")), object_, origin))
    return tuple(found)


def _objects(row: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    said = row.get(key) or []
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise BadFormat(f"{key!r} must be a list of objects", where=where)
    return said


def _texts(row: Mapping[str, Any], key: str, where: str) -> list[str]:
    said = row.get(key)
    listed = [said] if isinstance(said, str) else said
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
        raise BadFormat(f"{key!r} must be a text or a list of texts", where=where)
    return listed


def _span(each: Any) -> bool:
    return isinstance(each, list) and len(each) == 2 and all(type(place) is int and place >= 0 for place in each)
