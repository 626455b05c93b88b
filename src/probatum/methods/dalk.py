"""Answers from ways between the concepts of question and options and what stands beside them, once it was weighed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from probatum.desk import Desk
from probatum.methods._asking import ask_json, has_model, language_of, messages, prompt
from probatum.methods._graph import Entity, Hop, Likeness, Net, checked_settings, entities, finished, gave_up
from probatum.naming import card
from probatum.store.graph import Edge
from probatum.types import Answer, Question, Relation, Request, Step

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"keep": {"type": "array", "items": {"type": "integer"}}},
        "required": ["keep"],
    }
)


@card("DALK", survey="3.2.3", reference="doi:10.48550/arXiv.2405.04819", languages=("en", "zh"))
def dalk(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    hops: int = 5,
    paths: int = 5,
    beside: int = 5,
    keep: int = 5,
    year: int = 0,
    threshold: float = 0.7,
    form: str = "generated",
) -> Answer:
    """The answer from at most `keep` triples that were weighed for use, said in words.

    The answering side of the paper: (1) the concepts of the question and of its options, linked above `threshold`;
    (2) coarse: shortest paths of at most `hops` between consecutive concepts, at most `paths`, and edges beside the
    concepts, at most `beside` of each; (3) fine: the self-aware rerank, by likeness to question and options or, with
    `scorer = "model"`, by the model's own pick of the numbered triples; (4) the triples said in words with paper and
    year; (5) the answer. The graph as of a year is the store opened as of its last day, or `year`, which leaves out
    claims of later years (a claim without a year stays). A pick outside the list is asked for again once. The step
    `triples` counts what the graph offers as of the year. Abstains: no-entity, no-path, no-model, unparsed, and as the
    reading of an answer does.
    """
    checked_settings(scorer, form)
    language, steps = language_of(question), list[Step]()
    if scorer == "model" and not has_model(desk):
        return gave_up("no-model", language, steps)
    net = AsOf.of_year(desk, language, year)
    linked = _linked(question, net, steps, threshold)
    if not linked:
        return gave_up("no-entity", language, steps)
    ways = _between(net, linked, hops, paths)
    near = _beside(net, Likeness(_whole(question), desk), linked, beside)
    steps.append(Step("paths", "; ".join(" | ".join(map(net.told, way)) for way in ways) or "nothing"))
    steps.append(Step("beside", "; ".join(map(net.told, near)) or "nothing"))
    offered: dict[tuple[str, str, str], Hop] = {}
    for hop in (*(hop for way in ways for hop in way), *near):
        offered.setdefault((hop.edge.subject, hop.edge.predicate, hop.edge.object), hop)
    found = list(offered.values())
    steps.append(Step("triples", f"{len(found)} as of {year or 'now'}"))
    if not found:
        return gave_up("no-path", language, steps)
    if scorer == "model":
        places = _picked(question, net, found, keep, steps)
        if places is None:
            return gave_up("unparsed", language, steps)
    else:
        places = _weighed(question, net, found, {hop for way in ways for hop in way}, keep)
    steps.append(Step("kept", "; ".join(net.told(found[place]) for place in places) or "nothing"))
    dropped = [net.told(hop) for place, hop in enumerate(found) if place not in places]
    steps.append(Step("dropped", "; ".join(dropped) or "nothing"))
    evidence = [piece for place in places for piece in net.evidence(found[place].edge, 1.0)]
    task = prompt("dalk", "answer", language)
    return finished(question, net, evidence, steps, task=task, form=form, code="no-path")


@dataclass(slots=True)
class AsOf(Net):
    """The graph as it was known in a year."""

    year: int = 0

    @classmethod
    def of_year(cls, desk: Desk, language: str, year: int) -> AsOf:
        """The graph of the desk's store without claims of later years; 0: all."""
        whole = Net.over(desk, language)
        return cls(whole.desk, whole.graph, language, year=year)

    def claims(self, edge: Edge) -> list[Relation]:
        """What asserted an edge by then."""
        known = Net.claims(self, edge)
        return [claim for claim in known if not self.year or _year(claim) <= self.year]

    def is_open(self, edge: Edge) -> bool:
        """Whether an edge was asserted by then."""
        return bool(self.claims(edge)) if self.year else Net.is_open(self, edge)


def _year(claim: Relation) -> int:
    written = claim.qualifier("year")[:4]
    return int(written) if written.isascii() and written.isdigit() else 0


def _linked(question: Question, net: Net, steps: list[Step], threshold: float) -> list[Entity]:
    """The concepts of the question, then those of each option, each once, in their order."""
    found = entities(question.text, net, steps, threshold=threshold)
    for letter, text in question.options:
        found += entities(text, net, steps, threshold=threshold, what=f"option {letter}")
    return list({each.id: each for each in reversed(found)}.values())[::-1]


def _between(net: Net, linked: Sequence[Entity], hops: int, most: int) -> list[list[Hop]]:
    """Shortest paths between consecutive concepts, shorter ones first, at most `most` in all."""
    found: list[list[Hop]] = []
    for one, other in pairwise(linked):
        start, end = net.within(one.id), net.within(other.id)
        for edges in net.graph.shortest_paths(start, end, most=10 * most, hops=hops):
            at, way = one.id, list[Hop]()
            for edge in edges:
                way.append(net.hop(at, edge))
                at = way[-1].far
            if all(net.is_open(hop.edge) for hop in way):
                found.append(way)
    return sorted(found, key=len)[:most]


def _beside(net: Net, like: Likeness, linked: Sequence[Entity], most: int) -> list[Hop]:
    """The edges of each concept that are most like what is asked, at most `most` of each."""
    found: list[Hop] = []
    for entity in linked:
        near = [(-_worth(net, like, hop), place, hop) for place, hop in enumerate(net.hops(entity.id))]
        found += [hop for _, _, hop in sorted(near, key=lambda each: each[:2])[:most]]
    return found


def _worth(net: Net, like: Likeness, hop: Hop) -> float:
    return round(like.cosine(net.told(hop)) + like.fit(hop), 9)


def _weighed(question: Question, net: Net, found: Sequence[Hop], on_ways: set[Hop], keep: int) -> list[int]:
    """The triples most like the question with its options; those of a path that joins concepts count more."""
    like = Likeness(_whole(question), net.desk)
    worth = [_worth(net, like, hop) + (0.5 if hop in on_ways else 0.0) for hop in found]
    return sorted(range(len(found)), key=lambda place: (-worth[place], place))[:keep]


def _picked(question: Question, net: Net, found: Sequence[Hop], keep: int, steps: list[Step]) -> list[int] | None:
    """The triples that the model keeps, in its order; none but those that it was shown."""

    def fault(read: dict[str, Any]) -> str:
        said = read.get("keep")
        if not isinstance(said, list) or not all(type(each) is int and 1 <= each <= len(found) for each in said):
            return prompt("dalk", "outside", net.language, most=len(found))
        return ""

    evidence = [piece for hop in found for piece in net.evidence(hop.edge, 1.0)[:1]]
    told = messages(prompt("dalk", "weigh", net.language, keep=keep), question, evidence)
    read = ask_json(net.desk, Request(told, question, tuple(evidence), schema=SCHEMA), fault, steps, "weighed")
    return None if read is None else [each - 1 for each in dict.fromkeys(read["keep"])][:keep]


def _whole(question: Question) -> str:
    return "\n".join((question.text, *(text for _, text in question.options)))
