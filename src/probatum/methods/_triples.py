"""What an answer states, as triples, and what the graph says of each: supported, contradicted, disputed or unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from probatum.desk import Desk
from probatum.formats.biolink import predicate, predicates
from probatum.methods import _asking as asking
from probatum.store.linking import Link, concepts_in
from probatum.text.sentences import sentences
from probatum.types import Answer, Question, Relation, Request, Step

OTHER = "other"
STATES = ("supported", "contradicted", "disputed", "unknown")
_DENIES = re.compile(r"\b(?:not|no|never|without|neither|absent)\b|不|无|没有|未", re.IGNORECASE)
_SCHEMA = {
    "type": "object",
    "properties": {
        "triples": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "subject": {"type": "string"},
                    "relation": {"type": "string"},
                    "object": {"type": "string"},
                    "negated": {"type": "boolean"},
                },
                "required": ["subject", "relation", "object", "negated"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["triples"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Triple:
    """One relation that an answer states."""

    subject: str  # as written
    relation: str  # a predicate, or `other` where the text does not say which
    object: str
    negated: bool = False
    subjects: tuple[str, ...] = ()  # what the names may mean
    objects: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The triple in one line."""
        return f"{self.subject} | {'not ' if self.negated else ''}{self.relation} | {self.object}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the graph says of a triple."""

    triple: Triple
    state: str
    claims: tuple[Relation, ...] = ()  # those that support it, then those that speak against it


def stated(question: Question, answer: Answer, desk: Desk, steps: list[Step], seed: int = 0) -> list[Triple]:
    """The triples of an answer: read by the model; without one, or where it cannot, by rule.

    By rule: each claim that the answer cites, and any two known things that one sentence names, their relation left
    open. Steps tell what the model wrote.
    """
    if asking.has_model(desk):
        read = _read(question, answer, desk, steps, seed)
        if read is not None:
            return read
        steps.append(Step("triples", "read by rule"))
    claims = [each.fact for each in answer.evidence if isinstance(each.fact, Relation)]
    found = [_of_claim(claim, desk) for claim in claims]
    ends = {frozenset((each.subject, each.object)) for each in claims}
    for line in answer.text.split("\n"):
        if not _copies_claims(line, answer):
            for start, end in sentences(line):
                found += _of_sentence(asking.MARKS.sub("", line[start:end]), ends, desk)
    return list(dict.fromkeys(found))


def _copies_claims(line: str, answer: Answer) -> bool:
    """Whether a line cites claims alone: it says what they say, and they are triples already."""
    numbers = [int(each) for mark in asking.MARKS.findall(line) for each in re.findall(r"\d+", mark)]
    cited = [answer.evidence[number - 1].fact for number in numbers if number <= len(answer.evidence)]
    return bool(cited) and all(isinstance(fact, Relation) for fact in cited)


def verdict(triple: Triple, desk: Desk) -> Verdict:
    """What stored claims say of a triple: those of its relation and sense support it.

    Denied ones and opposite relations speak against it; against a denial whose relation was left open nothing does,
    since it may deny something else.
    """
    support: list[Relation] = []
    against: list[Relation] = []
    for claim in _between(triple, desk):
        if triple.relation in {OTHER, claim.predicate}:
            if claim.negated == triple.negated:
                support.append(claim)
            elif not (triple.relation == OTHER and triple.negated):
                against.append(claim)
        elif triple.relation in predicate(claim.predicate).opposite and not claim.negated and not triple.negated:
            against.append(claim)
    state = "disputed" if support and against else "supported" if support else "contradicted" if against else "unknown"
    return Verdict(triple, state, (*support, *against))


def _between(triple: Triple, desk: Desk) -> Iterator[Relation]:
    """The claims from one to the other; backwards too where the relation is left open or reads the same both ways."""
    store, seen = desk.store, set[Relation]()
    both = triple.relation == OTHER or predicate(triple.relation).symmetric
    ways = [(triple.subjects, triple.objects), *([(triple.objects, triple.subjects)] if both else [])]
    for starts, ends in ways:
        wanted = {same for end in ends for same in store.same(end)}
        for start in dict.fromkeys(same for each in starts for same in store.same(each)):
            for claim in store.relations(start):
                if claim.object in wanted and claim not in seen and not desk.withheld.hides(claim):
                    seen.add(claim)
                    yield claim


