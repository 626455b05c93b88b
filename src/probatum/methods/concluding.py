"""Yes, no or maybe from a report that comes with the question: what its results affirm and deny of what is asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from probatum.desk import Desk
from probatum.methods._asking import abstaining, language_of
from probatum.methods._graph import gave_up
from probatum.naming import card
from probatum.store.words import terms
from probatum.text.sentences import sentences
from probatum.types import Answer, Candidate, Evidence, Origin, Passage, Question, Step

WORDS = {"yes": ("yes", "是", "true"), "no": ("no", "否", "false"), "maybe": ("maybe", "不确定", "也许", "uncertain")}
QUOTED = 3  # sentences shown
_PRIOR = {"yes": 1.0, "no": 1.0, "maybe": 0.5}  # what stands for each before anything is read


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a report, and what it says of what is asked."""

    section: int  # from 0
    start: int  # span in the section
    end: int
    weight: float  # 0 to 1: how much it is about the question, later sections more
    affirms: int
    denies: int
    doubts: int


@card("Yes, no or maybe from the given report", reference="doi:10.18653/v1/D19-1259", languages=("en", "zh"))
def concluding(question: Question, desk: Desk) -> Answer:
    """The option yes, no or maybe, with the sentences of `question.context` that it rests on, word for word; no model.

    Each sentence counts for its cues of affirming, denying and doubting (`_concluding.toml`), weighted by the share of
    the question's words that it holds and by how late its section stands; nothing is learned from examples. The
    candidates carry each option's share. Abstains: no-options (none says yes or no), no-context.
    """
    language, letters = language_of(question), {}
    for said, words in WORDS.items():
        letters[said] = next((letter for letter, text in question.options if text.strip().lower() in words), "")
    if not letters["yes"] or not letters["no"]:
        return gave_up("no-options", language, [])
    lines = read(question)
    if not lines:
        return abstaining("no-evidence", language)
    weights = dict(_PRIOR)
    for line in lines:
        weights["yes"] += line.weight * line.affirms
        weights["no"] += line.weight * line.denies
        weights["maybe"] += 0.5 * line.weight * line.doubts
    total = sum(weight for said, weight in weights.items() if letters[said])
    texts = dict(question.options)
    ranked = sorted(
        (Candidate(letter, texts[letter], weights[said] / total) for said, letter in letters.items() if letter),
        key=lambda each: (-each.score, each.id),
    )
    shown = sorted(lines, key=lambda line: (-line.weight * (line.affirms + line.denies), line.section, line.start))
    evidence = tuple(_piece(question, line) for line in shown[:QUOTED])
    text = "\n".join(f"“{piece.text}” [{number}]" for number, piece in enumerate(evidence, 1))
    told = ", ".join(f"{each.name}: {each.score:.3f}" for each in ranked)
    steps = (Step("read", f"{len(lines)} sentences of {len(question.context)} sections"), Step("options", told))
    return Answer(text, ranked[0].id, candidates=tuple(ranked), evidence=evidence, trace=steps)


def read(question: Question) -> list[Line]:
    """Every sentence of the question's context with its weight and its cues, in order."""
    asked = set(terms(question.text))
    found: list[Line] = []
    for section, text in enumerate(question.context):
        late = (section + 1) / len(question.context)
        for start, end in sentences(text):
            held = len(asked & set(terms(text[start:end]))) / len(asked) if asked else 0.0
            found.append(Line(section, start, end, late**2 * (0.25 + 0.75 * held), *cues(text[start:end])))
    return found


def cues(sentence: str) -> tuple[int, int, int]:
    """How often a sentence affirms, denies and doubts; what a denial holds affirms nothing."""
    left, plain = sentence.lower(), sentence.lower()
    denied = 0
    for pattern in _cues()["denies"]:
        denied += len(pattern.findall(left))
        left = pattern.sub(" ", left)
    affirmed = sum(len(pattern.findall(left)) for pattern in _cues()["affirms"])
    return affirmed, denied, sum(len(pattern.findall(plain)) for pattern in _cues()["doubts"])


def _piece(question: Question, line: Line) -> Evidence:
    """One sentence as evidence: the passage is the question's own, not the store's."""
    whole = question.context[line.section]
    origin = Origin("question", "", f"context {line.section + 1}")
    passage = Passage(f"question#context-{line.section + 1}", whole, question.text, language_of(question), origin)
    return Evidence(passage, whole[line.start : line.end], line.weight, "context", line.start, line.end)


@cache
def _cues() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    text = resources.files("probatum.methods").joinpath("_concluding.toml").read_text(encoding="utf-8")
    return {kind: tuple(map(re.compile, patterns)) for kind, patterns in tomllib.loads(text).items()}
