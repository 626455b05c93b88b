"""Ten synthetic patients with well-known diseases, written for the demonstration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Observation, Patient, Question


@card("Ten synthetic cases", licence="Apache-2.0", languages=("en",), where="in the package")
def ten_cases(path: Path | None = None) -> Iterator[Example]:
    """The ten cases in order, gold being one OMIM id each; `path` may name another file of the same layout."""
    file = path or resources.files("probatum").joinpath("datasets/_ten_cases.toml")
    for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
        present = [Observation("phenotype", id) for id in case["present"]]
        excluded = [Observation("phenotype", id, present=False) for id in case["excluded"]]
        patient = Patient(case["id"], case["age"], case["sex"], (*present, *excluded))
        yield Example(case["id"], Question(patient=patient), Answer(candidates=(Candidate(case["gold"], "", 1.0),)))
