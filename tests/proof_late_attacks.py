"""Two kinds of forgery that were written after the checker was finished: exchanged people, and merged citations."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from proof_attacks import Attack
from proof_material import HAS, Material, apart, ends

from probatum.store.reader import Store
from probatum.types import Answer, Relation

PEOPLE = (
    ("children", "adults"), ("adults", "children"), ("women", "men"), ("men", "women"), ("infants", "teenagers"),
    ("males", "females"), ("females", "males"), ("babies", "older adults"), ("newborns", "adults"), ("boys", "girls"),
)  # fmt: skip


def exchanged_people(stuff: Material, dice: random.Random) -> Attack:
    """A sentence of a source said of other people."""
    fitting = [
        (quote, old, new) for quote in stuff.quotes for old, new in PEOPLE
        if re.search(rf"\b{old}\b", quote.text) and not re.search(rf"\b{new}\b", quote.text)
    ]  # fmt: skip
    quote, old, new = dice.choice(fitting)
    said = re.sub(rf"\b{old}\b", new, quote.text).rstrip(".")
    return Attack("exchanged people", Answer(text=f"{said} [1].", evidence=(quote,)), said)


def merged_citations(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """The disease of one record with the finding of another, both cited."""
    while True:
        one, other = apart(store, stuff.records, dice)
        disease, finding = ends(store, one)[0], ends(store, other)[1]
        mine, theirs = one.fact, other.fact
        assert isinstance(mine, Relation) and isinstance(theirs, Relation)
        if not list(store.relations(mine.subject, HAS, theirs.object)):
            said = dice.choice((f"{disease} shows {finding}", f"In {disease}, {finding} has been reported"))
            return Attack("merged citations", Answer(text=f"{said} [1, 2].", evidence=(one, other)), said)


def late_attacks(store: Store, stuff: Material, count: int, seed: int) -> Iterator[Attack]:
    """So many forged answers of the two kinds in turn."""
    dice = random.Random(seed)
    for number in range(count):
        yield merged_citations(store, stuff, dice) if number % 2 else exchanged_people(stuff, dice)
