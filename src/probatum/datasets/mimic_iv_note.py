"""MIMIC-IV-Note: discharge summaries and radiology reports, as documents, timelines, and findings to be summed up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets import _mimic as mimic
from probatum.datasets._chest import release
from probatum.datasets._files import chosen
from probatum.naming import card
from probatum.types import Example, Observation

OFFICIAL = "https://physionet.org/content/mimic-iv-note/"
PARTS = ("timeline", "discharge", "radiology", "impression")
VERSION = "2.2"


@card(
    "MIMIC-IV-Note",
    survey="mimic_iv_note",
    reference="https://doi.org/10.13026/1n74-ne17",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement; nothing is sent to services outside.",
    gated=True,
)
def mimic_iv_note(path: Path, part: str = "timeline") -> Iterator[Example]:
    """Patients with their notes in order of time; or documents; or radiology findings and the impression that sums up.

    `path` is the folder with note/discharge.csv.gz and radiology.csv.gz, plain or .gz (note_id, subject_id, hadm_id,
    note_type, note_seq, charttime, storetime, text); a timeline takes those that are there. `part`: timeline,
    discharge, radiology (documents), impression. Of a note alone no age or sex is told. What their makers took out
    stands as ___, what they left is taken out. The patient is a group. Raises `NeedsFile` and `BadFormat`.
    """
    wanted, version = chosen(part, PARTS), release(path, VERSION)
    if wanted == "timeline":
        people: dict[str, mimic.Person] = {}
        yield from mimic.timelines("mimic_iv_note", version, people, {}, _events(path, people))
    elif wanted == "impression":
        told = ((id, subject, text) for id, subject, _, text in _notes(path, "radiology"))
        yield from mimic.summaries(told, "mimic_iv_note", version)
    else:
        told_ = ((id, subject, wanted, text) for id, subject, _, text in _notes(path, wanted))
        yield from mimic.documents(told_, "mimic_iv_note", version)


def _events(path: Path, people: dict[str, mimic.Person]) -> Iterator[mimic.Event]:
    names = [name for name in ("discharge", "radiology") if mimic.there(path, name)]
    for name in names or ["discharge"]:
        for _, subject, when, text in _notes(path, name):
            people.setdefault(subject, mimic.Person("", ""))
            yield mimic.Event(subject, when, Observation("", ""), text)


def _notes(path: Path, name: str) -> Iterator[tuple[str, str, str, str]]:
    """(id, subject, time, text) of each note of a table."""
    columns = ("note_id", "subject_id", "hadm_id", "note_type", "note_seq", "charttime", "storetime", "text")
    for where, cells in mimic.rows(mimic.table(path, name, OFFICIAL), columns):
        if cells["text"]:
            when = mimic.time(cells, "charttime", where=where)
            yield cells["note_id"], mimic.number(cells, "subject_id", where), when, cells["text"]
