"""Strict F1 on the development parts of four corpora, with tags made wrong on purpose, as seqeval says it."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from probatum.datasets.ner_mtl2016 import PARTS
from probatum.metrics.extraction import extraction
from probatum.types import Answer, Mention

# seqeval 1.2.2, mode strict, scheme IOB2, micro: precision, recall, F1 of each corpus against `distorted` tags
RECORDED = {
    "anatem": (0.8406181015452538, 0.8901355773726041, 0.8646684831970936),
    "bc5cdr": (0.8904311251314406, 0.8827269884290628, 0.8865623200544417),
    "bionlp13cg": (0.8953951108584423, 0.8711283185840708, 0.8830950378469302),
    "ncbi_disease": (0.8011494252873563, 0.8856416772554002, 0.8412794206397103),
}


def sentences(file: Path) -> list[list[str]]:
    """The tags of each sentence of an official file."""
    told: list[list[str]] = [[]]
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            told[-1].append(line.rsplit("\t", 1)[1].strip())
        elif told[-1]:
            told.append([])
    return [each for each in told if each]


def distorted(tags: list[str], draw: random.Random) -> list[str]:
    """The tags with one in five names lost, another kind given, cut short, or a new name of one word put in."""
    kinds = sorted({tag[2:] for tag in tags if tag != "O"}) or ["Disease"]
    told, way = list(tags), ""
    for place, tag in enumerate(tags):
        if tag.startswith("B-"):
            way = draw.choice(["lost", "kind", "short", ""]) if draw.random() < 0.25 else ""
            kind = draw.choice([*kinds, "Other"])
        if tag != "O" and way == "lost":
            told[place] = "O"
        elif tag != "O" and way == "kind":
            told[place] = tag[:2] + kind
        elif tag.startswith("I-") and way == "short":
            told[place] = "O"
        elif tag == "O" and draw.random() < 0.005:
            told[place] = f"B-{kinds[0]}"
    # What now follows no name of its own kind begins one: the tags stay IOB2.
    return ["B" + tag[1:] if tag[0] == "I" and told[n - 1][2:] != tag[2:] else tag for n, tag in enumerate(told)]


def spans(tags: list[str]) -> Answer:
    """The names of a sentence, by the places of their words."""
    found: list[list[int | str]] = []
    for place, tag in enumerate(tags):
        if tag[0] == "B":
            found.append([place, place + 1, tag[2:]])
        elif tag[0] == "I" and found and found[-1][1] == place and found[-1][2] == tag[2:]:
            found[-1][1] = place + 1
    return Answer(found=tuple(Mention(int(a), int(b), "x", "", kind=str(kind)) for a, b, kind in found))


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("corpus", sorted(PARTS))
def test_strict_figures_of_a_corpus_are_those_of_seqeval(shared: Path, corpus: str) -> None:
    draw = random.Random(11)
    gold = sentences(shared / "ner-mtl2016" / PARTS[corpus] / "devel.tsv")
    given = [distorted(each, draw) for each in gold]
    scores = extraction([(spans(one), spans(other)) for one, other in zip(gold, given, strict=True)])
    told = [scores[f"mention_{measure}"].value for measure in ("precision", "recall", "f1")]
    assert told == pytest.approx(RECORDED[corpus], abs=1e-9) and 0.5 < told[2] < 0.95
    if find_spec("seqeval") is None:  # it has no wheel; the recorded figures are its own
        return
    from seqeval import metrics as figures
    from seqeval.scheme import IOB2

    for value, name in zip(told, ("precision_score", "recall_score", "f1_score"), strict=True):
        assert value == pytest.approx(getattr(figures, name)(gold, given, mode="strict", scheme=IOB2), abs=1e-9)
