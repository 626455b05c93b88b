"""MIMIC-IV: the records of a hospital and its intensive care, as timelines of patients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets import _mimic as mimic
from probatum.datasets._chest import release
from probatum.errors import BadFormat
from probatum.naming import card
from probatum.types import Example, Observation

OFFICIAL = "https://physionet.org/content/mimiciv/"
VERSION = "2.2"


@card(
    "MIMIC-IV",
    survey="mimic_iv",
    reference="doi:10.1038/s41597-022-01899-x",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement; nothing is sent to services outside.",
    gated=True,
)
def mimic_iv(path: Path) -> Iterator[Example]:
    """Patients with all that happened to them in order of time, as question.patient; gold's fields: died, stays.

    `path` is the folder with hosp/*.csv.gz (patients, admissions; where they are, diagnoses_icd, d_icd_diagnoses,
    procedures_icd, d_icd_procedures, prescriptions, labevents, d_labitems), and note/ of MIMIC-IV-Note, plain or .gz;
    the open demo has the same tables. Ages are whole years, from the anchor. Gold's fields: died_in_hospital and stays.
    The patient is a group. Raises `NeedsFile` and `BadFormat`.
    """
    stays = mimic.stays(_table(path, "admissions"))
    yield from mimic.timelines("mimic_iv", release(path, VERSION), dict(people(path)), stays, _events(path, stays))


def people(path: Path) -> Iterator[tuple[str, mimic.Person]]:
    """The patients of the table, by their number; the year of birth follows from the anchor."""
    for where, cells in mimic.rows(_table(path, "patients"), ("subject_id", "gender", "anchor_age", "anchor_year")):
        age, year = cells["anchor_age"], cells["anchor_year"]
        if not (age.isdecimal() and year.isdecimal()):
            raise BadFormat("anchor_age and anchor_year must be numbers", where=where)
        born = f"{int(year) - int(age):04d}"
        yield mimic.number(cells, "subject_id", where), mimic.Person(mimic.sex(cells, where), born)


def _table(path: Path, name: str) -> Path:
    return mimic.table(path, name, OFFICIAL)


def _events(path: Path, stays: dict[str, mimic.Stay]) -> Iterator[mimic.Event]:
    yield from _codes(path, stays)
    if file := mimic.there(path, "prescriptions"):
        columns = ("subject_id", "hadm_id", "starttime", "drug", "ndc", "dose_val_rx", "dose_unit_rx", "route")
        for where, cells in mimic.rows(file, columns):
            yield mimic.event(cells, stays, where, mimic.time(cells, "starttime", where=where), mimic.prescribed(cells))
    if file := mimic.there(path, "labevents"):
        items = {}
        if labels := mimic.there(path, "d_labitems"):
            for _, cells in mimic.rows(labels, ("itemid", "label", "fluid")):
                items[cells["itemid"]] = ", ".join(filter(None, (cells["label"], cells["fluid"])))
        wanted = ("subject_id", "hadm_id", "itemid", "charttime", "value", "valuenum", "valueuom")
        for where, cells in mimic.rows(file, wanted):
            text = items.get(cells["itemid"], f"item {cells['itemid']}")
            value = cells["value"] if cells["value"] not in {"", "___"} else cells["valuenum"]
            seen = Observation("laboratory", "", text=text, value=value, unit=cells["valueuom"])
            yield mimic.event(cells, stays, where, mimic.time(cells, "charttime", where=where), seen)
    for name in ("discharge", "radiology"):
        if file := mimic.there(path, name):
            for where, cells in mimic.rows(file, ("note_id", "subject_id", "charttime", "text")):
                when = mimic.time(cells, "charttime", where=where)
                yield mimic.Event(mimic.number(cells, "subject_id", where), when, Observation("", ""), cells["text"])


def _codes(path: Path, stays: dict[str, mimic.Stay]) -> Iterator[mimic.Event]:
    for kind, name, titles in (
        ("condition", "diagnoses_icd", "d_icd_diagnoses"), ("procedure", "procedures_icd", "d_icd_procedures"),
    ):  # fmt: skip
        file = mimic.there(path, name)
        if file is None:
            continue
        words = {}
        if table := mimic.there(path, titles):
            for _, cells in mimic.rows(table, ("icd_code", "icd_version", "long_title")):
                words[cells["icd_code"], cells["icd_version"]] = cells["long_title"]
        for where, cells in mimic.rows(file, ("subject_id", "hadm_id", "seq_num", "icd_code", "icd_version")):
            code, version = cells["icd_code"], cells["icd_version"]
            if version not in {"9", "10"} or not code:
                raise BadFormat("a code of ICD version 9 or 10 was expected", where=where)
            concept = mimic.coded(code, version) if kind == "condition" else ""
            text = words.get((code, version), f"ICD-{version} {code}")
            when = mimic.time(cells, "chartdate", where=where)
            yield mimic.event(cells, stays, where, when, Observation(kind, concept, text=text))
