"""Ten synthetic patients with well-known diseases, written for the demonstration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Observation, Patient, Question


@card("Ten synthetic cases", licence="Apache-2.0", languages=("en",), where="in the package")
def ten_cases(path: Path | None = None) -> Iterator[Example]:
    """The ten cases in order, gold being one OMIM id each; `path` may name another file of the same layout.

    Raises `BadFormat` where that file is not of this layout.
    """
    file = path or resources.files("probatum").joinpath("datasets/_ten_cases.toml")
    try:
        examples = [_example(case) for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadFormat(
            f"not a table of cases: {error!r}", where=str(file), mend="each case has: id gold sex age present excluded"
        ) from error
    yield from examples


def _example(case: Mapping[str, Any]) -> Example:
    present = [Observation("phenotype", id) for id in case["present"]]
    excluded = [Observation("phenotype", id, present=False) for id in case["excluded"]]
    patient = Patient(case["id"], case["age"], case["sex"], (*present, *excluded))
    return Example(case["id"], Question(patient=patient), Answer(candidates=(Candidate(case["gold"], "", 1.0),)))
