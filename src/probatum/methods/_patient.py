"""A patient as a ranking sees them: phenotypes present and excluded, age, age of onset and sex; nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from probatum.desk import Desk
from probatum.methods._profiles import ONSETS
from probatum.methods._scores import Case
from probatum.methods._terms import Terms
from probatum.text import durations
from probatum.types import Mention, Observation, Patient, Question


@dataclass(frozen=True, slots=True)
class Seen:
    """The case, and what of the patient could not be used, as it was written."""

    case: Case
    unknown: tuple[str, ...]


def seen(question: Question, desk: Desk, terms: Terms) -> Seen:
    """The case of a question: of its patient's observations and notes, or of its text where it has no patient.

    Merged and replaced ids are followed. Words are read by the desk's annotator.
    """
    patient = question.patient or Patient(notes=(question.text,) if question.text else ())
    present: dict[int, None] = {}
    excluded: dict[int, None] = {}
    onsets: list[float] = []
    unknown: list[str] = []
    for observation in _observations(patient, desk):
        term = terms.place.get(observation.concept)
        if term is None and observation.concept:
            term = terms.place.get(desk.store.resolve(observation.concept) or "")
        if term is None:
            unknown.append(" ".join(filter(None, (observation.concept, observation.text))))
            continue
        (present if observation.present else excluded)[term] = None
        onset = age_of(observation.onset)
        if observation.present and onset is not None:
            onsets.append(onset)
    case = Case(
        present=tuple(term for term in present if term not in terms.roots),
        excluded=tuple(term for term in excluded if term not in present),
        age=age_of(patient.age),
        onset=min(onsets, default=None),
        sex=patient.sex,
    )
    return Seen(case, tuple(dict.fromkeys(unknown)))


def age_of(written: str) -> float | None:
    """An age in years, of an ISO 8601 duration or an onset term (its latest age); None where neither stands."""
    if written in ONSETS:
        return max(ONSETS[written][1], 0.0)
    try:
        return durations.years(written)
    except ValueError:
        return None


def _observations(patient: Patient, desk: Desk) -> Iterator[Observation]:
    for observation in patient.observations:
        if observation.concept or not observation.text:
            yield observation
        else:
            found = list(_mentioned(observation.text, desk))
            kept = (each if observation.present else Observation("phenotype", each.concept, False) for each in found)
            yield from kept if found else (observation,)
    for note in patient.notes:
        yield from _mentioned(note, desk)


def _mentioned(text: str, desk: Desk) -> Iterator[Observation]:
    """What a text says that the patient has or has not; what is uncertain or another person's is left out."""
    for mention in desk.annotate(text):
        if isinstance(mention, Mention) and mention.who == "patient" and mention.certainty == "certain":
            yield Observation("phenotype", mention.concept, not mention.negated, mention.text)
