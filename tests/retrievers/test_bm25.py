"""Passages by their words."""

from collections.abc import Iterator

import pytest
from small_store import small_store

from probatum.retrievers.bm25 import bm25
from probatum.store.reader import Store
from probatum.types import Passage, Question


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def test_whole_passages_with_their_origin(store: Store) -> None:
    found = bm25(store)(Question("What are the treatments for Gaucher disease?"), 10)
    assert isinstance(found[0].fact, Passage)
    assert (found[0].fact.id, found[0].found_by, found[0].origin.source) == ("t1", "bm25", "texts")
    assert found[0].text == found[0].fact.text[found[0].start : found[0].end] == found[0].fact.text
    assert [piece.score for piece in found] == sorted((piece.score for piece in found), reverse=True)


def test_how_a_question_is_put_does_not_count(store: Store) -> None:
    search = bm25(store)
    assert search(Question("gaucher treatments"), 5) == search(Question("What are the treatments for Gaucher?"), 5)


def test_a_question_of_such_words_alone_is_still_searched(store: Store) -> None:
    assert [piece.fact.id for piece in bm25(store)(Question("how is it"), 5) if isinstance(piece.fact, Passage)]


def test_chinese(store: Store) -> None:
    found = bm25(store)(Question("戈谢病怎么治疗？"), 5)
    assert [piece.fact.id for piece in found if isinstance(piece.fact, Passage)] == ["t5"]


@pytest.mark.parametrize("text", ["", "?!", "今天天气", "xyzzy"])
def test_nothing_is_found_for_nothing(store: Store, text: str) -> None:
    assert bm25(store)(Question(text), 5) == []
