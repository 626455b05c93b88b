"""What was saved as JSON, read back as it was: an answer (`ask --json`, the web door), an example of `data`."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from probatum.errors import BadFormat
from probatum.types import Answer, Example, Mention, Passage, Relation

DEEPEST = 20  # objects and lists within one another; an answer has seven


def read(text: str, where: str = "") -> Answer:
    """The answer of a JSON text; keys that an answer does not have are passed over, `verdicts` may be missing.

    Raises `BadFormat` with the place of what does not fit; `where` names the file.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFormat(f"not JSON: {error}", where=where, mend="give what `probatum ask --json` wrote") from error
    try:
        answer: Answer = _made(Answer, tree, "answer", 0)
    except BadFormat as error:
        error.where = f"{where}: {error.where}" if where else error.where
        raise
    return answer


def example(tree: object, where: str = "") -> Example:
    """The example of an object as `example_files.json_line` writes it; raises as `read` does."""
    made: Example = _made(Example, tree, where or "example", 0)
    return made


def _made(kind: type[Any], tree: object, at: str, depth: int) -> Any:
    """One of the nouns of `types`, of its fields in a mapping."""
    if not isinstance(tree, Mapping) or depth > DEEPEST:
        raise BadFormat(f"expected the fields of a {kind.__name__}", where=at)
    hints = _hints(cast(Hashable, kind))
    given = {}
    for field in fields(kind):
        if field.name in tree:
            given[field.name] = _read(hints[field.name], tree[field.name], f"{at}.{field.name}", depth + 1)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BadFormat(f"{field.name!r} is missing", where=at)
    return kind(**given)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, tree: object, at: str, depth: int) -> Any:
    """What a type hint asks for: a plain value, a tuple, a noun, or one of several."""
    if get_origin(kind) is UnionType:
        return _read(_which(get_args(kind), tree), tree, at, depth)
    if get_origin(kind) is tuple:
        if not isinstance(tree, list):
            raise BadFormat("expected a list", where=at)
        inner = get_args(kind)
        kinds = [inner[0]] * len(tree) if inner[-1] is Ellipsis else list(inner)
        if len(kinds) != len(tree):
            raise BadFormat(f"expected {len(kinds)} entries", where=at)
        parts = zip(kinds, tree, strict=True)
        return tuple(_read(each, part, f"{at}[{place}]", depth + 1) for place, (each, part) in enumerate(parts))
    if is_dataclass(kind) and isinstance(kind, type):
        return _made(kind, tree, at, depth)
    if kind is float and isinstance(tree, int) and not isinstance(tree, bool):
        return float(tree)
    if type(tree) is not kind:
        raise BadFormat(f"expected {getattr(kind, '__name__', kind)}, not {type(tree).__name__}", where=at)
    return tree


def _which(kinds: tuple[Any, ...], tree: object) -> Any:
    """The alternative that a tree is: nothing, a relation by its predicate, else the other."""
    if tree is None and NoneType in kinds:
        return NoneType
    related = isinstance(tree, Mapping) and "predicate" in tree
    wanted = Relation if related and Relation in kinds else next((one for one in kinds if one in (Passage, Mention)), 0)
    return wanted or next(one for one in kinds if one is not NoneType)
