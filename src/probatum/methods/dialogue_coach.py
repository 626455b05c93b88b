"""A partner for practising conversation: keeps the talk going, gives a cue where one is due, sums up at the end."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadFormat
from probatum.methods import _asking as asking
from probatum.naming import card, card_of
from probatum.networks.hmm import Hmm, hmm
from probatum.types import Answer, Question, Step

_LEVELS = ("low", "fit", "high")  # the symbols and the states of each feature


@card("Dialogue coach", survey="3.1.3", reference="doi:10.1145/3383652.3423900", languages=("en", "zh"))
def dialogue_coach(question: Question, desk: Desk, *, turns_each: int = 3, steady: int = 2) -> Answer:
    """The coach's next turn in a practised conversation, with at most one cue; at its end a summary.

    Steps of the paper: (1) features of each turn are observed; (2) a hidden Markov model of each feature tells the
    state behind them (Viterbi over all turns), so that one odd turn gives no cue; (3) a cue where a feature has been in
    a wanting state for `steady` turns; (4) the topic's schema reads the turn: pattern -> gist -> reply and follow-up;
    after `turns_each` turns, or where a turn speaks of another topic, the topic changes; (5) at the end a summary that
    begins with what went well. The limits of the coach are stated in its first turn. Different: the whole talk is read
    anew from `question.turns` each time, so that nothing of it is kept; words of distress end the practice at once with
    a referral. Features of the body stand in `question.context` as one JSON object a turn: {"turn": 1, "gaze": "low"}
    with low, fit or high for gaze, smile and voice; the length is counted. No model writes anything. Fields: topic,
    gist, cue, ended, basis (script), script (its checksum and the paper). Abstains with no-question; raises
    `BadFormat` for features that cannot be read.
    """
    language = asking.language_of(question)
    heard = [text for role, text in question.turns if role not in asking.ASSISTANT] + [question.text]
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    talk = _Talk(language, turns_each)
    first = len(heard) == 1
    if first:
        talk.steps.append(Step("limits", talk.say("limits")))
    if talk.hears("alarms", question.text):
        talk.steps.append(Step("distress", "words of distress: referred to a person, practice ended"))
        return _answer(talk, talk.say("distress"), "", "", ended="distress")
    seen = _features(question, heard, talk)
    states = {name: _states(name, symbols, talk) for name, symbols in seen.items()}
    over = talk.hears("ends", question.text)
    reply, gist = "", ""
    for text in heard[:-1] if over else heard:
        reply, gist = talk.turn(text)
    if over or not talk.current:
        summary = _summary(talk, states, len(heard))
        return _answer(talk, summary, gist, "", ended="yes")
    cue = _cue(talk, states, steady)
    parts = (talk.say("limits") if first else "", cue[1], reply)
    return _answer(talk, " ".join(part for part in parts if part), gist, cue[0], ended="")


def _answer(talk: _Talk, text: str, gist: str, cue: str, *, ended: str) -> Answer:
    topic = str(talk.current["id"]) if talk.current else ""
    said = (("topic", topic), ("gist", gist), ("cue", cue), ("ended", ended))
    fields = (*said, ("basis", "script"), ("script", _cited()))
    return Answer(text, fields=fields, trace=(*talk.steps, Step("said", text)))


def _file() -> Traversable:
    return resources.files("probatum").joinpath("methods", "_dialogue_coach.toml")


@cache
def _script() -> Mapping[str, Any]:
    return tomllib.loads(_file().read_text(encoding="utf-8"))


@cache
def _cited() -> str:
    """What every word of the coach rests on: the script as it stands, and what it was made after."""
    sha256 = hashlib.sha256(_file().read_bytes()).hexdigest()
    return f"methods/_dialogue_coach.toml sha256:{sha256[:16]}, after {card_of(dialogue_coach).reference}"


@cache
def _model() -> Hmm:
    told = _script()["model"]
    return hmm(told["start"], told["change"], told["shows"])


# --- what is observed, and what it means ---


def _features(question: Question, heard: Sequence[str], talk: _Talk) -> dict[str, list[int]]:
    """The symbols of each feature that was observed, turn by turn; a turn without an observation repeats the last."""
    low, high = _script()["length"][talk.language]
    sizes = [len(text.split()) if talk.language == "en" else len(re.findall(r"\w", text)) for text in heard]
    seen = {"length": [0 if size < low else 2 if size > high else 1 for size in sizes]}
    told: dict[str, dict[int, int]] = {}
    for place, text in enumerate(question.context, 1):
        turn, levels = _read(text, f"context {place}", len(heard))
        for name, level in levels.items():
            told.setdefault(name, {})[turn] = level
    for name, by_turn in sorted(told.items()):
        row: list[int] = []
        for turn in range(1, len(heard) + 1):
            row.append(by_turn.get(turn, row[-1] if row else 1))
        seen[name] = row
    for name, row in seen.items():
        talk.steps.append(Step(f"observed {name}", " ".join(_LEVELS[symbol] for symbol in row)))
    return seen


def _read(text: str, where: str, turns: int) -> tuple[int, dict[str, int]]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadFormat(f"the features of a turn are no JSON: {error}", where=where) from error
    turn = told.pop("turn", None) if isinstance(told, dict) else None
    if type(turn) is not int or not 1 <= turn <= turns:
        raise BadFormat(f'features name their turn, as {{"turn": 1, "gaze": "low"}}; there are {turns}', where=where)
    wrong = [name for name, level in told.items() if name == "length" or name not in _script()["features"]
             or level not in _LEVELS]  # fmt: skip
    if wrong:
        raise BadFormat(f"{wrong[0]!r} is no feature with a level low, fit or high", where=where)
    return turn, {name: _LEVELS.index(level) for name, level in told.items()}


def _states(name: str, symbols: Sequence[int], talk: _Talk) -> list[int]:
    states, chance = _model().viterbi(symbols)
    told = " ".join(_LEVELS[state] for state in states)
    talk.steps.append(Step(f"states {name}", f"{told} (log probability {chance:.4f})"))
    return states


def _cue(talk: _Talk, states: Mapping[str, Sequence[int]], steady: int) -> tuple[str, str]:
    """(feature and level, the cue's words) of the first feature that wants one; empty where none does."""
    for name, row in states.items():
        last = row[-1]
        if last != 1 and len(row) >= steady and all(state == last for state in row[-steady:]):
            cue = f"{name} {_LEVELS[last]}"
            talk.steps.append(Step("cue", cue))
            return cue, str(_script()["features"][name][_LEVELS[last]][talk.language])
    talk.steps.append(Step("cue", "none"))
    return "", ""


# --- the topics ---


@dataclass(slots=True)
class _Talk:
    """The talk as it stands after the turns that were heard."""

    language: str
    turns_each: int
    steps: list[Step] = field(default_factory=list)
    current: Mapping[str, Any] = field(default_factory=lambda: _script()["topics"][0])
    spoken_of: list[str] = field(default_factory=list)  # ids of topics that were opened, in their order
    talked: list[str] = field(default_factory=list)  # ids of those that got an answer
    turns_here: int = 0
    said: list[str] = field(default_factory=list)  # gists that were answered

    def say(self, key: str, **fields: object) -> str:
        return asking.prompt("dialogue_coach", key, self.language, **fields)

    def hears(self, key: str, text: str) -> bool:
        """Whether a turn holds a pattern, in either language."""
        return any(re.search(pattern, text, re.IGNORECASE) for pattern in _script()[key].values())

    def turn(self, text: str) -> tuple[str, str]:
        """(what the coach says to a turn, the gist that it read); the talk moves on."""
        found = self._gist(self.current, text) if self.current else None
        topic = self.current
        if found is None:
            for other in _script()["topics"]:
                if other["id"] not in self.spoken_of and (found := self._gist(other, text)):
                    topic = other
                    break
        if topic and topic["id"] not in self.spoken_of:
            self._enter(topic, "spoken of by the other" if found else "the first")
            if found is None:
                return str(topic["opening"][self.language]), ""
        self.turns_here += 1
        if topic and topic["id"] not in self.talked:
            self.talked.append(topic["id"])
        reply = found["reply"][self.language] if found else ""
        gist = str(found["gist"]) if found else ""
        self.steps.append(Step("gist", gist or "none"))
        if found:
            self.said.append(gist)
        if self.turns_here >= self.turns_each:
            return self._next(reply), gist
        follow = found["follow"][self.language] if found else self.say("unheard")
        return f"{reply} {follow}".strip(), gist

    def _gist(self, topic: Mapping[str, Any], text: str) -> Mapping[str, Any] | None:
        for each in topic["gists"]:
            fresh = each["gist"] not in self.said
            if fresh and re.search(each[self.language], text, re.IGNORECASE):
                return dict(each)
        return None

    def _enter(self, topic: Mapping[str, Any], why: str) -> None:
        self.current, self.turns_here = topic, 0
        self.spoken_of.append(topic["id"])
        self.steps.append(Step("topic", f"{topic['id']}: {why}"))

    def _next(self, reply: str) -> str:
        """The reply and the opening of the next topic; no topic where all were spoken of."""
        fresh = [topic for topic in _script()["topics"] if topic["id"] not in self.spoken_of]
        if not fresh:
            self.current = {}
            self.steps.append(Step("topic", "none is left"))
            return reply
        self._enter(fresh[0], f"after {self.turns_here} turns")
        return f"{reply} {self.say('switch')} {fresh[0]['opening'][self.language]}".strip()


def _summary(talk: _Talk, states: Mapping[str, Sequence[int]], turns: int) -> str:
    """What went well, first of all that the talk took place; then what can be practised."""
    script, language = _script(), talk.language
    joint = talk.say("joint")
    names = {topic["id"]: topic["name"][language] for topic in script["topics"]}
    topics = talk.say("and").join(names[each] for each in talk.talked)
    share = {name: sum(state == 1 for state in row) / len(row) for name, row in states.items()}
    well = [talk.say("took_part", turns=turns), *([talk.say("spoke", topics=topics)] if topics else [])]
    well += [script["features"][name]["name"][language] for name, fit in share.items() if fit > 0.5]
    weak = [script["features"][name]["name"][language] for name, fit in share.items() if fit <= 0.5]
    last = talk.say("practise", what=joint.join(weak)) if weak else talk.say("nothing_to_practise")
    text = f"{talk.say('well', what=joint.join(well))} {last}"
    talk.steps.append(Step("summary", ", ".join(f"{name} {fit:.2f}" for name, fit in share.items())))
    return text
