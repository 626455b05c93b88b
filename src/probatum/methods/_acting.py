"""Where agents act: registered tools and methods called by typed steps; nothing that a model writes is ever run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadFormat, BadPlan, NeedsFile, UnknownName
from probatum.naming import card_of, find
from probatum.shapes import Given, ToolInput, inputs_of
from probatum.types import Answer, Evidence, Question, Step

STORED = frozenset({"interactions", "guidelines", "trials"})  # tools that look into the store
TOOLS = ("guidelines", "interactions", "ncbi", "trials")
METHODS = ("clinical_calculators", "genegpt", "kg_rag", "quoted")
ACTIONS = ("tool", "method", "remember", "answer")


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a plan: what is to be done, with what."""

    action: str  # of `ACTIONS`
    name: str = ""  # of a tool or a method
    given: tuple[tuple[str, str], ...] = ()
    text: str = ""  # what is remembered or answered
    thought: str = ""

    @property
    def said(self) -> str:
        """The step in one line, the same for the same step."""
        told = json.dumps(dict(self.given), ensure_ascii=False, sort_keys=True)
        return f"{self.action} {self.name} {told}" if self.name else f"{self.action}: {self.text}"


def act_of(read: Mapping[str, Any]) -> Act:
    """A step out of a JSON object; raises `BadFormat` for everything that is no step."""
    action = read.get("action")
    if action not in ACTIONS:
        raise BadFormat(f"action = {str(action)[:40]!r}", mend=f"one of: {', '.join(ACTIONS)}")
    if strange := sorted(set(read) - {"action", "name", "with", "text", "thought"}):
        raise BadFormat(f"{', '.join(strange)[:80]}: no key of a step")
    given, name, text = read.get("with", {}), read.get("name", ""), read.get("text", "")
    if not isinstance(given, dict) or not all(isinstance(value, str | int | float) for value in given.values()):
        raise BadFormat("with: texts or numbers by name were expected")
    if not isinstance(name, str) or not isinstance(text, str):
        raise BadFormat("name and text are texts")
    if action in {"remember", "answer"} and not text.strip():
        raise BadFormat(f"{action} needs a text")
    told = tuple(sorted((str(key), str(value)) for key, value in given.items()))
    return Act(str(action), name, told, text.strip(), str(read.get("thought", "")))


@dataclass(slots=True)
class Bench:
    """The tools and methods that an agent may call, and what it has found, noted and evidenced so far."""

    desk: Desk
    question: Question
    tools: tuple[str, ...]
    methods: tuple[str, ...]
    answers: str = ""  # recorded answers of services
    line: str = "recorded"
    steps: list[Step] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)  # what was observed, in order
    sources: list[str] = field(default_factory=list)  # addresses and formulas behind what was observed

    def __post_init__(self) -> None:
        for wing, named, known in (("tools", self.tools, TOOLS), ("methods", self.methods, METHODS)):
            if strange := sorted(set(named) - set(known)):
                raise BadPlan(f"an agent calls no {wing}/{strange[0]}", mend=f"it may have: {', '.join(known)}")

    def listed(self) -> Iterator[str]:
        """What may be called, a line each, with what it takes."""
        for name in self.tools:
            tool = find("tools", name)
            takes = ", ".join(_told(each) for each in inputs_of(tool))
            yield f"tool {name}: {card_of(tool).title}; with: {takes}"
        for name in self.methods:
            yield f"method {name}: {card_of(find('methods', name)).title}; with: text (the question)"

    def observed(self, act: Act) -> str:
        """What comes of a step, written into the trace; a step that cannot be done tells why and changes nothing."""
        self.steps.append(Step("act", act.said))
        if act.action == "remember":
            self.notes.append(act.text)
            said = "noted"
        else:
            try:
                said = self._tool(act) if act.action == "tool" else self._method(act)
            except (BadFormat, BadPlan, NeedsFile, UnknownName) as error:
                said = f"refused: {error.what}"
        self.found.append(said)
        self.steps.append(Step("observe", said))
        return said

    def _tool(self, act: Act) -> str:
        if act.name not in self.tools:
            raise UnknownName(f"no tool {act.name[:40]!r} here; there are: {', '.join(self.tools)}")
        given: dict[str, Given] = dict(act.given)
        tool = find("tools", act.name)
        if act.name in STORED and (found := tool(given, store=self.desk.store)).evidence:
            return self._cited(found.evidence, str(found.value))
        result = tool(given, answers=self.answers, line=self.line)
        self.sources += [each for each in (result.reference,) if each not in self.sources]
        return str(result.value) or "nothing was found"

    def _method(self, act: Act) -> str:
        given = dict(act.given)
        if act.name not in self.methods:
            raise UnknownName(f"no method {act.name[:40]!r} here; there are: {', '.join(self.methods)}")
        if strange := sorted(set(given) - {"text"}):
            raise BadFormat(f"{', '.join(strange)}: a method takes the text of a question alone")
        asked = replace(self.question, text=given.get("text") or self.question.text, options=(), turns=())
        plain = replace(self.desk, model=find("models", "copyist")())  # the agent alone speaks with the model
        settings = {"answers": self.answers, "line": self.line} if act.name == "genegpt" else {}
        answer: Answer = find("methods", act.name)(asked, plain, **settings)
        if answer.abstained:
            return f"abstained: {answer.abstained}"
        self.sources += [value for name, value in answer.fields if name == "source" and value not in self.sources]
        return self._cited(answer.evidence, answer.text) if answer.evidence else answer.text

    def _cited(self, evidence: Sequence[Evidence], text: str) -> str:
        """The evidence under its numbers on this bench; a text that bears marks of its own is told by its pieces."""
        places: list[int] = []
        for piece in evidence:
            if piece not in self.evidence:
                self.evidence.append(piece)
            places.append(self.evidence.index(piece) + 1)
        return "\n".join(f"[{place}] {piece.text}" for place, piece in zip(places, evidence, strict=True)) or text


def _told(each: ToolInput) -> str:
    choices = f" ({'|'.join(each.choices)})" if each.choices else ""
    return f"{each.name}{'' if each.required else '?'}{choices}"
