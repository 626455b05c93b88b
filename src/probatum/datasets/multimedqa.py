"""MultiMedQA: seven sets of medical questions as one, each read from a folder of its own name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._files import chosen
from probatum.errors import NeedsFile
from probatum.naming import card, card_of, find
from probatum.types import Example

MEMBERS = ("medqa", "medmcqa", "pubmedqa", "mmlu", "liveqa", "medicationqa", "healthsearchqa")
OFFICIAL = "https://doi.org/10.1038/s41586-023-06291-2"


@card(
    "MultiMedQA",
    survey="multimedqa",
    reference="doi:10.1038/s41586-023-06291-2",
    licence="of each member",
    languages=("en",),
    where=OFFICIAL,
    terms="Each member under its own terms.",
)
def multimedqa(path: Path, part: str = "") -> Iterator[Example]:
    """The questions member by member; the member is a label and stands before the id.

    `path` is a folder with one folder (medqa, medmcqa, pubmedqa, mmlu, liveqa, medicationqa, healthsearchqa) for each
    member that is there; `part` takes one of them. Raises `NeedsFile` where none is there, and what members raise.
    """
    wanted = (chosen(part, MEMBERS),) if part else MEMBERS
    there = [name for name in wanted if (path / name).is_dir()]
    if not there:
        places = "; ".join(f"{name}: {card_of(find('datasets', name)).where}" for name in wanted)
        raise NeedsFile(f"none of the folders {', '.join(wanted)} in {path}", mend=places)
    for name in there:
        for each in find("datasets", name)(path / name):
            labels = tuple(sorted((*each.labels, ("member", name))))
            yield replace(each, id=f"{name}/{each.id}", labels=labels)
