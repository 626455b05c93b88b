"""Pairs of concepts that a text may relate: where they stand near each other, and what the words about them say."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from probatum.networks.features import Token, tokens_of
from probatum.types import Mention

NEAR = 8  # tokens before, between and after that are looked at
CAUSES, TREATS = "biolink:causes", "biolink:treats"
FAR = 99  # a distance that stands for: never in one sentence


@dataclass(frozen=True, slots=True)
class Meeting:
    """One sentence in which both concepts of a pair are named, by those of their mentions that are closest."""

    tokens: tuple[Token, ...]
    subject: tuple[int, int]  # the mention's first token and its end within the sentence
    object: tuple[int, int]

    @property
    def first(self) -> tuple[int, int]:
        """The mention that stands first."""
        return min(self.subject, self.object)

    @property
    def last(self) -> tuple[int, int]:
        """The mention that stands last."""
        return max(self.subject, self.object)

    @property
    def distance(self) -> int:
        """How many tokens stand between the two; 0 where they touch or overlap."""
        return max(0, self.last[0] - self.first[1])

    def words(self, start: int, end: int) -> list[str]:
        """The tokens of a part of the sentence in small letters."""
        return [token.text.lower() for token in self.tokens[max(start, 0) : max(end, 0)]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two concepts of one text with all that the text shows of them together."""

    subject: str
    object: str
    subjects: tuple[Mention, ...]
    objects: tuple[Mention, ...]
    meetings: tuple[Meeting, ...]  # closest first

    @property
    def at(self) -> str:
        """The span of the text that shows the pair best, as start-end in code points."""
        if self.meetings:
            best = self.meetings[0]
            return f"{best.tokens[best.first[0]].start}-{best.tokens[best.last[1] - 1].end}"
        ends = (self.subjects[0], self.objects[0])
        return f"{min(each.start for each in ends)}-{max(each.end for each in ends)}"


def pairs(text: str, mentions: Sequence[Mention], kinds: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Pair]:
    """Every pair of a subject and an object of these kinds that are named in a text, sorted by their ids."""
    by_concept: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.concept:
            by_concept[mention.concept].append(mention)
    sides = [[id_ for id_, found in sorted(by_concept.items()) if found[0].kind in side] for side in kinds]
    sentences = tokens_of(text)
    placed = {id_: _placed(sentences, found) for id_, found in by_concept.items()}
    return [
        Pair(
            one, other, tuple(by_concept[one]), tuple(by_concept[other]),
            _meetings(sentences, placed[one], placed[other]),
        )
        for one, other in product(*sides)
        if one != other
    ]  # fmt: skip


Placed = Mapping[int, Sequence[tuple[int, int]]]  # number of a sentence -> token spans of mentions


def _placed(sentences: Sequence[Sequence[Token]], mentions: Sequence[Mention]) -> Placed:
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for mention in mentions:
        for number, tokens in enumerate(sentences):
            if tokens[0].start <= mention.start < tokens[-1].end:
                over = [p for p, each in enumerate(tokens) if mention.start < each.end and each.start < mention.end]
                if over:
                    found[number].append((over[0], over[-1] + 1))
    return found


def _meetings(sentences: Sequence[Sequence[Token]], one: Placed, other: Placed) -> tuple[Meeting, ...]:
    found = []
    for number in sorted(one.keys() & other.keys()):
        tokens = tuple(sentences[number])
        found.append(min((Meeting(tokens, a, b) for a, b in product(one[number], other[number])), key=_closeness))
    return tuple(sorted(found, key=_closeness))


def _closeness(meeting: Meeting) -> tuple[int, int]:
    return meeting.distance, meeting.tokens[0].start


def features(pair: Pair, mentions: Sequence[Mention], text: str) -> dict[str, float]:
    """What a classifier sees of a pair: how often, how near, how prominent, and the words about it."""
    nearest = pair.meetings[0].distance if pair.meetings else FAR
    edge = next((edge for edge in (0, 1, 2, 4, 7, 12, 20, 40) if nearest <= edge), FAR)
    row: dict[str, float] = {f"meetings={min(len(pair.meetings), 4)}": 1.0, f"nearest={edge}": 1.0}
    ranks = [_side(side, found, mentions, text, row) for side, found in (("s", pair.subjects), ("o", pair.objects))]
    row["ranks={}{}".format(*ranks)] = 1.0
    row["ranks={}{} near={}".format(*ranks, "never" if edge == FAR else ("far" if edge > 12 else "near"))] = 1.0
    if {"s-title", "o-title"} <= row.keys():
        row["both-title"] = 1.0
    causes = [rule.predicate for meeting in pair.meetings for rule in triggers() if rule.name in triggered(meeting)]
    row[f"says={min(causes.count(CAUSES), 3)} treats={min(causes.count(TREATS), 2)}"] = 1.0
    row[f"says={min(causes.count(CAUSES), 2)} ranks={ranks[0]}{ranks[1]}"] = 1.0
    for meeting in pair.meetings:
        _said(meeting, row)
        _place(meeting, mentions, pair, text, row)
    return row


