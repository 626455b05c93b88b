"""Whether a statement stands in the graph: what it joins is joined there, or included there, or bears the id."""

from __future__ import annotations

import re
from itertools import permutations

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods._asking import abstaining, language_of
from probatum.methods._graph import Entity, Hop, Net, copied, entities, gave_up
from probatum.naming import card
from probatum.store.wording import SUBCLASS
from probatum.types import Answer, Candidate, Question, Step

UNKNOWN = ("abstain", "false")
DEEPEST = 8  # steps from a kind to one that includes it
_DENIED = re.compile(
    r"\b(?:is|are|was|were|does|do) not\b|\bisn't\b|\bnot (?:a|an|associated)\b|不(?:是|属于|会|引起)|并非|没有"
)
_CURIE = re.compile(r"\b[A-Z][A-Za-z]*:\d+\b")
_TRUE = re.compile(r"(?:true|yes|right|correct|是|对|正确)\.?", re.IGNORECASE)
_FALSE = re.compile(r"(?:false|no|wrong|incorrect|否|错|错误)\.?", re.IGNORECASE)


@card("Statement held against the graph", survey="3.2.3", languages=("en", "zh"))
def stated(question: Question, desk: Desk, *, threshold: float = 0.8, unknown: str = UNKNOWN[0]) -> Answer:
    """The option for true or false, with the claims that the statement stands on; no model is asked.

    A statement holds where two of the things it names are joined by a claim, the second includes the first over at most
    8 steps of classification, or the id it gives is an id of the thing it names; a denial turns this round. What is not
    found is not known: `unknown` "abstain", or "false" where the graph is taken to be complete. Abstains: no-options
    (none that say true and false), no-entity, no-evidence.
    """
    if unknown not in UNKNOWN:
        raise BadPlan(f"unknown = {unknown!r} is not known here", mend=f"one of: {', '.join(UNKNOWN)}")
    language, steps = language_of(question), list[Step]()
    letters = {
        said: next((letter for letter, text in question.options if pattern.fullmatch(text.strip())), "")
        for said, pattern in ((True, _TRUE), (False, _FALSE))
    }
    if not all(letters.values()):
        return gave_up("no-options", language, steps)
    net = Net.over(desk, language)
    id = _CURIE.search(question.text)
    text = question.text.replace(id[0], " ") if id else question.text
    named = entities(text, net, steps, threshold=threshold)
    if not named:
        return gave_up("no-entity", language, steps)
    found = _owns(named, id[0], net) if id else _joined(named, net)
    denied = _DENIED.search(text) is not None
    steps.append(
        Step("statement", f"{'denies' if denied else 'asserts'}; {'found' if found is not None else 'not found'}")
    )
    if found is None and unknown == "abstain":
        return abstaining("no-evidence", language, steps)
    letter = letters[(found is not None) != denied]
    evidence = [piece for hop in found or () for piece in net.evidence(hop.edge, 1.0)]
    answer = copied(question, evidence, desk, steps) if evidence else Answer(trace=tuple(steps))
    sure = 1.0 if found is not None else 0.5
    return Answer(
        answer.text, letter, candidates=(Candidate(letter, dict(question.options)[letter], sure),),
        evidence=answer.evidence, trace=answer.trace,
    )  # fmt: skip


def _owns(named: list[Entity], id: str, net: Net) -> list[Hop] | None:
    """Nothing further where one of the things bears the id; None where none does."""
    return [] if net.node(id) in {entity.id for entity in named} else None


def _joined(named: list[Entity], net: Net) -> list[Hop] | None:
    """The claim, or the way up, that joins two of the things; None where nothing does."""
    for first, second in permutations(named, 2):
        if first.start != second.start:
            direct = next((hop for hop in net.hops(first.id) if hop.far == second.id), None)
            if direct is not None:
                return [direct]
    for first, second in permutations(named, 2):
        if first.start < second.start and (way := _upwards(first.id, second.id, net)):
            return way
    return None


def _upwards(kind: str, above: str, net: Net) -> list[Hop]:
    """The steps of classification from a kind up to another; nothing where that does not include it."""
    ways: dict[str, list[Hop]] = {kind: []}
    ring = [kind]
    for _ in range(DEEPEST):
        further: list[str] = []
        for node in ring:
            for hop in net.hops(node):
                if hop.predicate == SUBCLASS and hop.forward and hop.far not in ways:
                    ways[hop.far] = [*ways[node], hop]
                    further.append(hop.far)
        if above in ways:
            return ways[above]
        ring = further
    return []
