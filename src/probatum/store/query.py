"""Asks the graph by pattern, and for the ways between two concepts; every row bears the claims that it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter

from probatum.errors import BadPlan, UnknownName
from probatum.formats.curies import curie
from probatum.store.graph import Edge, Graph
from probatum.store.linking import linker
from probatum.store.reader import Store
from probatum.store.trust import trust
from probatum.types import Pairs, Relation

MOST_HOPS = 3
_VARIABLE = re.compile(r"\?(\w*)(?::([A-Z]\w*))?")
_KIND = re.compile(r"[A-Z][A-Za-z]+")
_RELIABILITY = ("curated", "extracted", "generated")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is asked for. An end is an id, a kind (Disease), a variable (?drug, or with its kind ?drug:Drug), or ?."""

    subject: str = "?"
    predicate: str = "?"  # a CURIE, or several between commas; without a prefix a Biolink one
    object: str = "?"
    qualifiers: Pairs = ()  # that the claim must have, with these values
    negated: bool | None = None  # None: what is asserted and what is denied
    source: str = ""
    hops: int = 1  # steps from subject to object, 1 to 3; with more than one, an end must be an id


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: the variables, and a claim for each step."""

    bindings: Pairs
    claims: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way: an assertion with what speaks for it and what against."""

    edge: Edge
    claims: tuple[Relation, ...]
    against: tuple[Relation, ...]
    trust: float  # 0 to 1, by `store.trust`


