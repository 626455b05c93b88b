"""Corpora of biomedical names, tagged word by word: chemicals, diseases, anatomy, cancer genetics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, split_of
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Example, Mention, Origin, Question

OFFICIAL = "https://github.com/cambridgeltl/MTL-Bioinformatics-2016"
PARTS = {
    "bc5cdr": "BC5CDR-IOB",
    "ncbi_disease": "NCBI-disease-IOB",
    "anatem": "AnatEM-IOB",
    "bionlp13cg": "BioNLP13CG-IOB",
}


@card(
    "Biomedical names of MTL-Bioinformatics-2016 (BC5CDR, NCBI-disease, AnatEM, BioNLP13CG)",
    survey="T5 information extraction",
    reference="doi:10.1186/s12859-017-1776-8",
    licence="CC BY 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def ner_mtl2016(path: Path, part: str = "bc5cdr") -> Iterator[Example]:
    """The sentences of one corpus, its words with blanks between them; mentions bear the corpus's own kind.

    `path` is one TSV (word, tab, tag in IOB2; a blank line ends a sentence) or a folder that holds the corpora's
    folders. Raises `NeedsFile`, and `BadFormat` with the line where a row or a tag is not as it should be.
    """
    folder = PARTS[chosen(part, PARTS)]
    for file in files(path, f"{folder}/*.tsv", official=OFFICIAL):
        words: list[tuple[str, str]] = []
        begins = 1
        for number, line in (*sound(lines(file), file), (0, "")):
            if line.strip():
                word, tab, tag = line.rstrip().partition("\t")
                if not tab or not word or not (tag == "O" or (tag[:2] in {"B-", "I-"} and tag[2:])):
                    raise BadFormat(
                        f"a word, a tab and an IOB tag were expected, not {line!r:.80}", where=f"{file}:{number}"
                    )
                words.append((word, tag))
                continue
            if words:
                yield _sentence(words, part, f"{part}:{file.stem}:{begins}", file)
            words, begins = [], number + 1


def _sentence(words: Sequence[tuple[str, str]], part: str, id: str, file: Path) -> Example:
    text = " ".join(word for word, _ in words)
    spans: list[tuple[int, int, str]] = []
    at, before = 0, "O"
    for word, tag in words:
        end = at + len(word)
        if tag.startswith("I-") and before[2:] == tag[2:]:
            spans[-1] = (spans[-1][0], end, tag[2:])
        elif tag != "O":  # an I that follows nothing of its kind begins a mention, as in conlleval
            spans.append((at, end, tag[2:]))
        at, before = end + 1, tag
    found = tuple(Mention(start, end, text[start:end], "", kind=kind) for start, end, kind in spans)
    origin = Origin("ner_mtl2016", part, id)
    labels = (("split", split_of(file)),) if split_of(file) else ()
    return Example(id, Question(context=(text,), language="en"), Answer(found=found), labels=labels, origin=origin)
