"""A vocabulary that grows by a domain's words, or is made anew; the model's rows of tokens follow it."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import Kit, needed, trained_tokenizer

Pair = tuple[str, str]


def grown(kit: Kit, texts: Iterable[str], vocabulary: int, *, least: int = 2) -> Kit:
    """The kit whose tokenizer goes on learning merges on texts until it has `vocabulary` tokens.

    What it learnt before stays and comes first, so every token keeps its number; a pair that was seen less often than
    `least` times is not merged. A new token's row is the mean of the rows of the pieces that stood in its place. Fewer
    tokens than it has change nothing. Raises `BadPlan` for a tokenizer that is no BPE.
    """
    tokenizer = copy.deepcopy(kit.tokenizer)
    told = json.loads(tokenizer.backend_tokenizer.to_str())
    if told["model"]["type"] != "BPE":
        raise BadPlan(f"a vocabulary of kind {told['model']['type']} cannot grow", mend="extended = false, or a BPE")
    merges = further_merges(_words(tokenizer.backend_tokenizer, texts), vocabulary - len(tokenizer), least)
    known: dict[str, int] = told["model"]["vocab"]
    pieces: dict[str, tuple[int, ...]] = {token: (place,) for token, place in known.items()}
    rows: list[tuple[int, ...]] = []
    for first, second in merges:
        pieces[first + second] = pieces[first] + pieces[second]
        known[first + second] = len(tokenizer) + len(rows)
        rows.append(pieces[first + second])
    told["model"]["merges"] += [list(pair) for pair in merges]
    tokenizer._tokenizer = needed("tokenizers").Tokenizer.from_str(json.dumps(told))
    old = len(kit.tokenizer)
    return _laid(kit, tokenizer, {old + at: places for at, places in enumerate(rows)})


def renewed(kit: Kit, texts: Iterable[str], vocabulary: int) -> Kit:
    """The kit with a byte-level BPE tokenizer learnt on texts alone; a token that was there keeps its row.

    The row of another is the mean of the rows of the pieces into which the old tokenizer cuts it.
    """
    tokenizer, old = trained_tokenizer(texts, vocabulary), kit.tokenizer
    known, cut = old.get_vocab(), old.backend_tokenizer.model
    rows = {
        place: (known[token],) if token in known else tuple(each.id for each in cut.tokenize(token))
        for token, place in tokenizer.get_vocab().items()
    }
    return _laid(kit, tokenizer, rows)


def further_merges(words: Counter[tuple[str, ...]], count: int, least: int = 2) -> list[Pair]:
    """At most `count` merges that BPE learns next of words that are cut into pieces, the most frequent pair first.

    Of pairs that are as frequent the first in order of their characters. Source: doi:10.18653/v1/P16-1162.
    """
    texts = [(list(pieces), often) for pieces, often in sorted(words.items())]
    pairs: Counter[Pair] = Counter()
    where: dict[Pair, set[int]] = {}
    for place, (pieces, often) in enumerate(texts):
        for pair in pairwise(pieces):
            pairs[pair] += often
            where.setdefault(pair, set()).add(place)
    found: list[Pair] = []
    made = {piece for pieces, _ in texts for piece in pieces}
    while len(found) < count and pairs:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < least:
            break
        if best[0] + best[1] not in made:  # two ways to one token would be two rows of one name
            found.append(best)
            made.add(best[0] + best[1])
        for place in sorted(where.pop(best)):
            pieces, often = texts[place]
            for pair in pairwise(pieces):
                pairs[pair] -= often
            pieces[:] = _joined(pieces, best)
            for pair in pairwise(pieces):
                pairs[pair] += often
                where.setdefault(pair, set()).add(place)
        del pairs[best]
        pairs = +pairs
    return found


def _joined(pieces: Sequence[str], pair: Pair) -> list[str]:
    told: list[str] = []
    at = 0
    while at < len(pieces):
        both = tuple(pieces[at : at + 2]) == pair
        told.append("".join(pair) if both else pieces[at])
        at += 2 if both else 1
    return told


def _words(raw: Any, texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    """The words of texts as the tokenizer cuts them now, with how often each was seen."""
    seen: Counter[str] = Counter()
    for text in texts:
        plain = raw.normalizer.normalize_str(text) if raw.normalizer else text
        seen.update(
            word for word, _ in (raw.pre_tokenizer.pre_tokenize_str(plain) if raw.pre_tokenizer else [(plain, None)])
        )
    return Counter({tuple(each.value for each in raw.model.tokenize(word)): often for word, often in seen.items()})


def _laid(kit: Kit, tokenizer: Any, rows: dict[int, tuple[int, ...]]) -> Kit:
    """The kit with another tokenizer; row -> the old rows of which it is the mean (none: the mean of all)."""
    torch, model = needed("torch"), kit.model
    layers = (model.get_input_embeddings(), model.get_output_embeddings())
    olds = [None if layer is None else layer.weight.detach().clone() for layer in layers]
    size = len(tokenizer) if len(rows) == len(tokenizer) else max(len(tokenizer), layers[0].weight.shape[0])
    model.resize_token_embeddings(size, mean_resizing=False)
    layers = (model.get_input_embeddings(), model.get_output_embeddings())
    with torch.no_grad():
        for layer, old in zip(layers, olds, strict=True):
            if layer is None or old is None:
                continue
            for place, pieces in rows.items():
                layer.weight[place] = (old[list(pieces)] if pieces else old).mean(0)
    for name in ("pad_token_id", "bos_token_id", "eos_token_id"):
        setattr(model.config, name, getattr(tokenizer, name))
    return replace(kit, tokenizer=tokenizer)
