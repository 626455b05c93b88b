"""What makers of training data share: entities drawn from the graph, a model asked for JSON, and the sieve."""

from __future__ import annotations

import hashlib
import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.models.copyist import copies
from probatum.store.wording import in_words
from probatum.text.normal import fold
from probatum.types import Concept, Relation, Request

ALIKE = 0.7  # Jaccard likeness of word pairs from which two texts count as the same
LEAK = 8  # words in a row that a text may not share with a test set
_FIELD = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("probatum").joinpath("makers/_making.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def words(key: str, language: str, **fields: object) -> str:
    """A text of makers/_making.toml in a language, its {fields} filled in once."""
    entry: Any = _table()
    for part in key.split("."):
        entry = entry[part]
    return _FIELD.sub(lambda found: str(fields.get(found[1], found[0])), str(entry[language]))


def styles(language: str) -> tuple[str, ...]:
    """The styles in which texts are written."""
    return tuple(_table()["styles"][language])


def checked_language(language: str) -> str:
    """The language, where it is one that makers write; raises `BadPlan`."""
    if language not in {"en", "zh"}:
        raise BadPlan(f"language = {language!r}", mend="en or zh")
    return language


def writes(desk: Desk) -> bool:
    """Whether a model that writes is on the desk; the copyist is none."""
    model: Any = desk.model
    while callable(within := getattr(model, "model", None)):
        model = within
    return not copies(model)


def drawn(desk: Desk, kind: str, count: int, seed: int) -> list[Concept]:
    """Concepts of a kind that have claims, drawn with the seed, in the order of their ids."""
    held = sorted(
        (each for each in desk.store.concepts(kind) if not each.obsolete and claims_of(desk, each.id)),
        key=lambda each: each.id,
    )
    chosen = held if len(held) <= count else random.Random(seed).sample(held, count)  # noqa: S311 - drawn, not secret
    return sorted(chosen, key=lambda each: each.id)


def claims_of(desk: Desk, id: str) -> list[Relation]:
    """The claims of which a concept is the subject, one for each assertion, sorted."""
    found = {
        (each.predicate, each.object, each.negated): each for each in reversed(list(desk.store.relations(subject=id)))
    }
    return [found[key] for key in sorted(found)]


def told(desk: Desk, claim: Relation, language: str) -> str:
    """A claim in words."""
    return in_words(desk.store, claim, language)


def asked(
    desk: Desk, task: str, language: str, data: Iterable[str], *, fits: Callable[[dict[str, Any]], bool], seed: int
) -> dict[str, Any] | None:
    """The JSON object that the model writes for a task over fenced data, asked for at most twice; None if it fails."""
    lines = list(data)
    mark = f"=====DATA-{hashlib.sha256(chr(0).join(lines).encode()).hexdigest()[:12]}"
    system = words("system", language, fence=mark)
    body = "\n".join([task, mark, *lines, mark]) if lines else task
    for turn in range(2):
        text = desk.model(Request((("system", system), ("user", body)), seed=seed + turn, temperature=0.7)).text
        read = _json(text)
        if read is not None and fits(read):
            return read
    return None


def _json(text: str) -> dict[str, Any] | None:
    at = text.find("{")
    if at < 0:
        return None
    try:
        read, _ = json.JSONDecoder().raw_decode(text, at)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


@dataclass(slots=True)
class Sieve:
    """Lets a text through once: none like it before, none that stands in a test set; and counts what it held back."""

    avoid: Sequence[str] = ()
    counts: Counter[str] = field(default_factory=Counter)
    _seen: list[frozenset[tuple[str, ...]]] = field(default_factory=list)
    _leaks: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for text in self.avoid:
            self._leaks |= set(_runs(text, LEAK))

    def passes(self, text: str) -> bool:
        """Whether a text is new; it is remembered."""
        pairs = frozenset(_runs(text, 2))
        if any(run in self._leaks for run in _runs(text, LEAK)):
            return self.drops("leaked")
        if any(_alike(pairs, other) >= ALIKE for other in self._seen):
            return self.drops("alike")
        self._seen.append(pairs)
        self.counts["kept"] += 1
        return True

    def drops(self, why: str) -> bool:
        """False, and one more in the count of what was held back for that reason."""
        self.counts[why] += 1
        return False


def _runs(text: str, length: int) -> list[tuple[str, ...]]:
    found = _WORD.findall(fold(text))
    return [tuple(found[at : at + length]) for at in range(max(1, len(found) - length + 1))] if found else []


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
