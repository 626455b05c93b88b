"""What the data sets share in finding their files and refusing what is broken in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from probatum.errors import BadFormat, NeedsFile
from probatum.types import Malformed

Record = TypeVar("Record")


def files(path: Path, *patterns: str, official: str) -> list[Path]:
    """The file itself, or those of a folder and its folders that fit a pattern, sorted; raises `NeedsFile`."""
    there = [path] if path.is_file() else sorted({file for each in patterns for file in path.rglob(each)})
    found = [file for file in there if file.is_file()]
    if not found:
        raise NeedsFile(f"no {' or '.join(patterns)} in {path}", mend=f"get it from {official} and give the folder")
    return found


def sound(records: Iterable[Record | Malformed], file: Path) -> Iterator[Record]:
    """The records, up to the first malformed one, which raises `BadFormat` with its line."""
    for record in records:
        if isinstance(record, Malformed):
            raise BadFormat(record.reason, where=f"{file}:{record.line}", mend="get the file again from where it came")
        yield record


def chosen(part: str, parts: Iterable[str]) -> str:
    """The part that was asked for; raises `BadFormat` with those that there are."""
    known = tuple(parts)
    if part not in known:
        raise BadFormat(f"part = {part!r}", mend=f"one of: {', '.join(known)}")
    return part


def text(record: Mapping[str, Any], key: str, where: str, needed: bool = True) -> str:
    """A text of a record without blanks around it; raises `BadFormat` where it is none, or empty though needed."""
    value = record.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise BadFormat(f"{key!r} must be a text, not {value!r:.80}", where=where)
    return value.strip()


def split_of(file: Path) -> str:
    """The split that a file's name tells: train, dev, test; empty where it tells none. val, valid, validation: dev."""
    words = file.stem.lower().replace("-", "_").replace(".", "_").split("_")
    said = {"train": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev", "test": "test"}
    return next((said[word] for word in words if word in said), "")
