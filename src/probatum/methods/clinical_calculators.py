"""Picks the medical calculator that a question asks for, reads its inputs out of the note, and shows the work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadFormat, BadPlan
from probatum.methods import _asking as asking
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput
from probatum.text.normal import fold
from probatum.tools.calculators import asked_for, calculators, inputs_of, known, missing_of, read, title_of
from probatum.types import Answer, Candidate, Question, Request, Step

SCORERS = ("words", "model")
UNSAID = ("ask", "absent")
_PICK = """{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}"""
_READ = (
    '{"type": "object", "properties": {"inputs": {"type": "array", "items": {"type": "object", "properties": '
    '{"name": {"type": "string"}, "value": {"type": "string"}, "unit": {"type": "string"}, '
    '"quote": {"type": "string"}}, '
    '"required": ["name", "value", "unit", "quote"]}}}, "required": ["inputs"]}'
)
_AGE = re.compile(r"P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+)M)?(?:\d+[WD])*")


@dataclass(frozen=True, slots=True)
class Told:
    """One input, and the words of the note that tell it; without a span it was told with the patient."""

    given: Given
    words: str
    start: int = 0
    end: int = 0


@card("Clinical calculators", survey="3.1.3", reference="doi:10.1038/s41746-025-01475-8", languages=("en", "zh"))
def clinical_calculators(
    question: Question, desk: Desk, *, scorer: str = "words", name: str = "", unsaid: str = "ask"
) -> Answer:
    """The value that a calculator gives, its steps, the words of the note behind each input, and its reference.

    As the paper's agent: (1) a calculator is picked: the one that the question calls by the longest of its names
    (of several that share it, the one that lacks the fewest inputs), with `scorer = "model"` by the model out of all;
    (2) its inputs are read from the note by rules, and with a model also by it, each with the words that tell it: a
    value whose words do not stand in the note is dropped; (3) what is missing is asked for, never guessed; with `unsaid
    = "absent"` a finding that nobody spoke of counts as not there and is listed; (4) the formula is worked by code.
    The note is the text, what was given with it, and the patient's notes. Abstains: no-calculator, missing-inputs (the
    fields hold what was found), unfit (a value out of bounds), unparsed.
    """
    for setting, value, allowed in (("scorer", scorer, SCORERS), ("unsaid", unsaid, UNSAID)):
        if value not in allowed:
            raise BadPlan(f"{setting} = {value!r} is not known here", mend=f"one of: {', '.join(allowed)}")
    language, steps = asking.language_of(question), list[Step]()
    note = note_of(question)
    by_model = scorer == "model" and asking.has_model(desk)
    picked = name or (_by_model(question, desk, steps) if by_model else by_words(question.text, note, unsaid))
    if not picked:
        unread = by_model and steps and steps[-1].what == "unparsed"
        return _none("unparsed" if unread else "no-calculator", language, steps)
    steps.append(Step("picked", f"{picked}: {title_of(picked)}"))
    told = of_patient(question, picked) | {
        each.name: _quoted(note, each.given, each.start, each.end) for each in read(picked, note).values()
    }
    if by_model:
        told |= {
            each: value
            for each, value in _read_by_model(question, desk, picked, note, steps).items()
            if each not in told
        }
    steps += [Step("input", _shown(each, value)) for each, value in told.items()]
    given = {each: value.given for each, value in told.items()}
    fields = tuple((each, value.words) for each, value in told.items())
    if missing := missing_of(picked, given, unsaid=unsaid):
        wanted = ", ".join(_wanted(each) for each in missing)
        why = asking.prompt("clinical_calculators", "why.missing-inputs", language, inputs=wanted)
        steps.append(Step("missing", wanted))
        return Answer(fields=(("calculator", picked), *fields), abstained=f"missing-inputs: {why}", trace=tuple(steps))
    try:
        result = calculators(given, name=picked, unsaid=unsaid)
    except BadFormat as error:
        return asking.abstaining("unfit", language, steps, str(error))
    steps += [Step("worked", line) for line in result.steps]
    text = _text(result, told, language)
    candidates = (Candidate(picked, title_of(picked), 1.0),)
    fields = (("calculator", picked), ("value", _value(result)), ("unit", result.unit), *fields)
    return Answer(text, candidates=candidates, fields=fields, trace=tuple(steps))


def note_of(question: Question) -> str:
    """What inputs are read from: the text, what was given with it, and the patient's notes, parted by blank lines."""
    notes = question.patient.notes if question.patient else ()
    return "\n\n".join((question.text, *question.context, *notes))


def _quoted(note: str, given: Given, start: int, end: int) -> Told:
    """An input with its words; the full stop behind a unit is not of them."""
    words = note[start:end].rstrip(".")
    return Told(given, words, start, start + len(words))


def by_words(asked: str, note: str, unsaid: str) -> str:
    """The calculator that a question calls by name; of several of that name, the one that lacks fewest inputs."""

    def lacking(name: str) -> int:
        given = {each: found.given for each, found in read(name, note).items()}
        return len(missing_of(name, given, unsaid=unsaid))

    return min(asked_for(asked), key=lacking, default="")


