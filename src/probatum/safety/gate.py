"""Dangerous requests are refused and signs of an emergency are referred at once, before any method looks at them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from probatum.safety.cues import said_of
from probatum.text.chinese import has_han
from probatum.text.language import recognise
from probatum.types import Answer, Question, Step

_NEAR = 40  # characters before a dangerous act in which a denial speaks of it
_DENIES = re.compile(r"\b(?:no|not|never|don'?t|doesn'?t|without)\b|没|不")
_AND = " & "


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the gate says of a text."""

    kind: str  # refused, referred
    rule: str  # id of the rule in gate.toml
    heard: tuple[str, ...]  # the stretches of the text that it rests on


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    id: str
    ways: tuple[tuple[re.Pattern[str], ...], ...]  # of one way every part must stand in the text
    clinical: bool  # a clinician's or reader's question about it is answered
    alone: bool  # counts in any voice


@dataclass(frozen=True, slots=True)
class _Table:
    rules: tuple[_Rule, ...]
    voice: Mapping[str, re.Pattern[str]]


def ruling(question: Question) -> Ruling | None:
    """Whether a question is refused or referred; None where any method may answer it.

    Read are the question and what the person asking said before, not what is quoted, nor a patient's record. A question
    with options is an examination: nobody is in danger, and only what is refused counts.
    """
    said = [text for role, text in question.turns if role in {"user", "patient", "患者", "用户"}]
    for text in (question.text, *reversed(said)):
        found = ruled(text)
        if found and not (found.kind == "referred" and (question.options or text != question.text)):
            return found
    return None


def ruled(text: str) -> Ruling | None:
    """What the rules say of one text: a refusal before a referral, the first rule of the table that holds."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return next(_holding(plain), None)


def stopped(question: Question, found: Ruling, *, service: str = "") -> Answer:
    """The answer in place of any method's: what to do now, with the reason codes `refused` and `referred`.

    `service` names whom to call where that is known (112, 120, 911); without it the local emergency number is meant.
    """
    language = "zh" if (question.language or recognise(question.text)).startswith("zh") else "en"
    words = _words()
    crisis = "crisis" if found.rule in {"self-harm", "suicide"} else found.kind
    called = service or words["service"][language]
    said = words[crisis][language].replace("{service}", called)
    about = words["about"].get(found.rule, {}).get(language, "")
    sentence = f"{said} {about}".strip() if language == "en" else f"{said}{about}"
    heard = "; ".join(found.heard)
    return Answer(
        abstained=f"{found.kind}: {sentence}",
        fields=(("safety", found.kind), ("rule", found.rule)),
        trace=(Step("safety", f"{found.kind} by the rule {found.rule}: {heard}; no method was asked"),),
    )


def disclaimer(language: str) -> str:
    """What every answer is not: a sentence in the language, en or zh."""
    return str(_words()["disclaimer"]["zh" if language.startswith("zh") else "en"])


def _holding(text: str) -> Iterator[Ruling]:
    table = _table()
    heard = {name: bool(pattern.search(text)) for name, pattern in table.voice.items()}
    if has_han(text) and not heard["clinical"]:  # Chinese leaves out who it is that hurts
        heard["own"] = True
    if heard["caring"]:
        return
    for rule in table.rules:
        if rule.kind == "refused":
            if rule.clinical and heard["clinical"] and not _insists(text):
                continue
        elif heard["past"] or not (
            (heard["own"] and not (heard["clinical"] and _is_asked_about(text)))
            or (heard["urgent"] and not heard["clinical"])
            or (rule.alone and not heard["clinical"])
        ):
            continue
        for way in rule.ways:
            parts = tuple(_standing(text, part, rule.kind) for part in way)
            if all(parts):
                yield Ruling(rule.kind, rule.id, parts)


def _standing(text: str, part: re.Pattern[str], kind: str) -> str:
    """The first stretch that the part finds and that its sentence neither denies nor puts into the past."""
    for found in part.finditer(text):
        denies_itself = _DENIES.search(found[0]) is not None
        if not denies_itself and kind == "referred" and said_of(text, *found.span()) & {"negated", "history"}:
            continue
        return found[0]
    return ""


def _insists(text: str) -> bool:
    """Whether a text that sounds clinical speaks of doing it all the same: to oneself, at home, unseen."""
    table = _table()
    return table.voice["doing"].search(text) is not None


def _is_asked_about(text: str) -> bool:
    """Whether a text is a clinician's about somebody else, though it says "my" or "he"."""
    return _table().voice["professional"].search(text) is not None


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files("probatum.safety").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def _table() -> _Table:
    said = tomllib.loads(resources.files("probatum.safety").joinpath("gate.toml").read_text(encoding="utf-8"))
    terms: dict[str, str] = said["terms"]
    rules = tuple(
        _Rule(kind, each["id"], tuple(_way(way, terms) for way in each["all"]), each.get("clinical", False),
              each.get("alone", False))
        for kind in ("refused", "referred")
        for each in said[kind]
    )  # fmt: skip
    return _Table(rules, {name: re.compile(pattern) for name, pattern in said["voice"].items()})


def _way(written: str, terms: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    parts = (re.sub(r"\{([a-z_]+)\}", lambda name: f"(?:{terms[name[1]]})", part) for part in written.split(_AND))
    return tuple(re.compile(part) for part in parts)
