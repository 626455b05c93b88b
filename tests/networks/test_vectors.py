"""Vectors of texts and nodes: a text lies nearest to the concept that it speaks of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probatum import verbs
from probatum.networks import kit as kits
from probatum.networks.vectors import Encoder, Nodes, encoder, nodes
from tests.annotators.names_store import PHENOTYPES

LABELS = {id: label.lower() for id, (label, *_) in PHENOTYPES.items()}
# (a text that the encoder has not read, the concept that it speaks of)
SPOKEN = [(f"on examination {label} was noted in the second child", id) for id, label in LABELS.items()]


def right(read: Encoder, known: Nodes, asked: list[tuple[str, str]]) -> int:
    found = known.nearest(read([text for text, _ in asked]))
    return sum(best[0][0] == wanted for best, (_, wanted) in zip(found, asked, strict=True))


def beyond_chance(hits: int, asked: int, among: int) -> bool:
    """Whether so many hits have a chance below one in a thousand where one of so many is drawn each time."""
    draws = np.random.default_rng(0).binomial(asked, 1 / among, size=100_000)
    return bool((draws >= hits).mean() < 0.001)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GatorTron's recipe on notes of own writing that name the ontology's concepts by their labels."""
    folder = tmp_path_factory.mktemp("notes")
    notes = [
        text
        for label in LABELS.values()
        for text in (
            f"The child was seen for {label}.",
            f"{label} since birth, otherwise well.",
            f"No treatment of {label} was given before.",
        )
    ]
    (folder / "notes.txt").write_text("\n\n".join(notes), encoding="utf-8")
    data = dict.fromkeys(("uf_ehrs", "others"), f"documents:{folder / 'notes.txt'}")
    verbs.train("gatortron", "tiny", folder / "out", data=data, given={"steps": "60", "batch": "16"})
    return folder / "out" / "1-mlm" / "model"


@pytest.mark.slow
def test_a_text_lies_nearest_to_its_concept(trained: Path) -> None:
    """Of texts in words that it never read far more are right than by chance; a label lies on its own node."""
    read, names = encoder(trained), {id: (label,) for id, label in LABELS.items()}
    like, asked = [text for text, _ in SPOKEN[::2]], SPOKEN[1::2]
    known = nodes(read, names, like)
    assert set(known.ids) == set(PHENOTYPES) and known.vectors.shape == (len(PHENOTYPES), 32)
    assert beyond_chance(right(read, known, asked), len(asked), len(PHENOTYPES))
    assert right(read, nodes(read, names), [(label, id) for id, label in LABELS.items()]) == len(PHENOTYPES)


def test_vectors_do_not_hang_on_their_batch_and_a_node_is_the_mean_of_its_names() -> None:
    read = Encoder(kits.tiny("bert", [text for text, _ in SPOKEN], width=16))
    texts = ["fever", "a much longer text with fever in it", ""]
    together, alone = read(texts), np.concatenate([read([text]) for text in texts])
    assert together.dtype == np.float32 and np.abs(together - alone).max() < 1e-5
    known = nodes(read, {"A": ("fever", "cough"), "B": ("short stature",)})
    means = np.stack([read(["fever", "cough"]).mean(0), read(["short stature"])[0]])
    assert np.allclose(known.mean, means.mean(0), atol=1e-6)
    assert np.allclose(np.linalg.norm(known.vectors, axis=1), 1, atol=1e-5)
    (found,) = known.nearest(read(["short stature"]), keep=2)
    assert [id for id, _ in found] == ["B", "A"] and found[0][1] == pytest.approx(1, abs=1e-5)
    assert known.nearest(read([])) == []
