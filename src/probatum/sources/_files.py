"""Where the files of a source lie: in the folder given, in the user's data folder, or in an installed distribution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

_RELEASE = re.compile(r"v?\d{4}(?:-\d{2}-\d{2})?(?:[._-]\w+)?")


def named(folders: Sequence[Path], *names: str) -> Path | None:
    """The first file of one of these names in these folders, plain or with .gz; names count before folders."""
    for name in names:
        for folder in folders:
            for file in (folder / name, folder / f"{name}.gz"):
                if file.is_file():
                    return file
    return None


def matching(folders: Sequence[Path], pattern: str) -> tuple[Path, ...]:
    """The files of these folders that match a pattern, plain or with .gz, sorted by name; the first folder's win."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted([*folder.glob(pattern), *folder.glob(f"{pattern}.gz")]):
            if file.is_file():
                found.setdefault(file.name.removesuffix(".gz"), file)
    return tuple(found[name] for name in sorted(found))


def releases(folder: Path) -> list[Path]:
    """The sub-folders that are named by a release (2025-01-16, v2025-01-16), newest first."""
    inner = [each for each in folder.iterdir() if each.is_dir() and _RELEASE.fullmatch(each.name)]
    return sorted(inner, key=lambda each: each.name.removeprefix("v"), reverse=True)


def is_release(folder: Path) -> bool:
    """Whether a folder is named by a release."""
    return bool(_RELEASE.fullmatch(folder.name))


def carried(distribution: str, name: str) -> Path | None:
    """The file of this name that an installed distribution carries; none of its modules is imported."""
    try:
        files = metadata.distribution(distribution).files or []
    except metadata.PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.name == name)
    return next((file for file in found if file.is_file()), None)


def shown(path: Path) -> str:
    """The name under which a release lists a file: without the folder and without the packing."""
    return path.name.removesuffix(".gz")
