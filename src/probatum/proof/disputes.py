"""The typed conflicts of the store that concern one cited claim."""

from __future__ import annotations

from functools import partial

from probatum.proof.witnesses import once
from probatum.store.conflicts import Conflict, conflicts
from probatum.store.reader import Store
from probatum.types import Relation

KINDS = ("negation", "opposite", "direction", "frequency", "dose")


def disputed(store: Store, claim: Relation) -> tuple[Conflict, ...]:
    """The conflicts of the store in which this very claim stands on one side."""
    found = once(store, ("conflicts", claim.subject), partial(_of, store, claim.subject))
    return tuple(each for each in found if claim in each.one or claim in each.other)


def _of(store: Store, concept: str) -> tuple[Conflict, ...]:
    return tuple(conflicts(store, concept, KINDS))
