"""A case as it stands in the address of a page: phenotypes present or excluded, age, sex; nothing that identifies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from probatum.text import durations
from probatum.types import Observation, Patient
from probatum.web.problems import Problem, invalid

ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}:[A-Za-z0-9_.-]{1,32}")
SEXES = ("female", "male", "other")
MOST = 200  # phenotypes in one address; browsers and proxies cut long ones
_UNITS = {
    "": "Y", "y": "Y", "yr": "Y", "yrs": "Y", "year": "Y", "years": "Y", "岁": "Y", "年": "Y",
    "m": "M", "mo": "M", "month": "M", "months": "M", "月": "M", "个月": "M",
    "w": "W", "wk": "W", "week": "W", "weeks": "W", "周": "W",
    "d": "D", "day": "D", "days": "D", "天": "D", "日": "D",
}  # fmt: skip
EXAMPLES = {  # made up; the words of the page call each by its key
    "example_marfan": "HP:0000098=present&HP:0001166=present&HP:0001083=present&HP:0002616=present&HP:0001249=excluded"
    "&age=P19Y&sex=male",
    "example_gaucher": "HP:0001433=present&HP:0001873=present&HP:0002653=present&HP:0001250=excluded"
    "&age=P31Y&sex=female",
    "example_tuberous": "HP:0012469=present&HP:0009719=present&HP:0009729=present&HP:0000107=present&age=P8M",
}
_PART = re.compile(r"([0-9]{1,3}(?:\.[0-9])?)\s*([^\W\d]*)\s*")


@dataclass(frozen=True, slots=True)
class Case:
    """What is entered on the page; `observed` holds (id, present) in the order of entry, each id once."""

    observed: tuple[tuple[str, bool], ...] = ()
    age: str = ""  # ISO 8601 duration
    sex: str = ""
    example: bool = False  # one of the page's own made-up cases

    def with_observed(self, id: str, present: bool) -> Case:
        """The case with one more phenotype, or with the other state of one that is there."""
        return replace(self, observed=tuple((dict(self.observed) | {id: present}).items()))

    def without(self, id: str) -> Case:
        """The case without a phenotype."""
        return replace(self, observed=tuple(pair for pair in self.observed if pair[0] != id))

    def renamed(self, current: Callable[[str], str | None]) -> Case:
        """The case with ids that were merged or replaced brought up to date; ids that are not known stay."""
        return replace(self, observed=tuple({current(id) or id: present for id, present in self.observed}.items()))

    def query(self, language: str = "") -> str:
        """The case as a query string: `HP:0001250=present&HP:0001251=excluded&age=P3Y&sex=female`."""
        parts = [(id, "present" if present else "excluded") for id, present in self.observed]
        parts += [("age", self.age), ("sex", self.sex), ("example", "1" if self.example else ""), ("lang", language)]
        return urlencode([part for part in parts if part[1]], safe=":")

    def patient(self) -> Patient:
        """The case as the noun that a method takes."""
        observations = tuple(Observation("phenotype", id, present) for id, present in self.observed)
        return Patient(age=self.age, sex=self.sex, observations=observations)


def of_query(items: Iterable[tuple[str, str]]) -> Case:
    """The case of an address; raises `Problem` for an age or a sex that cannot be read."""
    items = list(items)
    observed = {id: state == "present" for id, state in items if state in ("present", "excluded") and ID.fullmatch(id)}
    if len(observed) > MOST:
        raise invalid(f"at most {MOST} phenotypes fit into one address")
    said = dict(items)
    sex = said.get("sex", "").strip().lower()
    if sex and sex not in SEXES:
        raise invalid("sex is one of female, male, other, or left out")
    return Case(tuple(observed.items()), read_age(said.get("age", "")), sex, said.get("example") == "1")


def of_patient(patient: Patient) -> Case:
    """The case of a patient, without whatever else is known: no id, no notes."""
    observed = {seen.concept: seen.present for seen in patient.observations if ID.fullmatch(seen.concept)}
    sex = patient.sex if patient.sex in SEXES else ""
    return Case(tuple(observed.items())[:MOST], patient.age if _readable(patient.age) else "", sex)


def read_age(written: str) -> str:
    """The ISO 8601 duration of an age as people write it: '34', '6 m', '3y 2m', '3岁2个月', 'P34Y2M'; '' for ''."""
    written = unicodedata.normalize("NFKC", written).strip()  # ３岁, as Chinese keyboards write it
    if not written:
        return ""
    try:
        if written.upper().startswith("P"):
            durations.parts(written.upper())
            return written.upper()
        parts = "".join(f"{number}{_UNITS[unit.lower()]}" for number, unit in _tokens(written))
        durations.parts(f"P{parts}")
    except (KeyError, ValueError):
        raise invalid("the age cannot be read; write 34, 6 m, 3 y 2 m or P34Y2M") from None
    return f"P{parts}"


def said_age(age: str, language: str) -> str:
    """An age in words that `read_age` reads again; '' for ''."""
    if not age:
        return ""
    said = durations.in_words(age, language)
    try:
        return said if durations.days(read_age(said)) == durations.days(age) else age
    except Problem:
        return age


def _readable(age: str) -> bool:
    try:
        return durations.days(age) >= 0
    except ValueError:
        return False


def _tokens(written: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(written):
        part = _PART.match(written, at)
        if part is None:
            raise ValueError(written)
        found.append((part[1], part[2]))
        at = part.end()
    return found
