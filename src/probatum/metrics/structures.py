"""How well the structures of a schema were read out of texts: entities, relations and events."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

from probatum.metrics._micro import Items, micro
from probatum.naming import card
from probatum.networks.sel import Spot, spots_of
from probatum.shapes import Pair
from probatum.types import Answer, Mention, Score


@card(
    "Structured extraction: entities, relations, event triggers and arguments (micro P, R, F1)",
    survey="T5 IE",
    reference="doi:10.18653/v1/2022.acl-long.395",
)
def structures(
    pairs: Sequence[Pair],
    *,
    events: Collection[str] = (),
    groups: Sequence[tuple[str, ...]] = (),
    seed: int = 0,
) -> Mapping[str, Score]:
    """Micro-averaged precision, recall and F1 (0 to 1); `events` are the kinds of mentions that are events.

    `entity_*`: spans with their kind, both ends exact. `relation_*`: kind and words of the subject, predicate, words of
    the object, each once a text. `trigger_*`: spans of events with their kind. `argument_*`: kind of the event, role,
    words of the argument, each once a text. Concepts at the ends of relations count as the words that name them. An
    answer that abstains, as where a line did not read, found nothing and is counted as unparsed.
    """
    kinds = frozenset(events)
    views: dict[str, Items] = {
        "entity": lambda answer: _spans(answer, kinds, inside=False),
        "relation": lambda answer: _relations(answer, kinds),
        "trigger": lambda answer: _spans(answer, kinds, inside=True),
        "argument": lambda answer: _arguments(answer, kinds),
    }
    unparsed = sum(bool(given.abstained) for _, given in pairs)
    how = f"strict|events:{','.join(sorted(kinds))}"
    return micro(pairs, views, groups=groups, seed=seed, how=how, unparsed=unparsed)


def _spans(answer: Answer, events: Collection[str], *, inside: bool) -> set[Hashable]:
    found = (each for each in answer.found if isinstance(each, Mention))
    return {(each.start, each.end, each.kind) for each in found if (each.kind in events) == inside}


def _relations(answer: Answer, events: Collection[str]) -> set[Hashable]:
    return {
        (spot.kind, spot.span, predicate, words)
        for spot in _spots(answer)
        for predicate, words in spot.associations
        if spot.kind not in events
    }


def _arguments(answer: Answer, events: Collection[str]) -> set[Hashable]:
    return {
        (spot.kind, role, words) for spot in _spots(answer) for role, words in spot.associations if spot.kind in events
    }


def _spots(answer: Answer) -> Iterable[Spot]:
    return spots_of(answer.found)
