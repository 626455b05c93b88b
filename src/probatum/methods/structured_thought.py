"""Reasons along a way through the graph: each step of the thought is an edge, named by its id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._grounding import grounded
from probatum.methods._options import known_form
from probatum.naming import card
from probatum.proof.marks import checked
from probatum.store.fitting import OPEN, best_first, fit
from probatum.store.graph import Edge, Graph
from probatum.store.linking import blanked, concepts_in
from probatum.store.query import claims_of
from probatum.store.wording import in_words
from probatum.text.questions import aspects
from probatum.types import Answer, Candidate, Evidence, Question, Relation, Step

READINGS = 3  # concepts that one stretch of a text may mean
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"  # numbers that no figure of the evidence can be taken for
_BRIEF = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Way:
    """A way through the graph, each edge with the claim that is quoted for it."""

    claims: tuple[Relation, ...]

    @property
    def cost(self) -> int:
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class _Map:
    """The graph as one question sees it."""

    desk: Desk
    graph: Graph
    language: str
    hops: int

    def named(self, text: str) -> list[tuple[str, ...]]:
        """The things that a text names, in its order, each with the ids that it may mean."""
        stretches: dict[tuple[int, int], dict[str, None]] = {}
        for link in concepts_in(self.desk.store, text, self.desk.annotate(text)):
            inside = next((id for id in self.desk.store.same(link.concept) if id in self.graph), "")
            if link.weight == 1.0 and inside:
                stretches.setdefault((link.start, link.end), {})[inside] = None
        return [tuple(stretches[span])[:READINGS] for span in sorted(stretches)]

    def way(self, starts: Sequence[str], ends: Sequence[str]) -> _Way | None:
        """The shortest way whose every edge a visible claim asserts; of several the first in the graph's order."""
        best: _Way | None = None
        for start, end in product(starts, ends):
            if self.desk.store.same(start)[0] == self.desk.store.same(end)[0]:
                continue
            for path in self.graph.shortest_paths(start, end, hops=self.hops):
                claims = tuple(claim for claim in map(self.claim, path) if claim is not None)
                if len(claims) == len(path) and (best is None or len(path) < best.cost):
                    best = _Way(claims)
        return best

    def claim(self, edge: Edge) -> Relation | None:
        """The best claim of an edge that is neither denied nor withheld."""
        held = [each for each in claims_of(self.desk.store, edge) if not each.negated]
        return next(iter(best_first([each for each in held if not self.desk.withheld.hides(each)])), None)

    def beside(self, ids: Sequence[str], asked: Sequence[str], most: int) -> list[_Way]:
        """The single edges at a thing that answer what is asked of it."""
        found: dict[Relation, None] = {}
        for edge in (edge for id in ids for edge in self.graph.edges_of(id)):
            claim = self.claim(edge)
            side = "subject" if edge.subject in ids else "object"
            if claim is not None and fit(claim, side, asked) >= OPEN:
                found[claim] = None
        return [_Way((claim,)) for claim in list(found)[:most]]


