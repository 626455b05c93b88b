"""The word index: English and Chinese words, ties, hostile text, the same index every time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_store import origin, small_store

from probatum.store.derived import damaged
from probatum.store.reader import Store
from probatum.store.words import terms, words
from probatum.store.writer import write
from probatum.types import Concept, Name, Passage, Release


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def of_texts(folder: Path, *texts: tuple[str, str, str]) -> Store:
    passages = [Passage(id, text, title, "en", origin(id)) for id, title, text in texts]
    write(folder, [Release("own", "1", "CC0-1.0", "0"), *passages])
    return Store(folder)


def test_finds_by_words_best_first(store: Store) -> None:
    hits = words(store).search("enzyme replacement, Gaucher", 10)
    assert [hit.id for hit in hits] == ["t1", "t2"]
    assert hits[0].score > hits[1].score > 0


def test_definitions_are_not_documents(store: Store) -> None:
    assert len(words(store)) == 5
    assert words(store).search("larger than should", 10) == []


def test_finds_a_chinese_word_of_two_characters(store: Store) -> None:
    assert [hit.id for hit in words(store).search("脾脏", 10)] == ["t5"]
    assert [hit.id for hit in words(store).search("酶替代", 10)] == ["t5"]


def test_a_chinese_word_counts_more_than_its_characters_apart(tmp_path: Path) -> None:
    with of_texts(tmp_path, ("apart", "", "大便带血，脾气不好"), ("word", "", "患者有脾大的表现")) as store:
        assert [hit.id for hit in words(store).search("脾大", 10)] == ["word", "apart"]


def test_case_accents_and_width_do_not_count() -> None:
    assert terms("Naïve ＧＢＡ1, β-cell: 脾大") == ["naive", "gba1", "β", "cell", "脾", "大"]


def test_stemming_joins_forms(tmp_path: Path) -> None:
    with of_texts(tmp_path, ("a", "", "treated patients"), ("b", "", "nothing of it")) as store:
        assert words(store).search("treatment", 5) == []
        assert [hit.id for hit in words(store, stemming="english").search("treating", 5)] == ["a"]


def test_title_counts_as_often_as_said(tmp_path: Path) -> None:
    held = (("text", "other", "gout gout and more words here"), ("title", "gout", "other words"))
    with of_texts(tmp_path, *held) as store:
        assert [hit.id for hit in words(store, title=0).search("gout", 5)] == ["text"]
        assert words(store, title=6).search("gout", 5)[0].id == "title"


def test_a_passage_is_found_by_the_other_names_of_what_it_is_about(tmp_path: Path) -> None:
    stone = Concept("X:1", "Gallstone", "Disease", origin("X:1"), (Name("Cholelithiasis", "en", "exact"),))
    passage = Passage("p", "They may hurt.", "Gallstones", "en", origin("p"), about=("X:1",))
    write(tmp_path, [Release("own", "1", "CC0-1.0", "0"), stone, passage])
    with Store(tmp_path) as store:
        assert [hit.id for hit in words(store).search("cholelithiasis", 5)] == ["p"]
        assert words(store, names=0).search("cholelithiasis", 5) == []


def test_names_of_a_concept_that_has_too_many_do_not_count(tmp_path: Path) -> None:
    names = tuple(Name(f"thing {number}", "en", "exact") for number in range(25))
    syndrome = Concept("X:1", "Syndrome", "Disease", origin("X:1"), names)
    passage = Passage("p", "Text.", "Title", "en", origin("p"), about=("X:1",))
    write(tmp_path, [Release("own", "1", "CC0-1.0", "0"), syndrome, passage])
    with Store(tmp_path) as store:
        assert words(store).search("thing 7", 5) == []


def test_ties_go_by_id_whatever_the_order_of_writing(tmp_path: Path) -> None:
    with of_texts(tmp_path, *((f"p{number}", "", "same words") for number in (3, 1, 2, 0))) as store:
        assert [hit.id for hit in words(store).search("same words", 3)] == ["p0", "p1", "p2"]


def test_two_builds_search_alike(tmp_path: Path) -> None:
    with small_store(tmp_path / "one") as first, small_store(tmp_path / "two") as second:
        for question in ("gaucher disease", "脾脏", "weeks"):
            assert words(first).search(question, 9) == words(second).search(question, 9)


def test_a_word_that_nothing_holds_is_rarest(store: Store) -> None:
    index = words(store)
    assert index.rarity("zzyzx") > index.rarity("enzyme") > index.rarity("gaucher") > 0


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with of_texts(tmp_path) as store:
        assert words(store).search("anything", 5) == []


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        '" OR text:*',
        "a AND (b OR",
        "text:[a TO z]",
        "~~^^5",
        "NOT",
        "\x00\ud800",
        "\u202e脾",
        "a" * 5000,
        "e\u0301" * 50,
    ]
)


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
def test_no_text_is_read_as_a_query_language(store: Store, text: str) -> None:
    hits = words(store).search(text, 3)
    assert len(hits) <= 3
    assert all(hit.score >= 0 for hit in hits)


def test_searching_leaves_the_index_whole(tmp_path: Path) -> None:
    with small_store(tmp_path) as store:
        words(store).search("spleen", 3)
        folder = store.derived("words-2-whole-1-1", lambda folder: None)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        words(store).search("weeks", 3)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert damaged(tmp_path) == []
