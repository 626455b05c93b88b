"""Reciprocal rank fusion."""

from collections.abc import Iterator

import pytest
from small_store import small_store

from probatum import naming
from probatum.errors import BadPlan, UnknownName
from probatum.retrievers.fused import fused
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.types import Evidence, Origin, Passage, Question, Relation


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def lister(*ids: str) -> object:
    """A retriever that always finds these: ids that begin with r are relations."""
    where = Origin("own", "1", "x")

    def make(store: Store) -> Retrieve:
        def search(question: Question, keep: int) -> list[Evidence]:
            facts = [
                Relation(id, "p", "o", where) if id.startswith("r") else Passage(id, id, "", "en", where) for id in ids
            ]
            return [Evidence(fact, "t", 1.0, ids[0]) for fact in facts][:keep]

        return search

    return make


def names(found: list[Evidence]) -> list[str]:
    return [piece.fact.subject if isinstance(piece.fact, Relation) else piece.fact.id for piece in found]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_added", {})
    naming.into("retrievers", "one", lister("a", "b", "c"))
    naming.into("retrievers", "other", lister("r1", "r2", "c", "r3", "a"))


@pytest.mark.usefixtures("two")
def test_scores_by_hand(store: Store) -> None:
    found = fused(store, of=("one", "other"))(Question("x"), 10)
    assert names(found) == ["a", "c", "r1", "b", "r2", "r3"]  # passages and relations are ranked apart
    scores = {name: piece.score for name, piece in zip(names(found), found, strict=True)}
    assert scores["a"] == pytest.approx(1 / 61 + 1 / 62)
    assert scores["c"] == pytest.approx(1 / 63 + 1 / 61)
    assert scores["r1"] == pytest.approx(1 / 61)
    assert scores["b"] == pytest.approx(1 / 62)


@pytest.mark.usefixtures("two")
def test_keeps_at_most_so_many_of_each_kind(store: Store) -> None:
    assert names(fused(store, of=("one", "other"))(Question("x"), 1)) == ["a", "r1"]


def test_default_joins_words_and_graph(store: Store) -> None:
    found = fused(store)(Question("treatments for Gaucher disease type 1"), 10)
    assert names(found)[0] == "t1"
    assert any(isinstance(piece.fact, Relation) for piece in found)


@pytest.mark.usefixtures("two")
def test_members_may_be_named_in_one_text(store: Store) -> None:
    question = Question("x")
    assert fused(store, of="one, other")(question, 5) == fused(store, of=("one", "other"))(question, 5)


def test_wrong_settings_are_named(store: Store) -> None:
    with pytest.raises(BadPlan):
        fused(store, of=())
    with pytest.raises(BadPlan):
        fused(store, of=("fused",))
    with pytest.raises(BadPlan):
        fused(store, of="bm25,")
    with pytest.raises(UnknownName, match="bm25"):
        fused(store, of=("bm52",))
