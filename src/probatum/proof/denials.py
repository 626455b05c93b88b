"""Whether a claim denies what a sentence of its source asserts, or asserts what that denies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from probatum.proof.lexicon import lexicon
from probatum.proof.reading import Denial, Reading, Unit
from probatum.proof.witnesses import Line

_WHOLE = 0.5  # of a unit that the clause lacks but the sentence has, when clauses are held side by side


def denied(claim: Line, source: Line, spans: Sequence[tuple[str, int, int]]) -> str:
    """Why a claim and a sentence of its source speak against each other by a denial; empty where they do not.

    What a denial is of (its nucleus) is looked for in the other sentence, in the clause there that speaks most of the
    same, and must be denied there too. Only where a nucleus does not stand in the other sentence are all the words
    that the denial reaches compared. `spans` are the concepts of the claim that the source names in any words.
    """
    met, clauses = True, set[int]()  # clauses of the source that deny what the claim denies
    for denial in claim.reading.denials:
        agrees = _agrees(denial, claim, source, spans, clauses)
        if agrees is False:
            return f"denied: it denies what the source asserts ({shown(unit.key for unit in denial.nucleus)})"
        met &= agrees is True
    if verb := _broken_off(claim.reading, source.reading):
        return f"denied: the source denies what it asserts ({shown([verb])})"
    for denial in source.reading.denials:
        agrees = denial.clause in clauses or _agrees(denial, source, claim, spans, set())
        if agrees is False:
            return f"denied: the source denies what it asserts ({shown(unit.key for unit in denial.nucleus)})"
        met &= agrees is True
    if met and (claim.reading.denials or source.reading.denials):
        return ""
    return _reached(claim, source, spans)


def denied_in(claim: Line, source: Line, better: Iterable[Line]) -> str:
    """Why a claim asserts what a further sentence denies: all words that they share are denied there, none here.

    Words that `better` sentences hold too are theirs to bear out.
    """
    held = {key for one in better for key in one.reading.keys}
    mine, theirs = _denials(claim.reading), _denials(source.reading)
    shared = mine.keys() & theirs.keys()
    wrong = {key for key in shared if mine[key] == {False} and theirs[key] == {True}}
    alone = wrong == {key for key in shared if True in theirs[key]} and not any(True in mine[key] for key in mine)
    return f"denied: the source denies what it asserts ({shown(wrong)})" if wrong - held and alone else ""


def shown(keys: Iterable[str]) -> str:
    """Three of the keys, for a reader."""
    return ", ".join(sorted(key.lstrip("=~") for key in keys)[:3])


# --- the nuclei ---


def _agrees(
    denial: Denial, mine: Line, other: Line, spans: Sequence[tuple[str, int, int]], clauses: set[int]
) -> bool | None:
    """Whether what a denial is of is denied in the other sentence too; None where it does not stand there.

    The clauses of the other sentence that deny it are added to `clauses`.
    """
    seen: list[bool] = []
    for unit in denial.nucleus:
        said = [one for one in (*other.reading.units, *other.reading.echoes) if one.key == unit.key]
        nearest = _nearest(unit, mine.reading, said or _named(unit, mine, other, spans), other.reading)
        if not nearest:
            continue
        clauses |= {one.clause for one in nearest if one.denied and not denial.names}
        alike = [one for one in (*mine.reading.units, *mine.reading.echoes) if one.key == unit.key]
        back = [one for far in nearest for one in _nearest(far, other.reading, alike, mine.reading)]
        # where the other sentence speaks of another clause of mine, this denial is not of its matter
        seen.append(any(one.denied for one in nearest) or any(not one.denied for one in back))
    if any(seen) and denial.advised:  # both advise against something: against the same?
        for unit in denial.advised:
            said = [one for one in other.reading.units if one.key == unit.key]
            if said and not any(one.denied for one in said):
                return False
    return any(seen) if seen else None


def _broken_off(claim: Reading, source: Reading) -> str:
    """What a claim asserts of all that a clause speaks of which denies it by breaking off ("low doses do not")."""
    said = {unit.key for unit in claim.units if not unit.glue}
    for echo in source.echoes:
        own = {unit.key for unit in source.units if unit.clause == echo.clause and not unit.glue}
        if own <= said and any(unit.key == echo.key and not unit.denied for unit in claim.units) and not claim.denials:
            return echo.key
    return ""


def _nearest(unit: Unit, reading: Reading, said: Sequence[Unit], other: Reading) -> list[Unit]:
    """Of words that say the same in another sentence those whose clause speaks most of what the unit's clause does."""
    plain = lexicon().advice | {unit.key}
    around = {one.key for one in reading.units if not one.glue and one.clause == unit.clause} - plain
    beyond = {one.key for one in reading.units if not one.glue} - around - plain
    counts = [_overlap(one, other, around, beyond) for one in said]
    return [one for one, count in zip(said, counts, strict=True) if count == max(counts)]


def _overlap(unit: Unit, reading: Reading, around: Set[str], beyond: Set[str]) -> float:
    """How much the clause of a unit speaks of the same."""
    here = {one.key for one in (*reading.units, *reading.echoes) if one.clause == unit.clause}
    return len(here & around) + _WHOLE * len(here & beyond)


def _named(unit: Unit, mine: Line, other: Line, spans: Sequence[tuple[str, int, int]]) -> list[Unit]:
    """The words by which the other sentence names the concept that a unit is part of."""
    known = {concept for concept, _, _ in spans}
    wanted = {one for one, start, end in (*mine.concepts, *spans) if start <= unit.start < end and one in known}
    places = [(start, end) for concept, start, end in other.concepts if concept in wanted]
    return [one for one in other.reading.units if any(start < one.end and one.start < end for start, end in places)]


# --- all that is reached ---


def _reached(claim: Line, source: Line, spans: Sequence[tuple[str, int, int]]) -> str:
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
        return f"denied: it denies what the source asserts ({shown(only_mine)})"
    if only_theirs and not _denies_beside(only_theirs, claim.reading) and not _beside(source.reading, claim.reading):
        return f"denied: the source denies what it asserts ({shown(only_theirs)})"
    return ""


def _denies_beside(keys: set[str], reading: Reading) -> bool:
    """Whether something else is denied in a clause that holds one of these words: the denial may only sit elsewhere."""
    clauses = {unit.clause for unit in reading.units if unit.key in keys}
    return any(unit.denied and unit.clause in clauses for unit in reading.units)


def _beside(source: Reading, claim: Reading) -> bool:
    """Whether a clause of the source that denies nothing says as much of the claim as each that denies.

    Not where the claim speaks of what the source advises against.
    """
    keys = {unit.key for unit in claim.units if not unit.glue}
    if any(unit.key in keys for denial in source.denials for unit in denial.advised):
        return False
    denying = {unit.clause for unit in (*source.units, *source.echoes) if unit.denied}
    counts = dict.fromkeys(range(source.clauses), 0.0)
    for unit in (*source.units, *source.echoes):
        counts[unit.clause] += unit.weight * (unit.key in keys)
    plain = max((count for clause, count in counts.items() if clause not in denying), default=0.0)
    return plain > 0 and plain >= max((counts[clause] for clause in denying), default=0.0)


def _denials(reading: Reading) -> dict[str, set[bool]]:
    found: dict[str, set[bool]] = {}
    for unit in reading.units:
        if not unit.glue:
            found.setdefault(unit.key, set()).add(unit.denied)
    return found
