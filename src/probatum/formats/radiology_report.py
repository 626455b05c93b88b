"""Divides a radiologist's report into what was asked, what was seen and what it means."""

from __future__ import annotations

import re

from probatum.types import Pairs

_HEAD = re.compile(r"^[ \t]*([A-Z][A-Z /&,()\-]{2,48}?)[ \t]*:", re.MULTILINE)
_SAME = {
    "impressions": "impression", "conclusion": "impression", "conclusions": "impression", "finding": "findings",
    "findings and impression": "findings", "findings/impression": "findings", "exam": "examination",
    "clinical history": "history", "clinical indication": "indication", "reason for examination": "indication",
    "reason for exam": "indication", "reason for this examination": "indication", "comparisons": "comparison",
    "comparison study": "comparison", "final report": "", "wet read": "wet read",
}  # fmt: skip


def sections(text: str) -> Pairs:
    """(name in small letters, text) of each section, in order; what stands before the first head has an empty name.

    A head is a line's beginning in capitals with a colon. Heads that mean the same are one name (CONCLUSION is
    `impression`); a name that comes again goes on where it stood first. Runs of white space are one blank.
    """
    found: dict[str, list[str]] = {}
    at, name = 0, ""
    for head in _HEAD.finditer(text):
        _add(found, name, text[at : head.start()])
        plain = " ".join(head[1].lower().split())
        at, name = head.end(), _SAME.get(plain, plain)
    _add(found, name, text[at:])
    return tuple((name, " ".join(said)) for name, said in found.items())


def _add(found: dict[str, list[str]], name: str, text: str) -> None:
    said = " ".join(text.split())
    if said.strip("_ ."):
        found.setdefault(name, []).append(said)
