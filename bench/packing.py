"""Packing on real texts: padded slots a real token without and with it, and our loop's speed beside trl's SFTTrainer.

    python bench/packing.py DATA [--trl-folder FOLDER ...] [--texts 160] [--longest 256] [--rounds 5]

DATA is the folder that holds `medquad`. Both loops learn one epoch of the same tokens with the same model, random at
first, packing on in both, in turns that alternate from round to round. trl stands in folders of its own
(`--trl-folder`: trl, and the `datasets` it needs), no part of the package. trl packs in two ways: bfd lays texts whole
into rows and joins a batch to one row; wrapped cuts texts anywhere and lets them see one another.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback

from probatum.networks.kit import Kit, tiny
from probatum.networks.packing import batched, packed, padded
from probatum.networks.rendering import IGNORED, Tokens, encoded, template_of
from probatum.sources.medquad import medquad
from probatum.stages.sft import sft
from probatum.types import Answer, Example, Passage, Question

BATCH, RATE = 8, 1e-3


def main() -> None:
    """Prints both tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    asked.add_argument("--trl-folder", type=Path, action="append", default=[])
    for name, value in (("texts", 160), ("longest", 256), ("rounds", 5), ("width", 64)):
        asked.add_argument(f"--{name}", type=int, default=value)
    told = asked.parse_args()
    torch.set_num_threads(1)
    examples = pairs(told.data, told.texts)
    kit = tiny("llama", [f"{each.question.text} {each.answer.text}" for each in examples], width=told.width)
    shape = template_of("roles")
    texts = [encoded(each, kit.tokenizer, shape, longest=told.longest, supervise="answers") for each in examples]
    texts = [text for text in texts if any(label != IGNORED for label in text.labels[1:])]
    real = sum(len(text.ids) for text in texts)
    print(f"{len(texts)} texts, {real} tokens, batches of {BATCH}, at most {told.longest} tokens a row\n")
    rows = packed(texts, told.longest)
    print("| | rows | slots | padded slots a real token |\n|---|--:|--:|--:|")
    for name, items, collate in (("without packing", texts, padded), ("with packing", rows, batched)):
        found = slots(items, collate)
        print(f"| {name} | {len(items)} | {found} | {found / real - 1:.4f} |")
    if told.trl_folder:
        sys.path.extend(str(each) for each in told.trl_folder)
        beside(kit, examples, texts, told)


def pairs(data: Path, count: int) -> list[Example]:
    """MedQuAD's first questions with their answers, in the order of the files."""
    found = (each for each in medquad(data / "medquad") if isinstance(each, Passage) and each.title and each.text)
    return [
        Example(f"m{number}", Question(each.title), Answer(each.text))
        for number, each in enumerate(islice(found, count))
    ]


def slots(items: Sequence[Any], collate: Any) -> int:
    """The slots of all batches of one epoch, in an order that is drawn."""
    order = random.Random(0).sample(list(items), len(items))
    return sum(collate(order[at : at + BATCH], 0)["input_ids"].numel() for at in range(0, len(order), BATCH))


def beside(kit: Kit, examples: Sequence[Example], texts: Sequence[Tokens], told: argparse.Namespace) -> None:
    """Seconds of an epoch of each loop, round by round, and the ratio of tokens a second."""
    ways = {
        "ours": lambda: ours(kit, examples, told.longest),
        "bfd": lambda: theirs(kit, texts, told.longest, "bfd"),
        "wrapped": lambda: theirs(kit, texts, told.longest, "wrapped"),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-1, told.rounds):  # the first round warms up
        for name in sorted(ways, reverse=bool(number % 2)):
            seconds = ways[name]()
            if number >= 0:
                taken[name].append(seconds)
    real = sum(len(text.ids) for text in texts)
    print("\n| loop | tokens/s, median | ours to it, median | lowest | highest |\n|---|--:|--:|--:|--:|")
    for name, seconds in taken.items():
        ratios = [theirs / mine for theirs, mine in zip(seconds, taken["ours"], strict=True)]
        print(
            f"| {name} | {real / statistics.median(seconds):.0f} | {statistics.median(ratios):.2f} | "
            f"{min(ratios):.2f} | {max(ratios):.2f} |"
        )


def ours(kit: Kit, examples: Sequence[Example], longest: int) -> float:
    """Seconds of one epoch of our loop, packing on."""
    working = replace(kit, model=deepcopy(kit.model))
    return sft(working, examples, longest=longest, packing=True, batch=BATCH, rate=RATE).courses[-1].seconds


def theirs(kit: Kit, texts: Sequence[Tokens], longest: int, strategy: str) -> float:
    """Seconds of one epoch of trl's loop, packing on; making its data set is not counted."""
    made, trl = import_module("datasets").Dataset.from_dict, import_module("trl")
    columns = {
        "input_ids": [list(text.ids) for text in texts],
        "completion_mask": [[int(label != IGNORED) for label in text.labels] for text in texts],
    }
    with tempfile.TemporaryDirectory() as folder:
        trainer = trl.SFTTrainer(
            model=deepcopy(kit.model),
            args=trl.SFTConfig(
                output_dir=folder,
                packing=True,
                packing_strategy=strategy,
                max_length=longest,
                completion_only_loss=True,
                per_device_train_batch_size=BATCH,
                num_train_epochs=1,
                learning_rate=RATE,
                use_cpu=True,
                bf16=False,
                gradient_checkpointing=False,
                logging_steps=1,
                report_to="none",
                save_strategy="no",
                disable_tqdm=True,
                dataloader_pin_memory=False,
            ),
            train_dataset=made(columns),
            processing_class=kit.tokenizer,
        )
        trainer.remove_callback(PrinterCallback)  # neither loop prints
        start = time.perf_counter()
        trainer.train()
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
