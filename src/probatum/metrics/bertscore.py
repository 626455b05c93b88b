"""How well the words of an answer match those of the reference in meaning, by the vectors of a language model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import numpy as np

from probatum.errors import NeedsExtra, NeedsFile
from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

Encode = Callable[[str], tuple[Sequence[str], Numbers]]  # the tokens of a text, and a vector for each
MEASURES = ("precision", "recall", "f1")


@card("BERTScore", survey="5.1.3", reference="doi:10.48550/arXiv.1904.09675", languages=("en", "zh"))
def bertscore(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    encode: Encode | None = None,
    model: Path | str | None = None,
    layer: int = -1,
    idf: bool = False,
    baseline: float | None = None,
    seed: int = 0,
) -> Mapping[str, Score]:
    """`bertscore_precision`, `_recall` and `_f1`: means over the texts of greedy cosine matching, at most 1.

    The vectors come from `encode`, or from the Hugging Face checkpoint in the folder `model` at `layer`; without either
    `NeedsFile`. The encoder is part of the signature: numbers of two encoders are not comparable. `idf` weighs tokens
    by their rarity in the references; `baseline` rescales (x - b) / (1 - b). An empty text counts 0.
    """
    if encode is None:
        if model is None:
            raise NeedsFile(
                "BERTScore needs an encoder",
                mend="give model=, a folder with a Hugging Face checkpoint (config.json, model.safetensors, tokenizer)",
            )
        encode = encoder(Path(model), layer)
    golds = [encode(gold.text) for gold, _ in pairs]
    givens = [encode(given.text) for _, given in pairs]
    rare = rarity([tokens for tokens, _ in golds]) if idf else None
    values = np.array([
        matching(said, wanted, _weights(told, rare), _weights(words, rare), baseline)
        for (words, wanted), (told, said) in zip(golds, givens, strict=True)
    ]).reshape(-1, 3)  # fmt: skip
    name = Path(model).name if model is not None else getattr(encode, "__name__", type(encode).__name__)
    clusters, alike = clusters_of(len(pairs), groups), np.ones(len(pairs))
    empty = sum(not given.text.strip() for _, given in pairs)
    scores: dict[str, Score] = {}
    for place, measure in enumerate(MEASURES):
        low, high = interval(values[:, place], alike, clusters, seed) if len(values) else (0.0, 0.0)
        value = float(values[:, place].mean()) if len(values) else 0.0
        said = f"{measure}|encoder:{name}|layer:{layer}|idf:{idf}|baseline:{baseline}|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[f"bertscore_{measure}"] = Score(value, len(values), f"bertscore|{said}", low, high, empty=empty)
    return scores


def matching(
    said: Numbers, wanted: Numbers, weights: Numbers, others: Numbers, baseline: float | None = None
) -> tuple[float, float, float]:
    """Precision over the answer's vectors, recall over the reference's, and F1, each matched with its nearest."""
    if not len(said) or not len(wanted):
        return 0.0, 0.0, 0.0
    near = _unit(said) @ _unit(wanted).T
    precision = float(np.average(near.max(axis=1), weights=weights))
    recall = float(np.average(near.max(axis=0), weights=others))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    told = (precision, recall, f1)
    if baseline is None:
        return told
    precision, recall, f1 = ((each - baseline) / (1 - baseline) for each in told)
    return precision, recall, f1


def _unit(vectors: Numbers) -> Numbers:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def rarity(texts: Sequence[Sequence[str]]) -> dict[str, float]:
    """How rare each token is over the references: ln((n + 1) / (texts with it + 1))."""
    known = Counter(token for tokens in texts for token in set(tokens))
    return {token: math.log((len(texts) + 1) / (count + 1)) for token, count in known.items()} | {
        "": math.log(len(texts) + 1)  # of a token that no reference has
    }


def _weights(tokens: Sequence[str], rare: Mapping[str, float] | None) -> Numbers:
    if rare is None:
        return np.ones(len(tokens))
    weights = np.array([rare.get(token, rare[""]) for token in tokens])
    return weights if weights.sum() else np.ones(len(tokens))


@lru_cache(maxsize=2)
def encoder(folder: Path, layer: int = -1) -> Encode:
    """What gives a text's tokens and their vectors at a layer of the checkpoint in a folder; nothing is downloaded.

    It is kept for the next call, with the vectors of the texts that it read last.
    """
    if not (folder / "config.json").is_file():
        raise NeedsFile("there is no checkpoint", where=str(folder), mend="it needs config.json, weights and tokenizer")
    try:
        torch, transformers = import_module("torch"), import_module("transformers")
    except ImportError as error:
        raise NeedsExtra(
            "torch and transformers are needed for BERTScore", mend='pip install "probatum[train]"'
        ) from error
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    network = transformers.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()

    @lru_cache(maxsize=4096)  # references and answers come again for every stratum and item
    def encode(text: str) -> tuple[Sequence[str], Numbers]:
        read = tokenizer(text.strip(), return_tensors="pt", truncation=True)
        with torch.inference_mode():
            states = network(**read, output_hidden_states=True).hidden_states[layer][0]
        tokens = tokenizer.convert_ids_to_tokens(read["input_ids"][0].tolist())
        special = set(tokenizer.all_special_tokens)
        places = [place for place, token in enumerate(tokens) if token not in special]
        return [tokens[place] for place in places], states[places].double().numpy()

    return encode