def of_patient(question: Question, name: str) -> dict[str, Told]:
    """Age and sex, where the question has a patient and the calculator wants them."""
    patient, wanted = question.patient, {each.name: each for each in inputs_of(name)}
    told: dict[str, Told] = {}
    if patient is None:
        return told
    found = _AGE.fullmatch(patient.age)
    if found and "age" in wanted and (found[1] or found[2]):
        years = float(found[1] or 0) + float(found[2] or 0) / 12
        told["age"] = Told((years, "a"), patient.age)
    if "sex" in wanted and patient.sex in wanted["sex"].choices:
        told["sex"] = Told(patient.sex, patient.sex)
    return told


def _by_model(question: Question, desk: Desk, steps: list[Step]) -> str:
    language = asking.language_of(question)
    names = "; ".join(f"{each} ({title_of(each)})" for each in known())
    wrong = asking.prompt("clinical_calculators", "unfit_pick", language)

    def check(read: dict[str, Any]) -> str:
        return "" if read.get("name") in ("", *known()) else wrong

    task = asking.prompt("clinical_calculators", "pick", language, names=names)
    request = Request(asking.messages(task, question), question, schema=_PICK)
    picked = asking.ask_json(desk, request, check, steps, "pick")
    return str(picked["name"]) if picked else ""


def _read_by_model(question: Question, desk: Desk, name: str, note: str, steps: list[Step]) -> dict[str, Told]:
    """The inputs that the model reads; one whose words do not stand in the note, or lack its value, is dropped."""
    language, wanted = asking.language_of(question), {each.name: each for each in inputs_of(name)}
    wrong = asking.prompt("clinical_calculators", "unfit_read", language)

    def check(told: dict[str, Any]) -> str:
        rows = told.get("inputs")
        keys = ("name", "value", "unit", "quote")
        whole = isinstance(rows, list) and all(
            isinstance(row, dict) and all(isinstance(row.get(key), str) for key in keys) for row in rows
        )
        return "" if whole else wrong

    listed = ", ".join(_wanted(each) for each in wanted.values())
    task = asking.prompt("clinical_calculators", "read", language, name=name, inputs=listed)
    answer = asking.ask_json(
        desk, Request(asking.messages(task, question), question, schema=_READ), check, steps, "read"
    )
    kept: dict[str, Told] = {}
    for row in answer["inputs"] if answer else ():
        at = note.find(row["quote"]) if row["quote"].strip() else -1
        if row["name"] not in wanted or at < 0 or not _stands(row, wanted[row["name"]]):
            steps.append(
                Step("dropped", f"{row['name']}: its words do not stand in the note, or do not tell its value")
            )
            continue
        given = _given(row, wanted[row["name"]])
        if given is not None:
            kept[row["name"]] = Told(given, row["quote"], at, at + len(row["quote"]))
    return kept


def _stands(row: Mapping[str, str], each: ToolInput) -> bool:
    """Whether the quoted words hold the value: its number, or the words of a choice; a finding needs words alone."""
    if each.kind == "quantity":
        return row["value"].strip() in row["quote"] and fold(row["unit"].strip()) in fold(row["quote"])
    return each.kind == "yes or no" or fold(row["value"]) in fold(row["quote"])


def _given(row: Mapping[str, str], each: ToolInput) -> Given | None:
    value = row["value"].strip()
    if each.kind == "yes or no":
        return {"true": True, "yes": True, "false": False, "no": False}.get(value.lower())
    if each.kind == "quantity":
        return f"{value} {row['unit'].strip()}".strip() if re.fullmatch(r"\d+(?:\.\d+)?", value) else None
    return value


def _wanted(each: ToolInput) -> str:
    return f"{each.name.replace('_', ' ')} ({', '.join(each.choices) or each.unit or each.kind})"


def _shown(name: str, told: Told) -> str:
    place = f" at {told.start}-{told.end}" if told.end else " of the patient"
    return f"{name} = {told.given!r}: {told.words!r}{place}"


def _value(result: Result) -> str:
    return result.value if isinstance(result.value, str) else f"{result.value:.6g}"


def _text(result: Result, told: Mapping[str, Told], language: str) -> str:
    def said(key: str, **fields: object) -> str:
        return asking.prompt("clinical_calculators", key, language, **fields)

    unit = "" if result.unit in {"", "1", "{score}"} else f" {result.unit}"
    lines = [said("result", title=title_of(result.name), value=_value(result), unit=unit)]
    lines += [said("from", inputs="; ".join(f"{name.replace('_', ' ')} “{each.words}”" for name, each in told.items()))]
    lines += result.steps
    if result.assumed:
        lines.append(said("assumed", inputs=", ".join(each.replace("_", " ") for each in result.assumed)))
    lines.append(said("reference", version=result.version, reference=result.reference))
    lines.append(said("checked", checked=result.checked) if result.checked.startswith("http") else said("unchecked"))
    return "\n".join(lines)


def _none(code: str, language: str, steps: list[Step]) -> Answer:
    why = "" if code == "unparsed" else asking.prompt("clinical_calculators", f"why.{code}", language)
    return asking.abstaining(code, language, steps, why)
