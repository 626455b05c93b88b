"""The one vocabulary of relations: how each is called, said in words, read backwards, and what speaks against it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Words:
    """What stands between subject and object in one language, its blank included: asserted and denied."""

    said: str
    denied: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """One kind of relation."""

    id: str  # CURIE: biolink:treats, skos:exactMatch
    words: Mapping[str, Words]  # by language, en and zh: read from the subject's side
    inverse: Mapping[str, Words]  # the same, read from the object's side
    opposite: tuple[str, ...] = ()  # predicates that, asserted of the same two, speak against this one
    symmetric: bool = False
    aspects: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)  # by the qualifier `aspect`, then language

    @property
    def name(self) -> str:
        """The name without prefix and underscores: "has phenotype"."""
        return self.id.rpartition(":")[2].replace("_", " ")


def predicates() -> Mapping[str, Predicate]:
    """Every predicate of the table biolink.toml by its id, sorted."""
    return _table()


def predicate(id: str) -> Predicate:
    """The predicate of this id; one that the table does not hold is said by its own name, and has no opposite."""
    found = _table().get(id)
    if found is not None:
        return found
    plain = id.rpartition(":")[2].replace("_", " ")
    words = {"en": Words(f"{plain} ", f"not {plain} "), "zh": Words(f"{plain} ", f"不是 {plain} ")}
    back = {"en": Words(f"{plain} of ", f"not {plain} of "), "zh": Words(f"被 {plain} ", f"不被 {plain} ")}
    return Predicate(id, words, back)


def between(id: str, aspect: str = "", language: str = "en") -> Words:
    """The words between subject and object, English unless the language is zh; an aspect may have its own."""
    kind = predicate(id)
    return kind.aspects.get(aspect, kind.words)["zh" if language == "zh" else "en"]


def between_backwards(id: str, language: str = "en") -> Words:
    """The words between object and subject, where the object comes first."""
    return predicate(id).inverse["zh" if language == "zh" else "en"]


@cache
def _table() -> dict[str, Predicate]:
    said = tomllib.loads(resources.files("probatum.formats").joinpath("biolink.toml").read_text(encoding="utf-8"))
    return {
        id: Predicate(
            id,
            _words(each["words"]),
            _words(each["inverse"]),
            tuple(each.get("opposite", ())),
            each.get("symmetric", False),
            {aspect: _words(pair) for aspect, pair in each.get("aspects", {}).items()},
        )
        for id, each in said.items()
    }


def _words(pair: list[list[str]]) -> dict[str, Words]:
    return {language: Words(*said) for language, said in zip(("en", "zh"), pair, strict=True)}
