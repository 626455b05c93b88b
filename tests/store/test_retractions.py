"""A retracted paper takes with it what rested on it alone, for good, until it is restored."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from probatum.errors import BadFormat, StoreRefused
from probatum.store import seal
from probatum.store.graph import Graph
from probatum.store.kgx import export
from probatum.store.reader import Store
from probatum.store.retractions import restore_paper, retractions, withdraw_paper, withdraw_retracted
from probatum.store.schema import DATABASE
from probatum.store.verify import verify
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Origin, Passage, Relation, Release

HAS = "biolink:has_phenotype"


def facts(source: str = "made") -> list[Fact]:
    def at(place: str, *papers: str) -> Origin:
        return Origin(source, "1", place, "PCS", papers)

    return [
        Release(source, "1", "CC0", "00"),
        Concept("PMID:1", "A paper", "Publication", at("PMID:1"), xrefs=("doi:10.1/x", "MESH:D1")),
        Relation("OMIM:1", HAS, "HP:1", at("a", "PMID:1")),
        Relation("OMIM:1", HAS, "HP:2", at("b", "PMID:1", "PMID:2")),
        Relation("OMIM:1", HAS, "HP:3", at("c", "PMID:2")),
        Relation("OMIM:1", HAS, "HP:3", at("d", "doi:10.1/x")),
        Relation("OMIM:1", HAS, "HP:4", at("e", "PMID:11")),
        Relation("OMIM:1", HAS, "HP:5", at("f")),
        Passage("PMID:1#abstract", "What it said.", "A paper", "en", at("PMID:1", "PMID:1")),
        Passage("review", "What it is said to have said.", "", "en", at("r", "PMID:1"), about=("OMIM:1",)),
    ]


def seen(folder: Path) -> set[tuple[str, tuple[str, ...]]]:
    with Store(folder) as store:
        return {(claim.object, claim.origin.references) for claim in store.relations()}


ALL = {
    ("HP:1", ("PMID:1",)), ("HP:2", ("PMID:1", "PMID:2")), ("HP:3", ("PMID:2",)), ("HP:3", ("doi:10.1/x",)),
    ("HP:4", ("PMID:11",)), ("HP:5", ()),
}  # fmt: skip
LEFT = {("HP:2", ("PMID:2",)), ("HP:3", ("PMID:2",)), ("HP:4", ("PMID:11",)), ("HP:5", ())}


def test_what_rested_on_it_alone_goes_and_the_rest_loses_the_reference(tmp_path: Path) -> None:
    write(tmp_path, facts())
    done = withdraw_paper(tmp_path, "pmid:1", "fabricated")
    assert done.papers == ("PMID:1", "doi:10.1/x")
    assert (done.claims, done.passages, done.standing, done.texts) == (2, 1, 2, 1)
    assert seen(tmp_path) == LEFT
    with Store(tmp_path) as store:
        assert [claim.origin.at for claim in store.relations(object="HP:3")] == ["c"]
        assert list(store.assertions()) == [("OMIM:1", HAS, f"HP:{n}") for n in (2, 3, 4, 5)]
        assert "HP:1" not in Graph.open(store) and "HP:2" in Graph.open(store)
        (own,) = store.passages()
        assert (own.id, own.qualifiers, own.origin.references) == ("PMID:1#abstract", (("status", "retracted"),), ())
        assert list(store.passages(about="OMIM:1")) == []
        assert store.stats()["claims"] == 4 and store.stats()["relations"] == 4
        assert [(one.paper, one.asked, one.reason) for one in retractions(store)] == [
            ("PMID:1", "PMID:1", "fabricated"), ("doi:10.1/x", "PMID:1", "fabricated"),
        ]  # fmt: skip
        export(store, tmp_path / "kgx")
    assert "PMID:1|" not in (tmp_path / "kgx" / "edges.tsv").read_text("utf-8")
    report = verify(tmp_path)
    assert (report.wrong, report.sealed) == ((), True)


def test_a_second_ingest_does_not_bring_it_back_and_a_restoration_does(tmp_path: Path) -> None:
    before = write(tmp_path, facts()).content
    withdraw_paper(tmp_path, "PMID:1")
    with Store(tmp_path) as store:
        after = store.content
    assert after != before
    assert write(tmp_path, facts()).written == 0 and seen(tmp_path) == LEFT
    withdraw(tmp_path, "made")
    assert write(tmp_path, facts()).content == after and seen(tmp_path) == LEFT
    assert verify(tmp_path).wrong == ()
    write(tmp_path, facts("other"))
    assert seen(tmp_path) == LEFT, "a source that comes later is treated alike"
    withdraw(tmp_path, "other")
    done = restore_paper(tmp_path, "doi:10.1/X")  # another id of the same paper
    assert (done.claims, done.passages, done.standing) == (2, 1, 2)
    assert seen(tmp_path) == ALL
    with Store(tmp_path) as store:
        assert store.content == before and retractions(store) == []
    assert verify(tmp_path).wrong == ()


def test_two_papers_are_withdrawn_one_after_the_other(tmp_path: Path) -> None:
    before = write(tmp_path, facts()).content
    withdraw_paper(tmp_path, "PMID:2")
    done = withdraw_paper(tmp_path, "PMID:1")
    assert done.claims == 3, "what rested on both rests on none"
    assert seen(tmp_path) == {("HP:4", ("PMID:11",)), ("HP:5", ())}
    restore_paper(tmp_path, "PMID:1")
    assert ("HP:2", ("PMID:1",)) in seen(tmp_path)
    restore_paper(tmp_path, "PMID:2")
    with Store(tmp_path) as store:
        assert store.content == before


def test_many_papers_go_as_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, facts())
    monkeypatch.setattr("probatum.store.retractions.FEW", 0)
    assert withdraw_paper(tmp_path, "PMID:1").claims == 2 and seen(tmp_path) == LEFT


def test_all_papers_that_their_own_record_calls_retracted_go_at_once(tmp_path: Path) -> None:
    *others, own, review = facts()
    assert isinstance(own, Passage)
    marked = replace(own, id="PMID:1", qualifiers=(("status", "retracted"), ("year", "2001")))
    corrected = replace(own, id="PMID:2", qualifiers=(("status", "corrected"),))
    before = write(tmp_path, [*others, marked, corrected, review]).content
    done = withdraw_retracted(tmp_path)
    assert (done.papers, done.claims, done.texts) == (("PMID:1", "doi:10.1/x"), 2, 1)
    assert seen(tmp_path) == LEFT
    assert withdraw_retracted(tmp_path).claims == 0
    restore_paper(tmp_path, "PMID:1")
    assert seen(tmp_path) == ALL and verify(tmp_path).content == before


def test_a_reader_keeps_what_it_opened(tmp_path: Path) -> None:
    write(tmp_path, facts())
    with Store(tmp_path) as store:
        withdraw_paper(tmp_path, "PMID:1")
        assert len(list(store.relations())) == 6 and not store.is_current()


@pytest.mark.parametrize("sql", ["UPDATE claims SET withdrawn = 1 - withdrawn", "DELETE FROM retractions"])
def test_a_withdrawal_undone_behind_its_back_is_found(tmp_path: Path, sql: str) -> None:
    write(tmp_path, facts())
    withdraw_paper(tmp_path, "PMID:1")
    with sqlite3.connect(tmp_path / DATABASE) as link:
        link.execute(sql)
    link.close()
    (tmp_path / seal.SEAL).unlink()
    assert any("are withdrawn and should stand" in fault for fault in verify(tmp_path).wrong)


def test_what_is_no_paper_or_not_withdrawn_is_refused(tmp_path: Path) -> None:
    write(tmp_path, facts())
    with pytest.raises(BadFormat, match="PMID:123"):
        withdraw_paper(tmp_path, "HP:1")
    with pytest.raises(StoreRefused, match="not withdrawn"):
        restore_paper(tmp_path, "PMID:1")
