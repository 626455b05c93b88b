"""Why a disease stands where it stands, with the claims that say so, and what is best asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probatum.desk import Desk
from probatum.methods._profiles import Profiles
from probatum.methods._scores import TOO_WIDE, Case, against, wider_logs
from probatum.methods._terms import Real, Whole
from probatum.methods._world import World
from probatum.text import frequency
from probatum.types import Reason, Relation

EXPECTED = 0.25  # the share of patients from which a phenotype is worth asking for on a disease's account
ASKED = 3  # questions a disease
HAS_PHENOTYPE = "biolink:has_phenotype"
_SAID = {
    ("absent", "en"): "not described in this disease",
    ("absent", "zh"): "该病未见描述",
    ("unstated", "en"): "described, frequency not stated",
    ("unstated", "zh"): "有描述，频率未注明",
}


@dataclass(frozen=True, eq=False)
class Leaders:
    """The leading diseases made anew from the visible claims, with their probabilities among themselves."""

    diseases: Whole
    probabilities: NDArray[np.float64]
    direct: Real
    closed: Real


class Explainer:
    """Gives the reasons of the leading diseases of one patient, in the given language."""

    def __init__(
        self, profiles: Profiles, whole: World, case: Case, leaders: Leaders, desk: Desk, *, language: str = "en"
    ) -> None:
        self._language = "zh" if language.startswith("zh") else "en"
        self._profiles, self._whole, self._case, self._leaders, self._desk = profiles, whole, case, leaders, desk
        self._terms, self._store = profiles.terms, desk.store
        self._gains = information_gains(leaders, self._open(), whole.background)

    def reasons(self, place: int) -> tuple[Reason, ...]:
        """The reasons of one of the leaders: for, against, to ask, inheritance, genes; of each the strongest first."""
        disease = self._profiles.diseases[self._leaders.diseases[place]]
        subjects = (disease, *self._lenders(int(self._leaders.diseases[place])))
        found = [self._weighed(place, term, subjects) for term in self._case.present]
        refuted = ((term, float(against(self._leaders.closed[place, [term]])[0])) for term in self._case.excluded)
        found += [self._reason("against", term, term, cost, subjects) for term, cost in refuted if cost < -0.1]
        kinds = {"for": 0, "against": 1}
        found.sort(key=lambda reason: (kinds[reason.kind], -abs(reason.weight), reason.concept))
        return (*found, *self._questions(place, subjects), *self._inheritance(subjects), *self._genes(disease))

    def _weighed(self, place: int, term: int, subjects: Sequence[str]) -> Reason:
        """What one phenotype of the patient says, and the annotated phenotype through which it says it."""
        shares, background = self._leaders.closed[place], self._whole.background
        above = self._terms.ancestors_of(term)
        wide = above[(above != term) & (background[above] <= TOO_WIDE) & (shares[above] > 0)]
        best, through = float(np.log(self._whole.constants.least)), -1
        if shares[term] > 0:
            best, through = float(np.log(shares[term] / background[term])), term
        if len(wide):
            credit = wider_logs(np.log(shares[wide]), np.log(background[wide]), self._whole.constants)
            if credit.max() > best:
                best, through = float(credit.max()), int(wide[credit.argmax()])
        if best <= 0 and through != term:  # what is described is too far from it to be named as its likeness
            through = -1
        return self._reason("for" if best > 0 else "against", term, through, best, subjects)

    def _reason(self, kind: str, term: int, through: int, weight: float, subjects: Sequence[str]) -> Reason:
        name = self._store.name_of(self._terms.ids[term], self._language)
        claim = self._claim(through, subjects) if through >= 0 else None
        if claim is None:
            return Reason(kind, self._terms.ids[term], name, weight, _SAID["absent", self._language])
        often = frequency.in_words(claim.qualifier("frequency"), self._language) if _reads(claim) else ""
        said = often or _SAID["unstated", self._language]
        if claim.object != self._terms.ids[term]:
            said = f"{self._store.name_of(claim.object, self._language)}: {said}"
        return Reason(kind, self._terms.ids[term], name, weight, said, claim.origin.references)

    def _claim(self, term: int, subjects: Sequence[str]) -> Relation | None:
        """The visible claim of greatest share on the term, else on what lies below it in the disease's profile."""
        below = set(self._terms.descendants_of(term).tolist())
        for subject in subjects:
            number = self._profiles.place[subject]
            claims = self._profiles.claims
            rows = [row for row in claims.of(number) if claims.aspect[row] == 0 and int(claims.term[row]) in below]
            rows.sort(key=lambda row: (claims.term[row] != term, claims.shown[row] == 0, -claims.seen[row]))
            for row in rows[:4]:
                for claim in self._relations(subject, self._terms.ids[claims.term[row]]):
                    return claim
        return None

    def _relations(self, subject: str, term: str) -> list[Relation]:
        found = self._store.relations(subject, HAS_PHENOTYPE, term)
        shown = [claim for claim in found if not claim.negated and not self._desk.withheld.hides(claim)]
        return sorted(shown, key=lambda claim: (-_patients(claim), claim.origin.references, claim.qualifiers))

    def _lenders(self, disease: int) -> list[str]:
        """The entries of the same disease in another catalogue, whose claims name themselves as reference."""
        claims = self._profiles.claims
        rows = (row for row in claims.of(disease) if claims.borrowed[row])
        names = {name for row in rows for name in claims.names_of(int(row))}
        return sorted(name for name in names if name in self._profiles.place)

    def _open(self) -> Whole:
        """The phenotypes of the leaders of which nothing is known yet."""
        known = set(self._terms.closure(self._case.present).tolist())
        known.update(int(low) for term in self._case.excluded for low in self._terms.descendants_of(term))
        shown = np.flatnonzero(self._leaders.direct.max(0, initial=0.0) > 0)
        return np.array([term for term in shown if int(term) not in known], np.int32)

    def _questions(self, place: int, subjects: Sequence[str]) -> list[Reason]:
        shares = self._leaders.closed[place]
        worth = sorted(((-gain, term) for term, gain in self._gains.items() if shares[term] >= EXPECTED))[:ASKED]
        return [self._reason("ask", term, term, -gain, subjects) for gain, term in worth]

    def _inheritance(self, subjects: Sequence[str]) -> list[Reason]:
        claims = self._store.relations(subjects[0], "biolink:has_mode_of_inheritance")
        return self._named("inheritance", (claim for claim in claims if not claim.negated), "object")

    def _genes(self, disease: str) -> list[Reason]:
        claims = self._store.relations("", "biolink:gene_associated_with_condition", disease)
        return self._named("gene", (claim for claim in claims if not claim.negated), "subject")

    def _named(self, kind: str, claims: Iterable[Relation], side: str) -> list[Reason]:
        seen: dict[str, Reason] = {}
        for claim in claims:
            id_ = getattr(claim, side)
            if not self._desk.withheld.hides(claim):
                name = self._store.name_of(id_, self._language)
                seen.setdefault(id_, Reason(kind, id_, name, references=claim.origin.references))
        return list(seen.values())


def information_gains(leaders: Leaders, open_terms: Whole, background: Real) -> dict[int, float]:
    """For each phenotype the bits by which knowing it is expected to narrow the leading diseases down."""
    if not len(open_terms) or not len(leaders.diseases):
        return {}
    prior = leaders.probabilities[:, None]
    share = np.clip(np.maximum(leaders.closed[:, open_terms], background[open_terms]), 1e-6, 1 - 1e-6)
    there = prior * share
    missing = prior * (1 - share)
    left = _entropy(there) + _entropy(missing)  # each is weighted by its probability already
    gains = _entropy(prior)[0] - left
    return {int(term): float(max(gain, 0.0)) for term, gain in zip(open_terms, gains, strict=True)}


def _entropy(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The entropy in bits of each column, times the column's sum."""
    total = weights.sum(0)
    bits: NDArray[np.float64] = -(weights * np.log2(np.maximum(weights / total, 1e-300))).sum(0)
    return bits


def _reads(claim: Relation) -> bool:
    try:
        frequency.read(claim.qualifier("frequency"))
    except ValueError:
        return False
    return True


def _patients(claim: Relation) -> int:
    return (frequency.read(claim.qualifier("frequency")).m or 0) if _reads(claim) else 0
