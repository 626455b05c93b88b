"""What lies on the desk when a question is answered: the store, what searches and reads it, and who writes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from probatum.errors import ModelFailed
from probatum.proof.witnesses import Sight
from probatum.shapes import Annotate, Entail, LanguageModel, Retrieve
from probatum.store.reader import Store
from probatum.text.personal import identifying
from probatum.types import Answer, Relation, Reply, Request

FORMS = ("keep", "alone", "any", "independent")


@dataclass(frozen=True, slots=True)
class Withheld:
    """Knowledge that an evaluation keeps from a method, because the case that is asked about is its very source.

    Forms: `keep` withholds nothing; `alone` the claims whose references are all among `references`; `any` those that
    name one of them; `independent` those and every claim that refers to an OMIM synopsis, which rests on the
    same papers.
    """

    references: frozenset[str] = frozenset()
    form: str = "keep"

    def hides(self, claim: Relation) -> bool:
        """Whether this claim is withheld."""
        return self.hides_references(claim.origin.references)

    def hides_references(self, references: tuple[str, ...]) -> bool:
        """Whether a claim that rests on these references is withheld."""
        if self.form == "keep" or not references:
            return False
        if self.form == "alone":
            return self.references.issuperset(references)
        if self.form == "independent" and any(name.startswith("OMIM:") for name in references):
            return True
        return not self.references.isdisjoint(references)


POLICIES = ("drop", "mark", "abstain")  # what becomes of a sentence that its sources do not bear out
LEAVES = ("no-patients", "nothing", "all")  # what a model on another computer may be told


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one answer may take of a language model; 0 stands for no limit."""

    calls: int = 0
    tokens: int = 0  # in and out together
    seconds: float = 0.0
    cost: float = 0.0  # in the currency of the model's prices


@dataclass(slots=True)
class Metered:
    """A model that keeps count of what one answer takes, and to which only passes what may leave this computer."""

    model: LanguageModel
    budget: Budget = field(default_factory=Budget)
    leaves: str = LEAVES[0]
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0  # as the replies tell them: a replayed answer tells the same
    cost: float = 0.0
    waited: float = 0.0  # by the clock, failures too

    @property
    def leaves_host(self) -> bool:
        """As the model within."""
        return self.model.leaves_host

    def __call__(self, request: Request) -> Reply:
        """The model's reply; raises `ModelFailed` where the budget is spent or the text must stay here."""
        if why := self._spent() or (self._kept(request) if self.leaves_host else ""):
            raise ModelFailed(why, mend="see --budget and the setting `leaves`")
        self.calls += 1
        if self.budget.seconds:  # what is left of it is the longest that this reply may take
            left = self.budget.seconds - self.waited
            request = replace(request, seconds=min(request.seconds or left, left))
        begun = time.monotonic()
        try:
            reply = self.model(request)
        finally:
            self.waited += time.monotonic() - begun
        self.seconds += reply.seconds
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        self.cost += reply.cost
        return reply

    def said(self) -> str:
        """What was taken, in words that `usage_of` reads."""
        cost = f", cost {self.cost:.6f}" if self.cost else ""
        return f"calls {self.calls}, tokens in {self.tokens_in}, out {self.tokens_out}, {self.seconds:.1f} s{cost}"

    def _spent(self) -> str:
        had = (
            (self.calls, self.budget.calls, "calls"),
            (self.tokens_in + self.tokens_out, self.budget.tokens, "tokens"),
            (self.waited, self.budget.seconds, "seconds"),
            (self.cost, self.budget.cost, "of cost"),
        )
        return next(
            (f"the budget of {most:g} {what} is spent" for taken, most, what in had if most and taken >= most), ""
        )

    def _kept(self, request: Request) -> str:
        """Why a request may not leave this computer; empty where it may."""
        if self.leaves == "nothing":
            return "no text may leave this computer"
        if self.leaves == "no-patients":
            if request.question.patient is not None:
                return "the question is about a patient, and nothing of a patient may leave this computer"
            for _, text in request.messages:
                if found := identifying(text):
                    return f"the text would identify a person ({found[0][2]}) and may not leave this computer"
        return ""


_USED = re.compile(r"calls (\d+), tokens in (\d+), out (\d+)")


def usage_of(answer: Answer) -> tuple[int, int, int]:
    """(calls, tokens in, tokens out) that a language model took for an answer; zeros where none was asked."""
    told = next((found for step in answer.trace if step.what == "usage" and (found := _USED.match(step.said))), None)
    return (int(told[1]), int(told[2]), int(told[3])) if told else (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that a method works with; they are laid once and used for many questions."""

    store: Store
    retrieve: Retrieve
    annotate: Annotate
    model: LanguageModel
    withheld: Withheld = field(default_factory=Withheld)
    policy: str = POLICIES[0]
    entail: Entail | None = None  # says besides the rules whether a claim follows from what it cites
    cases: Path | None = None  # the folder of the memory of past cases; without it that of the store

    @property
    def sight(self) -> Sight:
        """What the sentences of an answer are held against their sources with."""
        return Sight(self.store, self.annotate, self.entail, self.cases)
