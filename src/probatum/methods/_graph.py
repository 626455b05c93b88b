"""What graph methods share: the concepts that a question names, the edges beside them, and how an answer is ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.formats.biolink import predicate
from probatum.methods import _asking
from probatum.methods._asked import HAN
from probatum.methods._cite import quoted_with_marks
from probatum.models.copyist import copyist
from probatum.store.fitting import best_first, fit
from probatum.store.graph import Edge, Graph
from probatum.store.linking import Link, blanked, concepts_in
from probatum.store.query import claims_of
from probatum.store.wording import called, in_words
from probatum.store.words import terms, words
from probatum.text.chinese import is_han
from probatum.text.normal import fold
from probatum.text.questions import aspects, is_frame, without_frame
from probatum.types import Answer, Evidence, Origin, Question, Relation, Request, Step

MOST_EDGES = 5_000  # of one concept that are looked at; the trace says where there were more
READINGS = 3  # concepts that one stretch may mean equally well
PER_EDGE = 2  # claims of one edge, each of another source
SCORERS = ("words", "model")
FORMS = ("generated", "likelihood")
COVERED = 0.6  # share of an option's words that a piece of evidence must hold to speak for it
_ID = re.compile(r"\b[A-Za-z][A-Za-z.]*:[A-Za-z0-9_]+\b")
_NOT = re.compile(r"\b(?:not|except|least)\b|不(?!良|全|足|适)|除了?|未")


@dataclass(frozen=True, slots=True)
class Entity:
    """A node that a stretch of a text names."""

    id: str  # the one that speaks for the thing
    written: str
    start: int
    score: float  # 0 to 1: how alike the stretch and the name are


@dataclass(frozen=True, slots=True)
class Hop:
    """A step from one node to another over an edge, walked forwards or backwards."""

    near: str
    predicate: str
    forward: bool
    far: str
    edge: Edge  # as it is asserted

    @property
    def relation(self) -> tuple[str, bool]:
        """The relation with its direction."""
        return self.predicate, self.forward


@dataclass(slots=True)
class Net:
    """The graph as one question sees it: ids of one thing are one node, what is withheld is not there."""

    desk: Desk
    graph: Graph
    language: str
    cut: dict[str, int] = field(default_factory=dict)  # nodes of which only the first edges were looked at
    _wholes: dict[str, str] = field(default_factory=dict)
    _hops: dict[str, list[Hop]] = field(default_factory=dict)
    _claims: dict[Edge, list[Relation]] = field(default_factory=dict)

    @classmethod
    def over(cls, desk: Desk, language: str) -> Net:
        """The graph of the desk's store."""
        return cls(desk, Graph.open(desk.store), language)

    def node(self, id: str) -> str:
        """The id that speaks for a thing."""
        if id not in self._wholes:
            self._wholes[id] = self.desk.store.same(id)[0]
        return self._wholes[id]

    def within(self, id: str) -> str:
        """An id of the thing that the graph holds; empty where it holds none."""
        return next((each for each in self.desk.store.same(id) if each in self.graph), "")

    def hops(self, node: str) -> list[Hop]:
        """The steps from a node, both ways, each once, sorted by relation and far end."""
        if node not in self._hops:
            held = self.within(node)
            edges = self.graph.edges_of(held) if held else []
            if len(edges) > MOST_EDGES:
                self.cut[node] = len(edges)
            found: dict[tuple[str, bool, str], Hop] = {}
            for edge in edges[:MOST_EDGES]:
                forward = self.node(edge.subject) == node
                far = self.node(edge.object if forward else edge.subject)
                if far != node and self.is_open(edge):
                    hop = Hop(node, edge.predicate, forward, far, edge)
                    found.setdefault((edge.predicate, not forward, far), hop)
            self._hops[node] = [found[place] for place in sorted(found)]
        return self._hops[node]

    def hop(self, near: str, edge: Edge) -> Hop:
        """The step over an edge from one of its ends."""
        forward = self.node(edge.subject) == near
        return Hop(near, edge.predicate, forward, self.node(edge.object if forward else edge.subject), edge)

    def claims(self, edge: Edge) -> list[Relation]:
        """What asserts an edge, best first; nothing that is denied or withheld."""
        if edge not in self._claims:
            held = (each for each in claims_of(self.desk.store, edge) if not each.negated)
            self._claims[edge] = best_first([each for each in held if not self.desk.withheld.hides(each)])
        return self._claims[edge]

    def evidence(self, edge: Edge, score: float) -> list[Evidence]:
        """The claims of an edge in words, at most one of a source."""
        by_source: dict[str, Relation] = {}
        for claim in self.claims(edge):
            by_source.setdefault(claim.origin.source, claim)
        return [self.piece(claim, score) for claim in list(by_source.values())[:PER_EDGE]]

    def piece(self, claim: Relation, score: float) -> Evidence:
        """One claim in the words of the question's language."""
        return Evidence(claim, in_words(self.desk.store, claim, self.language), score, "graph")

    def name(self, id: str) -> str:
        """What a node is called in the language of the question."""
        return called(self.desk.store, id, self.language)

    def said(self, hop: Hop) -> str:
        """A relation as it is walked, in words."""
        kind = predicate(hop.predicate)
        return (kind.words if hop.forward else kind.inverse)[self.language].said.strip(" ：:")

    def told(self, hop: Hop) -> str:
        """A step as `C1 --> relation --> C2`, always in the direction in which it is asserted."""
        ends = (hop.near, hop.far) if hop.forward else (hop.far, hop.near)
        between = predicate(hop.predicate).words[self.language].said.strip(" ：:") or predicate(hop.predicate).name
        return f"{self.name(ends[0])} --> {between} --> {self.name(ends[1])}"

    def shown(self, hops: Sequence[Hop]) -> str:
        """A path as `C1 --> relation --> C2 --> relation --> C3`; a step walked backwards is drawn `<--`."""
        text = self.name(hops[0].near) if hops else ""
        for hop in hops:
            said = predicate(hop.predicate).words[self.language].said.strip(" ：:") or predicate(hop.predicate).name
            arrow = "-->" if hop.forward else "<--"
            text += f" {arrow} {said} {arrow} {self.name(hop.far)}"
        return text

    def tail(self, hops: Sequence[Hop]) -> list[Evidence]:
        """The claims of a path's steps in their order."""
        return [piece for hop in hops for piece in self.evidence(hop.edge, 1.0)]

    def is_open(self, edge: Edge) -> bool:
        """Whether anything that may be seen asserts an edge."""
        return self.desk.withheld.form == "keep" or bool(self.claims(edge))


