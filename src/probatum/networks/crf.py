"""A conditional random field over tokens: learned with crfsuite, kept as plain arrays, read back with numpy alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadFormat, NeedsExtra, NeedsFile

Row = Sequence[str]  # the features of one token
Weights = NDArray[np.float32]
_FILES = ("about.json", "features.txt", "weights.npy", "transitions.npy")
NEVER = -1e4  # the weight of a step that no labelling may take


@dataclass(frozen=True, slots=True)
class Field:
    """A trained field: the weight of each feature for each label, and of each step from label to label."""

    labels: tuple[str, ...]
    features: Mapping[str, int]
    weights: Weights  # (features, labels)
    transitions: Weights  # (labels, labels)
    about: Mapping[str, Any]  # how it was made: data, settings, versions

    def labelled(self, rows: Sequence[Row]) -> list[str]:
        """The best labelling of a sentence (Viterbi), one BIOES label a token."""
        if not rows:
            return []
        scores = self._scores(rows)
        back = np.zeros((len(rows), len(self.labels)), np.intp)
        best = scores[0] + self._edge(start=True)
        for place in range(1, len(rows)):
            steps = best[:, None] + self.transitions
            back[place] = steps.argmax(axis=0)
            best = steps.max(axis=0) + scores[place]
        label = int((best + self._edge(start=False)).argmax())
        path = [label]
        for place in range(len(rows) - 1, 0, -1):
            label = int(back[place, label])
            path.append(label)
        return [self.labels[each] for each in reversed(path)]

    def _scores(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        known = self.features
        scores = np.zeros((len(rows), len(self.labels)))
        for place, row in enumerate(rows):
            found = [known[name] for name in row if name in known]
            if found:
                scores[place] = self.weights[found].sum(axis=0)
        return scores

    def _edge(self, *, start: bool) -> NDArray[np.float64]:
        wrong = "IE" if start else "BI"
        return np.array([NEVER if label[0] in wrong else 0.0 for label in self.labels])

    def save(self, folder: Path) -> None:
        """Writes the field as text and arrays; nothing in it is code."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "features.txt").write_text("\n".join(self.features) + "\n", encoding="utf-8")
        np.save(folder / "weights.npy", self.weights, allow_pickle=False)
        np.save(folder / "transitions.npy", self.transitions, allow_pickle=False)
        about = json.dumps({"labels": self.labels, **self.about}, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / "about.json").write_text(about, encoding="utf-8")


def load(folder: Path) -> Field:
    """The field that `save` wrote; raises `NeedsFile` where a file is missing, `BadFormat` where they do not fit."""
    for name in _FILES:
        if not (folder / name).is_file():
            raise NeedsFile(f"no {name} in {folder}", mend="train a tagger and give the folder that it wrote")
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        labels = tuple(about.pop("labels"))
        names = (folder / "features.txt").read_text(encoding="utf-8").split("\n")[:-1]
        weights = np.load(folder / "weights.npy", allow_pickle=False)
        transitions = np.load(folder / "transitions.npy", allow_pickle=False)
    except (ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise BadFormat(f"not a trained tagger: {error}", where=str(folder)) from error
    if weights.shape != (len(names), len(labels)) or transitions.shape != (len(labels), len(labels)):
        raise BadFormat("features, labels and weights do not fit each other", where=str(folder))
    return Field(labels, {name: place for place, name in enumerate(names)}, weights, transitions, about)


def train(
    sentences: Sequence[tuple[Sequence[Row], Sequence[str]]],
    *,
    c1: float = 0.05,
    c2: float = 0.02,
    rounds: int = 120,
    about: Mapping[str, Any] | None = None,
) -> Field:
    """A field learned from (features of the tokens, BIOES labels) of each sentence by L-BFGS with elastic-net penalty.

    The same sentences and settings give the same weights. Needs the extra `train` (python-crfsuite).
    """
    try:
        import pycrfsuite  # noqa: PLC0415 - only training needs it
    except ImportError as error:
        raise NeedsExtra("training a tagger needs python-crfsuite", mend='pip install "probatum[train]"') from error
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": rounds, "feature.possible_transitions": True})
    for rows, labels in sentences:
        trainer.append([list(row) for row in rows], list(labels))
    with tempfile.NamedTemporaryFile(suffix=".crfsuite") as file:
        trainer.train(file.name)
        learned = pycrfsuite.Tagger()
        learned.open(file.name)
        found = learned.info()
        learned.close()
    settings = {
        "c1": c1,
        "c2": c2,
        "rounds": rounds,
        "sentences": len(sentences),
        "crfsuite": version("python-crfsuite"),
    }
    return _field(found.state_features, found.transitions, {**settings, **(about or {})})


def _field(
    state: Mapping[tuple[str, str], float], steps: Mapping[tuple[str, str], float], about: Mapping[str, Any]
) -> Field:
    labels = tuple(sorted({label for _, label in state} | {label for pair in steps for label in pair}))
    places = {label: place for place, label in enumerate(labels)}
    features = {name: place for place, name in enumerate(sorted({name for name, _ in state}))}
    weights = np.zeros((len(features), len(labels)), np.float32)
    for (name, label), weight in state.items():
        weights[features[name], places[label]] = weight
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for one in labels:
        for other in labels:
            transitions[places[one], places[other]] = steps.get((one, other), 0.0) if follows(one, other) else NEVER
    return Field(labels, features, weights, transitions, about)


def follows(one: str, other: str) -> bool:
    """Whether a BIOES label may stand right after another."""
    if one[0] in "BI":
        return other[0] in "IE" and other[2:] == one[2:]
    return other[0] in "OBS"


def labels_of(spans: Sequence[tuple[int, int, str]], length: int) -> list[str]:
    """The BIOES labels of `length` tokens for (first token, end, kind); of spans that overlap the longest counts."""
    labels = ["O"] * length
    for start, end, kind in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if any(label != "O" for label in labels[start:end]) or start >= end:
            continue
        inner = [f"I-{kind}"] * (end - start - 2)
        labels[start:end] = [f"S-{kind}"] if end - start == 1 else [f"B-{kind}", *inner, f"E-{kind}"]
    return labels


def spans_of(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """The (first token, end, kind) that BIOES labels mark; what is begun and not ended is no span."""
    spans, begun = [], -1
    for place, label in enumerate(labels):
        if label[0] in "BS":
            begun = place
        if label[0] in "ES" and begun >= 0 and labels[begun][2:] == label[2:]:
            spans.append((begun, place + 1, label[2:]))
        if label[0] in "OES":
            begun = -1
    return spans
