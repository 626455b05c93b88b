"""A trained network that labels the words of a text, with its vocabularies: a text becomes mentions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile
from probatum.networks.crf import spans_of
from probatum.networks.features import Token, tokens_of
from probatum.networks.kit import needed
from probatum.networks.taggers import encoder_tagger, lstm_tagger
from probatum.types import Mention

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

    def parameters(self) -> Iterator[Any]:
        """All weights."""
        found: Iterator[Any] = self.network.parameters()
        return found

    def save_pretrained(self, folder: Path) -> None:
        """The same as `save`, by the name that models of transformers have for it."""
        self.save(folder)

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
            network = over(transformers.AutoModel.from_config(config), about["labels"])
        else:
            network = lstm_of(about)
        network.load_state_dict(needed("safetensors.torch").load_file(folder / FILES[1]))
    except (ValueError, KeyError, RuntimeError) as error:
        raise BadFormat(f"not a trained tagger: {error}", where=str(folder)) from error
    network.eval()
    return Tagger(network, about, tokenizer)


def lstm_of(about: Mapping[str, Any]) -> Any:
    """An untrained two-way LSTM with the vocabularies of `about`."""
    words, letters = len(about["words"]) + 2, len(about["letters"]) + 2
    return lstm_tagger(words, letters, about["labels"], width=int(about["width"]))


def over(encoder: Any, labels: Sequence[str]) -> Any:
    """An encoder with a field on top."""
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # reads the whole text, of which nothing is asked here
    return encoder_tagger(encoder, labels)
