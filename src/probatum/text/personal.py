"""What in a text would identify a person: addresses, numbers, dates of birth, names behind a title."""

from __future__ import annotations

import re

# Rules for the commonest written forms, in English and Chinese. They guard a door; they do not de-identify a record.
_RULES = {
    "e-mail": r"[\w.+-]+@[\w-]+\.[\w.-]+",
    "telephone": r"(?<![\d.])(?:\+\d{1,3}[ -]?)?(?:\(\d{2,4}\)[ -]?|\d{3,4}[ -])\d{3,4}[ -]\d{3,4}(?!\d)"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)",
    "social security number": r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)",
    "resident identity number": r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)",
    "record number": r"\b(?:MRN|medical record|record (?:no|number)|patient id|NHS (?:no|number))\b"
    r"\W{0,3}#?\W{0,2}(?=\w*\d)[\w-]{4,}|(?:病历号|住院号|门诊号|身份证号?)\W{0,3}[\w-]{4,}",
    "date of birth": r"\b(?:DOB|date of birth|born(?: on)?)\b\W{0,3}\d{1,4}[ ./-]\w{1,9}[ ./,-]+\d{2,4}"
    r"|(?:出生日期|出生于|生于)\W{0,3}\d{4}\W?年?",
    "name": r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'-]+|\b(?:patient|name|pt)(?:'s name)?: ?[A-Z][\w'-]+ [A-Z][\w'-]+"
    r"|(?:姓名|患者)[：:] ?[\u4e00-\u9fff]{2,4}",
}
_ANY = re.compile("|".join(f"(?P<r{place}>{rule})" for place, rule in enumerate(_RULES.values())), re.IGNORECASE)
_NAMES = list(_RULES)


def identifying(text: str) -> list[tuple[int, int, str]]:
    """The stretches (start, end, what it is) of a text that would identify a person, in order."""
    return [(m.start(), m.end(), _NAMES[int((m.lastgroup or "r0")[1:])]) for m in _ANY.finditer(text)]
