"""iCliniq-10K: questions to the doctors of icliniq.com, with their answers and those of two models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

PARTS = ("icliniq", "chatgpt", "chatdoctor")
OFFICIAL = "https://github.com/Kent0n-Li/ChatDoctor"


@card(
    "iCliniq-10K",
    survey="icliniq_10k",
    reference="doi:10.7759/cureus.40895",
    licence="none stated for the data",
    languages=("en",),
    where=OFFICIAL,
    terms="The repository allows academic research alone; the conversations belong to the site that they come from.",
)
def icliniq_10k(path: Path, part: str = "icliniq") -> Iterator[Example]:
    """The consultations in the order of the file; `part`: whose answer is gold (icliniq: doctors; chatgpt, chatdoctor).

    `path` is the release's JSON (input, answer_icliniq, answer_chatgpt, answer_chatdoctor; iCliniq.json) or a folder
    that holds it. Records in which that answer lacks are left out. Raises `NeedsFile` and `BadFormat`.
    """
    key = f"answer_{chosen(part, PARTS)}"
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            question = Question(text(row, "input", where), language="en")
            if said := text(row, key, where, needed=False):
                kind = "curated" if part == "icliniq" else "generated"
                origin = Origin("icliniq_10k", part, id, reliability=kind)
                yield Example(id, question, Answer(said), (f"dialogue:{id}",), origin=origin)
