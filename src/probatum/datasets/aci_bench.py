"""ACI-Bench: conversations of a visit with the note that was written of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen, files, sound
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/wyim/aci-bench"
PARTS = ("train", "valid", "test1", "test2", "test3")
_TURN = re.compile(r"^\[(doctor|patient|patient_guest|[a-z_ ]{1,30})\] ?", re.MULTILINE)
_ASKED = "Write the clinical note of this visit."


@card(
    "ACI-Bench",
    survey="aci_bench",
    reference="doi:10.1038/s41597-023-02487-3",
    licence="CC BY 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def aci_bench(path: Path, part: str = "train") -> Iterator[Example]:
    """The visits by their ids; the conversation is the turns of the question, gold text the note.

    `path` is a CSV of challenge_data (dataset, encounter_id, dialogue, note), or a folder that holds <part>.csv and,
    where it stands beside, <part>_metadata.csv, of which complaint, sex and age become labels. Raises `NeedsFile`
    and `BadFormat`.
    """
    found = [path] if path.is_file() else files(path, f"{chosen(part, PARTS)}.csv", official=OFFICIAL)
    for file in found:
        beside = file.with_name(f"{file.stem}_metadata.csv")
        about = {}
        if beside.is_file():
            about = {row["encounter_id"]: row for _, row in sound(named_cells(beside, ("encounter_id",)), beside)}
        for line, row in sound(named_cells(file, ("dataset", "encounter_id", "dialogue", "note")), file):
            id, where = row["encounter_id"].strip(), f"{file}:{line}"
            said = _turns(row["dialogue"], where)
            if not id or not row["note"].strip():
                raise BadFormat("an id and a note were expected", where=where)
            own = about.get(id, {})
            labels = {"age": own.get("patient_age", ""), "complaint": own.get("cc", ""), "dataset": row["dataset"]}
            labels |= {"sex": own.get("patient_gender", ""), "split": file.stem}
            kept = tuple(sorted((name, value.strip()) for name, value in labels.items() if value.strip()))
            asked = Question(_ASKED, turns=said, language="en")
            origin = Origin("aci_bench", file.stem, id)
            yield Example(id, asked, Answer(row["note"].strip()), (f"visit:{id}",), labels=kept, origin=origin)


def _turns(dialogue: str, where: str) -> tuple[tuple[str, str], ...]:
    pieces = _TURN.split(dialogue.replace("\r\n", "\n").strip())
    if pieces[0].strip() or len(pieces) < 3:
        raise BadFormat("turns that begin with [doctor] or [patient] were expected", where=where)
    return tuple((role, said.strip()) for role, said in zip(pieces[1::2], pieces[2::2], strict=True))
