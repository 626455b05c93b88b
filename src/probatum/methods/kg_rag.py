"""Answers from what stands beside the question's concepts in the graph, once what is least like it is cut away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probatum.desk import Desk
from probatum.methods._asking import ask_json, has_model, language_of, messages, prompt, unoptioned
from probatum.methods._graph import Entity, Hop, Likeness, Net, checked_settings, entities, finished, gave_up
from probatum.naming import card
from probatum.store.fitting import frequency
from probatum.store.words import terms
from probatum.types import Answer, Question, Relation, Request, Step

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"entities": {"type": "array", "items": {"type": "string"}}},
        "required": ["entities"],
    }
)


@card("KG-RAG", survey="3.2.3", reference="doi:10.48550/arXiv.2311.17330", languages=("en", "zh"))
def kg_rag(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    threshold: float = 0.7,
    percentile: float = 75.0,
    least: float = 0.5,
    most: int = 150,
    form: str = "generated",
) -> Answer:
    """The answer from the edges of the question's concepts that are most like it, each with its source.

    As the paper: (1) the concepts of the question, its options unseen (by the names of the store, or, with
    `scorer = "model"`, by the model); (2) each linked to a node; (3) its edges as records; (4) of each node's records
    those whose similarity lies strictly above the `percentile` of that node's and strictly above `least`, at most
    int(`most` / number of concepts), best first; (5) one prompt that asks for the source of every sentence. Here links
    below `threshold` are rejected, concepts of every kind count, ids that were merged or replaced are followed, an edge
    stays one record with its claims, similarity is 0.45 cosine of rarity-weighted words + 0.45 fit of the relation to
    what is asked + 0.1 frequency (no embedding), and sources are checked. Abstains: no-entity, no-context, no-model,
    unparsed, and as the reading of an answer does (unsupported, unanswered, no-option, tied-options, no-likelihoods).
    """
    checked_settings(scorer, form)
    language, steps = language_of(question), list[Step]()
    net, text = Net.over(desk, language), question.text
    if scorer == "model":
        if not has_model(desk):
            return gave_up("no-model", language, steps)
        names = _named(question, desk, steps)
        if names is None:
            return gave_up("unparsed", language, steps)
        text = "; ".join(names)
    linked = entities(text, net, steps, threshold=threshold)
    if not linked:
        return gave_up("no-entity", language, steps)
    like, share = Likeness(question.text, desk), int(most / len(linked))
    found = {entity.id: _records(net, like, entity) for entity in linked}
    kept: dict[tuple[str, str, str], _Record] = {}
    for entity in linked:
        records = found[entity.id]
        places = above([record.similarity for record in records], percentile, least, share)
        for record in (records[place] for place in places):
            edge = record.hop.edge
            kept.setdefault((edge.subject, edge.predicate, edge.object), record)
        steps += _told(net, entity, records, places, percentile)
    everything = [record for records in found.values() for record in records]
    steps.append(Step("saving", _saving(everything, list(kept.values()))))
    ranked = sorted(kept.values(), key=lambda record: (-record.similarity, record.text))
    evidence = [piece for record in ranked for piece in net.evidence(record.hop.edge, record.similarity)]
    task = prompt("kg_rag", "task", language)
    return finished(question, net, evidence, steps, task=task, form=form, code="no-context")


def above(similarities: Sequence[float], percentile: float, least: float, most: int) -> list[int]:
    """The places whose similarity lies strictly above numpy's percentile of them all and strictly above `least`.

    Best first, equal ones in their order, at most `most`.
    """
    if not similarities:
        return []
    bound = max(float(np.percentile(similarities, percentile)), least)
    places = sorted(range(len(similarities)), key=lambda place: (-similarities[place], place))
    return [place for place in places if similarities[place] > bound][:most]


@dataclass(frozen=True, slots=True)
class _Record:
    """One edge beside a concept."""

    hop: Hop
    text: str
    similarity: float


def _records(net: Net, like: Likeness, entity: Entity) -> list[_Record]:
    found: list[_Record] = []
    for hop in net.hops(entity.id):
        claims: list[Relation] = net.claims(hop.edge)
        if claims:
            text = net.piece(claims[0], 0.0).text
            plain = f"{net.name(entity.id)} {net.said(hop)} {net.name(hop.far)}"
            often = max(frequency(claim) for claim in claims)
            value = 0.45 * like.cosine(plain) + 0.45 * like.fit(hop) + 0.1 * often
            found.append(_Record(hop, text, round(value, 6)))
    return found


def _told(net: Net, entity: Entity, records: list[_Record], places: list[int], percentile: float) -> list[Step]:
    values = [record.similarity for record in records]
    bound = f"{float(np.percentile(values, percentile)):.4f}" if values else "none"
    head = f"{entity.id}: {len(places)} of {len(records)} edges; percentile {percentile:g} is {bound}"
    kept = "; ".join(f"{net.told(records[place].hop)} ({values[place]:.4f})" for place in places)
    fallen = [record for place, record in enumerate(records) if place not in set(places)]
    dropped = "; ".join(f"{net.told(record.hop)} ({record.similarity:.4f})" for record in fallen[:50])
    more = f"; and {len(fallen) - 50} more" if len(fallen) > 50 else ""
    return [Step("context", head), Step("kept", kept or "nothing"), Step("dropped", (dropped or "nothing") + more)]


def _saving(all_records: list[_Record], kept: list[_Record]) -> str:
    """How many words the filter spares a prompt."""
    before, after = (sum(len(terms(record.text)) for record in each) for each in (all_records, kept))
    spared = 100 * (before - after) / before if before else 0.0
    return f"records {len(all_records)} -> {len(kept)}; words {before} -> {after}; saved {spared:.1f}%"


def _named(question: Question, desk: Desk, steps: list[Step]) -> list[str] | None:
    """The names that the model reads in the question."""

    def fault(read: dict[str, Any]) -> str:
        names = read.get("entities")
        return "" if isinstance(names, list) and all(isinstance(each, str) for each in names) else "entities: a list"

    plain = unoptioned(question)
    told = messages(prompt("kg_rag", "entities", language_of(question)), plain)
    read = ask_json(desk, Request(told, plain, schema=SCHEMA), fault, steps, "named")
    return None if read is None else [str(each) for each in read["entities"]]
