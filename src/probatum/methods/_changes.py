"""What withheld knowledge changes: the diseases that lose claims, made anew; all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from probatum.desk import Withheld
from probatum.methods._constants import Constants
from probatum.methods._constants import constants as shipped
from probatum.methods._profiles import Profiles
from probatum.methods._scores import Case, Scores, scores_of_few
from probatum.methods._terms import Real, Truth, Whole
from probatum.methods._world import World, world, world_of

WITHOUT_SYNOPSES = "independent"  # the form that withholds every claim on an OMIM synopsis, of every disease


@dataclass(frozen=True, eq=False)
class Table:
    """All scores of one patient; `empty` are the diseases of which nothing is left."""

    scores: Real
    empty: Truth
    world: World
    changed: Whole
    few: World | None  # the changed diseases, in the order of `changed`


class Bench:
    """The profiles of a store with the worlds made of them, kept for many patients. Threads may share it."""

    def __init__(self, profiles: Profiles, constants: Constants | None = None) -> None:
        self.profiles, self.constants = profiles, constants or shipped()
        self._scores = lru_cache(2)(self._made)

    def table(self, case: Case, withheld: Withheld) -> Table:
        """The scores of a patient under what is withheld."""
        scores = self._scores(withheld.form == WITHOUT_SYNOPSES)
        found, empty = scores.of(case), scores.world.is_empty
        changed, few = self._few(withheld)
        if few is not None:
            found[:, changed] = scores_of_few(few, scores.world, case)
            empty = empty.copy()
            empty[changed] = few.is_empty
        return Table(found, empty, scores.world, changed, few)

    def _made(self, without_synopses: bool) -> Scores:
        visible = ~self.profiles.claims.on_synopses if without_synopses else None
        return Scores(world(self.profiles, self.constants, visible))

    def _few(self, withheld: Withheld) -> tuple[Whole, World | None]:
        claims = self.profiles.claims
        naming = [claims.naming(reference) for reference in sorted(withheld.references)]
        touched = np.unique(np.concatenate(naming)) if naming and withheld.form != "keep" else np.zeros(0, np.int32)
        changed = np.unique(claims.disease[touched]).astype(np.int32)
        if not len(changed):
            return changed, None
        return changed, self.remade(changed, withheld)

    def remade(self, diseases: Whole, withheld: Withheld) -> World:
        """A world of some diseases alone, in their order, of the claims that are not withheld."""
        claims = self.profiles.claims
        groups = [claims.of(int(disease)) for disease in diseases]
        rows = np.concatenate(groups)
        owner = np.repeat(np.arange(len(diseases)), [len(group) for group in groups])
        if withheld.form != "keep":
            hidden = (withheld.hides_references(claims.names_of(int(row))) for row in rows)
            stays = ~np.fromiter(hidden, bool, len(rows))
            rows, owner = rows[stays], owner[stays]
        return world_of(self.profiles.terms, claims, rows, owner, len(diseases), constants=self.constants)
