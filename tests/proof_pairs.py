"""Sentences beside sources, labelled by hand as supported, partial, contradicted, unrelated (golden/proof)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from probatum.proof.judging import judged
from probatum.proof.witnesses import Sight
from probatum.store.reader import Store
from probatum.types import Evidence, Origin, Passage

FOLDER = Path(__file__).parent / "golden" / "proof"
FILES = ("pairs.jsonl", "pairs_third.jsonl")  # of the third part no rule was ever made or mended
LABELS = ("supported", "partial", "contradicted", "unsupported")  # what is unrelated must come out as unsupported


def pairs() -> list[dict[str, str]]:
    """The labelled pairs in their order."""
    return [json.loads(line) for name in FILES for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def confusion(chosen: Sequence[dict[str, str]]) -> Counter[tuple[str, str]]:
    """(label, verdict) -> count, against the source alone: no store, no names."""
    table: Counter[tuple[str, str]] = Counter()
    with Store() as store:
        for each in chosen:
            passage = Passage("p", each["source"], "", each["language"], Origin("own", "1", each["id"]))
            cited = Evidence(passage, passage.text, 1.0, "bm25", 0, len(passage.text))
            found = judged(each["claim"], [cited], Sight(store)).support
            table["unsupported" if each["label"] == "unrelated" else each["label"], found] += 1
    return table
