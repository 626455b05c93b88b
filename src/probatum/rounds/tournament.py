"""A tournament of systems over the same items: pairs are drawn by a seed, judged two at a time, and rated by Elo.

Who judges: people, by what they said in a round; a measure, by its values item by item; or a language model, blind. The
settings are those of PULSE's evaluation (https://github.com/openmedlab/PULSE): K = 4 from 1000 points, seed 42, and 360
bouts, which were ten for each pair of nine systems.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from itertools import combinations
from typing import Any

from probatum.errors import BadFormat, BadPlan
from probatum.ledger.runs import RunFile
from probatum.naming import call
from probatum.rounds.combining import table
from probatum.rounds.judging import preferred
from probatum.rounds.laying import Item
from probatum.rounds.protocol import Comparison
from probatum.shapes import LanguageModel
from probatum.types import Judgement, Score

K, BOUTS, SEED = 4.0, 360, 42
BETTER = Comparison("better", "Which answer is more accurate, more complete and safer for the patient?")
_WORDS = {
    "en": ("Tournament", "judge", "bouts", "system", "won", "tied", "lost"),
    "zh": ("对抗赛", "裁判", "场次", "系统", "胜", "平", "负"),
}
_SAME = 1e-12  # a difference of two values that is rounding alone
Pair = tuple[str, str]


def drawn(meetings: Mapping[Pair, Sequence[str]], bouts: int = BOUTS, seed: int = SEED) -> list[tuple[str, Pair]]:
    """What meets whom: (key, systems in the order in which they are shown) of each bout, in the order of the bouts.

    `meetings` holds by pair of systems the keys (items) on which both can be judged. Every pair has as many bouts as
    any other, give or take one; a key comes again only when all of its pair were used; who stands first takes turns.
    With `bouts` 0 every key of every pair comes once. Raises `BadPlan` where a pair has nothing in common.
    """
    pairs = sorted(meetings)
    if not pairs:
        raise BadPlan("a tournament needs two systems at least", where="tournament")
    if bare := [pair for pair in pairs if not meetings[pair]]:
        raise BadPlan(f"{' and '.join(bare[0])} have no judged item in common", where="tournament")
    draw = random.Random(seed)  # noqa: S311 - an order that anybody can draw again
    told: list[tuple[str, Pair]] = []
    for place, pair in enumerate(pairs):
        wanted = (bouts // len(pairs) + (place < bouts % len(pairs))) if bouts else len(meetings[pair])
        keys: list[str] = []
        while len(keys) < wanted:
            keys += draw.sample(list(meetings[pair]), len(meetings[pair]))
        told += [(key, pair if turn % 2 else pair[::-1]) for turn, key in enumerate(keys[:wanted], place)]
    draw.shuffle(told)
    return told


def by_measure(
    values: Mapping[str, Mapping[str, float]], measure: str, *, bouts: int = BOUTS, seed: int = SEED
) -> list[Judgement]:
    """The bouts of a tournament whose judge is a measure: `values` by system and item, the higher wins."""
    meetings = {
        (one, other): sorted(values[one].keys() & values[other].keys())
        for one, other in combinations(sorted(values), 2)
    }
    told = []
    for item, systems in drawn(meetings, bouts, seed):
        first, second = (values[system][item] for system in systems)
        won = 0.5 if abs(first - second) <= _SAME else float(first > second)
        told.append(Judgement(item, measure, systems, measure, won))
    return told


def by_people(said: Sequence[Judgement], *, bouts: int = BOUTS, seed: int = SEED) -> list[Judgement]:
    """The bouts of a tournament whose judges are people: each is what one rater said of two answers to one question.

    Comparisons count; where there are none, the better of a rater's two mean ratings of one item wins. Raises `BadPlan`
    where nobody judged.
    """
    fights = [each for each in said if len(each.systems) == 2] or _of_ratings(said)
    by_pair: dict[Pair, dict[str, Judgement]] = {}
    for number, each in enumerate(fights):
        one, other = sorted(each.systems)
        by_pair.setdefault((one, other), {})[str(number)] = each
    told = []
    for key, systems in drawn({pair: list(each) for pair, each in by_pair.items()}, bouts, seed):
        found = by_pair[systems if systems in by_pair else systems[::-1]][key]
        won = found.value if found.systems == systems else 1 - found.value
        told.append(Judgement(found.item, found.rater, systems, found.criterion, won))
    return told


def _of_ratings(said: Sequence[Judgement]) -> list[Judgement]:
    """Who is better in a rater's own eyes: of two answers to one item, the one with the higher mean rating."""
    rated: dict[tuple[str, str], dict[str, list[float]]] = {}
    for each in said:
        rated.setdefault((each.item, each.rater), {}).setdefault(each.systems[0], []).append(each.value)
    told = []
    for (item, rater), systems in rated.items():
        means = {name: sum(values) / len(values) for name, values in systems.items()}
        for pair in combinations(sorted(means), 2):
            one, other = (means[name] for name in pair)
            won = 0.5 if abs(one - other) <= _SAME else float(one > other)
            told.append(Judgement(item, rater, pair, "mean rating", won))
    return told


