"""Examples of every format: every data set has some of its own layout here, and its own reader reads them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from probatum.datasets.survey_examples import survey_examples
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of, names
from probatum.types import Example

TINY = Path(__file__).parents[1] / "tiny" / "datasets"


def test_each_format_has_examples_that_its_own_reader_reads() -> None:
    found = {
        name: list(each) for name, each in groupby(survey_examples(TINY), key=lambda each: each.id.partition("/")[0])
    }
    assert set(found) == set(names("datasets"))  # none without examples, none that yields nothing
    every = [each for examples in found.values() for each in examples]
    assert all(isinstance(each, Example) for each in every) and len({each.id for each in every}) == len(every)
    assert found["survey_examples"][0].id.startswith("survey_examples/healthsearchqa/")
    assert (
        "could not be read" in card_of(survey_examples).terms
    )  # the authors' own repository: nothing is made up of it


def test_what_bears_no_data_sets_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="no such folder"):
        list(survey_examples(tmp_path / "nowhere"))
    (tmp_path / "of-nobody.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadFormat, match="no data set is called 'of-nobody'"):
        list(survey_examples(tmp_path))
