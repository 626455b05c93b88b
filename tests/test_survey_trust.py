"""One test for each requirement of the survey on how far knowledge can be trusted: it asserts what its row means."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import probatum
from probatum import knowledge
from probatum.errors import NeedsConsent
from probatum.naming import card_of, find
from probatum.store import consent
from probatum.store.checks import check
from probatum.store.checks_page import page
from probatum.store.conflicts import conflicts, parties
from probatum.store.coverage import covered
from probatum.store.diff import diff
from probatum.store.kgx import export
from probatum.store.reader import Store
from probatum.store.verify import verify

Row = dict[str, str]
RELIABILITY = {"curated", "extracted", "generated"}


def test_every_record_says_how_reliable_it_is(tiny: Path, tmp_path: Path) -> None:
    for source in ("hpo", "chatdoctor_diseases", "dalk"):
        if card_of(find("sources", source)).gated:
            consent.accept(tmp_path / "kb", source, card_of(find("sources", source)), "A clinic")
        probatum.ingest(tmp_path / "kb", source, tiny / "sources" / source)
    with probatum.open(tmp_path / "kb") as kb:
        records = [*kb.store.concepts(), *kb.store.relations(), *kb.store.passages()]
        said = {(each.origin.source, each.origin.reliability) for each in records}
        assert {reliability for _, reliability in said} == RELIABILITY
        assert {("hpo", "curated"), ("chatdoctor_diseases", "extracted"), ("dalk", "generated")} <= said
        assert len({source for source, _ in said}) == 3
        answer = knowledge.plain(kb.ask("How frequent is splenomegaly in Gaucher disease, type I?"))
        assert {piece["origin"]["reliability"] for piece in answer["evidence"]} <= RELIABILITY and answer["evidence"]
        export(kb.store, tmp_path / "kgx")
        (result,) = check(kb.store, date.today(), only=["reliability"]).results
        assert (result.violated, result.rows, result.passed) == (0, len(records), True)
    assert {row["source_reliability"] for row in _edges(tmp_path / "kgx")} == RELIABILITY
    assert verify(tmp_path / "kb").wrong == ()


def test_a_gated_source_is_read_only_after_consent_on_record(tiny: Path, tmp_path: Path) -> None:
    card = card_of(find("sources", "umls"))
    with pytest.raises(NeedsConsent) as refused:
        probatum.ingest(tmp_path, "umls", tiny / "sources" / "umls")
    assert card.terms in str(refused.value) and "kb accept umls --by" in refused.value.mend
    made = consent.accept(tmp_path, "umls", card, "The library of a clinic")
    assert probatum.ingest(tmp_path, "umls", tiny / "sources" / "umls").written > 10
    with Store(tmp_path) as store:
        assert consent.acceptances(store) == [made] and made.who == "The library of a clinic"
        assert [release.licence for release in store.releases()] == [card.licence]


def test_coverage_is_told_by_specialty(tiny: Path, tmp_path: Path) -> None:
    for source in ("hpo", "mesh", "medquad"):
        probatum.ingest(tmp_path, source, tiny / "sources" / source)
    with Store(tmp_path) as store:
        told = covered(store)
        shown = page(check(store, date.today()))
    by_name = {one.name: one for one in told.specialties}
    assert len(by_name) >= 20 and all(name in shown for name in by_name)
    neurology = by_name["Neurology"]
    assert neurology.concepts >= 2 and neurology.diseases >= 1 and neurology.texts >= 1 and "hpo" in neurology.sources
    assert by_name["Toxicology"].diseases == 0, "what is not there counts for nothing"
    assert {one.code for one in told.languages} >= {"en", "zh"}
    assert {one.release.partition("@")[0] for one in told.sources} == {"hpo", "mesh", "medquad"}


def _denied(row: Row) -> Row:
    return row | {"negated": "false" if row["negated"] == "true" else "true"}


def _rarer(row: Row) -> Row:
    return row | {"source_qualifiers": row["source_qualifiers"].replace("19/20", "1/20")}


def _elsewhere(row: Row) -> Row:
    return row | {"object": "HP:0002240"}


def _swapped(row: Row) -> Row:
    return row | {"subject": row["object"], "object": row["subject"]}


EDITS: dict[str, tuple[Callable[[Row], Row], str]] = {
    "denied": (_denied, "negation"),
    "rarer": (_rarer, "frequency"),
    "another object": (_elsewhere, ""),
    "turned round": (_swapped, ""),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_edit_is_caught(tiny: Path, tmp_path: Path, name: str) -> None:
    """One wrong edit in a copy of the knowledge: a conflict with the original, a difference from an honest copy."""
    edit, kind = EDITS[name]
    probatum.ingest(tmp_path / "kb", "hpo", tiny / "sources" / "hpo")
    with Store(tmp_path / "kb") as store:
        export(store, tmp_path / "honest")
        before = list(conflicts(store))
    rows = _edges(tmp_path / "honest")
    (place,) = (n for n, row in enumerate(rows) if "19/20" in row["source_qualifiers"] and "OMIM" in row["subject"])
    (tmp_path / "edited").mkdir()
    (tmp_path / "edited" / "nodes.tsv").write_bytes((tmp_path / "honest" / "nodes.tsv").read_bytes())
    _write_edges(tmp_path / "edited", [edit(row) if n == place else row for n, row in enumerate(rows)])
    for copy in ("honest", "edited"):
        probatum.ingest(tmp_path / f"kb-{copy}", "kgx", tmp_path / copy)
    found = diff(tmp_path, str(tmp_path / "kb-honest"), str(tmp_path / "kb-edited"))
    assert 1 <= found.relations_added + found.relations_changed + found.relations_removed <= 4
    assert any("OMIM:230800" in line and "HP:0001744" in line for line in found.first), found.first
    if kind:
        probatum.ingest(tmp_path / "kb", "kgx", tmp_path / "edited")
        with Store(tmp_path / "kb") as store:
            new = [one for one in conflicts(store, "OMIM:230800", [kind]) if _names(one) not in map(_names, before)]
            (caught,) = [one for one in new if one.object == "HP:0001744"]
            assert {"hpo", "kgx"} == {side.partition("@")[0] for each in parties(caught) for side in each}


def _names(conflict: object) -> tuple[str, ...]:
    return tuple(getattr(conflict, name) for name in ("kind", "subject", "predicate", "object"))


def _edges(folder: Path) -> list[Row]:
    with (folder / "edges.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _write_edges(folder: Path, rows: list[Row]) -> None:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    (folder / "edges.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
