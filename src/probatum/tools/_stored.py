"""Look-ups in the store: the claims between two concepts, and the passages that speak of all that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from probatum.shapes import Result
from probatum.store.linking import concepts_in
from probatum.store.reader import Store
from probatum.store.wording import in_words_with_source
from probatum.store.words import terms, words
from probatum.tools._lookup import LONGEST
from probatum.types import Evidence, Passage

DEEP = 200  # passages that are looked at for one that fits


def ids_of(store: Store, name: str) -> tuple[str, ...]:
    """Every id under which the store holds what a text names; empty where it names nothing that the store knows."""
    found = [link.concept for link in concepts_in(store, name) if link.weight == 1.0]
    return tuple(dict.fromkeys(same for id in found for same in (id, *store.same(id))))


def claims_between(store: Store, one: str, other: str, predicates: Sequence[str], tool: str) -> Result:
    """The claims of these predicates between what two texts name, in either direction, each with its evidence."""
    ends = (ids_of(store, one), ids_of(store, other))
    found = [
        claim
        for near, far in (ends, ends[::-1])
        for subject in near
        for claim in store.relations(subject=subject)
        if claim.object in far and claim.predicate in predicates
    ]
    pieces = [Evidence(claim, in_words_with_source(store, claim), 1.0, tool) for claim in dict.fromkeys(found)]
    return _result(
        store, tool, pieces, f"{one} ({', '.join(ends[0]) or '-'}) and {other} ({', '.join(ends[1]) or '-'})"
    )


def passages_on(store: Store, what: Sequence[str], tool: str, most: int, fits: Callable[[Passage], bool]) -> Result:
    """The best passages that fit and speak of everything asked for: by its words, or about a concept that it names."""
    wanted = [(set(terms(each)), set(ids_of(store, each))) for each in what]
    pieces: list[Evidence] = []
    for hit in words(store, title=3).search(" ".join(what), DEEP):
        passage = store.passage(hit.id)
        if passage is None or not fits(passage) or len(pieces) == most:
            continue
        held = set(terms(f"{passage.title} {passage.text}"))
        if all(asked <= held or ids & set(passage.about) for asked, ids in wanted):
            pieces.append(Evidence(passage, passage.text, hit.score, tool, 0, len(passage.text)))
    return _result(store, tool, pieces, "; ".join(what))


def _result(store: Store, tool: str, pieces: Sequence[Evidence], asked: str) -> Result:
    lines = [_line(each) for each in pieces]
    step = f"store: {asked}: {len(pieces)} found"
    return Result(tool, "\n".join(lines)[:LONGEST], "", (step,), version=store.content, evidence=tuple(pieces))


def _line(piece: Evidence) -> str:
    if isinstance(piece.fact, Passage):
        return f"{piece.fact.title}: {piece.text}"
    comment = piece.fact.qualifier("comment")
    return f"{piece.text}: {comment}" if comment else piece.text
