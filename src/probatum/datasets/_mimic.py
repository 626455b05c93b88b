"""What the MIMIC sets share: tables found by their official names, a person's events in order of time, no date kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from probatum.datasets._deidentified import deidentified
from probatum.errors import BadFormat, NeedsFile
from probatum.formats.ages import age
from probatum.formats.radiology_report import sections
from probatum.formats.sorting import Sorted
from probatum.formats.tables import named_cells
from probatum.types import Answer, Example, Malformed, Observation, Origin, Patient, Question

Cells = Mapping[str, str]
_SEXES = {"F": "female", "M": "male"}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
_SHIFTED = 200  # years: birth dates of people over 89 were moved 300 years back


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the table of patients."""

    sex: str
    born: str  # a date, or the year alone


@dataclass(frozen=True, slots=True)
class Stay:
    """One admission."""

    subject: str
    begins: str
    died: bool
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to whom, and when; a note where it is one."""

    subject: str
    time: str
    seen: Observation
    note: str = ""


def table(root: Path, name: str, official: str) -> Path:
    """The table NAME.csv of a folder and its folders, plain or packed, in any letters; raises `NeedsFile`."""
    found = there(root, name)
    if found is None:
        raise NeedsFile(f"no {name}.csv or {name}.csv.gz in {root}", mend=f"get it from {official} and give the folder")
    return found


def there(root: Path, name: str) -> Path | None:
    """As `table`, or None where there is no such table."""
    stems = {f"{name}.csv", f"{name}.csv.gz"}
    return min((each for each in root.rglob("*.[cC][sS][vV]*") if each.name.lower() in stems), default=None)


def rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(place, cells by column in small letters) of a table with at least these columns; raises `BadFormat`."""
    names: dict[str, str] = {}
    for found in named_cells(file, ()):
        if isinstance(found, Malformed):
            raise BadFormat(found.reason, where=f"{file}:{found.line}", mend="get the file again from where it came")
        line, cells = found
        if not names:  # the same in every row
            names = {name: name.lower() for name in cells}
            if lacking := [name for name in columns if name not in names.values()]:
                raise BadFormat(f"the header lacks {', '.join(lacking)}", where=f"{file}:1")
        yield f"{file}:{line}", {names[name]: cell.strip() for name, cell in cells.items()}


def number(cells: Cells, column: str, where: str) -> str:
    """The number of a patient, a stay or an item; raises `BadFormat` where there is none."""
    if not cells[column].isdecimal():
        raise BadFormat(f"{column} must be a number, not {cells[column]!r:.40}", where=where)
    return cells[column]


def time(cells: Cells, *columns: str, where: str) -> str:
    """The first of the times that is told; empty where none is. Raises `BadFormat` for what is no time."""
    said = next((cells[name] for name in columns if cells.get(name)), "")
    if said and not _TIME.fullmatch(said):
        raise BadFormat(f"a time (YYYY-MM-DD HH:MM:SS) was expected, not {said!r:.40}", where=where)
    return said


def sex(cells: Cells, where: str) -> str:
    """female or male; raises `BadFormat` for another letter."""
    if cells["gender"].upper() not in _SEXES:
        raise BadFormat(f"F or M was expected, not {cells['gender']!r:.40}", where=where)
    return _SEXES[cells["gender"].upper()]


def stays(file: Path) -> dict[str, Stay]:
    """The admissions of a table, by their number."""
    columns = ("subject_id", "hadm_id", "admittime", "dischtime", "admission_type", "hospital_expire_flag")
    found: dict[str, Stay] = {}
    for where, cells in rows(file, columns):
        said = ": ".join(filter(None, (cells["admission_type"], cells.get("diagnosis", ""))))
        found[number(cells, "hadm_id", where)] = Stay(
            number(cells, "subject_id", where), time(cells, "admittime", where=where),
            cells["hospital_expire_flag"] == "1", said,
        )  # fmt: skip
    return found


def coded(code: str, version: str) -> str:
    """A diagnosis as a CURIE; the tables leave the point out (4280: ICD9CM:428.0; E8859: ICD9CM:E885.9)."""
    plain = code.replace(".", "").upper()
    at = 4 if version == "9" and plain.startswith("E") else 3
    return f"ICD{'9' if version == '9' else '10'}CM:{plain[:at]}{'.' if len(plain) > at else ''}{plain[at:]}"


def event(cells: Cells, admitted: Mapping[str, Stay], where: str, when: str, seen: Observation) -> Event:
    """An event of a row; where it has no time of its own it happened when its stay began."""
    stay = admitted.get(cells["hadm_id"])
    return Event(number(cells, "subject_id", where), when or (stay.begins if stay else ""), seen)


