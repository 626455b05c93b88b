"""ChiMST: Chinese questions and answers on health in which medical terms are tagged letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of
from probatum.datasets._tagged import mentions
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/synlp/ChiMST"


@card(
    "ChiMST: Chinese medical terms",
    survey="chimst",
    reference="https://aclanthology.org/2022.lrec-1.607/",
    licence="a signed contract with 39ask; not for commerce",
    languages=("zh",),
    where=OFFICIAL,
    terms="A contract signed by an academic institution; not for commerce, not handed on.",
    gated=True,
)
def chimst(path: Path) -> Iterator[Example]:
    """The sentences in the order of the files: the text as context, mentions with the corpus's own kinds.

    `path` is a file or a folder of train, dev and test files (.tsv, .txt, .conll, .bio): a letter and its tag on a line
    (BIO, BIOES or BMES), between a tab or blanks, an empty line after a sentence; further columns, as for words, stand
    between them. The corpus's own layout is told to those alone who signed; this is what its authors' taggers read.
    Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.tsv", "*.txt", "*.conll", "*.bio", official=OFFICIAL):
        letters: list[str] = []
        tags: list[str] = []
        begins = 1
        for number, line in (*sound(lines(file), file), (0, "")):
            cells = line.split()
            if len(cells) == 1:
                raise BadFormat(f"a letter and its tag were expected, not {line!r:.40}", where=f"{file}:{number}")
            if cells:
                letters.append(cells[0])
                tags.append(cells[-1])
                continue
            if letters:
                id = f"{file.stem}:{begins}"
                said, found = mentions(letters, tags, "", f"{file}:{begins}")
                labels = (("split", split_of(file)),) if split_of(file) else ()
                asked = Question(context=(said,), language="zh")
                yield Example(id, asked, Answer(found=found), labels=labels, origin=Origin("chimst", "2022", id))
            letters, tags, begins = [], [], number + 1
