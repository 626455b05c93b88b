"""Diagnoses from a note by the best ways in the graph that lead from its findings; the ways stand in the prompt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp
from pathlib import Path
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan, NeedsFile
from probatum.methods._asking import ask_json, has_model, language_of, messages, prompt, sound
from probatum.methods._graph import FORMS, Hop, Net, copied, entities, finished, gave_up, paths_told
from probatum.naming import card
from probatum.networks.path_ranker import Case, PathRanker
from probatum.store.linking import concepts_in
from probatum.types import Answer, Candidate, Evidence, Mention, Question, Reason, Request, Step

RANKERS = ("words", "trained")
MOST_PATHS = 4_000  # of one concept that are ranked
DIAGNOSES = 5  # that are told
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"diagnoses": {"type": "array", "items": {"type": "string"}}},
        "required": ["diagnoses"],
    }
)


@card("Graph-guided diagnosis (DR.KNOWS)", survey="3.2.2", reference="doi:10.48550/arXiv.2308.14321",
      languages=("en", "zh"))  # fmt: skip
def graph_guided_diagnosis(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    hops: int = 2,
    paths: int = 8,
    weights: str = "",
    threshold: float = 0.7,
    kinds: tuple[str, ...] = ("Disease",),
    form: str = "generated",
) -> Answer:
    """Ranked diagnoses for the note that the question is, with the `paths` best ways from its findings to them.

    As the paper: (1) concepts of the note by dictionary (here without what is denied, or said of others; with the
    patient's present observations); (2) neighbours within `hops`; (3) paths ranked: `words` needs no training (an end
    that many findings of the note lead to, over relations and names whose words the note shares, weighs most, and a
    way through a much linked node less), `trained` is attention over text, concept and path vectors (`weights`, made by
    `trained_on`); (4) the best in the prompt, as `C1 --> rel --> C2`; (5) the model's diagnoses, linked to the graph;
    without a model the ends of the best paths by their summed scores. Only ends of `kinds` are diagnoses. Of a multiple
    choice the letter as in the other graph methods. Abstains: no-entity, no-path, unparsed, and as the reading of an
    answer does.
    """
    for name, value, known in (("scorer", scorer, RANKERS), ("form", form, FORMS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")
    language, steps = language_of(question), list[Step]()
    net, text = Net.over(desk, language), note(question)
    found = findings(question, text, net, steps, threshold)
    if not found:
        return gave_up("no-entity", language, steps)
    ways = [way for id in found for way in ways_from(net, id, hops, kinds, set(found))]
    if not ways:
        return gave_up("no-path", language, steps)
    ranker = _trained(weights) if scorer == "trained" else None
    scored = sorted(zip(_scores(net, text, ways, ranker), ways, strict=True), key=lambda each: (-each[0], each[1].key))
    best = scored[:paths]
    steps.append(Step("ranked", f"{len(ways)} paths from {len(found)} concepts; the best {len(best)} stand below"))
    steps += [Step("path", f"{net.shown(way.hops)} ({score:.4f})") for score, way in best]
    evidence = list(dict.fromkeys(piece for _, way in best for piece in net.tail(way.hops)))
    shown = [net.shown(way.hops) for _, way in best]
    if question.options:
        task = prompt("graph_guided_diagnosis", "choose", language)
        return finished(question, net, evidence, steps, task=task, form=form, code="no-path", paths=shown)
    return _diagnosed(question, net, scored, steps, evidence=evidence, shown=shown)


@dataclass(frozen=True, slots=True)
class Way:
    """A path from a finding to what may be its cause."""

    hops: tuple[Hop, ...]

    @property
    def start(self) -> str:
        """The finding."""
        return self.hops[0].near

    @property
    def end(self) -> str:
        """What it leads to."""
        return self.hops[-1].far

    @property
    def key(self) -> tuple[str, ...]:
        """What orders paths of equal score."""
        return (self.end, self.start, *(f"{hop.predicate} {hop.far}" for hop in self.hops))


def note(question: Question) -> str:
    """The text that findings are read from: the question, what was given with it, the patient's notes."""
    return "\n".join((question.text, *question.context, *(question.patient.notes if question.patient else ())))


def findings(question: Question, text: str, net: Net, steps: list[Step], threshold: float) -> list[str]:
    """The nodes that the note names as present in the patient, in its order; the trace says what was left out."""
    mentions = [each for each in net.desk.annotate(text) if isinstance(each, Mention)]
    out = [(each.start, each.end) for each in mentions if each.negated or each.who != "patient"]
    linked = entities(text, net, steps, threshold=threshold, what="findings")
    found = [each.id for each in linked if not any(start <= each.start < end for start, end in out)]
    left = [each.written for each in linked if each.id not in found]
    steps.append(Step("left out", ", ".join(left) or "nothing"))
    if question.patient:
        for seen in question.patient.observations:
            if seen.present and seen.concept and net.within(seen.concept):
                found.append(net.node(seen.concept))
    return list(dict.fromkeys(found))


def ways_from(net: Net, start: str, hops: int, kinds: Iterable[str], known: set[str]) -> list[Way]:
    """The paths of at most `hops` steps from a node to nodes of some kinds that the note does not name."""
    wanted, found = set(kinds), list[Way]()

    def on(path: tuple[Hop, ...], at: str, seen: frozenset[str]) -> Iterator[Way]:
        for hop in net.hops(at):
            if hop.far in seen:
                continue
            longer = (*path, hop)
            if hop.far not in known and net.desk.store.kind_of(hop.far) in wanted:
                yield Way(longer)
            if len(longer) < hops:
                yield from on(longer, hop.far, seen | {hop.far})

    for way in on((), start, frozenset((start,))):
        found.append(way)
        if len(found) >= MOST_PATHS:
            net.cut[start] = net.cut.get(start, len(found))
            break
    return sorted(found, key=lambda way: (len(way.hops), way.key))


