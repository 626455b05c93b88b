"""Where the sources speak against each other: what one asserts and another denies, counts or measures otherwise.

Nothing is decided here: both sides stay in the store, and each conflict shows the claims of both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter

from probatum.errors import BadPlan, UnknownName
from probatum.formats.biolink import predicates
from probatum.store import across
from probatum.store.reader import Store
from probatum.text import doses, frequency
from probatum.types import Relation

EXACT = "skos:exactMatch"
# Claims that differ in one of these speak of different people or circumstances, and not against each other.
CONTEXT = ("aspect", "disease", "population", "species", "sex", "age", "pregnancy", "jurisdiction", "route", "severity")
GAP = 0.3  # two frequencies conflict where so many of the patients lie between their ranges
Z = 1.96  # of the 95% interval (Wilson 1927) of a frequency that was counted

Claims = tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides that cannot both hold of the same people in the same circumstances."""

    kind: str  # negation, opposite, direction, frequency, dose, mapping
    subject: str
    predicate: str
    object: str
    one: Claims
    other: Claims


def conflicts(store: Store, concept: str = "", kinds: Sequence[str] = ()) -> Iterator[Conflict]:
    """The conflicts of a store, or of one concept, kind after kind, each kind sorted; read as a stream.

    `kinds` are some of `KINDS`; none stands for all. Raises `UnknownName` for a concept that the store does not know,
    `BadPlan` for another kind.
    """
    if odd := sorted(set(kinds) - KINDS.keys()):
        raise BadPlan(f"{odd[0]!r} is no kind of conflict", where="kinds", mend=f"one of {', '.join(KINDS)}")
    if concept and not _known(store, concept):
        raise UnknownName(f"no relation or concept of this store bears the id {concept!r}")
    return chain.from_iterable(find(store, concept) for kind, find in KINDS.items() if not kinds or kind in kinds)


