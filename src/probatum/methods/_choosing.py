"""Which of the evidence found is quoted: relations that answer what is asked, sentences that hold the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from probatum.methods._asked import Asked
from probatum.store.fitting import OPEN, fit
from probatum.store.words import terms
from probatum.text.likeness import likeness
from probatum.text.questions import aspects
from probatum.text.sentences import sentences
from probatum.types import Evidence, Passage, Relation

NAMED = 0.6  # share of the subject's words that the concepts of a relation must name
TITLED = 0.35  # share that the passage's title must hold: a text that only mentions the words is about something else
CLAIMS = 3  # claims of one assertion on one line
PER_PASSAGE = 2  # sentences of one passage
# A sentence whose every word stands in one text of twenty, and in twenty at least, says nothing of its subject.
COMMON_SHARE, COMMON_COUNT = 0.05, 20
SHORT, LONG = 20, 600  # characters of a sentence worth quoting: below it says nothing, above it is a table run together
# Texts that ask for one of these alone tell of institutes and studies, whatever else their sentences mention.
ELSEWHERE = {"research", "support"}
UNTOLD = 0.5  # what a sentence loses that neither names the subject nor tells of what is asked: its text's title did
WEAK = 0.5  # a sentence with less than this share of the best one's score is not quoted beside it
NOTHING: frozenset[str] = frozenset()
Key = tuple[str, str, str, str]
# A source's own reference marks and quotation marks would read as ours; a question, a heading or half a sentence
# answers nothing; several dashes between spaces are a list run together; what points below itself is nothing alone.
_UNFIT = re.compile(
    r"\[\d|[“”]|[^.!。！)）\"'’]$|\s-\s.*\s-\s.*\s-\s|(?i:following|below\b|^these resources)", re.DOTALL
)


def relations_for(asked: Asked, found: Sequence[Evidence], lines: int) -> list[Evidence]:
    """The assertions that answer what is asked, best first, claims of one together, what contradicts one beside it.

    Only those are taken that cover most of the subject: where a disease and a symptom are named, the relation between
    them; where two symptoms are, the diseases that have both.
    """
    answering = [(evidence, fact) for evidence in found if (fact := _answering(asked, evidence.fact))]
    reach = _reach(asked, [fact for _, fact in answering])
    shares = [_covered(asked, fact, reach) for _, fact in answering]
    most = max(shares, default=0.0)
    if most < NAMED:
        return []
    groups: dict[Key, list[Evidence]] = {}
    denials: dict[tuple[str, str, str], dict[bool, Key]] = {}
    for (evidence, fact), share in zip(answering, shares, strict=True):
        if share == most:
            key = _line_of(evidence, fact)
            groups.setdefault(key, []).append(evidence)
            denials.setdefault((fact.subject, fact.predicate, fact.object), {})[fact.negated] = key
    chosen: dict[Key, list[Evidence]] = {}
    for key, group in groups.items():
        if len(chosen) >= lines:
            break
        for claim in (each.fact for each in group if isinstance(each.fact, Relation)):
            for side in (key, denials[claim.subject, claim.predicate, claim.object].get(not claim.negated, key)):
                chosen.setdefault(side, groups[side][:CLAIMS])
    return [evidence for group in chosen.values() for evidence in group]


def _answering(asked: Asked, fact: Relation | Passage) -> Relation | None:
    """The fact, where it is a relation of something that the question names and answers an aspect that it asks for."""
    if isinstance(fact, Passage) or fact.predicate.startswith("skos:"):  # that two ids mean one thing answers nothing
        return None
    sides = [side for side, end in (("subject", fact.subject), ("object", fact.object)) if end in asked.links]
    return fact if any(fit(fact, side, asked.aspects) >= OPEN for side in sides) else None


def _line_of(evidence: Evidence, fact: Relation) -> Key:
    """What makes claims one line: the same said of a disease of the same name, whichever source says it."""
    said = evidence.text.partition(f"({fact.object})")[0]
    return fact.predicate, fact.object, likeness(said), str(fact.negated)


def _reach(asked: Asked, facts: Sequence[Relation]) -> dict[str, frozenset[str]]:
    """For each concept the words of the question that its relations reach: those of both symptoms that it has."""
    reach: dict[str, frozenset[str]] = {}
    for fact in facts:
        for end, other in ((fact.subject, fact.object), (fact.object, fact.subject)):
            reach[end] = reach.get(end, NOTHING) | asked.links.get(other, NOTHING)
    return reach


def _covered(asked: Asked, fact: Relation, reach: dict[str, frozenset[str]]) -> float:
    held = NOTHING
    for end in (fact.subject, fact.object):
        held |= asked.links.get(end, reach[end] if end not in asked.links else NOTHING)
    return asked.share(held)


@dataclass(frozen=True, slots=True)
class _Sentence:
    score: float
    place: int  # of its passage among those found
    evidence: Evidence


def sentences_for(asked: Asked, found: Sequence[Evidence], most: int, covered: float) -> list[Evidence]:
    """The sentences of found passages that hold the subject, best first, at most two of one passage, none twice."""
    passages = [evidence for evidence in found if isinstance(evidence.fact, Passage)]
    scored = [each for place, evidence in enumerate(passages) for each in _scored(asked, evidence, place, covered)]
    chosen: list[_Sentence] = []
    said: set[str] = set()
    taken: dict[int, int] = {}
    least = WEAK * max((each.score for each in scored), default=0.0)
    strong = (each for each in scored if each.score >= least)
    for each in sorted(strong, key=lambda each: (-each.score, each.place, each.evidence.start)):
        alike = likeness(each.evidence.text)
        if len(chosen) < most and alike not in said and taken.get(each.place, 0) < PER_PASSAGE:
            chosen.append(each)
            said.add(alike)
            taken[each.place] = taken.get(each.place, 0) + 1
    return [each.evidence for each in chosen]


def _scored(asked: Asked, evidence: Evidence, place: int, covered: float) -> Iterator[_Sentence]:
    passage = evidence.fact
    if not isinstance(passage, Passage):
        return
    title = set(terms(passage.title))
    if len(passage.about) == 1:  # of a text about several concepts no one names its whole subject
        title |= asked.links.get(passage.about[0], NOTHING)
    if asked.share(title) < TITLED:
        return
    answered = {"definition"} if passage.kind == "definition" else set(aspects(passage.title))
    wanted = set(asked.aspects or ("definition",))
    titled = bool(wanted & answered)
    if answered and answered <= ELSEWHERE - wanted:
        return
    rare = asked.index.rarity_of(max(COMMON_COUNT, COMMON_SHARE * len(asked.index)))
    lead = 0
    for start, end in sentences(passage.text, passage.language):
        text = passage.text[start:end]
        if not SHORT <= len(text) <= LONG or _UNFIT.search(text):
            continue
        held = set(terms(text))
        if asked.share(held | title if titled else held) < covered:  # most sentences: nothing else is asked of them
            lead += 1
            continue
        # Either the text as a whole answers the aspect, or the sentence does and names the subject itself.
        told = bool(wanted & set(aspects(text)))
        fits = titled or told or not asked.aspects
        if fits and any(asked.index.rarity(term) >= rare for term in held):
            first = 0.3 / (1 + lead)  # what a text is about stands at its beginning
            names = 1.0 if passage.kind == "definition" else asked.share(held)  # a definition never names its own term
            graded = passage.origin.evidence  # what is graded is to the point
            apart = UNTOLD if asked.aspects and not (names or told or graded) else 0.0
            score = asked.share(title | held) + 0.5 * names + titled + first + 0.5 / (1 + 0.2 * place) - apart
            yield _Sentence(score, place, replace(evidence, text=text, start=start, end=end, score=round(score, 4)))
        lead += 1
