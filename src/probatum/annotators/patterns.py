"""Relations that trigger words between two concepts state: "X-induced Y", "Y due to X", "X for the treatment of Y"."""

from __future__ import annotations

from collections import Counter

from probatum.annotators._pairs import Pair, pairs, triggered, triggers
from probatum.annotators._reading import KINDS, mentions_by, read_off, with_relations
from probatum.naming import card
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Relation


@card(
    "Trigger patterns for relations",
    survey="3.2.1",
    reference="https://doi.org/10.1093/database/baw068",
    languages=("en",),
)
def patterns(store: Store, *, mentions: str = "dictionary", model: str = "") -> Annotate:
    """A callable that gives a text's mentions and, after them, the relations that trigger words state between them.

    The rules are data (order of the two, words between, how many others may stand there); no syntax tree is needed. A
    rule that denies gives a negated relation, and where one sentence affirms and another denies both stand. The
    qualifier `trigger` names the rules that held.
    """
    return with_relations(mentions_by(store, mentions, model), _stated)


def _stated(text: str, found: list[Mention]) -> list[Relation]:
    return [relation for pair in pairs(text, found, KINDS) for relation in _of(pair, text)]


def _of(pair: Pair, text: str) -> list[Relation]:
    held = Counter(name for meeting in pair.meetings for name in triggered(meeting))
    said: dict[tuple[str, bool], list[str]] = {}
    for rule in triggers():
        if held[rule.name]:
            said.setdefault((rule.predicate, rule.denies), []).append(rule.name)
    return [
        read_off(pair, predicate, text, "patterns", (("trigger", ";".join(names)),), negated=denies)
        for (predicate, denies), names in sorted(said.items())
    ]
