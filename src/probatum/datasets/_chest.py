"""What sets of chest radiographs share: a pair of images and report, and the fourteen findings of CheXpert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from probatum.datasets._files import sound
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.types import Answer, Candidate, Example, Media, Origin, Pairs, Question

FINDINGS = (
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion",
    "Lung Opacity", "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
)  # fmt: skip
_VALUES = {
    "": "",
    "1.0": "present",
    "1": "present",
    "0.0": "absent",
    "0": "absent",
    "-1.0": "uncertain",
    "-1": "uncertain",
}
_ASKED = ("indication", "history", "comparison", "technique")
SYNTHETIC = "SYNTHETIC"  # a file of this name beside the data says that nobody stands behind them


def release(root: Path, version: str) -> str:
    """The release of the data in a folder: `synthetic` where a file says so, else the version."""
    return "synthetic" if (root / SYNTHETIC).is_file() else version


def enough(told: Pairs, part: str) -> bool:
    """Whether a report has what a pair needs: findings or an impression; for the part `impression` both."""
    there = {name for name, _ in told} & {"findings", "impression"}
    return len(there) == 2 if part == "impression" else bool(there)


def pair(
    id: str, media: Iterable[Media], told: Pairs, origin: Origin, *, labels: Mapping[str, str], groups: tuple[str, ...],
    part: str = "report", language: str = "en",
) -> Example:  # fmt: skip
    """Images with their report: gold is findings and impression, a line each, and every section a field.

    With the part `impression` the findings are the context and gold is the impression alone: what is to be summed up.
    What was asked (indication, history, comparison, technique) is context.
    """
    said = dict(told)
    seen, meant = said.get("findings", ""), said.get("impression", "")
    context = tuple(f"{name}: {said[name]}" for name in _ASKED if name in said)
    if part == "impression":
        context, gold = (*context, seen), meant
    else:
        gold = "\n".join(filter(None, (seen, meant))) or said.get("", "")
    fields = tuple(sorted((name, text) for name, text in said.items() if name))
    kept = tuple(sorted((name, value) for name, value in labels.items() if value))
    asked = Question(context=tuple(filter(None, context)), media=tuple(media), language=language)
    return Example(id, asked, Answer(gold, fields=fields), groups, labels=kept, origin=origin)


def findings(row: Mapping[str, str], where: str) -> Answer:
    """Gold of a row of the fourteen findings: those present as candidates, each that is told as a field.

    A field says present, absent or uncertain; empty cells are not told. Raises `BadFormat` for another value.
    """
    fields, present = [], []
    for name in FINDINGS:
        cell = row[name].strip()
        if cell not in _VALUES:
            raise BadFormat(f"1, 0, -1 or nothing was expected for {name}, not {cell!r:.40}", where=where)
        if _VALUES[cell]:
            fields.append((name, _VALUES[cell]))
        if _VALUES[cell] == "present":
            present.append(Candidate(name, name, 1.0))
    return Answer(fields=tuple(fields), candidates=tuple(present))


def keyed(file: Path, key: str, columns: Iterable[str]) -> dict[str, dict[str, str]]:
    """The rows of a CSV file by the value of one column; a value that comes again keeps its first row."""
    found: dict[str, dict[str, str]] = {}
    for _, row in sound(named_cells(file, (key, *columns)), file):
        found.setdefault(row[key].strip(), row)
    return found


def optional(root: Path, pattern: str) -> Path | None:
    """The first file under a folder that fits a pattern, plain or packed; None where there is none."""
    return min((*root.rglob(pattern), *root.rglob(f"{pattern}.gz")), default=None)