def prescribed(cells: Cells) -> Observation:
    """A prescription as an observation; the drug code that stands for none (0) is left out."""
    code = cells["ndc"].strip("0")
    dose = " ".join(filter(None, (cells["dose_val_rx"], cells["dose_unit_rx"], cells.get("route", ""))))
    return Observation("medication", f"NDC:{cells['ndc']}" if code else "", text=cells["drug"], dose=dose)


def group(source: str, subject: str) -> str:
    """What a person's examples share in every set: MIMIC-IV, its notes and MIMIC-CXR number people alike."""
    return f"patient:{source}:{subject}" if source == "mimic_iii" else f"patient:{subject}"


@lru_cache(1 << 16)
def age_at(born: str, on: str) -> str:
    """The age on a day; people over 89 are `P90Y`, as the set says no more of them."""
    told = age(born, on)
    years = re.match(r"P(\d+)Y", told)
    return "P90Y" if years and int(years[1]) >= _SHIFTED else told


def timelines(
    source: str, release: str, people: Mapping[str, Person], admitted: Mapping[str, Stay], events: Iterator[Event]
) -> Iterator[Example]:
    """An example for each person with a stay or an event, by their number: all that happened in order of time.

    Events are sorted on disk, so that tables of any size can be read. Onsets are ages, no date remains; notes stand in
    order without what identifies. Gold's fields say whether the last stay ended in death, and how many there were.
    """
    own: dict[str, list[Stay]] = {}
    for stay in admitted.values():
        own.setdefault(stay.subject, []).append(stay)
    with Sorted() as lines:
        for each in _with_stays(events, admitted):
            seen = each.seen
            told = [seen.kind, seen.concept, seen.text, seen.value, seen.unit, seen.dose, each.note]
            lines.add(f"{int(each.subject):012d}\t{each.time}\t{json.dumps(told, ensure_ascii=True)}")
        for key, group in groupby(lines, key=lambda line: line[:12]):
            subject = str(int(key))
            if subject not in people:
                raise BadFormat(f"the table of patients lacks {subject}", where=source)
            yield _timeline(f"{source}:{subject}", release, people[subject], own.get(subject, []), list(group))


def _with_stays(events: Iterator[Event], admitted: Mapping[str, Stay]) -> Iterator[Event]:
    for stay in admitted.values():
        yield Event(stay.subject, stay.begins, Observation("admission", "", text=stay.text))
    yield from events


def _timeline(id: str, release: str, person: Person, own: Sequence[Stay], lines: Sequence[str]) -> Example:
    observations, notes, latest = [], [], ""
    for line in lines:
        _, when, told = line.split("\t", 2)
        kind, concept, text, value, unit, dose, note = json.loads(told)
        latest = when or latest  # the lines are in order of time
        if note:
            notes.append(deidentified(note))
        if kind:
            onset = age_at(person.born, when[:10])
            observations.append(Observation(kind, concept, text=text, value=value, unit=unit, dose=dose, onset=onset))
    patient = Patient(id, age_at(person.born, latest), person.sex, tuple(observations), tuple(notes))
    fields: tuple[tuple[str, str], ...] = ()
    if own:
        last = max(own, key=lambda stay: stay.begins)
        fields = (("died_in_hospital", "yes" if last.died else "no"), ("stays", str(len(own))))
    origin = Origin(id.partition(":")[0], release, id.partition(":")[2])
    return Example(
        id,
        Question(patient=patient, language="en"),
        Answer(fields=fields),
        (group(id.partition(":")[0], id.partition(":")[2]),),
        origin=origin,
    )


def summaries(
    notes: Iterator[tuple[str, str, str]], source: str, release: str, wanted: Callable[[str], bool] = bool
) -> Iterator[Example]:
    """Findings to be summed up and the impression that does, of (note id, subject, text) that have both."""
    for id, subject, text in notes:
        told = dict(sections(deidentified(text)))
        seen, meant = told.get("findings", ""), told.get("impression", "")
        if wanted(seen) and wanted(meant):
            asked = Question("Summarise the findings as an impression.", context=(seen,), language="en")
            fields = tuple(sorted((name, said) for name, said in told.items() if name))
            yield Example(
                id, asked, Answer(meant, fields=fields), (group(source, subject),),
                origin=Origin(source, release, id),
            )  # fmt: skip


def documents(notes: Iterator[tuple[str, str, str, str]], source: str, release: str) -> Iterator[Example]:
    """A document to train on for each (note id, subject, kind, text), without what identifies."""
    for id, subject, kind, text in notes:
        yield Example(
            id, Question(language="en"), Answer(deidentified(text).strip()), (group(source, subject),),
            labels=(("category", kind),) if kind else (), origin=Origin(source, release, id),
        )  # fmt: skip
