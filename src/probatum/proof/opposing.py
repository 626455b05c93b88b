"""Whether a claim says the opposite of a sentence: one denies, one says higher, one lower, or roles are exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from probatum.proof.denials import denied, shown
from probatum.proof.lexicon import lexicon, rooted
from probatum.proof.reading import Act, Reading, Unit
from probatum.proof.witnesses import Line

_THAN = re.compile(r"\bthan\b")
_NEAR = 4  # units between a word of a family and the word that it belongs to


def fault(claim: Line, source: Line, spans: Sequence[tuple[str, int, int]]) -> str:
    """Why the claim speaks against a sentence of its source; empty where it does not.

    `spans` are the concepts of the claim that the source names, perhaps in other words.
    """
    if why := denied(claim, source, spans):
        return why
    excluded, turned = _excluded(claim.reading, source.reading), _compared(claim.reading, source.reading)
    if excluded and turned:  # "men earlier than women" for "women later than men"
        return ""
    return excluded or turned or _crossed(claim.reading, source.reading)


# --- what excludes each other ---


def _excluded(claim: Reading, source: Reading) -> str:
    sides = lexicon().sides
    for unit in claim.units:
        for family, side in sides.get(unit.key, ()):
            theirs = [(one, other) for one in source.units for name, other in sides.get(one.key, ()) if name == family]
            mine = {other for one in claim.units for name, other in sides.get(one.key, ()) if name == family}
            others = [one for one, other in theirs if other not in mine]
            if not others:
                continue
            if all(other != side for _, other in theirs):
                near = _nearest_clauses(claim, source)
                if all(one.denied == unit.denied for one in others) and any(one.clause in near for one in others):
                    return f"opposite: the source says {shown({others[0].key})}, not {shown({unit.key})}"
            elif why := _elsewhere(claim, unit, source, theirs, side):
                return why
    return ""


def _nearest_clauses(claim: Reading, source: Reading) -> set[int]:
    """The clauses of a source that say most of a claim."""
    keys = {unit.key for unit in claim.units if not unit.glue}
    counts = [
        sum(unit.weight for unit in source.units if unit.clause == clause and unit.key in keys)
        for clause in range(source.clauses)
    ]
    return {clause for clause, count in enumerate(counts) if count == max(counts)}


def _elsewhere(claim: Reading, unit: Unit, source: Reading, theirs: Sequence[tuple[Unit, int]], side: int) -> str:
    """Where a source says both sides: whether it says the other one of what the claim says this one of."""
    why = f"opposite: the source says {shown({unit.key})} of something else"
    bound = next((one for one in claim.units if one.start >= unit.end and not one.glue), None)
    if bound is not None and bound.clause == unit.clause:
        met = [_before(source.units, place, theirs) for place, one in enumerate(source.units) if one.key == bound.key]
        met = [found for found in met if found]
        if met and all(side not in found for found in met):
            return why
        if met and all(found == {side} for found in met):
            return ""
    keys = {one.key for one in claim.units if one.clause == unit.clause and not one.glue} - {unit.key}
    counts: dict[int, int] = {}
    for one in source.units:
        counts[one.clause] = counts.get(one.clause, 0) + (one.key in keys)
    own = max((counts[one.clause] for one, other in theirs if other == side), default=0)
    rival = max((counts[one.clause] for one, other in theirs if other != side), default=0)
    own_clauses = {one.clause for one, other in theirs if other == side}
    apart = not own_clauses & {one.clause for one, other in theirs if other != side}
    return why if apart and rival > own else ""


def _before(units: Sequence[Unit], place: int, theirs: Sequence[tuple[Unit, int]]) -> set[int]:
    """The sides shortly before a unit of the source; several where they are joined ("adults and children")."""
    known = dict(theirs)
    found: set[int] = set()
    steps = 0
    for one in reversed(units[:place]):
        if one in known:
            found.add(known[one])
        elif not one.glue:
            steps += 1
            if found or steps > _NEAR:
                break
    return found


# --- clauses ---


def _crossed(claim: Reading, source: Reading) -> str:
    """Why a claim joins words of two clauses of a source that are set side by side: A through food, B through blood.

    The clauses share a word that the claim holds; of each the claim holds words of its own, and of each it leaves some
    out, so that it says neither.
    """
    said = {unit.key for unit in claim.units if not unit.glue}
    clauses = [
        {unit.key for unit in source.units if unit.clause == clause and not unit.glue}
        for clause in range(source.clauses)
    ]
    if claim.clauses != 1:
        return ""
    for one, first in enumerate(clauses):
        for second in clauses[one + 1 :]:
            alone, other = first - second, second - first
            both = first & second & said
            if both and alone & said and other & said and alone - said and other - said:
                return f"joined: it joins what the source sets apart ({shown(alone & said)}; {shown(other & said)})"
    return ""


# --- comparisons ---


def _compared(claim: Reading, source: Reading) -> str:
    """Why a claim turns a comparison round: what the source sets behind "than" it sets before, and the reverse."""
    for left, right in _than(claim):
        for before, after in _than(source):
            if left & after and right & before and not right & after:
                return f"roles: the source compares the other way round ({shown(right & before)})"
    return ""


def _than(reading: Reading) -> Iterator[tuple[set[str], set[str]]]:
    """(roots of the words before, of those behind) each "than" that compares two things, what both hold left out."""
    for found in _THAN.finditer(reading.text):
        here = reading.clause_of(found.start())
        units = [unit for unit in reading.units if unit.clause == here and not unit.glue]
        left = {rooted(unit.key) or unit.key for unit in units if unit.end <= found.start()}
        right = {rooted(unit.key) or unit.key for unit in units if unit.start >= found.end()}
        yield left - right, right - left


# --- roles ---


def reversed_act(mine: Sequence[Act], theirs: Sequence[Act]) -> str:
    """Why a claim turns round who does what to whom; empty where it does not."""
    for act in mine:
        alike = [other for other in theirs if other.verb == act.verb]
        straight = max((len(act.agent & one.agent) + len(act.patient & one.patient) for one in alike), default=0)
        crossed = max(
            (
                len(act.agent & one.patient) + len(act.patient & one.agent)
                for one in alike
                if act.agent & one.patient and act.patient & one.agent
            ),
            default=0,
        )
        if crossed > straight:
            return f"roles: the source has it the other way round ({act.verb})"
    return ""
