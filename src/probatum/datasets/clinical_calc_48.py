"""48 clinical calculations asked of a language model, and what physicians said of its answers: Abacus-212."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import origin_of
from probatum.datasets._files import files, sound
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Example, Question

OFFICIAL = "https://github.com/stanfordaimlab/llm-as-clinical-calculator"
COLUMNS = ("experiment_id", "Calculator", "response_correct", "errors_by_class", "query", "model_response")
_SPEAKER = re.compile(r"\A\s*You\s*\n")  # what was copied along from the page


@card(
    "48 clinical calculations (Abacus-212)",
    survey="clinical_calc_48",
    reference="doi:10.1038/s41746-025-01475-8",
    licence="MIT",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution; its vignettes are simulated, not for decisions about patients.",
)
def clinical_calc_48(path: Path) -> Iterator[Example]:
    """The questions in the order of the file; gold text is a model's answer that physicians found correct.

    `path` is the CSV of the repository's datasets/ (experiment_id, Calculator, response_correct, open_ai_url,
    errors_by_class, query, model_response) or its folder; the survey knows of no file, it was published later. An
    answer that was found wrong is `rejected`, and there is no gold. A row without a question or without an answer, of
    which the release has many, is left out. Labels: task, verdict, errors. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "abacus2*.csv", "*abacus_2*.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, COLUMNS), file):
            id, verdict = row["experiment_id"].strip(), row["response_correct"].strip()
            if not id or verdict not in {"Correct", "Incorrect"}:
                raise BadFormat("an id and Correct or Incorrect were expected", where=f"{file}:{line}")
            query, said = _SPEAKER.sub("", row["query"]).strip(), row["model_response"].strip()
            if not query or not said:
                continue
            told = {"task": row["Calculator"], "verdict": verdict.lower(), "errors": row["errors_by_class"]}
            labels = tuple(sorted((name, value.strip()) for name, value in told.items() if value.strip()))
            answer = Answer(said)
            right = verdict == "Correct"
            gold, worse = (answer, ()) if right else (Answer(), (answer,))
            origin = origin_of("clinical_calc_48", file, id, "generated")
            asked = Question(query, language="en")
            yield Example(id, asked, gold, (f"task:{told['task'].strip()}",), worse, labels, origin)
