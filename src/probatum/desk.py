"""What lies on the desk when a question is answered: the store, what searches and reads it, and who writes."""

from __future__ import annotations

from dataclasses import dataclass, field

from probatum.shapes import Annotate, LanguageModel, Retrieve
from probatum.store.reader import Store
from probatum.types import Relation

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


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that a method works with; they are laid once and used for many questions."""

    store: Store
    retrieve: Retrieve
    annotate: Annotate
    model: LanguageModel
    withheld: Withheld = field(default_factory=Withheld)
