"""A logistic model over named features: learned by L-BFGS, kept as plain text and arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from probatum.errors import BadFormat, NeedsFile

Row = Mapping[str, float]  # the features of one item and their values
_FILES = ("about.json", "features.txt", "weights.npy")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A trained model: the weight of each feature and a bias, and how it was made."""

    features: Mapping[str, int]
    weights: NDArray[np.float64]  # (features + 1,): the last is the bias
    about: Mapping[str, Any]

    def chance(self, row: Row) -> float:
        """The probability of the positive class, 0 to 1; features never seen in training do not count."""
        places = self.features
        score = self.weights[-1] + sum(
            self.weights[places[name]] * value for name, value in row.items() if name in places
        )
        return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))

    def save(self, folder: Path) -> None:
        """Writes the model as text and arrays; nothing in it is code."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "features.txt").write_text("\n".join(self.features) + "\n", encoding="utf-8")
        np.save(folder / "weights.npy", self.weights, allow_pickle=False)
        about = json.dumps(dict(self.about), indent=1, sort_keys=True, ensure_ascii=False)
        (folder / "about.json").write_text(about, encoding="utf-8")


def load(folder: Path) -> Logistic:
    """The model that `save` wrote; raises `NeedsFile` where a file is missing, `BadFormat` where they do not fit."""
    for name in _FILES:
        if not (folder / name).is_file():
            raise NeedsFile(f"no {name} in {folder}", mend="train a model and give the folder that it wrote")
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        names = (folder / "features.txt").read_text(encoding="utf-8").split("\n")[:-1]
        weights = np.load(folder / "weights.npy", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise BadFormat(f"not a trained model: {error}", where=str(folder)) from error
    if not isinstance(about, dict) or weights.shape != (len(names) + 1,):
        raise BadFormat("features and weights do not fit each other", where=str(folder))
    return Logistic({name: place for place, name in enumerate(names)}, weights, about)


def train(
    rows: Sequence[Row], gold: Sequence[bool], *, penalty: float = 1.0, rarest: int = 2, about: Mapping[str, Any]
) -> Logistic:
    """A model learned with an L2 penalty (on the sum of squared weights / 2, the bias left free).

    Features seen in fewer than `rarest` rows are left out. The same rows and settings give the same weights.
    """
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= rarest)
    places = {name: place for place, name in enumerate(names)}
    cells = [(at, places[name], value) for at, row in enumerate(rows) for name, value in row.items() if name in places]
    across, down, values = zip(*cells, strict=True) if cells else ((), (), ())
    matrix = sparse.csr_matrix((values, (across, down)), (len(rows), len(names)))
    signs = np.where(np.asarray(gold, bool), 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (matrix @ weights[:-1] + weights[-1])
        slopes = -signs / (1 + np.exp(np.clip(margins, -30, 30)))
        total = float(np.logaddexp(0, -margins).sum() + penalty * (weights[:-1] @ weights[:-1]) / 2)
        return total, np.append(matrix.T @ slopes + penalty * weights[:-1], slopes.sum())

    found = optimize.minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    said = {"penalty": penalty, "rarest": rarest, "rows": len(rows), "positive": int((signs > 0).sum())}
    return Logistic(places, found.x, {**said, **about})
