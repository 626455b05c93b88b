"""Whether a claim says the opposite of a sentence: one denies, one says higher, one lower, or roles are exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probatum.proof.lexicon import lexicon
from probatum.proof.reading import Act, Reading, Unit
from probatum.proof.witnesses import Line

_NEAR = 4  # units between a word of a family and the word that it belongs to


def fault(claim: Line, source: Line, spans: Sequence[tuple[str, int, int]]) -> str:
    """Why the claim speaks against a sentence of its source; empty where it does not.

    `spans` are the concepts of the claim that the source names, perhaps in other words.
    """
    return _denied(claim, source, spans) or _excluded(claim.reading, source.reading)


# --- denial ---


def denied_in(claim: Line, source: Line) -> str:
    """Why a claim asserts what a further sentence denies: all words that they share are denied there, none here."""
    mine, theirs = _denials(claim.reading), _denials(source.reading)
    shared = mine.keys() & theirs.keys()
    wrong = {key for key in shared if mine[key] == {False} and theirs[key] == {True}}
    if wrong and wrong == {key for key in shared if True in theirs[key]} and not any(True in mine[key] for key in mine):
        return f"denied: the source denies what it asserts ({_shown(wrong)})"
    return ""


def _denied(claim: Line, source: Line, spans: Sequence[tuple[str, int, int]]) -> str:
    mine, theirs = _denials(claim.reading), _denials(source.reading)
    for concept, start, end in spans:
        places = [(first, last) for one, first, last in source.concepts if one == concept]
        if places:
            mine.setdefault(concept, set()).add(claim.denied(start, end))
            theirs.setdefault(concept, set()).update(source.denied(first, last) for first, last in places)
    shared = mine.keys() & theirs.keys()
    only_mine = {key for key in shared if mine[key] == {True} and theirs[key] == {False}}
    only_theirs = {key for key in shared if mine[key] == {False} and theirs[key] == {True}}
    most = 2 * len(only_mine) >= len({key for key in shared if mine[key] == {True}})
    if only_mine and most and not _denies_beside(only_mine, source.reading):
        return f"denied: it denies what the source asserts ({_shown(only_mine)})"
    if only_theirs and not _denies_beside(only_theirs, claim.reading):
        return f"denied: the source denies what it asserts ({_shown(only_theirs)})"
    return ""


def _denies_beside(keys: set[str], reading: Reading) -> bool:
    """Whether something else is denied in a clause that holds one of these words: the denial may only sit elsewhere."""
    clauses = {unit.clause for unit in reading.units if unit.key in keys}
    return any(unit.denied and unit.clause in clauses for unit in reading.units)


def _denials(reading: Reading) -> dict[str, set[bool]]:
    found: dict[str, set[bool]] = {}
    for unit in reading.units:
        if not unit.glue:
            found.setdefault(unit.key, set()).add(unit.denied)
    return found


def _shown(keys: Iterable[str]) -> str:
    return ", ".join(sorted(key.lstrip("=~") for key in keys)[:3])


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
                if all(one.denied == unit.denied for one in others):
                    return f"opposite: the source says {_shown({others[0].key})}, not {_shown({unit.key})}"
            elif why := _elsewhere(claim, unit, source, theirs, side):
                return why
    return ""


def _elsewhere(claim: Reading, unit: Unit, source: Reading, theirs: Sequence[tuple[Unit, int]], side: int) -> str:
    """Where a source says both sides: whether it says the other one of what the claim says this one of."""
    why = f"opposite: the source says {_shown({unit.key})} of something else"
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
