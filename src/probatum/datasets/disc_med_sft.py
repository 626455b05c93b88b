"""DISC-Med-SFT: consultations and knowledge that a language model rewrote for a doctor of several turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import dialogue, turns_of
from probatum.datasets._files import files, sound
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://github.com/FudanDISC/DISC-MedLLM"


@card(
    "DISC-Med-SFT",
    survey="disc_med_sft",
    reference="doi:10.48550/arXiv.2308.14346",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Consultations that a language model rewrote: never clinical truth.",
)
def disc_med_sft(path: Path) -> Iterator[Example]:
    """The dialogues in the order of the files; source, department and the model that spoke are labels.

    `path` is a JSONL of the release (_id, source, conversation of role user or assistant and content), a JSON of its
    evaluation (id, model, dataset_info, conversation of patient and doctor), or a folder of them. A model wrote the
    answers (reliability `generated`). Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.json", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            if "scores" in row:  # what a judge said of a dialogue stands beside it
                continue
            where, info = f"{file}:{line}", row.get("dataset_info")
            told = row.get("_id", row.get("id", line))
            id = f"{file.stem}:{told}"
            labels = {key: str(row.get(key) or "") for key in ("model", "source")}
            labels["department"] = str(info.get("department", "")) if isinstance(info, dict) else ""
            turns = turns_of(row, "conversation", "role", "content", where)
            origin = Origin("disc_med_sft", file.stem, str(told), reliability="generated")
            groups = (f"dialogue:{told}",)
            yield dialogue(turns, where, id=id, origin=origin, language="zh", labels=labels, groups=groups)
