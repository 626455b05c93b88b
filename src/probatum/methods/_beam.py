"""A beam of paths through the graph: relations chosen, far ends drawn and scored, the best products kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from probatum.methods._graph import Hop, Net
from probatum.types import Step

Relation = tuple[str, bool]  # predicate, walked forwards


class Unread(Exception):  # not a failure of the program: the method abstains
    """What a judge says that nothing could be read from, twice."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way from a concept of the question, with the product of the scores along it."""

    start: str
    hops: tuple[Hop, ...]
    score: float

    @classmethod
    def at(cls, node: str) -> Path:
        """The path that has not left yet."""
        return cls(node, (), 1.0)

    @property
    def end(self) -> str:
        """The node that it has come to."""
        return self.hops[-1].far if self.hops else self.start

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that it meets, in order."""
        return (self.start, *(hop.far for hop in self.hops))


class Judge(Protocol):
    """Who scores the steps of a search."""

    def relations(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """A score of 0 or more for the relation of each step, one step standing for its relation."""
        ...

    def ends(self, path: Path, hops: Sequence[Hop]) -> list[float]:
        """A score of 0 or more for the far end of each step of one relation."""
        ...

    def enough(self, paths: Sequence[Path]) -> bool:
        """Whether the paths suffice to answer."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How wide a search is; 0 stands for no limit."""

    width: int
    relations: int
    many: int  # far ends of one relation above which a sample is drawn
    sample: int
    exclude: frozenset[str]


@dataclass(slots=True)
class Beam:
    """A search that writes down every step that it keeps and drops."""

    net: Net
    judge: Judge
    limits: Limits
    seed: int
    steps: list[Step]

    def grow(self, paths: Sequence[Path], level: int) -> list[Path]:
        """The best paths that are one step longer, best first; none where nothing new is found."""
        found = [longer for path in paths for longer in self._longer(path, level)]
        found.sort(key=lambda path: (-path.score, path.nodes, [hop.relation for hop in path.hops]))
        kept = [path for path in found if path.score > 0]
        kept = kept[: self.limits.width] if self.limits.width else kept
        self.steps.append(Step(f"beam {level}", "; ".join(map(self._told, kept)) or "nothing"))
        dropped = [path for path in found if path not in set(kept)]
        self.steps.append(Step(f"dropped {level}", "; ".join(map(self._told, dropped)) or "nothing"))
        return kept

    def enough(self, paths: Sequence[Path], level: int) -> bool:
        """Whether these paths suffice, by the judge."""
        does = self.judge.enough(paths)
        self.steps.append(Step(f"enough {level}", "yes" if does else "no"))
        return does

    def _longer(self, path: Path, level: int) -> list[Path]:
        by_relation: dict[Relation, list[Hop]] = {}
        for hop in self.net.hops(path.end):
            if hop.predicate not in self.limits.exclude and hop.far not in path.nodes:
                by_relation.setdefault(hop.relation, []).append(hop)
        if not by_relation:
            return []
        shares = self._shares(path, by_relation, level)
        longer: list[Path] = []
        for relation, share in shares.items():
            hops = self._drawn(by_relation[relation], path, level)
            for hop, value in zip(hops, normalised(self.judge.ends(path, hops)), strict=True):
                longer.append(Path(path.start, (*path.hops, hop), path.score * share * value))
        return longer

    def _shares(self, path: Path, by_relation: dict[Relation, list[Hop]], level: int) -> dict[Relation, float]:
        """The best relations, their scores normalised to sum 1."""
        names = sorted(by_relation)
        scores = self.judge.relations(path, [by_relation[name][0] for name in names])
        ranked = sorted(zip(names, scores, strict=True), key=lambda each: (-each[1], each[0]))
        kept = [each for each in ranked if each[1] > 0]
        kept = kept[: self.limits.relations] if self.limits.relations else kept
        shares = dict(zip([name for name, _ in kept], normalised([score for _, score in kept]), strict=True))
        told = [f"{_arrow(name)} {shares.get(name, 0.0):.4f}" for name, _ in ranked]
        self.steps.append(Step(f"relations {level}", f"{path.end}: {'; '.join(told)}"))
        return shares

    def _drawn(self, hops: list[Hop], path: Path, level: int) -> list[Hop]:
        if not self.limits.many or len(hops) <= self.limits.many:
            return hops
        # a seed of its own for each draw: what one draw takes does not hang on how many came before it
        draw = random.Random(f"{self.seed} {level} {path.nodes} {hops[0].relation}")  # noqa: S311  # no secret
        drawn = sorted(draw.sample(hops, self.limits.sample), key=lambda hop: hop.far)
        told = f"{_arrow(hops[0].relation)} of {path.end}: {', '.join(hop.far for hop in drawn)} of {len(hops)}"
        self.steps.append(Step(f"sampled {level}", told))
        return drawn

    def _told(self, path: Path) -> str:
        return f"{' | '.join(map(self.net.told, path.hops))} ({path.score:.6f})"


def normalised(scores: Sequence[float]) -> list[float]:
    """The scores over their sum; zeros where it is none."""
    whole = sum(scores)
    return [score / whole if whole else 0.0 for score in scores]


def _arrow(relation: Relation) -> str:
    return f"{'' if relation[1] else '^'}{relation[0]}"
