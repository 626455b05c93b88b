"""Agreement of raters against golden values and the krippendorff package."""

from __future__ import annotations

import random

import numpy as np
import pytest
from golden import golden

from probatum.errors import BadPlan
from probatum.metrics._kappa import cohen
from probatum.metrics.agreement import agreement, alpha, fleiss, intraclass
from probatum.types import Judgement


def table(part: str) -> np.ndarray:
    return np.array([[np.nan if each is None else each for each in row] for row in golden("agreement")[part]], float)


def judged(rows: np.ndarray) -> list[Judgement]:
    return [
        Judgement(str(item), f"r{rater}", ("s",), "overall", float(value))
        for rater, row in enumerate(rows)
        for item, value in enumerate(row)
        if not np.isnan(value)
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorffs_alpha(level: str) -> None:
    wanted = golden("agreement")
    full, missing = table("raters_x_items_full"), table("raters_x_items_missing(null)")
    assert alpha(full, level) == pytest.approx(wanted[f"krippendorff_{level}_full"], abs=1e-6)
    assert alpha(missing, level) == pytest.approx(wanted[f"krippendorff_{level}_missing"], abs=1e-6)
    scores = agreement(judged(missing), level=level, resamples=50)
    assert scores["alpha"].value == pytest.approx(wanted[f"krippendorff_{level}_missing"], abs=1e-6)
    assert set(scores) == {"alpha"}


def test_the_others_of_complete_ratings() -> None:
    wanted, full = golden("agreement"), table("raters_x_items_full")
    assert fleiss(full) == pytest.approx(wanted["fleiss_kappa"], abs=1e-6)
    for weights, name in (("none", "None"), ("linear", "linear"), ("quadratic", "quadratic")):
        assert cohen(full[0], full[1], weights) == pytest.approx(wanted[f"cohen_kappa_{name}_rater0_rater1"], abs=1e-6)
    for form, name in (("2,1", "ICC2_1"), ("3,1", "ICC3_1"), ("2,k", "ICC2_k")):
        assert intraclass(full)[form] == pytest.approx(wanted[name], abs=1e-6)
    scores = agreement(judged(full), resamples=50)
    assert {"alpha", "kappa", "cohen:r0,r1", "icc(2,1)"} <= set(scores)
    assert all(score.low is not None and score.low <= score.value <= (score.high or 0) for score in scores.values())


def test_random_tables_as_the_krippendorff_package() -> None:
    package = pytest.importorskip("krippendorff")
    chance = random.Random(5)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        for _ in range(25):
            rows = np.array(
                [[chance.choice([1, 2, 3, 4, 5, np.nan]) for _ in range(30)] for _ in range(chance.randint(2, 5))]
            )
            wanted = package.alpha(reliability_data=rows, level_of_measurement=level)
            assert alpha(rows, level) == pytest.approx(wanted, abs=1e-9)


def test_without_variation_there_is_no_number() -> None:
    assert agreement(judged(np.full((2, 5), 3.0))) == {}


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(BadPlan, match="level"):
        agreement([], level="cardinal")
