"""Networks that label each token of a text: two ways of reading it, one field on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from probatum.networks.field import Steps, allowed, best, log_likelihood
from probatum.networks.kit import needed


def lstm_tagger(words: int, letters: int, labels: Sequence[str], *, width: int = 100, dropout: float = 0.3) -> Any:
    """A field over a two-way LSTM that reads words and the letters they are written with (arXiv:1603.01360).

    It takes `words` (b, t), `letters` (b, t, l), `mask` (b, t); place 0 of both vocabularies is padding.
    """
    nn = needed("torch.nn")
    torch = needed("torch")

    class Reader(nn.Module):  # type: ignore[misc, name-defined]
        """Words and letters to one vector a token."""

        def __init__(self) -> None:
            super().__init__()
            self.width = 2 * width
            self.words = nn.Embedding(words, width, padding_idx=0)
            self.letters = nn.Embedding(letters, 25, padding_idx=0)
            self.shapes = nn.Conv1d(25, 50, 3, padding=1)
            self.reads = nn.LSTM(width + 50, width, batch_first=True, bidirectional=True)
            self.drop = nn.Dropout(dropout)

        def forward(self, batch: Mapping[str, Any]) -> Any:
            """(b, t, 2 * width)."""
            b, t, size = batch["letters"].shape
            spelt = self.shapes(self.letters(batch["letters"].view(b * t, size)).transpose(1, 2))
            both = torch.cat([self.words(batch["words"]), spelt.max(2).values.view(b, t, -1)], 2)
            lengths = batch["mask"].sum(1).cpu()
            packed = nn.utils.rnn.pack_padded_sequence(self.drop(both), lengths, batch_first=True, enforce_sorted=False)
            read, _ = nn.utils.rnn.pad_packed_sequence(self.reads(packed)[0], batch_first=True, total_length=t)
            return self.drop(read)

    return _tagger(Reader(), labels)


def encoder_tagger(encoder: Any, labels: Sequence[str], *, dropout: float = 0.1) -> Any:
    """A field over an encoder's first piece of each word.

    It takes `input_ids`, `attention_mask` (b, p), `first` (b, t): the place of each word's first piece, `mask` (b, t).
    """
    nn = needed("torch.nn")
    torch = needed("torch")

    class Reader(nn.Module):  # type: ignore[misc, name-defined]
        """Pieces to one vector a word."""

        width = int(encoder.config.hidden_size)

        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.drop = encoder, nn.Dropout(dropout)

        def forward(self, batch: Mapping[str, Any]) -> Any:
            """(b, t, width)."""
            read = self.encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            rows = torch.arange(len(read), device=read.device)[:, None]
            return self.drop(read[rows, batch["first"]])

    return _tagger(Reader(), labels)


def _tagger(reader: Any, labels: Sequence[str]) -> Any:
    nn, torch = needed("torch.nn"), needed("torch")
    number = len(labels)

    class Tagger(nn.Module):  # type: ignore[misc, name-defined]
        """A reader, a score of each label, and the field's steps."""

        def __init__(self) -> None:
            super().__init__()
            self.reader, self.scores = reader, nn.Linear(reader.width, number)
            self.first, self.last = nn.Parameter(torch.zeros(number)), nn.Parameter(torch.zeros(number))
            self.between = nn.Parameter(torch.zeros(number, number))
            for name, value in zip(("no_first", "no_between", "no_last"), allowed(labels), strict=True):
                self.register_buffer(name, value)

        def steps(self) -> Steps:
            """The learnt steps without those that no labelling takes."""
            return self.first + self.no_first, self.between + self.no_between, self.last + self.no_last

        def forward(self, **batch: Any) -> Any:
            """The mean loss a text, where labels are given; else their scores."""
            scores = self.scores(self.reader(batch))
            if "labels" not in batch:
                return scores
            return -log_likelihood(scores, batch["labels"], batch["mask"], self.steps()).mean()

        def labelled(self, batch: Mapping[str, Any]) -> list[list[int]]:
            """The best labelling of each text."""
            with torch.no_grad():
                return best(self.scores(self.reader(batch)), batch["mask"], self.steps())

    return Tagger()