def by_model(
    items: Sequence[Item], model: LanguageModel, *, bouts: int = BOUTS, seed: int = SEED, file: RunFile | None = None
) -> list[Judgement]:
    """The bouts of a tournament whose judge is a language model, blind to names and asked in both orders.

    A question whose gold is known is shown with it. Two answers that were judged before are not judged again, nor those
    that stand in the `file` of a call that was broken off. An empty answer loses against any other without being shown.
    Raises `ModelFailed`; what was judged stands in the file.
    """
    known = {each.id: each for each in items}
    systems = sorted({name for each in items for name, _ in each.answers})
    told: list[Judgement] = []
    judged: dict[tuple[str, Pair], float] = {}
    for number, (item, pair) in enumerate(drawn({p: list(known) for p in combinations(systems, 2)}, bouts, seed), 1):
        kept = file.done.get(f"{number:05}") if file else None
        one, other = sorted(pair)
        key = (item, (one, other))
        if kept is not None:
            judged[key] = float(kept["value"]) if pair == key[1] else 1 - float(kept["value"])
        elif key not in judged:
            judged[key] = _won(known[item], key[1], model)
        value = judged[key] if pair == key[1] else 1 - judged[key]
        told.append(Judgement(item, "model", pair, BETTER.name, value))
        if file and kept is None:
            file.write(line(number, told[-1]))
    return told


def _won(item: Item, pair: Pair, model: LanguageModel) -> float:
    answers = dict(item.answers)
    texts = [answers[name].text or answers[name].choice or answers[name].abstained or "" for name in pair]
    if not all(each.strip() for each in texts) or texts[0] == texts[1]:
        filled = [bool(each.strip()) for each in texts]
        return 0.5 if filled[0] == filled[1] else float(filled[0])
    asked = f"{item.question}\n\nReference answer:\n{item.gold}" if item.gold else item.question
    return preferred(model, asked, texts, (BETTER,))[BETTER.name]


def line(number: int, bout: Judgement) -> dict[str, Any]:
    """A bout as a line of a tournament's file."""
    return {"id": f"{number:05}"} | asdict(bout)


def bout_of(told: Mapping[str, Any], where: str) -> Judgement:
    """The bout of a line; raises `BadFormat`."""
    try:
        one, other = (str(name) for name in told["systems"])
        return Judgement(
            str(told["item"]), str(told["rater"]), (one, other), str(told["criterion"]), float(told["value"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFormat(f"not a bout of a tournament: {error}", where=where) from error


def standings(bouts: Sequence[Judgement], *, k: float = K, resamples: int = 1000) -> dict[str, Mapping[str, Score]]:
    """By system, the best first: `elo` and `bradley_terry` with 95% intervals, and `won`, `tied`, `lost` as shares."""
    scores = call("metrics", "elo", bouts, k=k, resamples=resamples)
    systems = sorted({name for each in bouts for name in each.systems}, key=lambda n: (-scores[f"elo:{n}"].value, n))
    told: dict[str, Mapping[str, Score]] = {}
    for system in systems:
        mine = [each.value if each.systems[0] == system else 1 - each.value for each in bouts if system in each.systems]
        row = {name: scores[f"{name}:{system}"] for name in ("elo", "bradley_terry") if f"{name}:{system}" in scores}
        for name, hits in (
            ("won", sum(each > 0.5 for each in mine)),
            ("tied", sum(each == 0.5 for each in mine)),
            ("lost", sum(each < 0.5 for each in mine)),
        ):
            row[name] = Score(hits / len(mine), len(mine), f"{name}|share of bouts")
        told[system] = row
    return told


def section(bouts: Sequence[Judgement], settings: Mapping[str, Any], language: str = "en") -> str:
    """The standings of a tournament as a section of HTML; `settings` are those of its file: judge, bouts, seed."""
    words, rows = _WORDS[language], []
    for name, row in standings(bouts).items():
        elo, strength = row["elo"], row.get("bradley_terry")
        bounds = "" if elo.low is None or elo.high is None else f" [{elo.low:.0f}, {elo.high:.0f}]"
        shares = [f"{row[key].value:.2f}" for key in ("won", "tied", "lost")]
        middle = f"{strength.value:.0f}" if strength else "–"
        rows.append([name, f"{elo.value:.0f}{bounds}", middle, *shares, str(elo.n)])
    head = [words[3], "Elo", "Bradley-Terry", *words[4:7], words[2]]
    told = (
        f"{words[1]}: {settings.get('judge', '')}; {words[2]}: {len(bouts)}; K: {K:g}; seed: {settings.get('seed', '')}"
    )
    return f'<section class="tournament"><h2>{words[0]}</h2><p>{escape(told)}</p>{table(head, rows)}</section>'
