"""What a store's knowledge covers: specialties, languages, sources, and three rare diseases as a touchstone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from probatum.store.graph import Graph
from probatum.store.reader import Store

GENE = ("biolink:gene_associated_with_condition", "biolink:causes", "biolink:contributes_to")
TREATMENT = (
    "biolink:treats", "biolink:applied_to_treat", "biolink:treats_or_applied_or_studied_to_treat",
    "biolink:ameliorates_condition", "biolink:in_clinical_trials_for",
)  # fmt: skip
SIGN = "biolink:has_phenotype"


@dataclass(frozen=True, slots=True)
class Specialty:
    """What lies beneath the roots of one specialty."""

    name: str
    concepts: int
    related: int  # of them, those that stand in a relation other than the order of their vocabulary
    texts: int  # passages about them
    diseases: int  # diseases with a sign that is one of them, or that are one themselves
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """How much is said in one language."""

    code: str
    concepts: int  # with a name in it
    names: int
    passages: int


@dataclass(frozen=True, slots=True)
class Supply:
    """What one source gives."""

    release: str  # SOURCE@RELEASE
    dated: str
    licence: str
    concepts: int
    names: int
    claims: int
    assertions: int  # that these claims make
    passages: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class RareDisease:
    """What is known of one rare disease."""

    name: str
    ids: tuple[str, ...]
    genes: tuple[str, ...]
    treatments: tuple[str, ...]  # what treats it, or passages about its treatment
    sources: tuple[str, ...]

    @property
    def looked_at(self) -> tuple[tuple[str, object], ...]:
        """What should be known of it, and what is."""
        return (
            ("id", self.ids), ("gene", self.genes), ("treatment", self.treatments), ("second source", self.sources[1:]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that is told of a store's coverage."""

    sources: tuple[Supply, ...]
    languages: tuple[Language, ...]
    specialties: tuple[Specialty, ...]
    rare_diseases: tuple[RareDisease, ...]


NONE = Coverage((), (), (), ())


def covered(store: Store) -> Coverage:
    """The coverage of what a store shows; the graph index is built where there is none."""
    graph = Graph.open(store)
    specialties = tuple(_specialty(store, graph, name, roots) for name, roots in _table()["specialty"].items())
    return Coverage(supplies(store), _languages(store), specialties, rare_diseases(store))


def rare_diseases(store: Store) -> tuple[RareDisease, ...]:
    """What the store knows of Gaucher, Pompe and Fabry disease."""
    return tuple(_rare(store, name, ids) for name, ids in _table()["rare"].items())


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("probatum.store").joinpath("coverage.toml").read_text(encoding="utf-8"))


def _specialty(store: Store, graph: Graph, name: str, roots: list[str]) -> Specialty:
    ids: set[str] = set()
    for root in roots:
        if root in graph:
            ids.update((root, *graph.descendants(root)))
    given = json.dumps(sorted(ids))
    concepts, related, texts, diseases = (int(next(store.rows(sql, given))[0]) for sql in OF_IDS)
    found = store.rows(f"SELECT DISTINCT source FROM concepts JOIN releases ON releases.id = release {AMONG}", given)
    return Specialty(name, concepts, related, texts, diseases, tuple(sorted(row[0] for row in found)))


AMONG = "WHERE concepts.id IN (SELECT value FROM json_each(?1))"
OF_IDS = (
    f"SELECT count(DISTINCT concepts.id) FROM concepts {AMONG} AND NOT obsolete",
    """SELECT count(*) FROM json_each(?1) e WHERE
        EXISTS (SELECT 1 FROM relations WHERE subject = e.value AND predicate <> 'biolink:subclass_of')
        OR EXISTS (SELECT 1 FROM relations WHERE object = e.value AND predicate <> 'biolink:subclass_of')""",
    """SELECT count(DISTINCT passage) FROM json_each(?1) e JOIN subjects ON concept = e.value""",
    f"""SELECT count(*) FROM (
        SELECT subject FROM json_each(?1) e JOIN relations ON object = e.value AND predicate = '{SIGN}' AND NOT negated
        WHERE EXISTS (SELECT 1 FROM concepts WHERE id = subject AND kind = 'Disease')
        UNION SELECT id FROM concepts {AMONG} AND kind = 'Disease')""",
)


def _languages(store: Store) -> tuple[Language, ...]:
    named = {row[0]: row[1:] for row in store.rows(NAMED)}
    (labels,) = next(store.rows("SELECT count(DISTINCT id) FROM concepts"))
    texts = dict(store.rows("SELECT language, count(*) FROM passages GROUP BY language"))
    found = []
    for code in sorted(named.keys() | texts.keys() | {"en"}):
        concepts, names = named.get(code, (0, 0))
        if code == "en":  # every label is English
            concepts, names = labels, names + labels
        found.append(Language(code, concepts, names, texts.get(code, 0)))
    return tuple(found)


NAMED = "SELECT language, count(DISTINCT concept), count(*) FROM names GROUP BY language"


def supplies(store: Store) -> tuple[Supply, ...]:
    """What each release gives that is seen."""
    counted = [
        dict(store.rows(f"SELECT release, count({what}) FROM {table} GROUP BY release"))
        for what, table in (
            ("DISTINCT id", "concepts"), ("*", "names"), ("*", "claims"), ("DISTINCT relation", "claims"),
            ("*", "passages"), ("*", "quarantine"),
        )
    ]  # fmt: skip
    return tuple(
        Supply(one.name, one.dated, one.release.licence, *(counts.get(one.number, 0) for counts in counted))
        for one in store.view.shown
    )


def _rare(store: Store, name: str, ids: Iterable[str]) -> RareDisease:
    known = tuple(id for id in ids if store.concept(id) is not None)
    claims = [claim for id in known for claim in (*store.relations(subject=id), *store.relations(object=id))]
    standing = [claim for claim in claims if not claim.negated]
    genes = {c.subject for c in standing if c.predicate in GENE and store.kind_of(c.subject) == "Gene"}
    treatments = {c.subject for c in standing if c.predicate in TREATMENT and c.object in known}
    passages = [passage for id in known for passage in store.passages(about=id)]
    treatments |= {p.id for p in passages if "treatment" in p.title.lower() or "治疗" in p.title}
    sources = {c.origin.source for c in claims} | {p.origin.source for p in passages}
    return RareDisease(name, known, *(tuple(sorted(part)) for part in (genes, treatments, sources)))