def _side(side: str, found: Sequence[Mention], mentions: Sequence[Mention], text: str, row: dict[str, float]) -> int:
    """Says in `row` how prominent one concept is in the text; its rank among those of its kind, 0 to 3."""
    same = Counter(each.concept for each in mentions if each.concept and each.kind == found[0].kind).values()
    rank = min(sum(count > len(found) for count in same), 3)
    row[f"{side}-count={min(len(found), 5)}"] = row[f"{side}-rank={rank}"] = row[
        f"{side}-kinds={min(len(same), 6)}"
    ] = 1.0
    row[f"{side}-share"] = len(found) / max(sum(same), 1)
    if found[0].start < _title(text):
        row[f"{side}-title"] = 1.0
    if found[-1].start > len(text) * 0.75:
        row[f"{side}-ends"] = 1.0
    row.update({f"{side}-word={word.lower()}": 1.0 for mention in found for word in mention.text.split()})
    return rank


def _title(text: str) -> int:
    """Where the first sentence, a title, ends."""
    return len(text.split("\n", 1)[0].split(". ", 1)[0]) + 1


def _place(meeting: Meeting, mentions: Sequence[Mention], pair: Pair, text: str, row: dict[str, float]) -> None:
    """Says where in the text the two meet, and whether another concept stands between them."""
    start, end = meeting.tokens[meeting.first[1] - 1].end, meeting.tokens[meeting.last[0]].start
    if meeting.tokens[0].start < _title(text):
        row["meet-title"] = 1.0
    if meeting.tokens[0].start > len(text) * 0.75:
        row["meet-ends"] = 1.0
    for side, own in (("s", pair.subjects[0].kind), ("o", pair.objects[0].kind)):
        if any(start <= each.start and each.end <= end and each.kind == own for each in mentions):
            row[f"{side}-between"] = 1.0


def _said(meeting: Meeting, row: dict[str, float]) -> None:
    order = "so" if meeting.subject <= meeting.object else "os"
    between = meeting.words(meeting.first[1], meeting.last[0])
    if len(between) <= NEAR:
        row[f"{order}|{' '.join(between)}"] = 1.0
        row.update({f"{order}-b={word}": 1.0 for word in between})
    row.update({f"{order}-before={word}": 1.0 for word in meeting.words(meeting.first[0] - 4, meeting.first[0])})
    row.update({f"{order}-after={word}": 1.0 for word in meeting.words(meeting.last[1], meeting.last[1] + 4)})
    for name in triggered(meeting):
        row[f"trigger={name}"] = row.get(f"trigger={name}", 0.0) + 1.0


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that say of two concepts beside each other how they are related."""

    name: str
    predicate: str
    order: str  # so: subject first; os: object first
    between: tuple[tuple[str, ...], ...]  # one of these runs of words stands between, with at most `loose` words around
    loose: int
    denies: bool


@cache
def triggers() -> tuple[Trigger, ...]:
    """The trigger rules of _triggers.toml."""
    table = tomllib.loads(resources.files("probatum.annotators").joinpath("_triggers.toml").read_text(encoding="utf-8"))
    return tuple(
        Trigger(
            name, rule["predicate"], rule["order"], tuple(tuple(words.split()) for words in rule["between"]),
            rule.get("loose", 0), rule.get("denies", False),
        )
        for name, rule in table.items()
    )  # fmt: skip


def triggered(meeting: Meeting) -> list[str]:
    """The names of the trigger rules that hold where two concepts meet, in the order of the table."""
    order = "so" if meeting.subject <= meeting.object else "os"
    between = [word for word in meeting.words(meeting.first[1], meeting.last[0]) if word not in _PASSED_OVER]
    if any(mark in between for mark in (";", "whereas")):
        return []
    return [
        rule.name
        for rule in triggers()
        if rule.order == order and any(_holds(words, between, rule.loose) for words in rule.between)
    ]


_PASSED_OVER = {"a", "an", "the", "(", ")", '"', "'", "s", "this", "that", "these", "its", "their", "his", "her"}


def _holds(words: Sequence[str], between: Sequence[str], loose: int) -> bool:
    size = len(words)
    if len(between) - size > loose:
        return False
    return any(tuple(between[at : at + size]) == tuple(words) for at in range(len(between) - size + 1))
