"""One spelling for an id that sources write in many: "Orphanet:355", "ORDO:355" and its address are all ORPHA:355."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_DATED = re.compile(r"[_ ]?(?:19|20)\d{2}(?:_\d{2}){0,2}$")
_ASIDE = re.compile(r"[-_. ]")


def curie(text: str) -> str:
    """The id as this project spells it: prefix and local part after the table curies.toml (bioregistry.io spellings).

    A prefix that the table does not know stays as it is written, and so does a text that is no id at all.
    """
    return _curie(text.strip().strip("<>"))


@dataclass(frozen=True, slots=True)
class _Local:
    """What becomes of the part behind the prefix."""

    off: re.Pattern[str] | None
    before: str
    width: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The table, ready for use."""

    prefixes: dict[str, str]  # plain spelling -> ours
    iris: tuple[tuple[str, str], ...]  # longest first
    obo: tuple[str, ...]
    identifiers: tuple[str, ...]
    bare: tuple[tuple[re.Pattern[str], str], ...]
    locals: dict[str, _Local]


@cache
def _table() -> _Table:
    said = tomllib.loads(resources.files("probatum.formats").joinpath("curies.toml").read_text(encoding="utf-8"))
    prefixes = {_plain(other): ours for ours, others in said["prefix"].items() for other in (ours, *others)}
    return _Table(
        prefixes,
        tuple(sorted(said["iri"].items(), key=lambda pair: -len(pair[0]))),
        tuple(said["obo"]),
        tuple(said["identifiers"]),
        tuple((re.compile(pattern), prefix) for pattern, prefix in said["bare"].items()),
        {
            prefix: _Local(
                re.compile(rule["off"]) if "off" in rule else None, rule.get("before", ""), rule.get("width", 0)
            )
            for prefix, rule in said["local"].items()
        },
    )


def _plain(prefix: str) -> str:
    return _ASIDE.sub("", prefix).casefold()


@lru_cache(1 << 16)
def _curie(text: str) -> str:
    table = _table()
    if text.startswith(("http://", "https://")):
        return _of_iri(text, table)
    prefix, colon, local = text.partition(":")
    if colon:
        ours = table.prefixes.get(_plain(_DATED.sub("", prefix)))
        return _joined(ours, local, table) if ours and local.strip() else text
    for pattern, ours in table.bare:
        if pattern.fullmatch(text):
            return _joined(ours, text, table)
    written, underscore, local = text.partition("_")
    ours = table.prefixes.get(_plain(written)) if underscore and re.fullmatch(r"\w*\d\w*", local) else None
    return _joined(ours, local, table) if ours else text


def _of_iri(text: str, table: _Table) -> str:
    for start in table.obo:
        if text.startswith(start):
            prefix, underscore, local = text[len(start) :].partition("_")
            return _curie(f"{prefix}:{local}") if underscore and "/" not in prefix and "#" not in prefix else text
    for start in table.identifiers:
        if text.startswith(start):
            found = re.fullmatch(r"([A-Za-z][\w.-]*)[:/](\S+)", text[len(start) :])
            return _curie(f"{found[1]}:{found[2]}") if found else text
    for start, prefix in table.iris:
        rest = text[len(start) :].rstrip("/") if text.startswith(start) else ""
        if rest and (prefix == "doi" or re.fullmatch(r"[\w.:-]+", rest)):
            return _joined(prefix, rest, table)
    return text


def _joined(prefix: str, local: str, table: _Table) -> str:
    local = local.strip()
    if prefix == "OMIM" and re.fullmatch(r"PS\d+", local):
        return f"OMIMPS:{local[2:]}"  # a phenotypic series has a number of its own
    if prefix == "OMIMPS":
        local = local.removeprefix("PS")
    if re.match(rf"{re.escape(prefix)}:\S", local, re.IGNORECASE):
        local = local[len(prefix) + 1 :]  # HGNC:HGNC:5
    rule = table.locals.get(prefix)
    if rule is not None:
        bare = rule.off.sub("", local, count=1) if rule.off and rule.off.match(local) else local
        if rule.width and bare.isdecimal():
            bare = bare.zfill(rule.width)
        local = rule.before + bare if not rule.before or bare.isdecimal() else local
    if prefix == "doi":
        local = local.lower()  # a DOI means the same in any case
    return f"{prefix}:{local}"
