"""The 220,000 dialogues of the HuaTuo project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import consulted
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://huggingface.co/datasets/FreedomIntelligence/HuatuoGPT-sft-data-v1"


@card(
    "HuaTuo dialogues (220k)",
    survey="huatuo_dialogue_220k",
    reference="doi:10.48550/arXiv.2305.15075",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Partly written by a language model.",
)
def huatuo_dialogue_220k(path: Path) -> Iterator[Example]:
    """The dialogues in the order of the files.

    `path` is a JSONL of the release (data: texts that begin with 问： and 答：, by turns) or a folder of them. What a
    model and what a doctor wrote is not told apart in it: reliability is `generated`. Raises `NeedsFile`, `BadFormat`.
    """
    return consulted(path, "huatuo_dialogue_220k", official=OFFICIAL)
