"""A round laid out before it begins: which items, who rates which, in which order; sealed by one hash."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, BadPlan, NeedsFile, StoreDamaged
from probatum.formats import answer_json
from probatum.formats.reading import lines, loads
from probatum.rounds.protocol import Known, Protocol, read_protocol
from probatum.types import Answer, Malformed, Pairs


@dataclass(frozen=True, slots=True)
class Item:
    """One question with the answer of each system."""

    id: str
    question: str
    answers: tuple[tuple[str, Answer], ...]  # by system, sorted
    gold: str = ""
    labels: Pairs = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """What a rater sees at once: one answer, or two of them in the order in which they stand."""

    kind: str  # rating, pair, calibration, attention
    item: str  # id of an item, or of what the protocol knows the ratings of
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole round: protocol, items, and each rater's screens in their order, the first at place 1."""

    protocol: Protocol
    items: tuple[Item, ...]
    sheets: Mapping[str, tuple[Screen, ...]]

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that are judged, sorted."""
        return tuple(system for system, _ in self.items[0].answers)

    def item(self, id: str) -> Item:
        """One item by its id."""
        return next(each for each in self.items if each.id == id)

    def known(self, screen: Screen) -> Known:
        """What the protocol expects of a screen for calibration or attention."""
        return next(each for each in (*self.protocol.calibration, *self.protocol.attention) if each.id == screen.item)

    @property
    def leaks(self) -> tuple[tuple[str, str], ...]:
        """(item, system) whose answer names one of the systems as a word: what blinding cannot hide."""
        words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.systems))})(?!\w)", re.IGNORECASE)
        return tuple((i.id, name) for i in self.items for name, answer in i.answers if words.search(answer.text))


def read_runs(runs: Mapping[str, Path], questions: Path | None = None) -> tuple[Item, ...]:
    """The items that every run answered, in the order of the first run.

    `runs` are files of JSON lines by system, each line with `id` and `output` (or `answer`): a text, or an answer as
    JSON. The question stands in the lines as `question`, or by id in the file `questions`; `gold` (a text) and `labels`
    (a table) may stand in either. Raises `NeedsFile`, `BadFormat`, and `BadPlan` where the runs share no item.
    """
    told = {system: {line["id"]: line for line in _rows(path)} for system, path in sorted(runs.items())}
    asked = {line["id"]: line for line in _rows(questions)} if questions else {}
    first = next(iter(runs), "")
    shared = [id_ for id_ in told.get(first, {}) if all(id_ in each for each in told.values())]
    if not shared:
        raise BadPlan("the runs share no item", where=", ".join(map(str, runs.values())))
    return tuple(_item(id_, {system: each[id_] for system, each in told.items()}, asked.get(id_, {})) for id_ in shared)


def _item(id_: str, told: Mapping[str, Mapping[str, Any]], asked: Mapping[str, Any]) -> Item:
    def said(key: str, otherwise: Any) -> Any:
        return next((each[key] for each in (asked, *told.values()) if each.get(key)), otherwise)

    question, gold, labels = said("question", ""), said("gold", ""), said("labels", {})
    if not isinstance(question, str) or not question:
        raise BadFormat(f"no question is told for item {id_!r}", mend="--questions FILE, JSON lines of id and question")
    pairs = labels.items() if isinstance(labels, dict) else ()
    answers = tuple((system, _answer(line, f"{system}: {id_}")) for system, line in told.items())
    plain = gold if isinstance(gold, str) else ""
    return Item(id_, question, answers, plain, tuple(sorted((str(key), str(value)) for key, value in pairs)))


def _answer(line: Mapping[str, Any], where: str) -> Answer:
    said = line.get("output", line.get("answer"))
    if isinstance(said, str):
        return Answer(text=said)
    return answer_json.read(json.dumps(said), where)


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise NeedsFile(f"no file {path}", mend="probatum evaluate BENCHMARK --out FILE writes a run")
    rows = []
    for line in lines(path):
        if isinstance(line, Malformed):
            raise BadFormat(line.reason, where=f"{path}:{line.line}")
        row = loads(line[1].encode(), f"{path}:{line[0]}")
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise BadFormat("a line must be an object with an id", where=f"{path}:{line[0]}")
        rows.append(row)
    return rows


def lay(protocol: Protocol, items: Sequence[Item], raters: Sequence[str]) -> Layout:
    """The round: items drawn, each given to `raters_per_item` raters in balance, screens shuffled by the seed.

    Every rater has as many items as any other, give or take one, and meets the others as evenly as that allows; which
    of two answers stands first is balanced for each rater. Raises `BadPlan` for too few raters, items or systems.
    """
    if len(set(raters)) < max(len(raters), protocol.raters_per_item):
        raise BadPlan(
            f"{len(set(raters))} raters, but each item needs {protocol.raters_per_item}", where="rate new",
            mend="more --raters, or a smaller raters_per_item",
        )  # fmt: skip
    systems = {tuple(system for system, _ in each.answers) for each in items}
    if len(systems) != 1 or (protocol.form != "ratings" and len(next(iter(systems))) < 2):
        raise BadPlan("every item needs the answers of the same systems, of two at least for pairs", where="rate new")
    drawn = _sampled(protocol, items)
    shares = _shares(drawn, raters, protocol.raters_per_item, random.Random(protocol.seed))  # noqa: S311 - a shuffle
    sheets = {rater: _sheet(protocol, shares[rater], rater) for rater in sorted(raters)}
    return Layout(protocol, tuple(drawn), sheets)


def _sampled(protocol: Protocol, items: Sequence[Item]) -> list[Item]:
    wanted = protocol.items or len(items)
    if wanted > len(items):
        raise BadPlan(f"items = {wanted}, but the runs share {len(items)}", where="rate new")
    draw = random.Random(protocol.seed)  # noqa: S311 - a sample that anybody can draw again
    if protocol.sampling == "spread":
        return [items[place * len(items) // wanted] for place in range(wanted)]
    if protocol.sampling == "random":
        chosen = set(draw.sample(range(len(items)), wanted))
        return [each for place, each in enumerate(items) if place in chosen]
    strata: dict[str, list[Item]] = {}
    for each in items:
        strata.setdefault(dict(each.labels).get(protocol.stratum, ""), []).append(each)
    queues = [draw.sample(strata[name], len(strata[name])) for name in sorted(strata)]
    order = [queue[row].id for row in range(max(map(len, queues))) for queue in queues if row < len(queue)]
    taken = set(order[:wanted])
    return [each for each in items if each.id in taken]


def _shares(items: Sequence[Item], raters: Sequence[str], k: int, draw: random.Random) -> dict[str, list[Item]]:
    """Each rater's items: always those with the fewest so far, among them those who met the least."""
    load: Counter[str] = Counter(dict.fromkeys(sorted(raters), 0))
    met: Counter[tuple[str, str]] = Counter()
    shares: dict[str, list[Item]] = {rater: [] for rater in raters}
    for item in draw.sample(list(items), len(items)):
        chosen: list[str] = []
        for _ in range(k):
            rest = [rater for rater in sorted(raters) if rater not in chosen]
            luck = {rater: draw.random() for rater in rest}
            chosen.append(min(rest, key=lambda r: (load[r], sum(met[_couple(r, o)] for o in chosen), luck[r])))
        for rater in chosen:
            load[rater] += 1
            shares[rater].append(item)
        met.update(_couple(one, other) for one, other in combinations(chosen, 2))
    return shares


