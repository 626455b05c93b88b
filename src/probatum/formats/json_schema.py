"""Whether a JSON value is what a JSON Schema asks for, and if not, where it departs from it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def fault(value: Any, schema: Mapping[str, Any], where: str = "the reply") -> str:
    """What is wrong with a value; empty where nothing is.

    The part of JSON Schema 2020-12 that servers accept for structured output: type, enum, const, properties, required,
    additionalProperties, items, minItems, maxItems, minimum, maximum, anyOf. What it does not know it lets pass.
    """
    if "anyOf" in schema:
        wrong = [fault(value, each, where) for each in schema["anyOf"]]
        return "" if not all(wrong) else wrong[0]
    return next((said for look in _LOOKS if (said := look(value, schema, where))), "")


def _kind_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    return (
        "" if not kinds or any(_is(value, kind) for kind in kinds) else f"{where} must be of type {' or '.join(kinds)}"
    )


def _choice_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    return "" if value in allowed else f"{where} must be one of {', '.join(map(repr, allowed))}"


def _size_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    if value < schema.get("minimum", value):
        return f"{where} must be at least {schema['minimum']}"
    return f"{where} must be at most {schema['maximum']}" if value > schema.get("maximum", value) else ""


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS.get(kind, (object,)))


def _object_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, dict):
        return ""
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"{where} lacks {missing[0]!r}"
    known = schema.get("properties", {})
    if schema.get("additionalProperties") is False and (strange := sorted(set(value) - set(known))):
        return f"{where} holds {strange[0]!r}, which is not asked for"
    found = (fault(value[name], said, f"{where}.{name}") for name, said in known.items() if name in value)
    return next((wrong for wrong in found if wrong), "")


def _array_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, list):
        return ""
    if len(value) < schema.get("minItems", 0):
        return f"{where} must hold at least {schema['minItems']}"
    if len(value) > schema.get("maxItems", len(value)):
        return f"{where} must hold at most {schema['maxItems']}"
    said = schema.get("items", {})
    found = (fault(each, said, f"{where}[{place}]") for place, each in enumerate(value))
    return next((wrong for wrong in found if wrong), "")


_LOOKS = (_kind_fault, _choice_fault, _size_fault, _object_fault, _array_fault)
