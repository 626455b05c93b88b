"""Chemicals and diseases (or whatever a corpus taught) marked in a text by a trained conditional random field."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from probatum.annotators import _tagging
from probatum.annotators._names import Names
from probatum.annotators._reading import with_kinds
from probatum.errors import NeedsFile
from probatum.naming import card
from probatum.networks import crf
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Relation

GROUPS = {"ChemicalEntity": ("ChemicalEntity", "Drug"), "Disease": ("Disease", "PhenotypicFeature")}


@card(
    "Trained tagger (conditional random field) with normalisation",
    survey="T5 information extraction",
    reference="https://doi.org/10.1093/database/baw068",
    languages=("en",),
)
def tagger(store: Store, *, model: str = "", prefix: str = "MESH:", nearest: float = 0.75) -> Annotate:
    """A callable that gives a text's mentions sorted by place, each with its kind and, where one is named, its concept.

    `model` is the folder that training wrote; `prefix` the vocabulary of the concepts; `nearest` the least likeness of
    spelling (0 to 1) at which a string that is nobody's name still names a concept. A short form in brackets names what
    stands before it. Raises `NeedsFile` without a model, `BadFormat` for what is none.
    """
    if not model:
        raise NeedsFile("the tagger needs a trained model", mend="--set model=FOLDER, as training wrote it")
    folder = Path(model)
    field = crf.load(folder)
    learned = (
        json.loads((folder / _tagging.LEARNED).read_text(encoding="utf-8"))
        if (folder / _tagging.LEARNED).is_file()
        else {}
    )
    known = with_kinds(store, _tagging.HINTS)
    names = {
        kind: Names(store, GROUPS.get(kind, (kind,)), prefix, learned.get(kind, {}))
        for kind in sorted({label[2:] for label in field.labels if label != "O"})
    }
    return partial(_tagged, field=field, known=known, names=names, nearest=nearest)


def _tagged(
    text: str, *, field: crf.Field, known: Annotate, names: dict[str, Names], nearest: float
) -> list[Mention | Relation]:
    spans = _tagging.spans(text, field, known)
    longer = {text[start:end]: long for start, end, _, long in _tagging.short_forms(text, spans)}
    found: list[Mention | Relation] = []
    for start, end, kind in spans:
        written = text[start:end]
        concept = names[kind](longer.get(written, written), nearest=nearest)
        found.append(Mention(start, end, written, concept, kind=kind))
    return found
