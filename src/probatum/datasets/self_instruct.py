"""Instructions that a language model wrote: the outputs of Self-Instruct, BELLE and their kin, and ShareGPT's turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._chat import dialogue, turns_of
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/yizhongw/self-instruct"


@card(
    "Outputs of Self-Instruct and BELLE",
    survey="self_instruct",
    reference="doi:10.48550/arXiv.2212.10560",
    licence="Apache-2.0 (Self-Instruct); GPL-3.0, for research alone (BELLE)",
    languages=("en", "zh"),
    where=OFFICIAL,
    terms="Written by language models: their terms hold too.",
)
def self_instruct(path: Path) -> Iterator[Example]:
    """The instructions in the order of the files; a model wrote them (reliability `generated`).

    `path` is a file of objects (one a line, or an array), or a folder of them; of three layouts: instruction, input,
    output (BELLE, Alpaca); instruction and instances, each of input and output (Self-Instruct: an example an instance,
    those of one instruction a group); conversations of from and value (ShareGPT). Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{row.get('id', line)}"
            origin = Origin("self_instruct", file.stem, id, reliability="generated")
            if "conversations" in row:
                turns = turns_of(row, "conversations", "from", "value", where)
                yield dialogue(turns, where, id=id, origin=origin, language="")
                continue
            instances = row.get("instances", [row])
            if not isinstance(instances, list) or not all(isinstance(each, dict) for each in instances):
                raise BadFormat("'instances' must be a list of objects", where=where)
            for place, each in enumerate(instances, 1):
                name = f"{id}.{place}" if "instances" in row else id
                yield _example(text(row, "instruction", where), each, where, name=name, group=id, origin=origin)


def _example(
    asked: str, each: Mapping[str, Any], where: str, *, name: str, group: str, origin: Origin
) -> Example:  # fmt: skip
    given = text(each, "input", where, needed=False)
    question = Question(asked, context=(given,) if given else ())
    return Example(name, question, Answer(text(each, "output", where)), (f"instruction:{group}",), origin=origin)
