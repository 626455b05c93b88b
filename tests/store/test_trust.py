"""Each piece of evidence says how reliable it is, and a text from when to when it holds; older stores are refused."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from probatum.errors import BadFormat, StoreRefused
from probatum.store import seal
from probatum.store.reader import Store
from probatum.store.rows import RELIABILITY
from probatum.store.schema import DATABASE, VERSION
from probatum.store.verify import verify
from probatum.store.writer import write
from probatum.types import Concept, Fact, Origin, Passage, Relation, Release

RELEASE = Release("made", "1", "CC0", "00", published="2024-05-06", manner="joins")


def facts(reliability: str) -> list[Fact]:
    at = Origin("made", "1", f"r {reliability}", "PCS", ("PMID:1",), reliability=reliability)
    return [
        Concept(f"HP:{reliability}", "Cough", "PhenotypicFeature", at),
        Relation("OMIM:1", "biolink:has_phenotype", "HP:2", at, False, (("sex", "MALE"),)),
        Passage(f"p-{reliability}", "text", "", "en", at, qualifiers=(("review_due", "2026-01-01"), ("year", "2020"))),
    ]


def test_reliability_and_the_dates_of_texts_come_back(tmp_path: Path) -> None:
    given = [fact for reliability in RELIABILITY for fact in facts(reliability)]
    write(tmp_path, [RELEASE, *given])
    with Store(tmp_path) as store:
        found = [*store.concepts(), *store.relations(), *store.passages()]
        assert store.releases() == [RELEASE]
        day = store.view.shown[0].loaded
    assert set(found) == {replace(fact, origin=replace(fact.origin, retrieved=day)) for fact in given}
    assert verify(tmp_path).wrong == ()


def test_reliability_counts_in_the_content(tmp_path: Path) -> None:
    contents = {write(tmp_path / name, [RELEASE, *_all_as(name)]).content for name in RELIABILITY}
    assert len(contents) == len(RELIABILITY)


def _all_as(reliability: str) -> list[Fact]:
    return [replace(fact, origin=replace(fact.origin, reliability=reliability)) for fact in facts("curated")]


@pytest.mark.parametrize("table", ["concepts", "claims", "passages"])
def test_reliability_that_was_changed_is_found(tmp_path: Path, table: str) -> None:
    write(tmp_path, [RELEASE, *facts("extracted")])
    with sqlite3.connect(tmp_path / DATABASE) as link:
        link.execute(f"UPDATE {table} SET reliability = 0")  # noqa: S608
    link.close()
    (tmp_path / seal.SEAL).unlink()
    assert any("not what was written" in fault for fault in verify(tmp_path).wrong)


@pytest.mark.parametrize("fact", facts("guessed"))
def test_another_reliability_is_refused(tmp_path: Path, fact: Fact) -> None:
    with pytest.raises(BadFormat, match=r"'guessed'.*curated, extracted, generated"):
        write(tmp_path, [RELEASE, fact])
    with Store(tmp_path) as store:
        assert store.stats()["releases"] == 0


@pytest.mark.parametrize(("version", "said"), [(VERSION - 1, "ingest the sources again"), (VERSION + 1, "update")])
def test_a_store_of_another_version_is_refused_and_left_alone(tmp_path: Path, version: int, said: str) -> None:
    write(tmp_path, [RELEASE, *facts("curated")])
    with sqlite3.connect(tmp_path / DATABASE) as link:
        link.execute(f"PRAGMA user_version = {version}")
    link.close()
    before = (tmp_path / DATABASE).read_bytes()
    for use in (Store, verify, lambda folder: write(folder, [RELEASE])):
        with pytest.raises(StoreRefused, match=said):
            use(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


@pytest.mark.parametrize("release", [replace(RELEASE, manner="adds"), replace(RELEASE, published="May 2024")])
def test_a_release_states_a_day_and_a_manner_that_there_is(tmp_path: Path, release: Release) -> None:
    with pytest.raises(BadFormat):
        write(tmp_path, [release])
