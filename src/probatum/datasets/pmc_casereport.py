"""PMC-CaseReport: questions about the figures of case reports, with the case as it was told up to there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, split_of
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats import parquet
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://huggingface.co/datasets/chaoyi-wu/PMC-CaseReport"
PARTS = ("casereport", "report", "captions")
_COLUMNS = ("PMC_id", "img_ref", "context", "question", "answer")
_REFERENCE = re.compile(r"['\"]([\w.\-]+)['\"]")
_NUMBER = re.compile(r"PMC\d+")


@card(
    "PMC-CaseReport and PMC-Report",
    survey="pmc_casereport",
    reference="doi:10.48550/arXiv.2308.02463",
    licence="none stated; the articles of PubMed Central under their own",
    languages=("en",),
    where=OFFICIAL,
    terms="For research; the figures under the licence of each article.",
)
def pmc_casereport(path: Path, part: str = "casereport") -> Iterator[Example]:
    """The questions in the order of the files; a model wrote questions and answers (reliability `generated`).

    `path` is a Parquet file of the release (data/train-*, data/test-*), or the same as CSV, with PMC_id, img_ref (a
    list in quotes), context, question and answer, inline where it is told, as the card of chaoyi-wu/PMC-CaseReport on
    Hugging Face lists them, or a folder of such; images are PMC_id_REF.jpg beside it or in figures/, as
    src/Dataset/dataset/case_report.py of chaoyi-wu/RadFM reads them. `part`: casereport; report (PMC-Report,
    whose layout nobody published, is read in the same columns, from files with `report` in their name); captions, a
    pair of image and inline text each. The article is a group. Raises `NeedsFile`, `NeedsExtra` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    for file in files(path, "*.csv", "*.parquet", official=OFFICIAL):
        plain = file.stem.lower().replace("casereport", "").replace("case_report", "")
        if file != path and ("report" in plain) != (wanted == "report"):
            continue
        for line, row in _rows(file):
            where = f"{file}:{line}"
            article, asked, said = (row[name].strip() for name in ("PMC_id", "question", "answer"))
            if not _NUMBER.fullmatch(article) or not asked or not said:
                raise BadFormat("a PMC_id (PMC123), a question and an answer were expected", where=where)
            names = _REFERENCE.findall(row["img_ref"])
            images = tuple(
                media(
                    file.parent,
                    f"{article}_{name}",
                    "pmc_casereport",
                    wanted,
                    where,
                    places=("figures", ""),
                    end=".jpg",
                )
                for name in names
            )
            id = f"{file.stem}:{line}"
            origin = Origin("pmc_casereport", wanted, id, references=(f"PMC:{article}",), reliability="generated")
            labels = (("split", split_of(file)),) if split_of(file) else ()
            context = tuple(filter(None, (row["context"].strip(), row.get("inline", "").strip())))
            question = Question(asked.removeprefix("Q:").strip(), context=context, media=images, language="en")
            answer = Answer(said.removeprefix("A:").strip())
            if wanted == "captions":
                if not row.get("inline", "").strip() or not images:
                    continue
                question, answer = Question(media=images, language="en"), Answer(row["inline"].strip())
                origin = Origin("pmc_casereport", wanted, id, references=(f"PMC:{article}",))
            yield Example(id, question, answer, (f"PMC:{article}",), labels=labels, origin=origin)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if file.suffix != ".parquet":
        yield from sound(named_cells(file, _COLUMNS), file)
        return
    for number, row in parquet.rows(file, ()):
        if any(not isinstance(row.get(name), str) for name in _COLUMNS):
            raise BadFormat(f"texts in {', '.join(_COLUMNS)} were expected", where=f"{file}: row {number}")
        yield number, {name: value for name, value in row.items() if isinstance(value, str)}
