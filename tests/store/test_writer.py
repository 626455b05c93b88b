"""The writer refuses what would corrupt the store, sets aside what is no text, and says what it cannot do."""

from __future__ import annotations

import gc
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from probatum.errors import BadFormat, StoreRefused
from probatum.store import rows, seal
from probatum.store.reader import Store
from probatum.store.verify import verify
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Malformed, Mark, Name, Origin, Passage, Relation, Release, Resumable

RELEASE = Release("made", "1", "CC0", "00")
AT = Origin("made", "1", "r")
COUGH = Concept("HP:1", "Cough", "PhenotypicFeature", AT)


def test_half_a_surrogate_pair_is_set_aside_and_the_rest_loads(tmp_path: Path) -> None:
    broken = "\ud83d"
    facts = [
        RELEASE, COUGH, replace(COUGH, names=(Name(broken),)), Passage("p", broken, "", "en", AT),
        Relation("OMIM:1", "biolink:has_phenotype", "HP:1", AT, qualifiers=(("sex", broken),)),
        Malformed("made.tsv", 7, "odd", broken), Malformed(f"{broken}.tsv", 8, "odd"),
    ]  # fmt: skip
    done = write(tmp_path, facts)
    assert (done.written, done.quarantined) == (1, 5)
    assert verify(tmp_path).wrong == ()
    with Store(tmp_path) as store:
        assert store.stats()["quarantine"] == 5
        reasons = store.rows("SELECT DISTINCT reason FROM quarantine")
        assert [row[0] for row in reasons] == ["not Unicode text: surrogates not allowed"]


@pytest.mark.parametrize("origin", [Origin("other", "1", "r"), Origin("made", "2", "r")])
def test_a_fact_of_another_release_is_refused(tmp_path: Path, origin: Origin) -> None:
    with pytest.raises(BadFormat, match="made@1 says it is of"):
        write(tmp_path, [RELEASE, COUGH, replace(COUGH, origin=origin)])
    with Store(tmp_path) as store:
        assert store.releases() == []


@pytest.mark.parametrize("facts", [[], [COUGH], [RELEASE, COUGH, RELEASE]])
def test_a_source_yields_its_release_first_and_once(tmp_path: Path, facts: list[Release | Concept]) -> None:
    with pytest.raises(BadFormat, match="Release"):
        write(tmp_path, facts)


def test_texts_that_hold_the_separator_do_not_run_together() -> None:
    one = rows.of_relation(Relation("a\x1fb", "p", "c", AT))
    other = rows.of_relation(Relation("a", "b\x1fp", "c", AT))
    assert rows.key_of("relation", "made", "1", one) != rows.key_of("relation", "made", "1", other)
    assert all(
        rows.key_of_relation("made", "1", row) == rows.key_of("relation", "made", "1", row) for row in (one, other)
    )


def test_the_order_within_a_fact_does_not_matter(tmp_path: Path) -> None:
    names, xrefs = (Name("Tussis", "la"), Name("Husten", "de")), ("UMLS:1", "MESH:2")
    told = (("sex", "MALE"), ("onset", "HP:3"))
    contents = set()
    for way in (1, -1):
        claim = Relation("OMIM:1", "biolink:has_phenotype", "HP:1", AT, qualifiers=told[::way])
        text = Passage("p", "text", "", "en", AT, about=("HP:1", "HP:0")[::way])
        concept = replace(COUGH, names=names[::way], xrefs=xrefs[::way])
        contents.add(write(tmp_path / str(way), [RELEASE, concept, claim, text]).content)
    assert len(contents) == 1


def test_two_descriptions_of_one_concept_keep_their_own_names(tmp_path: Path) -> None:
    other = replace(COUGH, origin=replace(AT, at="s"), names=(Name("Husten", "de"),))
    write(tmp_path, [RELEASE, COUGH, other, other])
    assert verify(tmp_path).wrong == ()
    with Store(tmp_path) as store:
        assert [concept.names for concept in store.concepts()] == [(Name("Husten", "de"),)]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreRefused, match="may write"):
        write(tmp_path / "file", [RELEASE, COUGH])


def test_all_releases_of_a_source_go_at_once_and_the_seal_is_renewed(tmp_path: Path) -> None:
    write(tmp_path, [RELEASE, COUGH])
    newer = replace(COUGH, origin=replace(AT, release="2"))
    write(tmp_path, [replace(RELEASE, version="2"), newer])
    first = (tmp_path / seal.SEAL).read_text()
    assert withdraw(tmp_path, "made") == 2
    assert (tmp_path / seal.SEAL).read_text() != first
    report = verify(tmp_path)
    assert (report.wrong, report.rows, report.content, report.sealed) == ((), 0, "0" * 32, True)


def test_the_collector_is_left_as_it_was(tmp_path: Path) -> None:
    before = gc.get_threshold()
    write(tmp_path, [RELEASE, COUGH])
    assert gc.get_threshold() == before


def test_a_reader_does_not_keep_the_writer_waiting(tmp_path: Path) -> None:
    write(tmp_path, [RELEASE, COUGH])
    with Store(tmp_path) as store:
        withdraw(tmp_path, "made")
        assert store.concept("HP:1") == replace(COUGH, origin=replace(AT, retrieved=_today(store)))
        assert not verify(tmp_path).sealed
    write(tmp_path, [RELEASE, COUGH])
    assert verify(tmp_path).sealed


def _today(store: Store) -> str:
    return next(str(row[0])[:10] for row in store.rows("SELECT loaded FROM releases"))


@pytest.mark.parametrize("breaks", [0, 1, 9, 10, 11, 25, 49])
@pytest.mark.parametrize("follows", [True, False])
def test_a_source_that_can_goes_on_at_its_last_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: int, follows: bool
) -> None:
    monkeypatch.setattr("probatum.store.writer.BATCH", 4)
    told: list[Fact] = []

    def source(stop: int) -> Generator[Fact, str | None, None]:
        answer = yield Resumable("made", "1", "CC0", "00")
        start = int(answer or 0) if follows else 0
        if start:
            yield Mark(str(start))
        for number in range(start, 50):
            if number % 10 == 0 and answer is not None:
                yield Mark(str(number))
            if number == stop:
                raise KeyboardInterrupt
            told.append(Concept(f"HP:{number}", "Cough", "PhenotypicFeature", AT))
            yield told[-1]

    whole = write(tmp_path / "whole", source(50))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "broken", source(breaks))
    told.clear()
    done = write(tmp_path / "broken", source(50))
    assert done.content == whole.content and done.written + done.resumed == whole.written == 50
    assert len(told) == (50 - breaks // 10 * 10 if follows else 50)
    assert verify(tmp_path / "broken").wrong == ()
    withdraw(tmp_path / "broken", "made")
    with Store(tmp_path / "broken") as store:
        assert list(store.rows("SELECT * FROM marks")) == []
