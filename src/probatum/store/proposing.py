"""Proposes which concept of one vocabulary is which of another, since they bear one name: for people to judge."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from probatum.errors import BadPlan
from probatum.formats.sssom import Mapping
from probatum.store.joining import clusters_of
from probatum.store.reader import Store
from probatum.text.normal import fold

# Names that stand for the concept itself, and how SSSOM calls the field that they are of.
FIELDS = {"label": "rdfs:label", "exact": "oboInOwl:hasExactSynonym"}
SLOTS = ("subject_label", "object_label", "subject_match_field", "object_match_field", "match_string", "mapping_tool")
LEXICAL = "semapv:LexicalMatching"
SHORTEST = 4  # letters: a shorter name is mostly an abbreviation, which two things share

Bearers = defaultdict[tuple[str, str], dict[str, str]]  # (language, name) -> ids with the field that has it


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the names of two vocabularies suggest."""

    mappings: tuple[Mapping, ...]  # by subject
    ambiguous: int  # concepts of the first that share a name with several, or several of them with one
    joined: int  # that are one thing already
    alone: int  # that share no name with any


def proposed(store: Store, of: str, to: str, *, kind: str = "", again: bool = False) -> Proposed:
    """Each concept of the vocabulary `of` with the only one of `to` that bears a name of it, one for one.

    Names are labels and exact synonyms of one language, compared as `text.normal.fold` writes them. What is joined in
    the store already is left out, unless `again`. The mapping is skos:exactMatch, justified by semapv:LexicalMatching:
    by the policy of the clusters that alone joins nothing, until somebody has judged it. Raises `BadPlan` where the
    two are one.
    """
    if of.casefold() == to.casefold():
        raise BadPlan(f"{of} and {to} are one vocabulary", mend="name two prefixes of ids")
    subjects, objects, every = _bearers(store, of, to, kind)
    fields: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    leads: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for key in sorted(subjects.keys() & objects.keys()):
        for one, field in subjects[key].items():
            for other, field_of_other in objects[key].items():
                fields[one, other].append((key[1], field, field_of_other))
                leads[one].add(other)
                back[other].add(one)
    clusters = clusters_of(store)
    made, ambiguous, joined = [], 0, 0
    for one in sorted(leads):
        (other, *others) = sorted(leads[one])
        if others or len(back[other]) > 1:
            ambiguous += 1
        elif not again and other in clusters.same(one):
            joined += 1
        else:
            made.append(_mapping(store, one, other, fields[one, other]))
    return Proposed(tuple(made), ambiguous, joined, len(every) - len(leads))


def _bearers(store: Store, of: str, to: str, kind: str) -> tuple[Bearers, Bearers, set[str]]:
    subjects: Bearers = defaultdict(dict)
    objects: Bearers = defaultdict(dict)
    every: set[str] = set()
    sides = {of.casefold(): subjects, to.casefold(): objects}
    for id, of_kind, name in store.names():
        prefix = id.partition(":")[0].casefold()
        if (side := sides.get(prefix)) is None or kind not in {"", of_kind} or name.scope not in FIELDS:
            continue
        if side is subjects:
            every.add(id)
        text = fold(name.text)
        if len(text) >= SHORTEST:
            field = FIELDS[name.scope]
            side[name.language, text][id] = max(side[name.language, text].get(id, ""), field)  # a label before synonyms
    return subjects, objects, every


def _mapping(store: Store, one: str, other: str, shared: list[tuple[str, str, str]]) -> Mapping:
    cells = zip(*sorted(set(shared)), strict=True)
    text, field, field_of_other = ("|".join(dict.fromkeys(cell)) for cell in cells)
    said = {
        "subject_label": store.name_of(one), "object_label": store.name_of(other), "subject_match_field": field,
        "object_match_field": field_of_other, "match_string": text, "mapping_tool": "probatum",
    }  # fmt: skip
    return Mapping(one, "skos:exactMatch", other, LEXICAL, slots=tuple(sorted(said.items())))
