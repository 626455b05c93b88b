"""openFDA: labels, products, approvals and reports of adverse events, as the FDA's open interface gives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from probatum.formats.json_stream import records
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._openfda import Make, Record, application, is_label, label, product, report, word
from probatum.sources._pages import files_of
from probatum.text.dates import iso
from probatum.types import Fact, Malformed, Origin, Release

LICENCE = "CC0 1.0 (https://open.fda.gov/license/)"
_ALL = ("results", "*")


@card(
    "openFDA",
    reference="https://open.fda.gov/apis/drug/label/searchable-fields/",
    licence=LICENCE,
    languages=("en",),
    where="https://open.fda.gov/data/downloads/",
    terms="Public domain; not validated, and not meant for decisions on medical care.",
)
def openfda(path: Path | None = None) -> Iterator[Fact]:
    """The facts of answers and downloads of the endpoints drug/label, drug/ndc, drug/drugsfda and drug/event (JSON).

    What a record is shows in its fields. Labels go by the set id that DailyMed uses; reports are single reports, of
    which none shows a cause. Answers that hold an error, bare counts, and records of other endpoints go to quarantine.
    `path` is a folder of files (.json, unpacked or .gz), or one of them. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("openfda", path, (".json",), card_of(openfda))
    sha256 = digest(files)
    names = tuple(shown(file) for file in files)
    yield Release("openfda", sha256, LICENCE, sha256, names, published=max(map(_updated, files)))

    def origin(at: str, evidence: str = "") -> Origin:
        return Origin("openfda", sha256, at, evidence)

    for file in files:
        for each in records(file, _ALL, ("error",)):
            if each.place != _ALL or not _is(each.value):
                what = "the answer is an error" if each.place != _ALL else "a record was expected"
                yield Malformed(file.name, each.line, what, json.dumps(each.value)[:QUOTED])
            elif facts := _reader(each.value):
                yield from facts(each.value, origin)
            else:
                what = "a count without the question" if "count" in each.value else "a record of another endpoint"
                yield Malformed(file.name, each.line, what, json.dumps(each.value)[:QUOTED])


def _updated(file: Path) -> str:
    """The day on which an answer was brought up to date; it stands before the records, which may be many."""
    for each in records(file, ("meta",), _ALL):
        return iso(word(each.value, "last_updated")) if each.place != _ALL and _is(each.value) else ""
    return ""


def _is(value: object) -> bool:
    return isinstance(value, dict)


def _reader(record: Record) -> Callable[[Record, Make], Iterator[Fact]] | None:
    """What reads this record."""
    if word(record, "safetyreportid"):
        return report
    if word(record, "product_ndc"):
        return product
    if word(record, "application_number") and isinstance(record.get("products"), list):
        return application
    return label if is_label(record) else None