def trained_on(
    desk: Desk, cases: Sequence[tuple[Question, frozenset[str]]], *, hops: int = 2, seed: int = 0, epochs: int = 60
) -> PathRanker:
    """A ranker trained on notes with the ids of their diagnoses: a path is right that ends in one of them."""
    made: list[Case] = []
    for question, diagnoses in cases:
        net, text = Net.over(desk, language_of(question)), note(question)
        gold = {net.node(id) for id in diagnoses}
        known = findings(question, text, net, [], 0.7)
        for id in known:
            ways = ways_from(net, id, hops, ("Disease",), set(known))
            right = frozenset(place for place, way in enumerate(ways) if way.end in gold)
            made.append(Case(text, net.name(id), tuple(net.shown(way.hops) for way in ways), right))
    return PathRanker.trained(made, seed=seed, epochs=epochs)


def _trained(weights: str) -> PathRanker:
    if not Path(weights).is_file():
        raise NeedsFile(
            f"no weights at {weights!r}", mend="train them: graph_guided_diagnosis.trained_on(...).save(FILE)"
        )
    return PathRanker.load(Path(weights))


def _scores(net: Net, text: str, ways: Sequence[Way], ranker: PathRanker | None) -> list[float]:
    """A score for each path; the paths of one finding are ranked together."""
    if ranker is not None:
        by_start: dict[str, list[int]] = {}
        for place, way in enumerate(ways):
            by_start.setdefault(way.start, []).append(place)
        scores = [0.0] * len(ways)
        for start, places in by_start.items():
            case = Case(text, net.name(start), tuple(net.shown(ways[place].hops) for place in places))
            told = ranker.scores(case)
            chances = [exp(score - max(told)) for score in told]  # of one finding they sum to 1
            for place, chance in zip(places, chances, strict=True):
                scores[place] = chance / sum(chances)
        return scores
    plain = PathRanker.fresh()
    starts: dict[str, set[str]] = {}
    for way in ways:
        starts.setdefault(way.end, set()).add(way.start)
    found: list[float] = []
    for way in ways:
        (shared,) = plain.scores(Case(text, net.name(way.start), (net.shown(way.hops),)))
        through = sum(len(net.hops(hop.far)) for hop in way.hops[:-1])
        found.append(round(len(starts[way.end]) / len(way.hops) / (1 + 0.01 * through) + 0.05 * shared, 9))
    return found


def _diagnosed(
    question: Question,
    net: Net,
    scored: list[tuple[float, Way]],
    steps: list[Step],
    *,
    evidence: list[Evidence],
    shown: list[str],
) -> Answer:
    """The diagnoses as ranked candidates, the paths as their reasons and as evidence."""
    language = net.language
    kept = sound(evidence, net.desk, steps)
    ranked = _ends(net, scored)
    if has_model(net.desk):
        task = prompt("graph_guided_diagnosis", "task", language)
        told = messages(task, question, kept, extra=paths_told(net, kept, shown))
        request = Request(told, question, tuple(kept), schema=SCHEMA)
        read = ask_json(net.desk, request, _fault, steps, "diagnoses")
        if read is None:
            return gave_up("unparsed", language, steps)
        ranked = _named(net, [str(each) for each in read["diagnoses"]], ranked, steps)
    if not kept or not ranked:
        return gave_up("no-path", language, steps)
    return replace(copied(question, kept, net.desk, steps), candidates=tuple(ranked[:DIAGNOSES]))


def _fault(read: dict[str, Any]) -> str:
    said = read.get("diagnoses")
    return (
        "" if isinstance(said, list) and said and all(isinstance(each, str) for each in said) else "diagnoses: a list"
    )


def _ends(net: Net, scored: Sequence[tuple[float, Way]]) -> list[Candidate]:
    """The ends of paths, best first, by the sum over findings of the best path from each."""
    best: dict[str, dict[str, tuple[float, Way]]] = {}
    for score, way in scored:
        best.setdefault(way.end, {}).setdefault(way.start, (score, way))
    found = [
        Candidate(
            id,
            net.name(id),
            round(sum(score for score, _ in from_.values()), 9),
            tuple(
                Reason("for", way.start, net.name(way.start), score, net.shown(way.hops))
                for score, way in from_.values()
            ),
        )
        for id, from_ in best.items()
    ]
    return sorted(found, key=lambda each: (-each.score, each.id))


def _named(net: Net, names: Sequence[str], ends: Sequence[Candidate], steps: list[Step]) -> list[Candidate]:
    """The model's diagnoses in its order, each linked to a node; with the paths that lead there as reasons."""
    by_id = {each.id: each for each in ends}
    found: dict[str, Candidate] = {}
    for place, name in enumerate(dict.fromkeys(names)):
        links = [link for link in concepts_in(net.desk.store, name) if link.end - link.start >= len(name.strip()) - 1]
        id = net.node(links[0].concept) if links and links[0].weight == 1.0 else ""
        if not id:
            steps.append(Step("unknown", f"{name[:120]} is no concept of the store"))
            continue
        reasons = by_id[id].reasons if id in by_id else ()
        found.setdefault(id, Candidate(id, net.name(id), 1 / (place + 1), reasons))
    return list(found.values())
