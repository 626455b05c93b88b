"""Sequence labelling: a network with a field on top learns where the things of a corpus stand in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.crf import labels_of
from probatum.networks.features import tokens_of
from probatum.networks.kit import Kit, needed
from probatum.networks.labelling import Sentence, Tagger, lstm_of, over
from probatum.networks.loop import Heard, fit
from probatum.stages._course import course_of, split
from probatum.types import Example, Mention


def sentences_of(examples: Sequence[Example], language: str = "en") -> list[Sentence]:
    """The sentences of annotated texts (`context`, else `text`) with BIOES labels of the mentions found in them."""
    found: list[Sentence] = []
    for example in examples:
        text = example.question.context[0] if example.question.context else example.question.text
        spans = sorted(
            {(each.start, each.end, each.kind) for each in example.answer.found if isinstance(each, Mention)}
        )
        for tokens in tokens_of(text, language):
            starts = {token.start: place for place, token in enumerate(tokens)}
            ends = {token.end: place + 1 for place, token in enumerate(tokens)}
            marked = [(starts[a], ends[b], kind) for a, b, kind in spans if a in starts and b in ends]
            if tokens:
                found.append((tokens, labels_of(marked, len(tokens))))
    return found


@card("Sequence labelling", survey="T5", reference="doi:10.48550/arXiv.1603.01360", languages=("en", "zh"))
def tag(
    kit: Kit,
    examples: Sequence[Example],
    *,
    body: str = "lstm",
    width: int = 100,
    language: str = "en",
    held_out: float = 0.0,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit with a `Tagger` as its model: BIOES labels, a conditional random field on top.

    `body`: lstm (two-way, words and letters; the kit's model is not used) or encoder (the kit's, of kind masked).
    Others as in sft. Raises `BadPlan`.
    """
    settings = course_of(course)
    if body not in {"lstm", "encoder"} or (body == "encoder" and kit.objective != "masked"):
        raise BadPlan(f"body = {body!r} does not go with a {kit.objective} model", mend="body = lstm, or an encoder")
    learn, kept = split(examples, held_out, settings.seed)
    told, others = sentences_of(learn, language), sentences_of(kept, language)
    tagger = _untrained(kit, told, {"body": body, "width": width, "language": language}, settings.seed)

    def loss(model: Any, batch: Mapping[str, Any]) -> Any:
        return model(**batch)

    trained = fit(tagger.network, told, tagger.collated, loss, settings, held_out=others, folder=folder, heard=heard)
    return replace(kit, model=tagger, history=(*kit.history, "tag"), courses=(*kit.courses, trained))


def _untrained(kit: Kit, sentences: Sequence[Sentence], how: Mapping[str, Any], seed: int) -> Tagger:
    torch = needed("torch")
    kinds = sorted({label[2:] for _, labels in sentences for label in labels if label != "O"})
    about = {**how, "labels": ["O", *(f"{part}-{kind}" for kind in kinds for part in "BIES")]}
    seen: dict[str, int] = {}
    for tokens, _ in sentences:
        for token in tokens:
            seen[token.text.lower()] = seen.get(token.text.lower(), 0) + 1
    # a word met once is as unknown as one never met: so the network learns what to do with those
    about["words"] = {word: place for place, word in enumerate(sorted(w for w, n in seen.items() if n > 1), 2)}
    letters = sorted({letter for tokens, _ in sentences for token in tokens for letter in token.text})
    about["letters"] = {letter: place for place, letter in enumerate(letters, 2)}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        if how["body"] == "lstm":
            return Tagger(lstm_of(about), about)
        about |= {"words": {}, "letters": {}}
        return Tagger(over(getattr(kit.model, kit.model.base_model_prefix), about["labels"]), about, kit.tokenizer)
