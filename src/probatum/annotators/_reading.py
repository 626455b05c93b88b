"""What the annotators of relations share: whose mentions they stand on, and how a relation that was read is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import tee

from probatum.annotators._pairs import Pair
from probatum.naming import call
from probatum.shapes import Annotate, annotated
from probatum.store.reader import Store
from probatum.types import Mention, Origin, Pairs, Relation

CHEMICALS = ("ChemicalEntity", "Drug", "MolecularMixture")
DISEASES = ("Disease", "PhenotypicFeature")
KINDS = (CHEMICALS, DISEASES)
TAGGER, CLASSIFIER = "tagger", "relations"  # the folders within a trained model


def mentions_by(store: Store, name: str, model: str) -> Annotate:
    """The annotator of this name, its mentions bearing kinds: a trained one over `model`, or the dictionary."""
    if name == "dictionary":
        return with_kinds(store, (*CHEMICALS, *DISEASES))
    return call("annotators", name, store, model=model)  # type: ignore[no-any-return]


def with_kinds(store: Store, kinds: tuple[str, ...]) -> Annotate:
    """The dictionary over the English names of some kinds, each mention bearing the kind of its concept."""
    read = call("annotators", "dictionary", store, languages=("en",), kinds=kinds)

    @cache
    def kind(concept: str) -> str:
        known = store.concept(concept)
        return known.kind if known else ""

    return Further(read, lambda _, found: [replace(each, kind=each.kind or kind(each.concept)) for each in found])


def with_relations(read: Annotate, relate: Callable[[str, list[Mention]], list[Relation]]) -> Annotate:
    """The annotator whose mentions are those of another, and after them the relations that are told from them."""
    return Further(read, lambda text, found: [*found, *relate(text, found)])


@dataclass(frozen=True, slots=True)
class Further:
    """An annotator that goes on from the mentions of another."""

    read: Annotate
    go_on: Callable[[str, list[Mention]], list[Mention | Relation]]

    def __call__(self, text: str) -> list[Mention | Relation]:
        """What stands in a text."""
        return self._on(text, self.read(text))

    def many(self, texts: Iterable[str]) -> Iterator[list[Mention | Relation]]:
        """What stands in each text, in order."""
        texts, read = tee(texts)
        return map(self._on, texts, annotated(self.read, read))

    def _on(self, text: str, found: list[Mention | Relation]) -> list[Mention | Relation]:
        return self.go_on(text, [each for each in found if isinstance(each, Mention)])


def read_off(pair: Pair, predicate: str, text: str, by: str, qualifiers: Pairs, *, negated: bool = False) -> Relation:
    """The relation of a pair as a machine read it out of a text: where it stands there, and by which annotator.

    Who stores it gives it the text's own origin; until then the release is the hash of the text.
    """
    release = sha256(text.encode()).hexdigest()[:16]
    origin = Origin(by, release, pair.at, evidence="read by machine", reliability="extracted")
    return Relation(pair.subject, predicate, pair.object, origin, negated, tuple(sorted(qualifiers)))
