"""Which chemical brings about which disease in a text, by a classifier trained on texts that people annotated."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from probatum.annotators._pairs import CAUSES, features, pairs
from probatum.annotators._reading import CLASSIFIER, KINDS, TAGGER, mentions_by, read_off, with_relations
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card
from probatum.networks import logistic
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Relation


@card(
    "Trained relation classifier",
    survey="T5 information extraction",
    reference="https://doi.org/10.1093/database/baw068",
    languages=("en",),
)
def relations(store: Store, *, model: str = "", mentions: str = "tagger", threshold: float = 0.0) -> Annotate:
    """A callable that gives a text's mentions and, after them, the relations that a classifier finds between them.

    `model` is the folder that training wrote: `tagger/` and `relations/` in it. A relation is given where its
    probability (qualifier `confidence`) is at least `threshold` (0: the one that training chose). Raises `NeedsFile`.
    """
    if not model:
        raise NeedsFile("the classifier needs a trained model", mend="--set model=FOLDER, as training wrote it")
    trained = logistic.load(Path(model) / CLASSIFIER)
    least = threshold or trained.about.get("threshold")
    if not isinstance(least, float):
        raise BadFormat("the trained model names no threshold", where=str(Path(model) / CLASSIFIER / "about.json"))
    read = mentions_by(store, mentions, str(Path(model) / TAGGER))
    return with_relations(read, partial(_classified, trained=trained, least=least))


def _classified(text: str, found: list[Mention], *, trained: logistic.Logistic, least: float) -> list[Relation]:
    said: list[Relation] = []
    for pair in pairs(text, found, KINDS):
        chance = trained.chance(features(pair, found, text))
        if chance >= least:
            said.append(read_off(pair, CAUSES, text, "relations", (("confidence", f"{chance:.3f}"),)))
    return said
