"""Changes questions on purpose without changing what is right: does the answer stay the same?"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from probatum.errors import BadPlan
from probatum.store.reader import Store
from probatum.text.chinese import is_han
from probatum.trials import perturbing_cases
from probatum.types import Answer, Example

RATE = 0.05  # of the letters or words that a change may meet
Change = Callable[[str, random.Random], str]
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)}
_MASS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?(mg|g|kg|mL|L|°C)(?![\w/])")
_TO = {"mg": (1e-3, "g"), "g": (1e3, "mg"), "kg": (1e3, "g"), "mL": (1e-3, "L"), "L": (1e3, "mL")}
_AGE = re.compile(r"\b(\d{1,3})(?=(?:[- ]year[- ]old| years? old| years? of age))|(\d{1,3})(?=岁)")
_DRUGS = ("Drug", "ChemicalEntity", "SmallMolecule")


def perturbed(examples: Sequence[Example], name: str, store: Store | None = None, *, seed: int = 0) -> list[Example]:
    """The examples with questions changed as named, gold kept true; a label `perturbed` says yes or no of each.

    noise (case, punctuation and blanks as of a bad scan), typos, brand (another name of a drug that the store knows),
    units, negation (a denied finding that does not matter is added), options (their order; gold goes along),
    homophones and similar (Chinese characters), and counterfactual patients: sex (never where the answer may hang on
    it), age (twenty years more), ethnicity. Of a patient's record: `perturbing_cases.ways`. An item changes alike in
    every run. Raises `BadPlan`.
    """
    ways = _ways(store)
    if name not in ways:
        raise BadPlan(f"perturb = {name!r} is not known here", mend=f"one of: {', '.join(ways)}")
    told = []
    for example in examples:
        draw = random.Random(f"{seed} {name} {example.id}")  # noqa: S311 - a draw, not a secret
        changed = ways[name](example, draw)
        labels = dict(example.labels) | {"perturbed": "no" if changed == example else "yes"}
        told.append(replace(changed, labels=tuple(sorted(labels.items()))))
    return told


def names() -> tuple[str, ...]:
    """The ways in which questions can be changed."""
    return tuple(_ways(None))


def _ways(store: Store | None) -> dict[str, Callable[[Example, random.Random], Example]]:
    texts: dict[str, Change] = {
        "noise": noisy,
        "typos": mistyped,
        "brand": _renaming(store),
        "units": lambda text, _: _MASS.sub(_converted, text),
        "negation": _denying,
        "homophones": lambda text, draw: _exchanged(text, draw, "homophones"),
        "similar": lambda text, draw: _exchanged(text, draw, "similar"),
        "sex": lambda text, _: other_sex(text),
        "age": lambda text, _: _AGE.sub(lambda found: str(_older(int(found[0]))), text),
        "ethnicity": _of_another,
    }
    ways = {name: _texts(change, whole=name not in ("negation",)) for name, change in texts.items()}
    return ways | {"options": reordered} | perturbing_cases.ways(store)


def _texts(change: Change, *, whole: bool) -> Callable[[Example, random.Random], Example]:
    """A change of a text as a change of an example: of its question, and where `whole` of its context too."""

    def changed(example: Example, draw: random.Random) -> Example:
        asked = example.question
        text = change(asked.text, draw) if asked.text else ""
        context = tuple(change(each, draw) for each in asked.context) if whole else asked.context
        return replace(example, question=replace(asked, text=text, context=context))

    return changed


def noisy(text: str, draw: random.Random) -> str:
    """The text with a mark of punctuation, a blank or a capital lost or doubled here and there."""
    told = []
    for letter in text:
        hit = draw.random() < 2 * RATE
        if not hit or letter.isdigit() or letter == ".":  # a lost decimal point would be another dose
            told.append(letter)
        elif letter == " ":
            told.append("  ")
        elif letter in ",;:!?，。；：！？、":
            told.append("")
        else:
            told.append(letter.swapcase())
    return "".join(told)


def mistyped(text: str, draw: random.Random) -> str:
    """The text with neighbouring keys hit and letters exchanged inside words; numbers and words under four stay."""

    def mistaken(found: re.Match[str]) -> str:
        word = found[0]
        if draw.random() >= 2 * RATE:
            return word
        at = draw.randrange(1, len(word) - 1)
        if draw.random() < 0.5:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        near = _NEAR.get(word[at].lower(), word[at])
        return word[:at] + draw.choice(near) + word[at + 1 :]

    return re.sub(r"\b[A-Za-z]{4,}\b", mistaken, text)


def other_sex(text: str) -> str:
    """The text with the words of the other sex; as it is where the answer may hang on the sex."""
    folded = text.lower()
    if any(word in folded for word in _table()["sexed"]):
        return text
    pairs = {one: other for man, woman in _table()["sexes"] for one, other in ((man, woman), (woman, man))}
    pairs["him"] = "her"

    def exchanged(found: re.Match[str]) -> str:
        other: str = pairs[found[0] if found[0] in pairs else found[0].lower()]
        return other.capitalize() if found[0][0].isupper() else other

    told = re.sub(rf"\b(?:{'|'.join(sorted(pairs, key=len, reverse=True))})\b", exchanged, text, flags=re.IGNORECASE)
    return told.translate(str.maketrans("男女他她", "女男她他"))


def reordered(example: Example, draw: random.Random) -> Example:
    """The options in another order under the same letters; what is gold goes along."""
    options = example.question.options
    order = list(range(len(options)))
    draw.shuffle(order)
    if len(options) > 1 and order == sorted(order):
        order = order[1:] + order[:1]
    letters = [letter for letter, _ in options]
    became = {letters[old]: letters[new] for new, old in enumerate(order)}
    texts = tuple((letter, options[old][1]) for letter, old in zip(letters, order, strict=True))
    gold = _relettered(example.answer, became)
    rejected = tuple(_relettered(each, became) for each in example.rejected)
    return replace(example, question=replace(example.question, options=texts), answer=gold, rejected=rejected)


def _relettered(answer: Answer, became: Mapping[str, str]) -> Answer:
    choice = "".join(sorted(became.get(letter, letter) for letter in answer.choice))
    if answer.choice in became:
        choice = became[answer.choice]
    candidates = tuple(replace(each, id=became.get(each.id, each.id)) for each in answer.candidates)
    return replace(answer, choice=choice, candidates=candidates)


def _converted(found: re.Match[str]) -> str:
    number, unit = float(found[1]), found[2]
    if unit == "°C":
        return f"{number * 9 / 5 + 32:.1f} °F"
    factor, other = _TO[unit]
    return f"{number * factor:.10g} {other}"


def _older(age: int) -> int:
    return age if age < 18 else min(age + 20, 95)  # a child stays one: much hangs on that


def _denying(text: str, draw: random.Random) -> str:
    chinese = any(map(is_han, text))
    said = draw.choice(_table()["denied_zh" if chinese else "denied"])
    return f"{said}{text}" if chinese else f"{said} {text}"


def _exchanged(text: str, draw: random.Random, kind: str) -> str:
    pairs = {one: other for first, second in _table()[kind] for one, other in ((first, second), (second, first))}
    return "".join(pairs[each] if each in pairs and draw.random() < 4 * RATE else each for each in text)


def _of_another(text: str, draw: random.Random) -> str:
    all_: list[str] = _table()["ethnicities"]
    pattern = re.compile(
        rf"\b(?:{'|'.join(all_)}|Caucasian|African[- ]American)(?=\s+(?:man|woman|boy|girl|patient|male|female))"
    )
    if found := pattern.search(text):
        return text.replace(found[0], draw.choice([each for each in all_ if each != found[0]]), 1)
    return re.sub(r"(?<=year-old )(?=man|woman|boy|girl|male|female)", draw.choice(all_) + " ", text, count=1)


def _renaming(store: Store | None) -> Change:
    """Another name of each drug that the store knows: brand for generic, generic for brand."""
    known: dict[str, tuple[str, ...]] = {}

    def exchanged(found: re.Match[str], draw: random.Random) -> str:
        fitting = [each for each in known[found[0].lower()] if each.lower() != found[0].lower()]
        return draw.choice(fitting) if fitting else found[0]

    def renamed(text: str, draw: random.Random) -> str:
        if store is None:
            raise BadPlan("brand names need a store", mend="probatum ingest a source of drugs")
        if not known:
            known.update(_drug_names(store) or {"\0": ()})
        words = {part for found in re.finditer(r"(?=(\b[\w-]+(?: [\w-]+){0,2}\b))", text) for part in _heads(found[1])}
        there = sorted(words & known.keys(), key=lambda each: (-len(each), each))
        if not there:
            return text
        return re.sub(
            rf"\b(?:{'|'.join(map(re.escape, there))})\b", lambda f: exchanged(f, draw), text, flags=re.IGNORECASE
        )

    return renamed


def _heads(run: str) -> list[str]:
    words = run.lower().split(" ")
    return [" ".join(words[: place + 1]) for place in range(len(words))]


def _drug_names(store: Store) -> dict[str, tuple[str, ...]]:
    """Every name of every drug of the store, in small letters, with all names of that drug."""
    told: dict[str, tuple[str, ...]] = {}
    for kind in _DRUGS:
        for concept in store.concepts(kind):
            others = (each.text for each in concept.names if each.language == "en" and each.scope in ("label", "exact"))
            names_ = tuple(sorted({concept.name, *others}))
            for name in names_ if len(names_) > 1 else ():
                told.setdefault(name.lower(), names_)
    return told


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("probatum").joinpath("trials/perturbing.toml").read_text(encoding="utf-8"))
