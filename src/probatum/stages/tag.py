"""Sequence labelling: a network with a field on top learns where the things of a corpus stand in a text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.naming import card
from probatum.networks.crf import labels_of, spans_of
from probatum.networks.features import Token, tokens_of
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.taggers import encoder_tagger, lstm_tagger
from probatum.stages._course import course_of, split
from probatum.types import Example, Mention

Sentence = tuple[list[Token], list[str]]  # with the label of each token, BIOES
LONGEST_WORD = 20  # letters that are read of a word
FILES = ("about.json", "tagger.safetensors")


@dataclass(frozen=True, slots=True)
class Tagger:
    """A trained network with its vocabularies: a text becomes mentions."""

    network: Any
    about: Mapping[str, Any]  # body, labels, words, letters, width, language
    tokenizer: Any = None  # of an encoder alone

    def __call__(self, text: str) -> list[Mention]:
        """The mentions of a text, in their order, each with its kind."""
        found = []
        self.network.eval()
        for tokens in tokens_of(text, self.about["language"]):
            if not tokens:
                continue
            path = self.network.labelled(self.collated([(tokens, [])]))[0]
            for start, end, kind in spans_of([self.about["labels"][each] for each in path]):
                first, last = tokens[start].start, tokens[end - 1].end
                found.append(Mention(first, last, text[first:last], "", kind=kind))
        return found

    def collated(self, sentences: Sequence[Sentence]) -> Mapping[str, Any]:
        """The tensors of some sentences; their labels where they have them."""
        torch = needed("torch")
        width = max(len(tokens) for tokens, _ in sentences)
        mask = torch.zeros(len(sentences), width, dtype=torch.bool)
        labels = torch.zeros(len(sentences), width, dtype=torch.long)
        places = {label: place for place, label in enumerate(self.about["labels"])}
        for row, (tokens, said) in enumerate(sentences):
            mask[row, : len(tokens)] = True
            labels[row, : len(said)] = torch.tensor([places.get(label, 0) for label in said], dtype=torch.long)
        batch = self._pieces(sentences, width) if self.tokenizer else self._words(sentences, width)
        return {**batch, "mask": mask} | ({"labels": labels} if sentences[0][1] else {})

    def _words(self, sentences: Sequence[Sentence], width: int) -> dict[str, Any]:
        torch = needed("torch")
        known, letters = self.about["words"], self.about["letters"]
        words = torch.zeros(len(sentences), width, dtype=torch.long)
        spelt = torch.zeros(len(sentences), width, LONGEST_WORD, dtype=torch.long)
        for row, (tokens, _) in enumerate(sentences):
            for place, token in enumerate(tokens):
                words[row, place] = known.get(token.text.lower(), 1)
                for at, letter in enumerate(token.text[:LONGEST_WORD]):
                    spelt[row, place, at] = letters.get(letter, 1)
        return {"words": words, "letters": spelt}

    def _pieces(self, sentences: Sequence[Sentence], width: int) -> dict[str, Any]:
        told = self.tokenizer(
            [[token.text for token in tokens] for tokens, _ in sentences],
            is_split_into_words=True, padding=True, truncation=True, return_tensors="pt",
            max_length=int(self.network.reader.encoder.config.max_position_embeddings),
        )  # fmt: skip
        torch = needed("torch")
        first = torch.zeros(len(sentences), width, dtype=torch.long)
        for row in range(len(sentences)):
            for place, word in reversed(list(enumerate(told.word_ids(row)))):
                if word is not None:
                    first[row, word] = place
        return {"input_ids": told["input_ids"], "attention_mask": told["attention_mask"], "first": first}

    def save(self, folder: Path) -> None:
        """Writes weights and vocabularies (and an encoder's tokenizer); nothing in them is code."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = {name: value.detach().clone().contiguous() for name, value in self.network.state_dict().items()}
        needed("safetensors.torch").save_file(weights, folder / FILES[1])
        (folder / FILES[0]).write_text(json.dumps(dict(self.about), ensure_ascii=False), encoding="utf-8")
        if self.tokenizer:
            self.tokenizer.save_pretrained(folder)
            self.network.reader.encoder.config.save_pretrained(folder)


def load(folder: Path) -> Tagger:
    """The tagger that was saved; raises `NeedsFile` where a file is missing, `BadFormat` where they do not fit."""
    for name in FILES:
        if not (folder / name).is_file():
            raise NeedsFile(f"no {name} in {folder}", mend="train with the stage tag and save what it gives")
    transformers = needed("transformers")
    try:
        about = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
        tokenizer = None
        if about["body"] == "encoder":
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
            network = _over(transformers.AutoModel.from_config(config), about["labels"])
        else:
            network = _lstm(about)
        network.load_state_dict(needed("safetensors.torch").load_file(folder / FILES[1]))
    except (ValueError, KeyError, RuntimeError) as error:
        raise BadFormat(f"not a trained tagger: {error}", where=str(folder)) from error
    network.eval()
    return Tagger(network, about, tokenizer)


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
            return Tagger(_lstm(about), about)
        about |= {"words": {}, "letters": {}}
        return Tagger(_over(getattr(kit.model, kit.model.base_model_prefix), about["labels"]), about, kit.tokenizer)


def _lstm(about: Mapping[str, Any]) -> Any:
    words, letters = len(about["words"]) + 2, len(about["letters"]) + 2
    return lstm_tagger(words, letters, about["labels"], width=int(about["width"]))


def _over(encoder: Any, labels: Sequence[str]) -> Any:
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # reads the whole text, of which nothing is asked here
    return encoder_tagger(encoder, labels)
