"""Desks for the tests of answering methods: the small store with the copyist, a script, or a model of likelihoods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from probatum.desk import Desk
from probatum.models.copyist import copyist
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.shapes import LanguageModel
from probatum.store.reader import Store
from probatum.types import Answer, Question, Reply, Request

DISEASES = (("A", "Gaucher disease"), ("B", "Marfan syndrome"), ("C", "Fabry disease"))
WHICH = Question("Which disease has ectopia lentis?", DISEASES)
WHICH_CHINESE = Question("哪种疾病有晶状体异位？", DISEASES)
OPEN = Question("How is Gaucher disease type 1 treated?")


@dataclass
class Weighing:
    """A model that writes a thought, and tells these likelihoods where choices are asked for, in turn."""

    told: Sequence[tuple[float, ...]]
    leaves_host: bool = False
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        done = sum(bool(each.choices) for each in self.asked)
        self.asked.append(request)
        return Reply("", self.told[done]) if request.choices else Reply(f"Thought {len(self.asked)}.")


def desk_with(store: Store, model: LanguageModel | None = None) -> Desk:
    return Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), model or copyist())


def scripted_desk(store: Store, says: Sequence[str] | Callable[[Request], str]) -> Desk:
    return desk_with(store, scripted(says=says))


def marking_desk(store: Store, says: Sequence[str] | Callable[[Request], str]) -> Desk:
    """A desk under which sentences that are not borne out stay, marked: what comes after the proof can be tried."""
    return replace(scripted_desk(store, says), policy="mark")


def steps_of(answer: Answer) -> list[str]:
    return [step.what for step in answer.trace]


def code(answer: Answer) -> str:
    return (answer.abstained or "").partition(":")[0]
