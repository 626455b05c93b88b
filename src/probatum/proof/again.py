"""An answer that was given once, held against the knowledge of today: what still stands, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from probatum.proof.disputes import disputed
from probatum.proof.grades import GRADES, grade_of
from probatum.proof.marks import standing, verdicts
from probatum.proof.witnesses import Sight
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.text.chinese import has_han
from probatum.types import Answer, Evidence, Passage, Relation, Verdict

CHANGES = ("gone", "retracted", "changed", "moved", "release", "conflict", "stronger", "weaker", "verdict")
_RETRACTED = ("status", "retracted")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was when the answer was given."""

    kind: str  # one of CHANGES
    number: int  # of the evidence, from 1; of the sentence where the kind is verdict
    said: str


@dataclass(frozen=True, slots=True)
class Again:
    """The proof of an earlier answer."""

    answer: Answer  # with the evidence and the verdicts of today
    before: str  # hash of the knowledge that it was given from; empty where it was not pinned
    now: str
    changes: tuple[Change, ...]


def proved_again(answer: Answer, sight: Sight) -> Again:
    """The answer held against a store, which may hold other releases than it was given from.

    Evidence is looked up anew: `gone` where its source no longer says it, `retracted`, `changed` where it says it
    otherwise, `moved` where the quotation stands elsewhere, `release` where only the release is another; `conflict`
    where a source disputes it that the answer does not show; `stronger` and `weaker` by its GRADE. Each sentence is
    then judged again (`verdict`). The text stays as it was given.
    """
    evidence: list[Evidence] = []
    changes: list[Change] = []
    for number, each in enumerate(answer.evidence, 1):
        found, told = _today(each, sight)
        evidence.append(found)
        changes += [Change(kind, number, said) for kind, said in told]
    fresh = replace(answer, evidence=tuple(evidence), knowledge=sight.store.content)
    changes += _disputed(fresh, sight.store)
    judged = verdicts(fresh, sight)
    changes += _judged_otherwise(answer.verdicts, judged)
    return Again(replace(fresh, verdicts=judged), answer.knowledge, sight.store.content, tuple(changes))


def _today(evidence: Evidence, sight: Sight) -> tuple[Evidence, list[tuple[str, str]]]:
    """(the evidence as the store has it now, what has changed); evidence that is gone stays as it was."""
    store = sight.store
    if not standing(evidence, store, sight.cases):
        return evidence, []
    if isinstance(evidence.fact, Passage):
        found, told = _passage_today(evidence, evidence.fact, store)
    else:
        found, told = _claim_today(evidence, evidence.fact, store)
    before, after = grade_of(evidence), grade_of(found)
    if before and after and before != after:
        kind = "stronger" if GRADES.index(after) > GRADES.index(before) else "weaker"
        told.append((kind, f"its certainty was {before} and is {after}"))
    if _RETRACTED in found.fact.qualifiers and _RETRACTED not in evidence.fact.qualifiers:
        told.append(("retracted", "the paper that it rests on was taken back"))
    return found, told


def _passage_today(evidence: Evidence, fact: Passage, store: Store) -> tuple[Evidence, list[tuple[str, str]]]:
    held = store.passage(fact.id)
    if held is None:
        return evidence, [("gone", f"there is no passage {fact.id} any more")]
    told: list[tuple[str, str]] = []
    stays = held.text[evidence.start : evidence.end] == evidence.text
    start = evidence.start if stays else held.text.find(evidence.text)
    if start < 0:
        told.append(("changed", f"the words no longer stand in {fact.id}"))
        return replace(evidence, fact=held), told
    if start != evidence.start:
        told.append(("moved", f"the words stand at {start} of {fact.id} now, not at {evidence.start}"))
    elif held.text != fact.text:
        told.append(("changed", f"{fact.id} was changed elsewhere; the words still stand"))
    if held.origin.release != fact.origin.release:
        told.append(("release", f"{held.origin.source} {fact.origin.release} is {held.origin.release} now"))
    return replace(evidence, fact=held, start=start, end=start + len(evidence.text)), told


def _claim_today(evidence: Evidence, fact: Relation, store: Store) -> tuple[Evidence, list[tuple[str, str]]]:
    said = f"{fact.subject} {'not ' if fact.negated else ''}{fact.predicate} {fact.object}"
    ends = (store.resolve(fact.subject) or fact.subject, store.resolve(fact.object) or fact.object)
    found = store.relations(ends[0], fact.predicate, ends[1])
    claims = [each for each in found if each.origin.source == fact.origin.source]
    alike = [each for each in claims if each.negated == fact.negated]
    if not alike:
        turned = " and says the opposite" if claims else ""
        return evidence, [("gone", f"{fact.origin.source} no longer says {said}{turned}")]
    held = min(alike, key=lambda each: (-_nearness(each, fact), each.origin.at))
    told: list[tuple[str, str]] = []
    if ends != (fact.subject, fact.object):
        told.append(("changed", f"its ids are {ends[0]} and {ends[1]} now"))
    if held.qualifiers != fact.qualifiers or held.origin.evidence != fact.origin.evidence:
        told.append(("changed", f"it reads now: {in_words(store, held)}"))
    elif held.origin.references != fact.origin.references:
        told.append(("changed", f"it rests now on {', '.join(held.origin.references) or 'no publication'}"))
    if held.origin.release != fact.origin.release:
        told.append(("release", f"{held.origin.source} {fact.origin.release} is {held.origin.release} now"))
    text = in_words(store, held, "zh" if has_han(evidence.text) else "en")
    return replace(evidence, fact=held, text=text), told


def _nearness(held: Relation, fact: Relation) -> int:
    """How much a claim has in common with one of an earlier release."""
    return (
        2 * len({*held.origin.references} & {*fact.origin.references})
        + 2 * (held.qualifiers == fact.qualifiers)
        + (held.origin.at == fact.origin.at)
        + (held.origin.evidence == fact.origin.evidence)
    )


def _disputed(answer: Answer, store: Store) -> Iterator[Change]:
    shown = {each.fact for each in answer.evidence}
    for number, each in enumerate(answer.evidence, 1):
        if not isinstance(each.fact, Relation):
            continue
        for conflict in disputed(store, each.fact):
            others = conflict.other if each.fact in conflict.one else conflict.one
            if not shown & set(others):
                yield Change("conflict", number, f"{conflict.kind}: {in_words(store, others[0])}")


def _judged_otherwise(before: tuple[Verdict, ...], after: tuple[Verdict, ...]) -> Iterator[Change]:
    if len(before) != len(after):  # it was saved without verdicts: what does not hold is told
        before = tuple(replace(each, support="supported", why="") for each in after)
    for number, (was, now) in enumerate(zip(before, after, strict=True), 1):
        if was.support != now.support:
            yield Change("verdict", number, f"{was.support} → {now.support}{f' ({now.why})' if now.why else ''}")
