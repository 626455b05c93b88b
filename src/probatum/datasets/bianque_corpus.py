"""BianQueCorpus: dialogues in which doctors ask back, each answer with all that was said before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import dialogue, spoken
from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.encoded import encoded_cells
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://github.com/scutcyr/BianQue"


@card(
    "BianQueCorpus",
    survey="bianque_corpus",
    reference="doi:10.48550/arXiv.2310.15896",
    licence="not released; the layout is that of the README",
    languages=("zh",),
    where=OFFICIAL,
    terms="The corpus itself is not released; its members are.",
)
def bianque_corpus(path: Path) -> Iterator[Example]:
    """The answers in the order of the files, each with all turns before it.

    `path` is a CSV or JSON of the layout of the README (input: 病人：... 医生：..., the last 医生：; target) or
    a folder of them; line ends may be written as \\n. Whether the doctor asks back is the label `asks`. Raises
    `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.csv", "*.json", "*.jsonl", official=OFFICIAL):
        rows = encoded_cells(file, ("input", "target")) if file.suffix == ".csv" else sound(objects(file), file)
        for line, row in rows:
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            before = text(row, "input", where).replace("\\n", "\n")
            said = text(row, "target", where).replace("\\n", "\n")
            if not before.endswith(("医生：", "医生:")):
                raise BadFormat("an input that ends with the doctor's turn was expected", where=where)
            turns = spoken(before + said, where)
            labels = {"asks": "yes" if said.endswith(("?", "？")) else "no", "split": split_of(file)}
            opening = turns[0][1]  # the answers of one dialogue share how it begins
            origin = Origin("bianque_corpus", file.stem, id)
            groups = (f"dialogue:{opening}",)
            yield dialogue(turns, where, id=id, origin=origin, language="zh", labels=labels, groups=groups)