@dataclass(frozen=True, slots=True)
class Route:
    """A way between two concepts."""

    steps: tuple[Step, ...]
    cost: float  # of the best way; 0 where ways are told by their length


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a pattern, read: the ids that fit (none given: any), its kind and the name of its variable."""

    ids: tuple[str, ...]
    kind: str
    name: str


def matching(store: Store, pattern: Pattern) -> Iterator[Row]:
    """The rows that fit a pattern, as they are found; ids of one thing stand for each other.

    With one hop a row is one claim. With more, a row is a chain of assertions (walked either way, no concept twice),
    each with its first fitting claim. Raises `BadPlan` for a pattern that makes no sense, `UnknownName`.
    """
    if not 1 <= pattern.hops <= MOST_HOPS:
        raise BadPlan(f"hops = {pattern.hops} must be 1 to {MOST_HOPS}")
    subject, object_ = _end(store, pattern.subject), _end(store, pattern.object)
    fits = _fitting(store, pattern)
    if pattern.hops == 1:
        return _rows(store, pattern, (subject, object_), fits)
    if not subject.ids and not object_.ids:
        raise BadPlan("with several hops the subject or the object must be an id")
    return _chains(store, pattern, (subject, object_), fits)


def named(store: Store, text: str) -> str:
    """The id that a person means: an id as it is in use, or the concept of that name; raises `UnknownName`."""
    id = curie(text)
    if (current := store.resolve(id)) or id in Graph.open(store):
        return current or id
    links = [link for link in linker(store)(text) if link.end - link.start >= len(text.strip()) - 1]
    if not links:
        raise UnknownName(
            f"nothing of this store bears the id or the name {text!r}",
            mend="give an id, or a name as a source writes it",
        )
    whole = store.same(links[0].concept)[0]
    return whole if store.kind_of(whole) else links[0].concept


def routes(
    store: Store, start: str, end: str, *, by: str = "evidence", hops: int = 5, most: int = 3, predicates: str = "?"
) -> list[Route]:
    """Ways between two concepts: the one that is borne out best (`evidence`), or the shortest ones (`length`).

    Raises `BadPlan` for another `by`, `UnknownName` for an id that the graph does not hold.
    """
    graph, chosen = Graph.open(store), _predicates(predicates)
    if by == "evidence":
        way = graph.best_path(start, end, predicates=chosen, hops=hops)
        return [Route(tuple(_step(store, edge) for edge in way.edges), round(way.cost, 4))] if way else []
    if by != "length":
        raise BadPlan(f"by = {by!r} is not known here", mend="one of: evidence, length")
    found = graph.shortest_paths(start, end, predicates=chosen, most=most, hops=hops)
    return [Route(tuple(_step(store, edge) for edge in path), 0.0) for path in found]


def claims_of(store: Store, edge: Edge) -> Iterator[Relation]:
    """Every claim of an assertion, whichever of its ids a source uses for the two things."""
    return store.relations_between(store.same(edge.subject), edge.predicate, store.same(edge.object))


def _step(store: Store, edge: Edge) -> Step:
    found = list(claims_of(store, edge))
    claims = tuple(claim for claim in found if not claim.negated)
    against = tuple(claim for claim in found if claim.negated)
    sources = []
    for _, of in groupby(sorted(claims, key=lambda claim: claim.origin.source), key=lambda claim: claim.origin.source):
        each = list(of)
        place = min(_RELIABILITY.index(claim.origin.reliability) for claim in each)
        sources.append((place, any(claim.origin.references for claim in each)))
    return Step(edge, claims, against, round(trust(iter(sources), edge.predicate, bool(against)), 4))


def _end(store: Store, written: str) -> _End:
    if match := _VARIABLE.fullmatch(written):
        return _End((), match[2] or "", match[1])
    if _KIND.fullmatch(written):
        return _End((), written, "")
    id = curie(written)
    known = store.same(id)
    if len(known) == 1 and store.resolve(id) is None and id not in Graph.open(store):
        raise UnknownName(f"no relation or concept of this store bears the id {written!r}")
    return _End(tuple(dict.fromkeys((id, *known))), "", "")


def _predicates(written: str) -> tuple[str, ...]:
    if written in {"", "?"}:
        return ()
    parts = (part.strip() for part in written.split(","))
    return tuple(part if ":" in part else f"biolink:{part}" for part in parts if part)


def _fitting(store: Store, pattern: Pattern) -> Callable[[Relation], bool]:
    wanted, predicates = set(pattern.qualifiers), set(_predicates(pattern.predicate))

    def fits(claim: Relation) -> bool:
        return (
            (not predicates or claim.predicate in predicates)
            and (pattern.negated is None or claim.negated == pattern.negated)
            and (not pattern.source or claim.origin.source == pattern.source)
            and wanted.issubset(claim.qualifiers)
        )

    return fits


def _kinds(store: Store) -> Callable[[str], str]:
    return lru_cache(maxsize=65_536)(store.kind_of)


def _rows(store: Store, pattern: Pattern, ends: tuple[_End, _End], fits: Callable[[Relation], bool]) -> Iterator[Row]:
    subject, object_ = ends
    kind_of = _kinds(store)
    predicates = _predicates(pattern.predicate) or ("",)
    for predicate in predicates:
        for one in subject.ids or ("",):
            for other in object_.ids or ("",):
                for claim in store.relations(one, predicate, other):
                    if not fits(claim) or (subject.kind and kind_of(claim.subject) != subject.kind):
                        continue
                    if object_.kind and kind_of(claim.object) != object_.kind:
                        continue
                    bound = _bound(store, ends, (claim.subject, claim.object))
                    if bound is not None:
                        yield Row(bound, (claim,))


def _bound(store: Store, ends: tuple[_End, _End], ids: tuple[str, str]) -> Pairs | None:
    """The variables with their ids; None where one variable would be two things."""
    found = tuple((end.name, id) for end, id in zip(ends, ids, strict=True) if end.name)
    if len(found) == 2 and found[0][0] == found[1][0]:
        return found[:1] if found[1][1] in store.same(found[0][1]) else None
    return found


def _chains(store: Store, pattern: Pattern, ends: tuple[_End, _End], fits: Callable[[Relation], bool]) -> Iterator[Row]:
    graph, kind_of, chosen = Graph.open(store), _kinds(store), _predicates(pattern.predicate)
    forwards = bool(ends[0].ids)
    here, there = ends if forwards else ends[::-1]
    targets = set(there.ids)
    start = next((id for id in here.ids if id in graph), "")

    def on(at: str, seen: frozenset[str], claims: tuple[Relation, ...]) -> Iterator[Row]:
        for _, edges in groupby(
            graph.edges_of(at, predicates=chosen), key=attrgetter("subject", "predicate", "object")
        ):
            edge = next(edges)
            mine = edge.subject in seen
            far = edge.object if mine else edge.subject
            if far in seen or (claim := _claim(store, edge, fits)) is None:
                continue
            walked = (*claims, claim)
            fitting = far in targets if targets else not there.kind or kind_of(far) == there.kind
            if fitting and len(walked) == pattern.hops:
                outer = (start, far) if forwards else (far, start)
                bound = _bound(store, ends, outer)
                if bound is not None:
                    yield Row(bound, walked if forwards else walked[::-1])
            elif len(walked) < pattern.hops:
                yield from on(far, seen | set(store.same(far)), walked)

    return on(start, frozenset(here.ids), ()) if start else iter(())


def _claim(store: Store, edge: Edge, fits: Callable[[Relation], bool]) -> Relation | None:
    found = (claim for claim in store.relations(edge.subject, edge.predicate, edge.object) if fits(claim))
    return next(islice(found, 1), None)
