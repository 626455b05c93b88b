"""Retracted papers stand behind all others, whoever finds them, and are marked as what they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum.naming import call
from probatum.retrievers._standing import MARK
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Origin, Passage, Question, Release

AT = Origin("made", "1", "r")
ASKED = Question("Does velvet root calm morbus rubens?")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("kb")
    texts = {
        "best": ("Velvet root calms morbus rubens", "Velvet root calms morbus rubens in all patients.", "retracted"),
        "second": ("A trial of velvet root", "Velvet root was given to two patients with morbus rubens.", ""),
        "third": ("Morbus rubens", "Morbus rubens is a made-up disease.", ""),
        "fourth": ("Bread", "Bread is baked.", ""),
    }
    facts = [
        Passage(
            id, text, title, "en", AT, about=("MADE:1",), qualifiers=(("status", status),) if status else ()
        )
        for id, (title, text, status) in texts.items()
    ]  # fmt: skip
    disease = Concept("MADE:1", "Morbus rubens", "Disease", AT)
    write(folder, [Release("made", "1", "CC0", "00"), disease, *facts])
    with Store(folder) as opened:
        yield opened


@pytest.mark.parametrize("retriever", ["bm25", "graph", "fused"])
def test_they_stand_last_and_are_marked(store: Store, retriever: str) -> None:
    found = call("retrievers", retriever, store)(ASKED, 10)
    ids = [each.fact.id for each in found if isinstance(each.fact, Passage)]
    assert ids[-1] == "best" and len(ids) >= 3
    assert [MARK in each.found_by for each in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].score == 0.0 < found[0].score


@pytest.mark.parametrize("retriever", ["bm25", "graph", "fused"])
def test_on_request_they_keep_their_place_and_their_mark(store: Store, retriever: str) -> None:
    found = call("retrievers", retriever, store, retracted=True)(ASKED, 10)
    place = next(n for n, each in enumerate(found) if isinstance(each.fact, Passage))
    first = found[place]
    assert isinstance(first.fact, Passage) and first.fact.id == "best"
    assert first.score > 0 and first.found_by.endswith(MARK)
