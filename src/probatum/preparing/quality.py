"""How good a set is: size, coverage, balance, reliability, what is wrong with it, how far its annotators agree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.preparing.cleaning import cleaned
from probatum.types import Example, Judgement, Mention, Relation, Score

MOST = 30  # values of a label that are told; more are counted
DISPUTED = 20  # items whose annotation differs that are named
Annotate = Callable[[str], Iterable[Mention | Relation]]


@dataclass(frozen=True, slots=True)
class Balance:
    """How evenly items fall on values."""

    values: Mapping[str, int]  # the most frequent first, at most 30
    different: int  # how many values there are
    evenness: float  # entropy over its greatest possible value: 1 is even, 0 one value alone
    largest: float  # the share of the most frequent value: what answering always so would get


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set is about, counted."""

    items: int
    groups: int  # documents, patients, publications that its items come from
    languages: Mapping[str, int]
    subjects: Mapping[str, int]  # how many different values each label has
    gold: int  # different concepts among the gold candidates and what is to be found
    concepts: Mapping[str, int] = field(default_factory=dict)  # different concepts named in the texts, by kind
    named: float = 0.0  # share of the items in which a concept is named


@dataclass(frozen=True, slots=True)
class Quality:
    """The report of one set."""

    coverage: Coverage
    reliability: Mapping[str, int]  # items curated, extracted, generated; "unknown" where the loader does not say
    gold: Balance  # the gold choices
    labels: Mapping[str, Balance]
    lengths: Mapping[str, float]  # median characters of questions and answers
    faults: Mapping[str, int]  # what cleaning would drop, by reason
    agreement: Mapping[str, Score] = field(default_factory=dict)
    disputed: tuple[str, ...] = ()  # items that annotators marked differently


def quality(
    examples: Sequence[Example], others: Sequence[Sequence[Example]] = (), *, annotate: Annotate | None = None
) -> Quality:
    """The report of a set; `others` are the same items as further annotators marked them.

    Agreement is that of `agreed`. `annotate` finds the concepts that `coverage` counts.
    """
    _, report = cleaned(examples)
    told = Counter(each.origin.reliability if each.origin else "unknown" for each in examples)
    labels: dict[str, list[str]] = {}
    for each in examples:
        for name, value in each.labels:
            labels.setdefault(name, []).append(value)
    asked = [len(each.question.text) + sum(map(len, each.question.context)) for each in examples]
    answers = [len(each.answer.text) for each in examples if each.answer.text]
    agreement, disputed = agreed([examples, *others]) if others else ({}, ())
    return Quality(
        coverage=coverage(examples, annotate=annotate),
        reliability=dict(told.most_common()),
        gold=balance(_gold(each) for each in examples if each.answer.choice),
        labels={name: balance(values) for name, values in sorted(labels.items())},
        lengths={"question": float(median(asked or [0])), "answer": float(median(answers or [0]))},
        faults={reason: each.count for reason, each in report.dropped.items()},
        agreement=agreement,
        disputed=disputed,
    )


def balance(values: Iterable[str]) -> Balance:
    """How evenly the values are spread."""
    counts = Counter(values)
    total = counts.total()
    if not total:
        return Balance({}, 0, 0.0, 0.0)
    entropy = -sum(count / total * math.log(count / total) for count in counts.values())
    even = entropy / math.log(len(counts)) if len(counts) > 1 else 0.0
    shown = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]
    return Balance(dict(shown), len(counts), even, shown[0][1] / total)


def coverage(examples: Sequence[Example], *, annotate: Annotate | None = None) -> Coverage:
    """What the items are about: groups, languages, labels, gold concepts, and those that `annotate` finds in texts."""
    labels: dict[str, set[str]] = {}
    gold: set[str] = set()
    concepts: dict[str, set[str]] = {}
    named = 0
    for each in examples:
        for name, value in each.labels:
            labels.setdefault(name, set()).add(value)
        gold.update(one.id for one in each.answer.candidates if one.score > 0 and not each.question.options)
        gold.update(one.concept for one in each.answer.found if isinstance(one, Mention) and one.concept)
        if annotate:
            asked = each.question
            texts = (
                asked.text,
                *asked.context,
                *(text for _, text in (*asked.options, *asked.turns)),
                each.answer.text,
            )
            found = [one for one in annotate("\n".join(texts)) if isinstance(one, Mention) and one.concept]
            named += bool(found)
            for one in found:
                concepts.setdefault(one.kind or one.concept.partition(":")[0], set()).add(one.concept)
    return Coverage(
        items=len(examples),
        groups=len({group for each in examples for group in each.groups}),
        languages=dict(Counter(each.question.language or "unknown" for each in examples).most_common()),
        subjects={name: len(values) for name, values in sorted(labels.items())},
        gold=len(gold),
        concepts={kind: len(ids) for kind, ids in sorted(concepts.items())},
        named=named / len(examples) if examples else 0.0,
    )


def agreed(marked: Sequence[Sequence[Example]]) -> tuple[Mapping[str, Score], tuple[str, ...]]:
    """(how far annotators agree on the same items, the first items on which they do not).

    Of choices Krippendorff's nominal `alpha`, `kappa` and `cohen:` of each two; of marked texts the strict and relaxed
    F1 of each annotator against the first (metric `extraction`, names with `:2` for the second). Items are told by
    their ids; one that an annotator left out is missing there. Raises `BadFormat` where they have none in common.
    """
    by_id = [{each.id: each for each in own} for own in marked]
    shared = [id_ for id_ in by_id[0] if any(id_ in own for own in by_id[1:])]
    if not shared:
        raise BadFormat("the annotators have no item in common", mend="the ids of their files must be the same")
    told: dict[str, Score] = {}
    if any(own[id_].answer.choice for own in by_id for id_ in shared if id_ in own):
        choices = sorted({own[id_].answer.choice for own in by_id for id_ in shared if id_ in own})
        judgements = [
            Judgement(id_, str(rater), ("gold",), "choice", float(choices.index(own[id_].answer.choice)))
            for rater, own in enumerate(by_id, 1)
            for id_ in shared
            if id_ in own
        ]
        told |= find("metrics", "agreement")(judgements, level="nominal")
    if any(own[id_].answer.found for own in by_id for id_ in shared if id_ in own):
        for rater, own in enumerate(by_id[1:], 2):
            pairs = [(by_id[0][id_].answer, own[id_].answer) for id_ in shared if id_ in own]
            scores: Mapping[str, Any] = find("metrics", "extraction")(pairs)
            told |= {f"{name}:{rater}": score for name, score in scores.items()}
    differ = [id_ for id_ in shared if len({_gold(own[id_]) for own in by_id if id_ in own}) > 1]
    return told, tuple(differ[:DISPUTED])


def _gold(example: Example) -> str:
    """What is gold of an item, as text to be compared; offsets and kinds of what is found among it."""
    given = example.answer
    if given.found:
        return repr(sorted(map(repr, given.found)))
    return given.choice or given.text
