"""Vectors of texts and of a graph's nodes by one encoder, so that a text leads to the concepts that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.networks.heads import laid
from probatum.networks.kit import Kit, load, needed

BATCH = 64  # texts that are read at once


@dataclass(frozen=True, slots=True)
class Encoder:
    """A kit's trunk as what turns texts into vectors: the mean of the vectors of a text's tokens."""

    kit: Kit
    longest: int = 256  # tokens of a text that are read

    def __call__(self, texts: Sequence[str]) -> Any:
        """One vector a text: an array (texts, width), float32."""
        torch, numpy = needed("torch"), needed("numpy")
        tokenizer, model = self.kit.tokenizer, self.kit.model
        trunk = model.get_encoder() if self.kit.objective == "sequence-to-sequence" else model.base_model
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
        model.eval()
        made = []
        for at in range(0, len(texts), BATCH):
            rows = [laid(tokenizer, text, "", self.longest).ids for text in texts[at : at + BATCH]]
            ids = torch.full((len(rows), max(map(len, rows))), pad)
            mask = torch.zeros_like(ids)
            for place, row in enumerate(rows):
                ids[place, : len(row)], mask[place, : len(row)] = torch.tensor(row), 1
            with torch.no_grad():
                hidden = trunk(input_ids=ids.to(model.device), attention_mask=mask.to(model.device)).last_hidden_state
            mask = mask[:, :, None].to(hidden.device)
            inner = mask.clone()  # begin and end say nothing of a text; of one without a token they are all there is
            inner[:, 0] = 0
            for place, row in enumerate(rows):
                inner[place, len(row) - 1] = 0
            inner = torch.where(inner.sum(1, keepdim=True) > 0, inner, mask)
            made.append(((hidden * inner).sum(1) / inner.sum(1)).float().cpu().numpy())
        return numpy.concatenate(made) if made else numpy.zeros((0, int(model.config.hidden_size)), numpy.float32)


def encoder(folder: Path, *, longest: int = 256) -> Encoder:
    """The encoder of a checkpoint's folder, as the stage mlm leaves it. Raises `NeedsFile`, `NeedsExtra`."""
    return Encoder(load(folder), longest)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of a graph in the space of an encoder's texts."""

    ids: tuple[str, ...]
    vectors: Any  # (nodes, width), each of length 1, around their own mean
    mean: Any  # (width,), what all texts share: it is taken from a text's vector first

    def nearest(self, vectors: Any, keep: int = 1) -> list[list[tuple[str, float]]]:
        """For each vector of a text the nodes nearest to it, with the cosine, the nearest first; ties by the order."""
        numpy = needed("numpy")
        cosines = _unit(vectors - self.mean) @ self.vectors.T
        best = numpy.argsort(-cosines, axis=1, kind="stable")[:, :keep]
        return [
            [(self.ids[place], float(row[place])) for place in places]
            for places, row in zip(best, cosines, strict=True)
        ]


def nodes(read: Encoder, names: Mapping[str, Sequence[str]], texts: Sequence[str] = ()) -> Nodes:
    """Each node by the mean of its names' vectors; a node's names may be its label, synonyms, a definition.

    The mean of all nodes is taken from each, and that of `texts` (some of the kind that will be asked about; none: of
    the nodes) from a text: what all of a kind share tells none of them apart (doi:10.48550/arXiv.1702.01417).
    """
    numpy = needed("numpy")
    told = [(id, text) for id, texts in names.items() for text in texts]
    vectors = read([text for _, text in told])
    ids = tuple(dict.fromkeys(id for id, _ in told))
    place = {id: number for number, id in enumerate(ids)}
    sums, counts = numpy.zeros((len(ids), vectors.shape[1]), numpy.float32), numpy.zeros((len(ids), 1), numpy.float32)
    for (id, _), vector in zip(told, vectors, strict=True):
        sums[place[id]] += vector
        counts[place[id]] += 1
    means = sums / numpy.maximum(counts, 1)
    mean = means.mean(0) if ids else numpy.zeros(vectors.shape[1], numpy.float32)
    return Nodes(ids, _unit(means - mean), read(texts).mean(0) if texts else mean)


def _unit(vectors: Any) -> Any:
    numpy = needed("numpy")
    return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
