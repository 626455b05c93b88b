"""The logistic model stands at its optimum, and survives its folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.networks import logistic


def test_it_stands_where_its_gradient_is_zero(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    rows = [{f"x{place}": float(value) for place, value in enumerate(row)} for row in draw.normal(size=(200, 4))]
    gold = [bool(row["x0"] - 0.5 * row["x1"] + draw.normal() > 0.3) for row in rows]
    model = logistic.train(rows, gold, penalty=2.0, rarest=1, about={"data": "drawn"})
    errors = np.array([model.chance(row) - said for row, said in zip(rows, gold, strict=True)])
    # at the optimum the residuals balance each feature against its penalty, and sum to nothing for the bias
    for name, place in model.features.items():
        slope = sum(error * row[name] for error, row in zip(errors, rows, strict=True)) + 2.0 * model.weights[place]
        assert abs(slope) < 1e-2
    assert abs(errors.sum()) < 1e-2
    model.save(tmp_path)
    again = logistic.load(tmp_path)
    assert [again.chance(row) for row in rows] == [model.chance(row) for row in rows]
    assert again.about["rows"] == 200 and again.about["data"] == "drawn"


def test_rare_features_are_left_out_and_damage_is_refused(tmp_path: Path) -> None:
    model = logistic.train([{"a": 1.0, "b": 1.0}, {"a": 1.0}, {}], [True, True, False], about={})
    assert list(model.features) == ["a"] and model.chance({"a": 1.0, "b": 9.0}) == model.chance(
        {"a": 1.0}
    ) > model.chance({})
    with pytest.raises(NeedsFile):
        logistic.load(tmp_path)
    model.save(tmp_path)
    (tmp_path / "features.txt").write_text("a\nb\n")
    with pytest.raises(BadFormat, match="do not fit"):
        logistic.load(tmp_path)
