"""How certain the evidence is (GRADE): an answer is no stronger than the weakest piece that it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from probatum.types import Answer, Evidence

GRADES = ("very low", "low", "moderate", "high")  # GRADE's levels of certainty, the weakest first


def grade_of(evidence: Evidence) -> str:
    """The certainty that the source itself gives to the fact by GRADE; empty where it gives none."""
    written = dict(evidence.fact.qualifiers).get("grade", "").strip().lower().replace("-", " ")
    return written if written in GRADES else ""


def weakest(evidence: Iterable[Evidence]) -> str:
    """The weakest grade among pieces of evidence; empty where none is graded."""
    return min(filter(None, map(grade_of, evidence)), key=GRADES.index, default="")


def grade(answer: Answer) -> str:
    """The grade of a whole answer: the weakest of its sentences'; empty where none is graded."""
    return min((each.grade for each in answer.verdicts if each.grade), key=GRADES.index, default="")
