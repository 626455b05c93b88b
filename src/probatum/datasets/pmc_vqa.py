"""PMC-VQA: questions with four options about the figures of articles, which a language model wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._exam import item
from probatum.datasets._files import files, sound, split_of
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://huggingface.co/datasets/xmcmic/PMC-VQA"
_LETTER = re.compile(r"^\s*[A-D]\s*[:：.]\s*")
_PMC = re.compile(r"PMC\d+")
_COLUMNS = ("Figure_path", "Question", "Choice A", "Choice B", "Choice C", "Choice D")


@card(
    "PMC-VQA",
    survey="pmc_vqa",
    reference="doi:10.48550/arXiv.2305.10415",
    licence="none stated on its card; copies say CC BY-SA 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution; the figures under the licence of each article.",
)
def pmc_vqa(path: Path) -> Iterator[Example]:
    """The questions in the order of the files, with the letter as gold; a model wrote them (reliability `generated`).

    `path` is a CSV file (Figure_path, Caption, Question, Choice A to D, Answer; in the second version Answer is the
    letter, else Answer_label is, or the answer is one of the choices) or a folder of train, test ...; images in
    images/, figures/ or images_2/. The card on Hugging Face and src/MedVInT_TD of xiaoman-zhang/PMC-VQA write Anwser
    for Answer: both are read. The article is a group. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "train*.csv", "test*.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, _COLUMNS), file):
            where = f"{file}:{line}"
            choices = [_LETTER.sub("", row[f"Choice {letter}"]).strip() for letter in "ABCD"]
            options = tuple((letter, said) for letter, said in zip("ABCD", choices, strict=True) if said)
            name, id = row["Figure_path"].strip(), f"{file.stem}:{line}"
            image = media(file.parent, name, "pmc_vqa", file.stem, where, places=("images", "figures", "images_2", ""))
            found = _PMC.search(name)
            asked = Question(row["Question"].strip(), options, media=(image,), language="en")
            made = item(
                id, asked, _key(row, dict(options), where), where,
                origin=Origin("pmc_vqa", file.stem, id, reliability="generated"),
                labels={"split": row.get("split", "").strip() or split_of(file)},
                groups=(f"PMC:{found[0]}",) if found else (f"image:{name}",),
            )  # fmt: skip
            yield replace(made, answer=replace(made.answer, text=dict(options)[made.answer.choice]))


def _key(row: dict[str, str], options: dict[str, str], where: str) -> str:
    said = (row.get("Answer") or row.get("Anwser") or "").strip()
    label = row.get("Answer_label", "").strip() or (said if said in options else "")
    if not label:
        plain = _LETTER.sub("", said).strip().casefold()
        label = next((letter for letter, text in options.items() if text.casefold() == plain), "")
    if label not in options:
        raise BadFormat(f"the answer {said!r:.60} is none of the choices", where=where)
    return label
