"""The folder is the registry: a wing's file is a named thing, found by its name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata, resources
from typing import Any, TypeVar

from probatum.errors import BadPlan, UnknownName

Function = TypeVar("Function", bound=Callable[..., Any])
_added: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True, slots=True)
class Card:
    """What a named thing says of itself."""

    title: str
    survey: str = ""  # place in the survey
    reference: str = ""  # DOI, URL or book
    licence: str = ""  # of the data, where the thing reads some
    languages: tuple[str, ...] = ()
    where: str = ""  # where the user gets the file
    terms: str = ""  # under which terms
    gated: bool = False  # whether those terms must be accepted on record before the data are read
    tar: bool = False  # whether the thing reads tar archives itself; for others they are unpacked


def card(title: str, **said: Any) -> Callable[[Function], Function]:
    """A decorator that lays a `Card` on a function, as its attribute `card`."""
    laid = Card(title, **said)

    def lay(function: Function) -> Function:
        function.card = laid  # type: ignore[attr-defined]
        return function

    return lay


def card_of(thing: Any) -> Card:
    """The card that lies on a named thing."""
    found: Card = thing.card
    return found


@cache
def _plugins(wing: str) -> dict[str, metadata.EntryPoint]:
    return {entry.name: entry for entry in metadata.entry_points(group=f"probatum.{wing}")}


@cache
def _files(wing: str) -> tuple[str, ...]:
    folder = resources.files("probatum").joinpath(wing)
    stems = (
        item.name.rpartition(".")[0]
        for item in (folder.iterdir() if folder.is_dir() else ())
        if item.name.endswith((".py", ".toml")) and not item.name.startswith("_")
    )
    return tuple(sorted(stems))


def names(wing: str) -> tuple[str, ...]:
    """The names of a wing, sorted: its files, then what installed packages and this process add."""
    added = (name for where, name in _added if where == wing)
    return tuple(sorted({*_files(wing), *_plugins(wing), *added}))


def into(wing: str, name: str, thing: Any) -> None:
    """Adds a thing to a wing for this process alone: a notebook's own method, a test's own source."""
    _added[wing, name] = thing


def plain(name: str) -> str:
    """A name as its file is called: 'KG-RAG' is kg_rag; a part after '/' does not belong to it."""
    return name.partition("/")[0].strip().lower().replace("-", "_")


def known(wing: str, name: str) -> str:
    """The plain name of a thing that stands in the wing; raises `UnknownName` with the near ones."""
    wanted, there = plain(name), names(wing)
    if wanted not in there:
        near = difflib.get_close_matches(wanted, there, n=3, cutoff=0.5)
        hint = f"near: {', '.join(near)}" if near else f"there are: {', '.join(there) or 'none'}"
        raise UnknownName(f"no {name!r} in {wing}; {hint}", mend=f"probatum catalog {wing} lists them")
    return wanted


def find(wing: str, name: str) -> Any:
    """The function that stands in probatum/<wing>/<name>.py under the same name; raises `UnknownName`."""
    wanted = known(wing, name)
    if (wing, wanted) in _added:
        return _added[wing, wanted]
    if wanted in _files(wing):
        return getattr(import_module(f"probatum.{wing}.{wanted}"), wanted)
    return _plugins(wing)[wanted].load()


def call(wing: str, name: str, *given: Any, **settings: Any) -> Any:
    """What the named thing gives for `given`; raises `BadPlan` for a setting that it has not, or of another type."""
    thing = find(wing, name)
    there = {
        key: parameter.default
        for key, parameter in inspect.signature(thing).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    where = f"{wing}/{known(wing, name)}"
    fitting: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in there:
            near = difflib.get_close_matches(key, there, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise BadPlan(f"{key!r} is not a setting here{hint}", where=where, mend=f"it has: {', '.join(there)}")
        usual = type(there[key])
        if usual is tuple and isinstance(value, str):  # a list as a terminal or a table writes it
            fitting[key] = tuple(part.strip() for part in value.split(","))
        elif isinstance(value, usual) or (usual is float and isinstance(value, int)) or _lent(there[key], value):
            fitting[key] = value
        else:
            raise BadPlan(f"{key} = {value!r} must be of type {usual.__name__}", where=where)
    return thing(*given, **fitting)


def _lent(usual: object, value: object) -> bool:
    """Whether a program lends something that no terminal can say, where nothing stands by default: a counter, say."""
    return usual is None and not isinstance(value, (str, int, float))
