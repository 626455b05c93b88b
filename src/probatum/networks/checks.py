"""What is looked at before and after a stage: bits a byte of texts, repetition in what a model writes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from probatum.errors import BadPlan
from probatum.networks.kit import Kit, needed
from probatum.text.chinese import is_han

ROW = 512  # tokens of a text that are read at once, if the model reads as many


def bits_per_byte(kit: Kit, texts: Sequence[str], *, longest: int = ROW) -> float:
    """The bits that a causal model needs for a byte (UTF-8) of texts: comparable between tokenizers; lower is better.

    Each text is read alone from its beginning, in stretches of `longest` tokens; the first token of a text is foretold
    from the tokenizer's beginning, or, where it has none, counts as its share of the vocabulary. Raises `BadPlan` for
    texts without a byte.
    """
    torch, functional = needed("torch"), needed("torch.nn.functional")
    begin = kit.tokenizer.bos_token_id
    nats, size = 0.0, sum(len(text.encode()) for text in texts)
    if not size:
        raise BadPlan("there is no text to measure on", mend="give texts that are not empty")
    kit.model.eval()
    for text in texts:
        ids = list(kit.tokenizer(text, add_special_tokens=False)["input_ids"])
        whole = ([] if begin is None else [int(begin)]) + ids
        nats += math.log(kit.model.config.vocab_size) if begin is None and ids else 0.0
        for start in range(0, len(whole) - 1, longest - 1):
            row = torch.tensor([whole[start : start + longest]], device=kit.model.device)
            with torch.no_grad():
                logits = kit.model(input_ids=row).logits
            nats += float(functional.cross_entropy(logits[0, :-1].float(), row[0, 1:], reduction="sum"))
    return nats / math.log(2) / size


def unigram_bits_per_byte(kit: Kit, learnt: Sequence[str], texts: Sequence[str]) -> float:
    """What `bits_per_byte` would be of a model that knows how often each token is in `learnt`, and nothing else.

    Each token of the vocabulary counts once more than it was seen. The least that a model must beat.
    """
    seen = Counter(token for text in learnt for token in kit.tokenizer(text, add_special_tokens=False)["input_ids"])
    total = sum(seen.values()) + len(kit.tokenizer)
    nats = sum(
        -math.log((seen[token] + 1) / total)
        for text in texts
        for token in kit.tokenizer(text, add_special_tokens=False)["input_ids"]
    )
    size = sum(len(text.encode()) for text in texts)
    if not size:
        raise BadPlan("there is no text to measure on", mend="give texts that are not empty")
    return nats / math.log(2) / size


def repeated(texts: Sequence[str], *, n: int = 4) -> float:
    """The share of runs of n words (of Chinese: characters) that their text has held before; 0 (none) to 1."""
    again = whole = 0
    for text in texts:
        words = [each for word in text.split() for each in (word if any(map(is_han, word)) else [word])]
        runs = [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]
        again, whole = again + len(runs) - len(set(runs)), whole + len(runs)
    return again / whole if whole else 0.0
