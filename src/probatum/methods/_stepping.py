"""Who scores the steps of a walk through the graph: words and the aspect asked for, or a language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from probatum.methods._asking import messages, prompt, say, unoptioned
from probatum.methods._beam import Path, Unread
from probatum.methods._graph import Hop, Likeness, Net
from probatum.store.linking import concepts_in
from probatum.text.normal import fold
from probatum.types import Question, Request, Step

EXPLORING, REASONING = 0.4, 0.0  # temperatures
FLOOR = 0.05  # what any relation is worth: words that say nothing of a step do not forbid it
ANSWERS = 0.8  # fit from which a relation answers what is asked (`store.fitting.fit`)
_SCORED = re.compile(
    r"\{?\s*(?P<name>[^{}()（）\n]+?)\s*[(（]+\s*(?:score|分数|得分)\s*[:：]\s*(?P<score>\d*\.?\d+)\s*[)）]*\s*\}?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*(?:\d+[.、)]\s+)?")
_FIGURE = re.compile(r"(?<![\w.])(?:1(?:\.0*)?|0?\.\d+|0)(?![\w.]*\d)")
_VERDICT = re.compile(r"\{\s*(yes|no|是|否)\s*\}|^\W*(yes|no|是|否)\b", re.IGNORECASE | re.MULTILINE)
Read = Callable[[str], list[float] | None]
Found = TypeVar("Found")


class WordSteps:
    """A judge that needs no model."""

    def __init__(self, question: Question, net: Net, topics: set[str]) -> None:
        self._net, self._topics = net, topics
        self._like = Likeness(question.text, net.desk)
        links = [link for _, text in question.options for link in concepts_in(net.desk.store, text)]
        self._options = {net.node(link.concept) for link in links if link.weight == 1.0}

    def relations(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """The likeness of each relation's words to what is asked, and whether it is of the kind asked for."""
        return [FLOOR + self._like.cosine(self._net.said(hop), rest=True) + self._like.fit(hop) for hop in hops]

    def ends(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """The likeness of each far end's name to the question; more where the question or an option names it."""
        return [FLOOR + self._like.cosine(self._net.name(hop.far)) + self._wanted(hop.far) for hop in hops]

    def enough(self, paths: Sequence[Path]) -> bool:
        """Whether a path reaches an option, joins all concepts of the question, or, of a single one, answers it."""
        if self._options:
            return any(path.end in self._options - self._topics for path in paths)
        if len(self._topics) > 1:
            return any(self._topics <= set(path.nodes) for path in paths)
        return any(self._like.fit(path.hops[-1]) >= ANSWERS for path in paths if path.hops)

    def _wanted(self, node: str) -> float:
        return 1.0 if node in self._topics | self._options else 0.0


@dataclass
class ModelSteps:
    """A judge that asks the desk's model, and once more where its reply cannot be read."""

    question: Question
    net: Net
    steps: list[Step]
    seed: int

    @cached_property
    def _plain(self) -> Question:
        return unoptioned(self.question)

    def relations(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """The scores that the model gives the relations; 0 for those that it leaves out."""
        names = [self._named(hop) for hop in hops]
        listed = "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))
        return self._scores("relations", path, listed, lambda text: scored(text, names))

    def ends(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """The scores that the model gives the far ends."""
        names = [self.net.name(hop.far) for hop in hops]
        if len(hops) == 1:
            return [1.0]  # nothing to choose
        listed = "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))
        told = f"{self._named(hops[0])}\n{listed}"
        return self._scores("ends", path, told, lambda text: scored(text, names) or figures(text, len(names)))

    def enough(self, paths: Sequence[Path]) -> bool:
        """Whether the model says {Yes}."""
        evidence = [piece for path in paths for piece in self.net.tail(path.hops)]
        told = messages(prompt("think_on_graph", "enough", self.net.language), self.question, evidence)
        request = Request(told, self.question, tuple(evidence), temperature=REASONING, seed=self.seed)
        return self._asked(request, "enough", verdict)

    def _named(self, hop: Hop) -> str:
        """The name by which the model knows a relation: its predicate, marked where it is walked backwards."""
        plain = hop.predicate.rpartition(":")[2]
        return plain if hop.forward else f"{plain}^-1"

    def _scores(self, key: str, path: Path, listed: str, read: Read) -> list[float]:
        walked = " | ".join(map(self.net.told, path.hops)) or self.net.name(path.start)
        fields = {"at": self.net.name(path.end), "walked": walked, "listed": listed}
        task = prompt("think_on_graph", key, self.net.language)
        extra = prompt("think_on_graph", f"{key}_listed", self.net.language, **fields)
        told = messages(task, self._plain, extra=extra)
        return self._asked(Request(told, self._plain, temperature=EXPLORING, seed=self.seed), key, read)

    def _asked(self, request: Request, what: str, read: Callable[[str], Found | None]) -> Found:
        """What is read from the model's reply, or from its second; raises `Unread`."""
        text = say(self.net.desk, request, self.steps, what)
        if (found := read(text)) is not None:
            return found
        wrong = prompt("think_on_graph", "unread", self.net.language)
        self.steps.append(Step("unparsed", wrong))
        more = prompt("asking", "again", self.net.language, why=wrong)
        told = (*request.messages, ("assistant", text), ("user", more))
        again = say(self.net.desk, replace(request, messages=told, seed=request.seed + 1), self.steps, what)
        if (found := read(again)) is not None:
            return found
        self.steps.append(Step("unparsed", wrong))
        raise Unread(what)


def scored(text: str, names: Sequence[str]) -> list[float] | None:
    """The scores that a reply gives to names, 0 for those left out; None where it scores none of them.

    Takes `{name (Score: 0.4)}` with doubled, missing or full-width brackets, integers, numbers before the names.
    """
    found = [0.0] * len(names)
    known = {_plain(name): place for place, name in reversed(list(enumerate(names)))}
    read = False
    for match in _SCORED.finditer(text):
        name = _NUMBER.sub("", match["name"])
        place = known.get(_plain(name))
        if place is None and name.strip().isdigit() and 0 < int(name) <= len(names):
            place = int(name) - 1
        if place is not None:
            found[place], read = float(match["score"]), True
    return found if read and sum(found) > 0 else None


def figures(text: str, count: int) -> list[float] | None:
    """The scores of a reply that gives nothing but figures, as `0.5, 0.3, 0.2`; None where they are not so many."""
    last = text.strip().splitlines()[-1] if text.strip() else ""
    found = [float(figure) for figure in _FIGURE.findall(last)]
    return found if len(found) == count and sum(found) > 0 else None


def verdict(text: str) -> bool | None:
    """Whether a reply says {Yes} (True) or {No}; None where it says neither, or both."""
    said = {fold(braced or leading) for braced, leading in _VERDICT.findall(text)}
    found = {each in {"yes", "是"} for each in said}
    return found.pop() if len(found) == 1 else None


def _plain(name: str) -> str:
    return fold(name).replace("_", " ").removeprefix("biolink:").strip(" .:：*`\"'")
