"""What the relation names of sources mean in Biolink, after the tables of _relations.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from probatum.formats import biolink
from probatum.types import Pairs

RELATED = "biolink:related_to"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one word of a source says."""

    predicate: str = RELATED
    turned: bool = False  # whether the source's object is the predicate's subject
    negated: bool = False
    subject: str = ""  # class of the source's subject, where its word implies one
    object: str = ""
    qualifiers: Pairs = ()
    name: str = ""  # the object is a name of the subject, of this scope
    xref: str = ""  # the object is the subject's code in the vocabulary of this prefix


def readings(dialect: str) -> Mapping[str, Reading]:
    """The words of one dialect, a table of _relations.toml."""
    return _tables()[dialect]


@lru_cache(4096)
def reading(dialect: str, word: str) -> Reading:
    """What a word says: after the dialect's table, else the Biolink predicate of that name, else `related_to`."""
    table = readings(dialect)
    plain = " ".join(word.replace("_", " ").casefold().split())
    found = table.get(word) or table.get(plain)
    if found is not None:
        return found
    id = f"biolink:{plain.removeprefix('biolink:').replace(' ', '_')}"
    return Reading(id) if id in biolink.predicates() else Reading()


def original(word: str, predicate: str) -> str:
    """The source's own word for a relation; empty where it is the predicate's name."""
    plain = " ".join(word.replace("_", " ").casefold().split())
    return (
        ""
        if word == predicate or plain.removeprefix("biolink:") == predicate.rpartition(":")[2].replace("_", " ")
        else word
    )


@lru_cache(4096)
def kind(word: str) -> str:
    """The Biolink class that a source's word for a class of things means (_kinds.toml); empty where it is not known."""
    return _kinds().get(_bare(word), "")


def _bare(word: str) -> str:
    return "".join(letter for letter in word.removeprefix("biolink:").casefold() if letter.isalnum())


@cache
def _kinds() -> dict[str, str]:
    said = tomllib.loads(resources.files("probatum.sources").joinpath("_kinds.toml").read_text(encoding="utf-8"))
    return {_bare(word): kind for kind, words in said.items() for word in (kind, *words)}


@cache
def _tables() -> dict[str, dict[str, Reading]]:
    said = tomllib.loads(resources.files("probatum.sources").joinpath("_relations.toml").read_text(encoding="utf-8"))
    return {dialect: {word: _reading(each) for word, each in words.items()} for dialect, words in said.items()}


def _reading(said: dict[str, str | bool | dict[str, str]]) -> Reading:
    fields = {"predicate" if key == "to" else key: value for key, value in said.items() if key != "qualifiers"}
    qualifiers = said.get("qualifiers", {})
    pairs = tuple(sorted(qualifiers.items())) if isinstance(qualifiers, dict) else ()
    return Reading(**fields, qualifiers=pairs)  # type: ignore[arg-type]
