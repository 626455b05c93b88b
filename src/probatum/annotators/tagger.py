"""Chemicals and diseases (or whatever a corpus taught) marked in a text by a trained conditional random field.

The field stands over features of the words, or over a network (BiLSTM, encoder) that the stage tag trained.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from probatum.annotators import _tagging
from probatum.annotators._names import Names
from probatum.annotators._reading import with_kinds
from probatum.errors import NeedsFile
from probatum.naming import card
from probatum.networks import crf, labelling
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Relation

Marks = Callable[[str], list[_tagging.Span]]
GROUPS = {"ChemicalEntity": ("ChemicalEntity", "Drug"), "Disease": ("Disease", "PhenotypicFeature")}


@card(
    "Trained tagger (conditional random field) with normalisation",
    survey="T5 information extraction",
    reference="https://doi.org/10.1093/database/baw068",
    languages=("en",),
)
def tagger(store: Store, *, model: str = "", prefix: str = "MESH:", nearest: float = 0.75) -> Annotate:
    """A callable that gives a text's mentions sorted by place, each with its kind and, where one is named, its concept.

    `model` is the folder that training wrote: of a field over features, or of a network (`probatum train bilstm_crf`),
    whose marks are given as they are. `prefix` is the vocabulary of the concepts; `nearest` the least likeness of
    spelling (0 to 1) at which a string that is nobody's name still names a concept. A short form in brackets names what
    stands before it. Raises `NeedsFile` without a model, `NeedsExtra` without torch, `BadFormat` for what is none.
    """
    if not model:
        raise NeedsFile("the tagger needs a trained model", mend="--set model=FOLDER, as training wrote it")
    folder = Path(model)
    if (folder / labelling.FILES[1]).is_file():
        network = labelling.load(folder)
        marks: Marks = partial(_marked, network=network)
        kinds = {label[2:] for label in network.about["labels"] if label != "O"}
        return partial(_tagged, marks=marks, names=_names(store, kinds, prefix, {}), nearest=nearest)
    field = crf.load(folder)
    learned = (
        json.loads((folder / _tagging.LEARNED).read_text(encoding="utf-8"))
        if (folder / _tagging.LEARNED).is_file()
        else {}
    )
    marks = partial(_tagging.spans, field=field, known=with_kinds(store, _tagging.HINTS))
    kinds = {label[2:] for label in field.labels if label != "O"}
    return partial(_tagged, marks=marks, names=_names(store, kinds, prefix, learned), nearest=nearest)


def _names(store: Store, kinds: Collection[str], prefix: str, learned: Mapping[str, Any]) -> dict[str, Names]:
    return {kind: Names(store, GROUPS.get(kind, (kind,)), prefix, learned.get(kind, {})) for kind in sorted(kinds)}


def _marked(text: str, *, network: labelling.Tagger) -> list[_tagging.Span]:
    return [(each.start, each.end, each.kind) for each in network(text)]


def _tagged(text: str, *, marks: Marks, names: dict[str, Names], nearest: float) -> list[Mention | Relation]:
    spans = marks(text)
    longer = {text[start:end]: long for start, end, _, long in _tagging.short_forms(text, spans)}
    found: list[Mention | Relation] = []
    for start, end, kind in spans:
        written = text[start:end]
        concept = names[kind](longer.get(written, written), nearest=nearest)
        found.append(Mention(start, end, written, concept, kind=kind))
    return found