def _known(store: Store, id: str) -> bool:
    sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM concepts WHERE id = ?1) OR EXISTS (SELECT 1 FROM relations"
    return next(store.rows(f"{sql} WHERE subject = ?1 OR object = ?1)", id), None) is not None


# --- assertions against assertions ---


def _negations(store: Store, concept: str) -> Iterator[Conflict]:
    """What is asserted and denied: first of the same two ids, then of the same two things under other ids."""
    sql = f"""SELECT p.id, n.id FROM relations n JOIN relations p ON p.subject = n.subject
        AND p.predicate = n.predicate AND p.object = n.object AND NOT p.negated
        WHERE n.negated {_about(concept, "n")} ORDER BY n.subject, n.predicate, n.object"""
    found = store.rows(sql, *[concept] * bool(concept))
    return _of_pairs(store, "negation", chain(found, across.denied(store, concept)))


def _opposites(store: Store, concept: str) -> Iterator[Conflict]:
    """Two predicates of which the table of relations says that they speak against each other."""
    table = predicates()
    pairs = sorted({tuple(sorted((id, other))) for id, one in table.items() for other in one.opposite})
    both = [pair for pair in pairs if all(id in table and table[id].symmetric for id in pair)]
    same, turned = "b.subject = a.subject AND b.object = a.object", "b.subject = a.object AND b.object = a.subject"
    for ends, chosen in ((same, pairs), (turned, both)):
        if chosen:
            values = ",".join(["(?,?)"] * len(chosen))
            sql = f"""WITH against (p, q) AS (VALUES {values}) SELECT a.id, b.id FROM relations a
                CROSS JOIN against ON p = a.predicate JOIN relations b ON {ends} AND b.predicate = q AND NOT b.negated
                WHERE NOT a.negated {_about(concept, "a")} ORDER BY a.subject, a.predicate, a.object"""
            found = store.rows(sql, *chain.from_iterable(chosen), *[concept] * bool(concept))
            yield from _of_pairs(store, "opposite", found)
    yield from _of_pairs(store, "opposite", across.turned(store, pairs, concept))


def _about(concept: str, table: str) -> str:
    # one look-up an end: `? IN (subject, object)` would look at every assertion
    ends = " UNION ".join(f"SELECT id FROM one JOIN relations ON {end} = it" for end in ("subject", "object"))
    return f"AND {table}.id IN (WITH one (it) AS (SELECT ?) {ends})" if concept else ""


def _of_pairs(store: Store, kind: str, found: Iterable[across.Pair]) -> Iterator[Conflict]:
    for first, second in found:
        one, other = _against(_claims(store, first), _claims(store, second))
        if one and other:
            yield Conflict(kind, one[0].subject, one[0].predicate, one[0].object, one, other)


def _claims(store: Store, relation: int) -> Claims:
    sql = f"SELECT {CLAIM} FROM relations r JOIN claims c ON c.relation = r.id WHERE r.id = ? ORDER BY c.key"
    return tuple(store.claim(row) for row in store.rows(sql, relation))


CLAIM = "subject, predicate, object, negated, qualifiers, release, at, evidence, refs, reliability"


def _against(one: Iterable[Relation], other: Iterable[Relation]) -> tuple[Claims, Claims]:
    """Of both sides the claims that have one on the other side which speaks of the same circumstances."""
    sides = [[(claim, _context(claim)) for claim in side] for side in (one, other)]
    found = [{context for _, context in side} for side in sides]
    first, second = (
        tuple(claim for claim, context in side if any(_meet(context, far) for far in facing))
        for side, facing in zip(sides, found[::-1], strict=True)
    )
    return first, second


Context = tuple[str, ...]


def _context(claim: Relation) -> Context:
    said = dict(claim.qualifiers)
    return tuple(said.get(name, "").casefold() for name in CONTEXT)


def _meet(one: Context, other: Context) -> bool:
    return all(not a or not b or a == b for a, b in zip(one, other, strict=True))


# --- claims of one assertion against each other ---


def _within(
    store: Store, concept: str, kind: str, qualifier: str, part: Callable[[Claims], tuple[Claims, Claims]]
) -> Iterator[Conflict]:
    """Conflicts among the claims of one assertion that bear a qualifier."""
    sql = f"""SELECT {CLAIM} FROM relations r CROSS JOIN claims c ON c.relation = r.id
        WHERE instr(c.qualifiers, ?) {_about(concept, "r")}
        AND EXISTS (SELECT 1 FROM claims d WHERE d.relation = r.id AND d.key <> c.key)
        ORDER BY subject, predicate, object, negated, c.key"""
    found = store.rows(sql, f'"{qualifier}"', *[concept] * bool(concept))
    for _, group in groupby(found, key=itemgetter(0, 1, 2, 3)):
        one, other = part(tuple(store.claim(row) for row in group))
        if one and other:
            yield Conflict(kind, one[0].subject, one[0].predicate, one[0].object, one, other)


def _directions(store: Store, concept: str) -> Iterator[Conflict]:
    def part(claims: Claims) -> tuple[Claims, Claims]:
        up, down = (
            tuple(claim for claim in claims if claim.qualifier("direction").casefold() == way)
            for way in ("increased", "decreased")
        )
        return _against(up, down)

    return _within(store, concept, "direction", "direction", part)


def _frequencies(store: Store, concept: str) -> Iterator[Conflict]:
    def read(claim: Relation) -> tuple[float, float] | None:
        return _interval(claim.qualifier("frequency"))

    return _within(store, concept, "frequency", "frequency", lambda claims: _apart(claims, read, GAP))


def _interval(written: str) -> tuple[float, float] | None:
    """The proportions that a written frequency leaves possible; of a counted one its 95% interval."""
    try:
        stated = frequency.read(written)
    except ValueError:  # another source's own way of writing it
        return None
    if not stated.m or stated.n is None:
        return stated.low, stated.high
    share, total = stated.n / stated.m, stated.m + Z * Z
    middle = (stated.n + Z * Z / 2) / total
    half = Z * math.sqrt(share * (1 - share) * stated.m + Z * Z / 4) / total
    return max(0.0, middle - half), min(1.0, middle + half)


def _doses(store: Store, concept: str) -> Iterator[Conflict]:
    def part(claims: Claims) -> tuple[Claims, Claims]:
        for measure in sorted({(dose.unit, dose.per) for dose in map(_dose, claims) if dose}):
            low, high = _apart(claims, lambda claim, of=measure: _range(claim, of))  # type: ignore[misc]
            if low and high:
                return low, high
        return (), ()

    return _within(store, concept, "dose", "dose", part)


def _dose(claim: Relation) -> doses.Dose | None:
    return doses.read(claim.qualifier("dose"))


def _range(claim: Relation, measure: tuple[str, str]) -> tuple[float, float] | None:
    dose = _dose(claim)
    return (dose.low, dose.high) if dose and (dose.unit, dose.per) == measure else None


def _apart(
    claims: Claims, read: Callable[[Relation], tuple[float, float] | None], gap: float = 0.0
) -> tuple[Claims, Claims]:
    """The claims that lie below another's range by more than the gap, in circumstances that meet; and these others."""
    ranged = [(claim, found, _context(claim)) for claim in claims if (found := read(claim))]
    if not ranged or max(low for _, (low, _), _ in ranged) - min(high for _, (_, high), _ in ranged) <= gap:
        return (), ()
    pairs = [
        (one, other)
        for one, (_, high), here in ranged
        for other, (low, _), there in ranged
        if low - high > gap and _meet(here, there)
    ]
    below, above = (tuple(dict.fromkeys(side)) for side in zip(*pairs, strict=True)) if pairs else ((), ())
    return below, above


# --- mappings ---


def _mappings(store: Store, concept: str) -> Iterator[Conflict]:
    """A concept that is said to be exactly two of one other vocabulary."""
    sides = [f"SELECT {a} AS one, {b} AS two, id FROM relations WHERE predicate = ? AND NOT negated" for a, b in ENDS]
    sql = f"""SELECT one, two, id FROM ({" UNION ALL ".join(sides)}) m WHERE {"one = ?" if concept else "1"}
        AND NOT EXISTS (SELECT 1 FROM concepts WHERE concepts.id = two AND obsolete) ORDER BY one, two"""
    found = store.rows(sql, EXACT, EXACT, *[concept] * bool(concept))
    for (one, _), group in groupby(found, key=lambda row: (row[0], row[1].partition(":")[0])):
        by_other = {two: list(same) for two, same in groupby(group, key=itemgetter(1))}
        if len(by_other) > 1:
            first, *others = (
                tuple(chain.from_iterable(_claims(store, id) for *_, id in same)) for same in by_other.values()
            )
            yield Conflict("mapping", one, EXACT, next(iter(by_other)), first, tuple(chain.from_iterable(others)))


ENDS = (("subject", "object"), ("object", "subject"))
KINDS: dict[str, Callable[[Store, str], Iterator[Conflict]]] = {
    "negation": _negations,
    "opposite": _opposites,
    "direction": _directions,
    "frequency": _frequencies,
    "dose": _doses,
    "mapping": _mappings,
}


def parties(conflict: Conflict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which releases (SOURCE@RELEASE) stand on either side, sorted."""
    one, other = (
        tuple(sorted({f"{claim.origin.source}@{claim.origin.release}" for claim in side}))
        for side in (conflict.one, conflict.other)
    )
    return one, other