def _of_claim(claim: Relation, desk: Desk) -> Triple:
    names = desk.store.name_of(claim.subject), desk.store.name_of(claim.object)
    return Triple(names[0], claim.predicate, names[1], claim.negated, (claim.subject,), (claim.object,))


def _of_sentence(said: str, known: set[frozenset[str]], desk: Desk) -> Iterator[Triple]:
    """Any two things that a sentence names and no cited claim joins already, in the order of the text."""
    named: dict[tuple[int, int], list[Link]] = {}
    for link in concepts_in(desk.store, said, desk.annotate(said)):
        if link.weight == 1.0:
            named.setdefault((link.start, link.end), []).append(link)
    for one, other in combinations(sorted(named), 2):
        subjects, objects = (tuple(link.concept for link in named[span]) for span in (one, other))
        joined = any(frozenset((start, end)) in known for start in subjects for end in objects)
        if not joined and not set(subjects) & set(objects):
            negated = _DENIES.search(said) is not None
            yield Triple(said[slice(*one)], OTHER, said[slice(*other)], negated, subjects, objects)


def _read(question: Question, answer: Answer, desk: Desk, steps: list[Step], seed: int) -> list[Triple] | None:
    language = asking.language_of(question)
    text = asking.MARKS.sub("", answer.text)
    mark = asking.fence([text])
    listed = ", ".join(predicates())
    task = asking.prompt("filtered", "triples", language, fence=mark, relations=listed)
    told = (("system", task), ("user", f"{mark}\n{text}\n{mark}"))
    request = Request(told, question, schema=json.dumps(_SCHEMA), seed=seed)
    read = asking.ask_json(desk, request, _fault, steps, "triples")
    if read is None:
        return None
    found: list[Triple] = []
    for each in read["triples"]:
        subjects, objects = (_meant(each[end], desk) for end in ("subject", "object"))
        relation = each["relation"] if each["relation"] in predicates() else OTHER
        found.append(Triple(each["subject"], relation, each["object"], each["negated"], subjects, objects))
    return list(dict.fromkeys(found))


def _fault(read: dict[str, Any]) -> str:
    """What is wrong with the model's triples; empty where nothing is."""
    triples = read.get("triples")
    if not isinstance(triples, list) or not all(isinstance(each, dict) for each in triples):
        return '"triples" must be a list of objects'
    for each in triples:
        if not all(isinstance(each.get(key), str) for key in ("subject", "relation", "object")):
            return '"subject", "relation" and "object" must be texts'
        if not isinstance(each.get("negated"), bool):
            return '"negated" must be true or false'
    return ""


def _meant(name: str, desk: Desk) -> tuple[str, ...]:
    """What a name may mean: the concepts that it names as a whole, else those in it."""
    links = [link for link in concepts_in(desk.store, name, desk.annotate(name)) if link.weight == 1.0]
    whole = [link for link in links if link.end - link.start >= len(name.strip()) - 1]
    return tuple(dict.fromkeys(link.concept for link in (whole or links)))


def names_both(sentence: str, triple: Triple) -> bool:
    """Whether a sentence holds both names of a triple."""
    folded = sentence.casefold()
    return triple.subject.casefold() in folded and triple.object.casefold() in folded


def told(verdicts: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    """The verdicts as fields of an answer: (state, the triple and the records behind it), those to beware of first."""
    order = ("contradicted", "unknown", "disputed", "supported")
    lines = []
    for each in sorted(verdicts, key=lambda one: order.index(one.state)):
        records = "; ".join(dict.fromkeys(f"{claim.origin.source} {claim.origin.at}" for claim in each.claims))
        lines.append((each.state, f"{each.triple.words}{f' ({records})' if records else ''}"))
    return tuple(lines)
