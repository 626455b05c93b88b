"""Hybrid SFT: instructions and dialogues, of a language model and of doctors, that HuatuoGPT learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import consulted
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://huggingface.co/datasets/FreedomIntelligence/HuatuoGPT-sft-data-v1"


@card(
    "Hybrid SFT of HuatuoGPT",
    survey="hybrid_sft",
    reference="doi:10.48550/arXiv.2305.15075",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Partly written by a language model.",
)
def hybrid_sft(path: Path) -> Iterator[Example]:
    """The conversations in the order of the files; the corpus (of a model or of doctors) is a label where it is told.

    `path` is HuatuoGPT_sft_data_v1.jsonl, as Hugging Face has it under this licence (data: texts that begin with 问：
    and 答：, by turns), or a folder that holds it. What a model and what a doctor wrote is not told apart in it:
    reliability is `generated`. Raises `NeedsFile`, `BadFormat`.
    """
    return consulted(path, "hybrid_sft", official=OFFICIAL)
