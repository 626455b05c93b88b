"""Whether the numbers of a claim stand in its sources: the same amount, in a unit of the same, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from probatum.proof.lexicon import lexicon
from probatum.proof.reading import Reading
from probatum.proof.witnesses import Line, Witness
from probatum.text.quantities import Quantity, agrees, opposed, quantities

Fault = tuple[str, str]  # support, why
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_WHOSE = ("people", "sex", "whom", "route", "least", "gravity")  # families whose nearest member owns a number


def wrong_number(
    claim: Line, near: Sequence[Line], witnesses: Sequence[Witness], named: Sequence[tuple[str, int, int]] = ()
) -> Fault | None:
    """(support, why) of the first quantity of a claim that does not hold; None where all hold.

    `near` are the sentences of the sources that speak of the same, `named` the concepts of the claim that they name: a
    number within a name is no quantity. A range is not its middle, a bound is not a number,
    and a number that stands in another sentence is only partly borne out.
    """
    reading = claim.reading
    weaker: Fault | None = None
    everywhere = [each for one in witnesses for each in _all(one)]
    for each in reading.quantities:
        written = reading.text[each.start : each.end]
        if any(start <= each.start and each.end <= end for _, start, end in named):
            continue
        here = [(one, other) for one in near for other in one.reading.quantities if agrees(each, other)]
        if not here and not any(agrees(each, other) for other in everywhere):
            return _absent(each, written, everywhere, witnesses)
        if not here:
            titled = any(agrees(each, other) for one in witnesses for other in _titled(one))
            if not titled:
                weaker = weaker or ("partial", f"number: {written} stands elsewhere in the cited pieces")
            continue
        if all(opposed(each, other) for _, other in here):
            return "contradicted", f"number: {written} is a bound to the other side in the source"
        if not each.bound and all(other.bound for _, other in here) and not _is_titled(each, witnesses):
            weaker = weaker or ("partial", f"number: in the source {written} is a bound")
        if all(_of_another(reading, each, one.reading, other) for one, other in here):
            return "contradicted", f"number: {written} is said of something else in the source"
    return weaker


def _absent(each: Quantity, written: str, known: Sequence[Quantity], witnesses: Sequence[Witness]) -> Fault:
    text = "\n".join(one.evidence.text for one in witnesses)
    there = set(_DIGITS.findall(text))
    digits = next((one for one in _DIGITS.findall(written) if one not in there), written)
    within = any(other.unit == each.unit and other.low <= each.low and each.high <= other.high for other in known)
    if within:
        return "partial", f"number: the source gives a range, not {written}"
    alike = any(other.unit == each.unit for other in known)
    return (
        "contradicted" if alike else "unsupported"
    ), f"number: the number {digits} stands in none of the cited pieces"


def _all(one: Witness) -> list[Quantity]:
    return [each for line in one.lines for each in line.reading.quantities] + _titled(one)


def _titled(one: Witness) -> list[Quantity]:
    title = getattr(one.evidence.fact, "title", "")
    return [*quantities(title), *(each for name, _ in one.names for each in quantities(name))]


def _is_titled(each: Quantity, witnesses: Sequence[Witness]) -> bool:
    return any(agrees(each, other) for one in witnesses for other in _titled(one))


def _of_another(claim: Reading, mine: Quantity, source: Reading, theirs: Quantity) -> bool:
    """Whether the number is given to other people, or for another thing, than in the source."""
    for family in _WHOSE:
        here, there = _owner(claim, mine, family), _owner(source, theirs, family)
        if here and there and here != there:
            return True
    return _in_other_clause(claim, mine, source, theirs)


_THAN = re.compile(r"\b(?:than|as)\b")


def _owner(reading: Reading, amount: Quantity, family: str) -> str:
    """The member of a family that a number is said of: of its own clause, else the last one before it.

    In a comparison ("four times as often as women") it is the one that is compared; else the nearest.
    """
    sides = lexicon().sides
    members = [unit for unit in reading.units if any(name == family for name, _ in sides.get(unit.key, ()))]
    clause = reading.clause_of(amount.start)
    own = [unit for unit in members if unit.clause == clause]
    if not own:
        before = [unit for unit in members if unit.end <= amount.start]
        return before[-1].key if before else ""
    marks = [found.start() for found in _THAN.finditer(reading.text) if reading.clause_of(found.start()) == clause]
    compared = [unit for unit in own if marks and unit.end <= marks[-1]]
    if compared and len(compared) < len(own):
        return compared[-1].key
    return min(own, key=lambda unit: max(unit.start - amount.end, amount.start - unit.end)).key


def _in_other_clause(claim: Reading, mine: Quantity, source: Reading, theirs: Quantity) -> bool:
    """Whether another clause of the source, with a number of that unit, says more of the claim's clause than this."""
    here = {unit.key for unit in claim.units if not unit.glue and unit.clause == claim.clause_of(mine.start)}
    rivals = {source.clause_of(each.start) for each in source.quantities if each.unit == theirs.unit}
    if len(rivals) < 2 or not here:
        return False
    counts = {clause: len({u.key for u in source.units if u.clause == clause and u.key in here}) for clause in rivals}
    own = counts.get(source.clause_of(theirs.start), 0)
    agreeing = [source.clause_of(each.start) for each in source.quantities if agrees(mine, each)]
    return max(counts.values()) > max(own, *(counts.get(clause, 0) for clause in agreeing))
