"""A folder with examples of many formats, each read by the reader of the data set after which it is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card, find, names
from probatum.types import Example


@card(
    "Examples of every format",
    survey="survey_examples_repo",
    reference="https://github.com/vicky-yuan/survey-datasets",
    licence="that of each set",
    languages=("en", "zh"),
    where="tests/tiny/datasets in this project's repository: written for it, of every data set's official layout",
    terms="The repository that the survey's authors name could not be read: its layout and licence are unknown.",
)
def survey_examples(path: Path) -> Iterator[Example]:
    """The examples of each file or folder in `path`, by name, under ids that begin with the name of its data set.

    A file is named after its data set up to the first dot, a folder whole. Raises `NeedsFile`, `BadFormat` for a name
    that is no data set's, and what the readers raise.
    """
    if not path.is_dir():
        raise NeedsFile("no such folder", where=str(path))
    for each in sorted(path.iterdir()):
        name = each.name.partition(".")[0]
        if name not in names("datasets"):
            mend = "name each file or folder after a data set: probatum catalog datasets"
            raise BadFormat(f"no data set is called {name!r}", where=str(each), mend=mend)
        for example in find("datasets", name)(each):
            yield replace(example, id=f"{name}/{example.id}")