@card("KG-structured chain of thought", survey="3.2.2", languages=("en", "zh"))
def structured_thought(
    question: Question,
    desk: Desk,
    *,
    hops: int = 4,
    most: int = 20,
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """A chain of numbered steps along the graph, each citing its edge; the fields tell every step's edge id.

    Steps: (1) the things that the question names become nodes; (2) the shortest ways of at most `hops` edges between
    neighbouring ones are sought, with options from the question's to each option's; where one thing alone is named, the
    edges that answer what is asked of it; (3) each edge becomes a numbered step of the thought, at most `most`; (4) the
    model reasons along them, and what it writes is checked against the edges that it cites. Without a model the steps
    stand as they are, and the option that the shortest way leads to is chosen. An edge id is SUBJECT PREDICATE OBJECT
    with source, release and record. Abstains with no-question, no-concept, no-path, tied, unanswered, unparsed,
    no-likelihoods, unsupported.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    sight = _Map(desk, Graph.open(desk.store), language, hops)
    things = sight.named(question.text)
    steps.append(Step("nodes", "; ".join(", ".join(ids) for ids in things) or "none"))
    if not things:
        return asking.abstaining("no-concept", language, steps)
    by_option = _to_options(sight, question, things)
    chosen, ranked = _nearest(question, by_option)
    ways = _ways(sight, question, things, most) if not question.options else [way for _, way in by_option if way]
    claims = list(dict.fromkeys(claim for way in ways for claim in way.claims))[:most]
    steps += [Step(f"step {number}", edge_id(claim)) for number, claim in enumerate(claims, 1)]
    if not claims:
        return asking.abstaining("no-path", language, steps)
    if asking.has_model(desk):
        task = asking.prompt("structured_thought", "task", language)
        evidence = [_evidence(sight, claim) for claim in claims]
        answer = grounded(question, desk, evidence, steps, task=task, choose=choose, proved=proved, seed=seed)
        return replace(answer, fields=_edges(answer))
    if question.options and not chosen:
        return replace(asking.abstaining("tied", language, steps), candidates=ranked)
    if question.options:
        claims = next(list(way.claims) for letter, way in by_option if way and letter == chosen)
    answer = _written(sight, claims, steps)
    return replace(answer, choice="" if answer.abstained else chosen, candidates=ranked, fields=_edges(answer))


def edge_id(claim: Relation) -> str:
    """The id of an edge: what is asserted, and the record that asserts it."""
    record = _BRIEF.sub("_", claim.origin.at)
    return f"{claim.subject} {claim.predicate} {claim.object} | {claim.origin.source}@{claim.origin.release}#{record}"


def _edges(answer: Answer) -> tuple[tuple[str, str], ...]:
    """(step n, its edge id) for each claim that the answer cites."""
    facts = [each.fact for each in answer.evidence]
    return tuple((f"step {n}", edge_id(fact)) for n, fact in enumerate(facts, 1) if isinstance(fact, Relation))


def _to_options(sight: _Map, question: Question, things: list[tuple[str, ...]]) -> list[tuple[str, _Way | None]]:
    """(letter, the shortest way from a thing that the question names to one that the option names)."""
    found: list[tuple[str, _Way | None]] = []
    for letter, text in question.options:
        ends = sight.named(text)
        ways = [way for one, other in product(things, ends) if (way := sight.way(one, other))]
        found.append((letter, min(ways, key=lambda way: way.cost, default=None)))
    return found


def _nearest(question: Question, by_option: list[tuple[str, _Way | None]]) -> tuple[str, tuple[Candidate, ...]]:
    """(the letter of the nearest option, empty where two are equally near; the options by 1 / length of their way)."""
    texts = dict(question.options)
    scored = [Candidate(letter, texts[letter], 1 / way.cost if way else 0.0) for letter, way in by_option]
    ranked = tuple(sorted(scored, key=lambda each: (-each.score, each.id)))
    alone = len(ranked) < 2 or ranked[0].score != ranked[1].score
    return (ranked[0].id if ranked and ranked[0].score and alone else ""), ranked


def _ways(sight: _Map, question: Question, things: list[tuple[str, ...]], most: int) -> list[_Way]:
    """The ways between neighbouring things, or, where one alone is named, the edges that answer."""
    if len(things) > 1:
        return [way for one, other in pairwise(things) if (way := sight.way(one, other))]
    links = concepts_in(sight.desk.store, question.text)
    return sight.beside(things[0], aspects(blanked(question.text, links)), most)


def _evidence(sight: _Map, claim: Relation) -> Evidence:
    return Evidence(claim, in_words(sight.desk.store, claim, sight.language), 1.0, "structured_thought")


def _written(sight: _Map, claims: Sequence[Relation], steps: list[Step]) -> Answer:
    """The chain as text: a numbered line for each step, its claim word for word, with its mark; checked."""
    evidence = tuple(_evidence(sight, claim) for claim in claims[: len(CIRCLED)])
    lines = [f"{CIRCLED[place]} {each.text} [{place + 1}]" for place, each in enumerate(evidence)]
    said = Answer("\n".join(lines), evidence=evidence, trace=tuple(steps))
    answer = checked(said, sight.desk.store, sight.desk.sight)
    return answer if not answer.abstained else asking.abstaining("unsupported", sight.language, answer.trace)
