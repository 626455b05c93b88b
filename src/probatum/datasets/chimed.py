"""ChiMed: texts to read, instructions, and preferences, for the three stages of Qilin-Med."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import dialogue, turns_of
from probatum.datasets._files import chosen, files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card, find
from probatum.types import Answer, Example, Origin, Question

PARTS = ("sft", "cpt", "dpo")
OFFICIAL = "https://huggingface.co/datasets/williamliu/ChiMed"


@card(
    "ChiMed",
    survey="chimed",
    reference="doi:10.48550/arXiv.2310.09089",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="Each member under its own terms.",
)
def chimed(path: Path, part: str = "sft") -> Iterator[Example]:
    """The records of one stage: cpt (documents), sft (instructions and dialogues), dpo (with what was liked less).

    `path` is the release's folder, or one file: cpt.txt; sft.jsonl (instruction, input, output, or conversations of
    from and value); dpo.json (question, response_chosen, response_rejected, or prompt, chosen, rejected), an array or
    an object a line. Hugging Face lists these files, without a licence; their fields could not be looked at. Raises
    `NeedsFile` and `BadFormat`.
    """
    if chosen(part, PARTS) == "cpt":
        yield from find("datasets", "chimed_cpt")(path)
        return
    for file in files(path, f"{part}*.json*", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            origin = Origin("chimed", part, id, reliability="extracted")
            if "conversations" in row:
                turns = turns_of(row, "conversations", "from", "value", where)
                yield dialogue(turns, where, id=id, origin=origin, language="zh")
                continue
            keys = ("instruction", "output") if part == "sft" else ("question", "response_chosen")
            keys = ("prompt", "chosen") if part == "dpo" and "prompt" in row else keys
            given = text(row, "input", where, needed=False)
            asked = Question(text(row, keys[0], where), context=(given,) if given else (), language="zh")
            worse = "rejected" if keys[1] == "chosen" else "response_rejected"
            rejected = (Answer(text(row, worse, where)),) if part == "dpo" else ()
            yield Example(id, asked, Answer(text(row, keys[1], where)), rejected=rejected, origin=origin)
