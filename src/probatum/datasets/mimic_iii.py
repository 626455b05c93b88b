"""MIMIC-III: the records of intensive care of one hospital, as timelines, notes, and reports to be summed up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets import _mimic as mimic
from probatum.datasets._chest import release
from probatum.datasets._files import chosen
from probatum.naming import card
from probatum.types import Example, Observation

OFFICIAL = "https://physionet.org/content/mimiciii/"
PARTS = ("timeline", "notes", "impression")
VERSION = "1.4"


@card(
    "MIMIC-III",
    survey="mimic_iii",
    reference="doi:10.1038/sdata.2016.35",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement; nothing is sent to services outside.",
    gated=True,
)
def mimic_iii(path: Path, part: str = "timeline") -> Iterator[Example]:
    """Patients with all that happened to them in order of time; or their notes; or radiology findings to be summed up.

    `path` is the folder with the official tables, plain or .gz (PATIENTS, ADMISSIONS; where they are, DIAGNOSES_ICD,
    D_ICD_DIAGNOSES, PROCEDURES_ICD, PRESCRIPTIONS, LABEVENTS, D_LABITEMS, NOTEEVENTS). timeline: question.patient, ages
    for dates, notes within, gold's fields died_in_hospital and stays. notes: documents. impression: findings as
    context, the impression as gold. Notes are freed of names and placeholders. The patient is a group.
    Raises `NeedsFile` and `BadFormat`.
    """
    version = release(path, VERSION)
    if chosen(part, PARTS) == "timeline":
        people = {
            mimic.number(cells, "subject_id", where): mimic.Person(
                mimic.sex(cells, where), mimic.time(cells, "dob", where=where)
            )
            for where, cells in mimic.rows(_table(path, "patients"), ("subject_id", "gender", "dob"))
        }
        stays = mimic.stays(_table(path, "admissions"))
        yield from mimic.timelines("mimic_iii", version, people, stays, _events(path, stays))
    elif part == "notes":
        yield from mimic.documents(((i, s, kind, text) for i, s, kind, _, text in _notes(path)), "mimic_iii", version)
    else:
        radiology = ((i, s, text) for i, s, kind, _, text in _notes(path) if kind == "Radiology")
        yield from mimic.summaries(radiology, "mimic_iii", version)


def _table(path: Path, name: str) -> Path:
    return mimic.table(path, name, OFFICIAL)


def _events(path: Path, stays: dict[str, mimic.Stay]) -> Iterator[mimic.Event]:
    yield from _codes(path, stays)
    if file := mimic.there(path, "prescriptions"):
        columns = ("subject_id", "hadm_id", "startdate", "drug", "dose_val_rx", "dose_unit_rx", "ndc")
        for where, cells in mimic.rows(file, columns):
            yield mimic.event(cells, stays, where, mimic.time(cells, "startdate", where=where), mimic.prescribed(cells))
    if file := mimic.there(path, "labevents"):
        items = {}
        if labels := mimic.there(path, "d_labitems"):
            for _, cells in mimic.rows(labels, ("itemid", "label", "fluid", "loinc_code")):
                items[cells["itemid"]] = (
                    ", ".join(filter(None, (cells["label"], cells["fluid"]))),
                    cells["loinc_code"],
                )
        for where, cells in mimic.rows(file, ("subject_id", "hadm_id", "itemid", "charttime", "value", "valueuom")):
            text, code = items.get(cells["itemid"], ("", ""))
            seen = Observation(
                "laboratory", f"LNC:{code}" if code else "", text=text or f"item {cells['itemid']}",
                value=cells["value"], unit=cells["valueuom"],
            )  # fmt: skip
            yield mimic.event(cells, stays, where, mimic.time(cells, "charttime", where=where), seen)
    if mimic.there(path, "noteevents"):
        for _, subject, _, when, text in _notes(path):
            yield mimic.Event(subject, when, Observation("", ""), text)


def _codes(path: Path, stays: dict[str, mimic.Stay]) -> Iterator[mimic.Event]:
    for kind, name, titles in (
        ("condition", "diagnoses_icd", "d_icd_diagnoses"), ("procedure", "procedures_icd", "d_icd_procedures"),
    ):  # fmt: skip
        file = mimic.there(path, name)
        if file is None:
            continue
        words = {}
        if table := mimic.there(path, titles):
            words = {
                cells["icd9_code"]: cells["long_title"] for _, cells in mimic.rows(table, ("icd9_code", "long_title"))
            }
        for where, cells in mimic.rows(file, ("subject_id", "hadm_id", "seq_num", "icd9_code")):
            if code := cells["icd9_code"]:
                concept = mimic.coded(code, "9") if kind == "condition" else ""
                seen = Observation(kind, concept, text=words.get(code, f"ICD-9 {code}"))
                yield mimic.event(cells, stays, where, "", seen)


def _notes(path: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """(id, subject, category, time, text) of each note that was not marked as an error."""
    columns = ("row_id", "subject_id", "chartdate", "charttime", "category", "iserror", "text")
    for where, cells in mimic.rows(_table(path, "noteevents"), columns):
        if cells["iserror"] != "1" and cells["text"]:
            when = mimic.time(cells, "charttime", "chartdate", where=where)
            id = f"note:{mimic.number(cells, 'row_id', where)}"
            yield id, mimic.number(cells, "subject_id", where), cells["category"], when, cells["text"]