def _couple(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _sheet(protocol: Protocol, items: Sequence[Item], rater: str) -> tuple[Screen, ...]:
    draw = random.Random(f"{protocol.seed} {rater}")  # noqa: S311 - an order that the seal covers
    screens: list[Screen] = []
    if protocol.form in ("ratings", "both"):
        rated = [Screen("rating", item.id, (system,)) for item in items for system, _ in item.answers]
        draw.shuffle(rated)
        screens += _apart(rated)
    if protocol.form in ("pairs", "both"):
        pairs = [(item.id, pair) for item in items for pair in combinations([name for name, _ in item.answers], 2)]
        draw.shuffle(pairs)
        # Every other comparison is turned round, so that standing first favours nobody.
        turned = [Screen("pair", id_, pair[:: -1 if n % 2 else 1]) for n, (id_, pair) in enumerate(pairs)]
        draw.shuffle(turned)
        screens += turned
    checks = [Screen("attention", each.id) for each in protocol.attention]
    for number, check in enumerate(checks, 1):
        screens.insert(number * len(screens) // (len(checks) + 1), check)
    before = [Screen("calibration", each.id) for each in protocol.calibration]
    after = draw.sample(before, len(before)) if protocol.repeat_calibration else []
    return (*before, *screens, *after)


def _apart(screens: list[Screen]) -> list[Screen]:
    """The screens with answers to one question no longer next to each other, where another can come between."""
    for place in range(1, len(screens)):
        if screens[place].item == screens[place - 1].item:
            for other in range(len(screens)):
                near = [screens[p].item for p in (other - 1, other, other + 1) if 0 <= p < len(screens)]
                around = [screens[p].item for p in (place - 1, place + 1) if p < len(screens)]
                if screens[place].item not in near and screens[other].item not in around:
                    screens[place], screens[other] = screens[other], screens[place]
                    break
    return screens


def seal(layout: Layout) -> str:
    """The hash over protocol, items with all answers, and the assignment: what was laid down before anybody rated."""
    return hashlib.sha256(written(layout).encode()).hexdigest()


def written(layout: Layout) -> str:
    """A round as JSON text, the same for the same round."""
    items = [asdict(item) for item in layout.items]
    sheets = {rater: [asdict(screen) for screen in sheet] for rater, sheet in layout.sheets.items()}
    told = {"protocol": layout.protocol.text, "items": items, "sheets": sheets}
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def opened(text: str, sealed: str, where: str) -> Layout:
    """The round of a JSON text; raises `StoreDamaged` where it is not what was sealed."""
    if hashlib.sha256(text.encode()).hexdigest() != sealed:
        raise StoreDamaged("this is not the round that was sealed", where=where, mend="restore rating.sqlite")
    told = json.loads(text)
    items = tuple(
        Item(
            each["id"], each["question"],
            tuple((system, answer_json.read(json.dumps(answer))) for system, answer in each["answers"]),
            each["gold"], tuple((key, value) for key, value in each["labels"]),
        )
        for each in told["items"]
    )  # fmt: skip
    sheets = {
        rater: tuple(Screen(each["kind"], each["item"], tuple(each["systems"])) for each in sheet)
        for rater, sheet in told["sheets"].items()
    }
    return Layout(read_protocol(told["protocol"], where), items, sheets)
