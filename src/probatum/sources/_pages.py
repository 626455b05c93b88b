"""What sources made of files, pages and records share: where their files lie, ids made of words, dated passages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats.places import data_folder
from probatum.naming import Card
from probatum.types import Pairs

_WORDS = re.compile(r"[^\w.]+")


def files_of(name: str, path: Path | None, suffixes: tuple[str, ...], card: Card) -> list[Path]:
    """The files with one of these suffixes (plain, .gz or .zip): the one given, or those of a folder and under it.

    Without a path the folder `name` of the data folder. Sorted by their place. Raises `NeedsFile`, with what the card
    says of where the files are got and under which terms.
    """
    place = path if path is not None else data_folder() / name
    if place.is_file():
        return [place]
    if place.is_dir():
        within = (file for file in place.rglob("*") if _plain(file).endswith(suffixes))
        if found := sorted(file for file in within if file.is_file()):
            return found
    mend = f"get them from {card.where} ({card.licence}) and give the file or the folder, or put them into "
    raise NeedsFile(
        f"no {' or '.join(suffixes)} file of {card.title} in {place}", mend=mend + str(data_folder() / name)
    )


def _plain(file: Path) -> str:
    """A file's name in lower case without the ending of how it is packed."""
    return file.name.lower().removesuffix(".gz").removesuffix(".zip")


def slug(words: str) -> str:
    """Words as the local part of an id: lower case, anything but letters, digits and dots as one dash."""
    return _WORDS.sub("-", words.casefold()).strip("-.")


def said(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Qualifiers as facts carry them: sorted, each once, without the empty ones."""
    return tuple(sorted({(name, " ".join(value.split())) for name, value in pairs if value and value.strip()}))
