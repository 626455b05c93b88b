"""Tables of the package, read strictly: an unknown key is an error that names the nearest one."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from probatum.errors import BadPlan


def table_of(text: str, where: str) -> dict[str, Any]:
    """The table of a text; raises `BadPlan` where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlan(str(error), where=where, mend="it must be valid TOML") from error


def not_a_key(key: str, keys: Iterable[str]) -> str:
    """Says that a key does not belong, and which it may have been meant to be."""
    near = difflib.get_close_matches(key, list(keys), n=1, cutoff=0.5)
    return f"{key!r} is not a key here" + (f"; did you mean {near[0]!r}?" if near else "")


def only(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """Raises `BadPlan` where a table has another key than those."""
    for key in table:
        if key not in keys:
            raise BadPlan(not_a_key(key, keys), where=where, mend=f"the keys are: {', '.join(keys)}")


def word(table: Mapping[str, Any], key: str, where: str) -> str:
    """The text of a key; raises `BadPlan` where there is none."""
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise BadPlan(f"{key} must be a text, not {value!r}", where=where)
    return value


def words(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """The texts of a list; raises `BadPlan` where there are none."""
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise BadPlan(f"{key} must be a list of texts, not {value!r}", where=where)
    return tuple(value)
