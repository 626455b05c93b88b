"""What the page Knowledge shows, as tables: search, a concept, ways between two, releases and what changed, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice

from probatum.formats.biolink import Words, between, between_backwards
from probatum.formats.biolink import predicate as plain
from probatum.store import diff as differences
from probatum.store.conflicts import conflicts
from probatum.store.graph import SUBCLASS, Graph
from probatum.store.holdings import Holding, holdings, kinds, quarantine
from probatum.store.joining import clusters_of
from probatum.store.linking import linker
from probatum.store.query import Route, Step, routes
from probatum.store.reader import Store
from probatum.store.wording import called, in_words
from probatum.text.frequency import in_words as in_numbers
from probatum.text.language import recognise
from probatum.types import Passage, Relation
from probatum.web.answers import relation_query

FOUND = 30  # concepts of a search
MOST_CLAIMS = 20_000  # claims of one concept that are looked at
BELOW = 60  # narrower concepts that are listed
ADDED = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table: its text, an id beside it, and where it leads within these pages."""

    text: str
    id: str = ""
    leads: str = ""  # a query of this page, as id=MONDO:1, or of the page Source where it begins with "source?"
    tone: str = ""  # for, against


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the page, which can also be had as .json and .csv."""

    name: str  # its heading is the word table_<name>, its columns the words column_<...>
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0  # rows that were left out


@dataclass(frozen=True, slots=True)
class Thing:
    """A concept under all its ids."""

    id: str
    name: str
    other_names: tuple[str, ...]  # its names in the other languages of the pages
    kind: str
    definitions: tuple[Passage, ...]
    tables: tuple[Table, ...]


def search(store: Store, text: str, language: str) -> Table:
    """The concepts that a text names or begins to name, each thing once, those named in full first."""
    found: dict[str, str] = {}
    for link in linker(store)(text):
        found.setdefault(store.same(link.concept)[0], link.name)
    if (id := store.resolve(text.strip())) is not None:
        found.setdefault(store.same(id)[0], text.strip())
    for tongue in dict.fromkeys((recognise(text), language, "en")):
        for id, name in store.suggest(text, tongue, kinds(store), FOUND):
            found.setdefault(store.same(id)[0], name)
    rows = tuple(
        (_thing(store, id, language), Cell(name), Cell(store.kind_of(id)), Cell(", ".join(store.same(id)[1:6])))
        for id, name in islice(found.items(), FOUND)
    )
    return Table("search", ("concept", "matched", "kind", "same"), rows)


def thing(store: Store, id: str, language: str, rows: int) -> Thing:
    """A concept with its names, definitions, ids, place, relations and conflicts; `rows` relations of it."""
    same = store.same(id)
    definitions = [each for one in same for each in store.passages(about=one, kind="definition")]
    definitions.sort(key=lambda each: (each.language != language, each.language != "en"))
    tables = (
        _relations(store, same, language, rows), _conflicts(store, same, language), _names(store, same),
        _cluster(store, id, language), _place(store, id, language),
    )  # fmt: skip
    name, others = called(store, id, language), dict.fromkeys(called(store, id, each) for each in ("en", "zh"))
    kind = next(filter(None, map(store.kind_of, same)), "")
    shown = tuple(other for other in others if other not in {name, id})
    return Thing(id, name, shown, kind, tuple(definitions[:4]), tuple(each for each in tables if each.rows))


def ways(store: Store, ends: tuple[str, str], language: str, by: str) -> tuple[Table, ...]:
    """The ways between two concepts, a table each: its steps with what speaks for and against them."""
    found = routes(store, *ends, by=by) if ends[0] != ends[1] else []
    return tuple(_way(store, route, language) for route in found)


def sources(store: Store) -> Table:
    """Every release in the store."""
    held = holdings(store)
    return Table("sources", ("source", "release", "dated", "licence", "facts", "quarantined", "state", "accepted"),
                 tuple(map(_holding, held)))  # fmt: skip


def set_aside(store: Store, source: str) -> Table:
    """What of a source could not be read."""
    rows = tuple(
        (Cell(each.path), Cell(str(each.line)), Cell(each.reason), Cell(each.text))
        for each in quarantine(store, source)
    )
    return Table("quarantine", ("file", "line", "reason", "text"), rows)


def changed(store: Store, old: str, new: str) -> Table:
    """What came, went and changed between two releases; raises `StoreRefused` for one that is not there."""
    found = differences.diff(store.path, old, new)
    counts = [
        (Cell(f"{kind}s"), *(Cell(f"{getattr(found, f'{kind}s_{how}'):,}") for how in ADDED))
        for kind in ("concept", "relation", "passage")
    ]
    first = [(Cell(line.partition(" ")[2]), *(Cell("✓" if line[0] == sign else "") for sign in ADDED.values()))
             for line in found.first]  # fmt: skip
    return Table("changed", ("what", "added", "removed", "changed"), (*counts, *first))


# --- the tables of a concept ---


def _thing(store: Store, id: str, language: str) -> Cell:
    return Cell(called(store, id, language), id, f"id={id}")


def _relations(store: Store, same: Sequence[str], language: str, most: int) -> Table:
    """A row an assertion, by predicate, what more sources say first; the far end leads on, the rest to every claim."""
    groups: dict[tuple[str, str, str, bool], list[Relation]] = {}
    for id in same:
        claims = [*islice(store.relations(subject=id), MOST_CLAIMS), *islice(store.relations(object=id), MOST_CLAIMS)]
        for claim in claims:
            if not claim.predicate.startswith("skos:") and claim.predicate != SUBCLASS:
                identity = (claim.subject, claim.predicate, claim.object, claim.negated)
                groups.setdefault(identity, []).append(claim)
    order = sorted(groups.items(), key=lambda item: (item[0][1] in LAST, item[0][1], -len(_said(item[1])), item[0]))
    name = cache(lambda id: called(store, id, language))
    rows = tuple(_relation(identity, claims, same, language, name) for identity, claims in order[:most])
    columns = ("relation", "concept", "qualifiers", "sources", "evidence", "claims")
    return Table("relations", columns, rows, max(len(order) - most, 0))


def _relation(
    identity: tuple[str, str, str, bool], claims: list[Relation], same: Sequence[str], language: str,
    name: Callable[[str], str],
) -> tuple[Cell, ...]:  # fmt: skip
    subject, predicate, object_, negated = identity
    forwards = subject in same
    words = (
        between(predicate, claims[0].qualifier("aspect"), language)
        if forwards
        else between_backwards(predicate, language)
    )
    far = object_ if forwards else subject
    said = dict.fromkeys(_qualified(key, value, language) for claim in claims for key, value in claim.qualifiers)
    evidence = dict.fromkeys(claim.origin.evidence for claim in claims if claim.origin.evidence)
    made = dict.fromkeys(claim.origin.reliability for claim in claims if claim.origin.reliability != "curated")
    references = {reference for claim in claims for reference in claim.origin.references}
    return (
        Cell(_worded(words, predicate, language, negated=negated), predicate, tone="against" if negated else ""),
        Cell(name(far), far, f"id={far}"),
        Cell("; ".join(islice(filter(None, said), 4))),
        Cell(", ".join(_said(claims))),
        Cell(", ".join([*evidence, *made])),
        Cell(
            f"{len(claims)} · {len(references)}", leads="source?" + relation_query(subject, predicate, object_, negated)
        ),
    )


def _worded(words: Words, predicate: str, language: str, *, negated: bool) -> str:
    """What stands between the two; of a relation that is said without a word, its name."""
    return (words.denied if negated else words.said).strip(" :：") or SILENT.get(
        (predicate, language), plain(predicate).name
    )


SILENT = {("biolink:has_phenotype", "zh"): "表现为"}
LAST = ("biolink:has_attribute", "biolink:has_phenotype", "biolink:member_of")  # many of one concept: they come last
SHOWN = ("frequency", "dose", "route", "population", "jurisdiction", "severity", "direction", "aspect", "onset", "sex",
         "action", "comment", "phase", "valid_to")  # fmt: skip


def _qualified(name: str, value: str, language: str) -> str:
    """A qualifier as it is shown; empty for one that says nothing here."""
    if name not in SHOWN or (name == "aspect" and len(value) == 1):
        return ""
    if name == "frequency":
        with suppress(ValueError):  # another source's own way of writing it is shown as it stands
            return in_numbers(value, language)
    return f"{name}: {value}"


def _said(claims: Sequence[Relation]) -> list[str]:
    return sorted({claim.origin.source for claim in claims})


def _conflicts(store: Store, same: Sequence[str], language: str) -> Table:
    known = [id for id in same if store.kind_of(id) or next(store.relations(subject=id), None)]
    found = islice(dict.fromkeys(each for id in known for each in conflicts(store, id)), FOUND)
    rows = tuple(
        (Cell(each.kind), _side(store, each.one, language, "for"), _side(store, each.other, language, "against"))
        for each in found
    )
    return Table("conflicts", ("kind", "one_side", "other_side"), rows)


def _side(store: Store, claims: Sequence[Relation], language: str, tone: str) -> Cell:
    first = claims[0]
    query = relation_query(first.subject, first.predicate, first.object, first.negated)
    return Cell(in_words(store, first, language), ", ".join(_said(claims)), f"source?{query}", tone)


def _names(store: Store, same: Sequence[str]) -> Table:
    found: dict[tuple[str, str, str], list[str]] = {}
    for id in same:
        concept = store.concept(id)
        if concept is not None:
            found.setdefault((concept.name, "en", "label"), []).append(id)
            for name in concept.names:
                found.setdefault((name.text, name.language, name.scope), []).append(id)
    order = sorted(found.items(), key=lambda item: (item[0][1] != "en", item[0][1], item[0][2] != "label", item[0]))
    rows = tuple((Cell(text), Cell(tongue), Cell(scope), Cell(", ".join(ids))) for (text, tongue, scope), ids in order)
    return Table("names", ("name", "language", "scope", "of"), rows)


def _cluster(store: Store, id: str, language: str) -> Table:
    cluster = clusters_of(store).cluster(id)
    rows = tuple(
        (
            Cell(called(store, link.a, language), link.a), Cell(called(store, link.b, language), link.b),
            Cell(f"{link.weight:.2f}", tone="against" if link.why else "for"),
            Cell(", ".join(dict.fromkeys(f"{each.source}: {each.what}" for each in link.witnesses))), Cell(link.why),
        )
        for link in cluster.links
    )  # fmt: skip
    return Table("cluster", ("id", "and_id", "weight", "who", "left_out"), rows)


def _place(store: Store, id: str, language: str) -> Table:
    """What a concept is a kind of, nearest first, and what is a kind of it."""
    graph, rows = Graph.open(store), list[tuple[Cell, ...]]()
    edges = graph.edges_of(id, predicates=(SUBCLASS,)) if id in graph else []
    same = set(store.same(id))
    above = dict.fromkeys(store.same(edge.object)[0] for edge in edges if edge.subject in same)
    below = dict.fromkeys(store.same(edge.subject)[0] for edge in edges if edge.object in same)
    rows += [(Cell("↑"), _thing(store, each, language)) for each in above if each not in same and _stands(store, each)]
    under = (each for each in below if each not in same and _stands(store, each))
    rows += [(Cell("↓"), _thing(store, each, language)) for each in islice(under, BELOW)]
    return Table("place", ("where", "concept"), tuple(rows), max(len(below) - BELOW, 0))


def _stands(store: Store, id: str) -> bool:
    concept = store.concept(id)
    return concept is None or not concept.obsolete


# --- ways, sources ---


def _way(store: Store, route: Route, language: str) -> Table:
    return Table("way", ("step", "trust", "for", "against"), tuple(_steps(store, route.steps, language)))


def _steps(store: Store, found: Sequence[Step], language: str) -> Iterator[tuple[Cell, ...]]:
    for step in found:
        first = step.claims[0]
        query = relation_query(first.subject, first.predicate, first.object, first.negated)
        against = ", ".join(_said(step.against))
        yield (
            Cell(in_words(store, first, language), leads=f"source?{query}"),
            Cell(f"{step.trust:.2f}"),
            Cell(", ".join(_said(step.claims)), tone="for"),
            Cell(against, tone="against" if against else ""),
        )


def _holding(one: Holding) -> tuple[Cell, ...]:
    aside = Cell(f"{one.quarantined:,}", leads=f"source={one.source}" if one.quarantined else "")
    state = Cell("✓" if one.shown else "–", tone="for" if one.shown else "")
    return (Cell(one.source), Cell(one.release), Cell(one.dated), Cell(one.licence), Cell(f"{one.facts:,}"), aside,
            state, Cell(one.accepted or "–"))  # fmt: skip