def checked_settings(scorer: str, form: str) -> None:
    """Raises `BadPlan` for a scorer or a form of multiple choice that there is not."""
    for name, value, known in (("scorer", scorer, SCORERS), ("form", form, FORMS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")


# --- what a text names ---


def entities(text: str, net: Net, steps: list[Step], *, threshold: float, what: str = "entities") -> list[Entity]:
    """The nodes that a text names, in its order, each once; what is less like its name than the threshold is rejected.

    An id that was merged or replaced is followed to the one in use. The trace gets what was linked, followed, rejected.
    """
    store = net.desk.store
    found: dict[str, Entity] = {}
    said: list[str] = []
    for written in _ID.finditer(text):
        now = store.resolve(written[0]) or ""
        if now and now != written[0]:
            steps.append(Step("followed", f"{written[0]} is {now} now"))
        if (now or written[0]) and net.within(now or written[0]):
            node = net.node(now or written[0])
            found.setdefault(node, Entity(node, written[0], written.start(), 1.0))
    by_stretch: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for link in concepts_in(store, text, net.desk.annotate(text)):
        score = round(link.weight * _alike(text[link.start : link.end], link, net), 4)
        by_stretch.setdefault((link.start, link.end), []).append((-score, link.concept))
    for (start, end), links in sorted(by_stretch.items()):
        best = min(links)[0]
        here: dict[str, str] = {}
        for value, id in sorted(links):
            if -value < threshold:
                said.append(f"{text[start:end]!r}: {id} rejected, {-value:.2f} is below {threshold}")
            elif value == best and not net.within(id):
                said.append(f"{text[start:end]!r}: {id} rejected, it has no relations")
            elif value == best and len(here) < READINGS:
                here.setdefault(net.node(id), id)
        for node, id in here.items():
            if node != id:
                steps.append(Step("followed", f"{id} is the same as {node}"))
            found.setdefault(node, Entity(node, text[start:end], start, -best))
    linked = sorted(found.values(), key=lambda each: (each.start, each.id))
    told = [f"{each.written!r}: {each.id} ({net.name(each.id)}), {each.score:.2f}" for each in linked]
    steps.append(Step(what, "; ".join((*told, *said)) or "nothing is named"))
    return linked


def _alike(written: str, link: Link, net: Net) -> float:
    """The Dice coefficient of the letter pairs of a stretch and the likest name of the concept."""
    concept = net.desk.store.concept(link.concept)
    names = {link.name, *((concept.name, *(each.text for each in concept.names)) if concept else ())}
    return max(dice(written, name) for name in names)


def dice(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: twice the shared letter pairs over all, without regard to case and order."""
    sets = [{word[at : at + 2] for word in terms(text) for at in range(max(1, len(word) - 1))} for text in (one, other)]
    return 2 * len(sets[0] & sets[1]) / (len(sets[0]) + len(sets[1])) if all(sets) else 0.0


# --- how like a text is to the question ---

_NOBODY = Origin("", "", "")  # of a claim that stands only for its kind of relation


class Likeness:
    """How like texts are to a question: the cosine of their words weighted by rarity, and whether the aspect fits."""

    def __init__(self, question: str, desk: Desk) -> None:
        links = concepts_in(desk.store, question)
        self._index = words(desk.store, title=3)
        self.asked = aspects(blanked(question, links))
        self.own = self._weights(without_frame(question) or question)
        self.rest = self._weights(without_frame(blanked(question, links)))

    def cosine(self, text: str, *, rest: bool = False) -> float:
        """0 to 1; with `rest` against what of the question names no concept."""
        mine, other = (self.rest if rest else self.own), self._weights(text)
        shared = sum(mine[term] ** 2 for term in mine.keys() & other.keys())
        sizes = [sqrt(sum(value**2 for value in each.values())) for each in (mine, other)]
        return shared / (sizes[0] * sizes[1]) if all(sizes) else 0.0

    def fit(self, hop: Hop) -> float:
        """0.1 to 1: how well a relation answers what is asked, seen from the node that the step begins at."""
        edge = hop.edge
        claim = Relation(edge.subject, edge.predicate, edge.object, _NOBODY)
        return fit(claim, "subject" if hop.forward else "object", self.asked)

    def _weights(self, text: str) -> dict[str, float]:
        return {term: self._weight(term) for term in terms(text) if not is_frame(term)}

    def _weight(self, term: str) -> float:
        rarity = self._index.rarity(term)
        return min(rarity, HAN) if is_han(term) else rarity


# --- the end of an answer ---


def gave_up(code: str, language: str, steps: Sequence[Step]) -> Answer:
    """An answer that gives none, with one of the codes that graph methods have."""
    return _asking.abstaining(code, language, steps, _asking.prompt("graph", f"why.{code}", language))


def finished(
    question: Question,
    net: Net,
    evidence: Iterable[Evidence],
    steps: list[Step],
    *,
    task: str,
    form: str,
    code: str,
    paths: Sequence[str] = (),
) -> Answer:
    """The answer from the evidence: a model's, each sentence checked, or without a model the evidence word for word.

    Of a multiple choice the letter is read from the text (`generated`) or is the likeliest (`likelihood`); without a
    model it is the option that alone stands in the evidence. `paths` stand in the prompt besides. No evidence: abstains
    with `code`.
    """
    desk, language = net.desk, net.language
    kept = _asking.sound(list(dict.fromkeys(evidence)), desk, steps)
    steps += [Step("cut", f"{node}: the first {MOST_EDGES} of {count} edges") for node, count in net.cut.items()]
    if not kept:
        return gave_up(code, language, steps)
    if not _asking.has_model(desk):
        return _chosen(question, net, kept, steps) if question.options else copied(question, kept, desk, steps)
    if not question.options:
        return _written(question, net, kept, steps, task=task)
    if form == "likelihood":
        return _likeliest(question, net, kept, steps, task=task)
    return _generated(question, net, kept, steps, task=task, extra=paths_told(net, kept, paths))


def paths_told(net: Net, kept: Sequence[Evidence], paths: Sequence[str]) -> str:
    """The paths one a line between the fences that the evidence stands between; nothing for none."""
    mark = _asking.fenced(kept, net.language)[0]
    return "\n".join((_asking.prompt("graph", "paths", net.language), mark, *paths, mark)) if paths else ""


def _written(question: Question, net: Net, kept: list[Evidence], steps: list[Step], *, task: str) -> Answer:
    told = f"{task}\n\n{_asking.prompt('asking', 'marked', net.language)}"
    request = Request(_asking.messages(told, question, kept), question, tuple(kept))
    text = _asking.say(net.desk, request, steps, "answer")
    if _asking.letter(text, ()).how == "abstained":
        return _asking.abstaining("unanswered", net.language, steps)
    return _asking.cited(question, text, kept, net.desk, steps)


def _likeliest(question: Question, net: Net, kept: list[Evidence], steps: list[Step], *, task: str) -> Answer:
    read, candidates = _asking.likeliest(net.desk, question, task, kept, steps)
    if not read.letter:
        return _asking.unread(read, net.language, steps)
    return replace(copied(question, kept, net.desk, steps), choice=read.letter, candidates=candidates)


def _generated(
    question: Question, net: Net, kept: list[Evidence], steps: list[Step], *, task: str, extra: str
) -> Answer:
    told = "\n\n".join((task, *(_asking.prompt("asking", key, net.language) for key in ("marked", "by_letter"))))
    request = Request(_asking.messages(told, question, kept, extra=extra), question, tuple(kept))
    read, text = _asking.ask_letter(net.desk, request, steps, "answer")
    if not read.letter:
        return _asking.unread(read, net.language, steps)
    answer = _asking.cited(question, text, kept, net.desk, steps)
    if answer.abstained:  # the letter is the model's; what speaks for it is quoted
        answer = copied(question, kept, net.desk, answer.trace)
    return replace(answer, choice=read.letter)


def copied(question: Question, kept: Sequence[Evidence], desk: Desk, steps: Sequence[Step]) -> Answer:
    """The evidence word for word, whoever else is on the desk."""
    return quoted_with_marks(question, kept, replace(desk, model=copyist()), steps)


def _chosen(question: Question, net: Net, kept: Sequence[Evidence], steps: list[Step]) -> Answer:
    """The option that stands in the evidence best; of a question with "not" the only one that does not."""
    held = spoken_for(question, net, kept)
    steps.append(Step("options", ", ".join(f"{letter}: {value:.2f}" for letter, value in held.items())))
    best = max(held.values())
    if _NOT.search(blanked(question.text, concepts_in(net.desk.store, question.text))):
        fitting = [letter for letter, value in held.items() if value < COVERED]
    else:
        fitting = [letter for letter, value in held.items() if value == best and best >= COVERED]
    if len(fitting) != 1:
        return gave_up("tied-options" if fitting else "no-option", net.language, steps)
    return replace(copied(question, kept, net.desk, steps), choice=fitting[0])


def spoken_for(question: Question, net: Net, kept: Sequence[Evidence]) -> dict[str, float]:
    """For each option the share of its words that the evidence holds, more where it is a concept of the evidence.

    1 where it adjoins a concept of the question there, less the more steps lie between, never less than `COVERED`.
    What the question itself says speaks for no option.
    """
    asked, everything = set(terms(question.text)), fold("\n".join(piece.text for piece in kept))
    away = _distances(question, net, kept)
    held: dict[str, float] = {}
    for letter, text in question.options:
        links = [link for link in concepts_in(net.desk.store, text) if link.weight == 1.0]
        steps = [away[net.node(link.concept)] for link in links if away.get(net.node(link.concept))]
        own = {term for term in terms(text) if term not in asked and not is_frame(term)}
        shares = [len(own & set(terms(piece.text))) / len(own) for piece in kept if own]
        named = COVERED + (1 - COVERED) / min(steps) if steps else 0.0
        word_for_word = bool(own) and not links and fold(text) in everything
        held[letter] = 1.0 if word_for_word else named or min(0.99, max(shares, default=0.0))
    return held


def _distances(question: Question, net: Net, kept: Sequence[Evidence]) -> dict[str, int]:
    """How many steps of the evidence each of its concepts lies from one that the question names; 99 where none lead."""
    facts = [piece.fact for piece in kept if isinstance(piece.fact, Relation)]
    pairs = [(net.node(fact.subject), net.node(fact.object)) for fact in facts if not fact.negated]
    links = concepts_in(net.desk.store, question.text)
    ring = {net.node(link.concept) for link in links if link.weight == 1.0}
    away = {end: 99 for pair in pairs for end in pair} | dict.fromkeys(ring, 0)
    for steps in range(1, len(pairs) + 1):
        reached = {end for pair in pairs for end in pair if ring & set(pair)}
        ring = {end for end in reached if away[end] == 99}
        away.update(dict.fromkeys(ring, steps))
    return away
