"""The words of the pages, in English and Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from types import MappingProxyType

LANGUAGES = {"en": "English", "zh": "中文"}

Words = MappingProxyType[str, str]


@cache
def words(language: str) -> Words:
    """Every word of the pages in one language, by its key."""
    table = tomllib.loads(resources.files("probatum.web").joinpath("words.toml").read_text(encoding="utf-8"))
    return MappingProxyType({key: said[language] for key, said in table.items()})


def chosen(asked: str, accepted: Iterable[str]) -> str:
    """The language of a page: what its address says, else the first one that the browser accepts, else English."""
    if asked in LANGUAGES:
        return asked
    return next((tag for tag in (one.strip()[:2].lower() for one in accepted) if tag in LANGUAGES), "en")
