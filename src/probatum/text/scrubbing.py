"""A clinical note without what would identify its patient: names, places, dates, numbers, addresses, great ages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = ("name", "place", "date", "age", "number", "contact")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "a": re.ASCII}
# Names of people that name diseases, signs, devices: what follows shows that nobody is meant.
_EPONYM = re.compile(
    r"(?:'s)?[ -](?:disease|syndrome|sign|lymphoma|catheter|limb|triangle|score|class|test|law|tumou?r)\b"
)
_NOBODY = frozenset(
    "Patient Pt Name Date The She He His Her Mother Father Stage Plan Note Dear Yours Received Admitted Allergies "
    "Assistant Surgeon Attending Caller Phone Address Contact Follow Discharge Male Female Unknown None "
    "Dr Mr Mrs Ms Miss Prof Professor".split()
)


@dataclass(frozen=True, slots=True)
class Personal:
    """A stretch of a text that would identify somebody; offsets are in code points."""

    start: int
    end: int
    kind: str  # one of `KINDS`


def personal(text: str) -> list[Personal]:
    """The stretches of a note that would identify a person, in order, none within another.

    The identifiers of 45 CFR 164.514(b)(2) as they are written in English and Chinese notes: names behind titles,
    labels and kinship and before degrees, and wherever their parts stand again; hospitals, schools and addresses;
    dates finer than a year and years that are told of (bare numbers are left); ages of 90 and more; record, account,
    telephone and identity numbers; mail and web addresses. Eponyms ("Wilson disease") are nobody. Rules alone: what
    they miss on other notes than one's own must be measured before anything leaves the house.
    """
    found = [Personal(m.start("it"), m.end("it"), kind) for kind, rule in _rules() for m in rule.finditer(text)]
    found = [each for each in found if each.kind != "name" or _somebody(text, each)]
    found += _again(text, [each for each in found if each.kind == "name"])
    return _apart(found)


def scrubbed(text: str) -> tuple[str, list[Personal]]:
    """The text with each such stretch as its kind in brackets, and the stretches of the text as it was."""
    found, parts, at = personal(text), [], 0
    for each in found:
        parts += [text[at : each.start], f"[{each.kind}]"]
        at = each.end
    return "".join([*parts, text[at:]]), found


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, rule) of the table, its parts put in."""
    table = tomllib.loads(resources.files("probatum").joinpath("text/scrubbing.toml").read_text(encoding="utf-8"))
    parts: dict[str, str] = table["parts"]

    def filled(text: str) -> str:
        while (full := re.sub(r"<([A-Z]+)>", lambda found: parts[found[1]], text)) != text:
            text = full
        return text

    told = []
    for row in table["rules"]:
        flags = re.NOFLAG
        for letter in row.get("flags", ""):
            flags |= _FLAGS[letter]
        told.append((row["kind"], re.compile(filled(row["rule"]), flags)))
    return tuple(told)


def _somebody(text: str, each: Personal) -> bool:
    said = text[each.start : each.end]
    if _EPONYM.match(text, each.end) or said.split()[0] in _NOBODY:
        return False
    return not said.isupper() or "," in said or len(said) > 3


def _again(text: str, names: list[Personal]) -> Iterator[Personal]:
    """Wherever a part of a name that was found stands again, alone."""
    parts = set()
    for each in names:
        said = text[each.start : each.end]
        if said.isascii() or not "\u4e00" <= said[0] <= "\u9fff":
            parts |= {p for p in re.findall(r"[^\W\d_]{4,}", said) if p[0].isupper() and p not in _NOBODY}
        elif len(said) > 1 and not said.endswith(("先生", "女士", "医生", "小姐", "大夫", "主任")):
            parts.add(said)
    for part in sorted(parts):
        around = r"{}" if "\u4e00" <= part[0] <= "\u9fff" else r"\b{}\b"
        for found in re.finditer(around.format(re.escape(part)), text):
            if not _EPONYM.match(text, found.end()):
                yield Personal(found.start(), found.end(), "name")


def _apart(found: list[Personal]) -> list[Personal]:
    """The longest of those that overlap, in order."""
    kept: list[Personal] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start, KINDS.index(one.kind))):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)
