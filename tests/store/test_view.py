"""Of each source its newest release is seen; older ones stay and are reached by a day or by their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat, BadPlan, StoreRefused
from probatum.store import derived
from probatum.store.diff import diff
from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.store.verify import verify
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Gone, Name, Origin, Pairs, Passage, Relation, Release

HAS = "biolink:has_phenotype"


def release(version: str, *objects: str, manner: str = "replaces", published: str = "", told: Pairs = ()) -> list[Fact]:
    """A release that says of one disease that it has some phenotypes, each in a record of its own."""
    found: list[Fact] = [Release("made", version, "CC0", version, (), published, manner)]
    for id in objects:
        at = Origin("made", version, f"{id} OMIM:1")
        names = (Name(f"{id} as of {version}", scope="exact"),)
        found.append(Concept(id, f"Sign of {version}", "PhenotypicFeature", at, names, (f"{id}9",)))
        found.append(Relation("OMIM:1", HAS, id, at, False, told))
        found.append(Passage(f"{id}#definition", f"In {version}.", "", "en", at, about=("OMIM:1", id), qualifiers=told))
    return found


def seen(folder: Path, **asked: object) -> set[tuple[str, str]]:
    """(object, release) of each claim; every other way of reading must show the same."""
    with Store(folder, **asked) as store:  # type: ignore[arg-type]
        found = {(claim.object, claim.origin.release) for claim in store.relations()}
        ids = {id for id, _ in found}
        assert {(one.id, one.origin.release) for one in store.concepts()} == found
        assert {(one.id.partition("#")[0], one.origin.release) for one in store.passages()} == found
        assert {one.id.partition("#")[0] for one in store.passages(about="OMIM:1")} == ids
        assert {(id, name.text.split()[-1]) for id, _, name in store.names()} == found
        assert {id for id in ids if store.resolve(f"{id}9") == id} == ids
        assert {object_ for _, _, object_ in store.assertions()} == ids
        assert {id for id, _ in store.suggest("sign", limit=99)} == ids
        assert store.stats()["relations"] == store.stats()["claims"] == store.stats()["concepts"] == len(found)
        if ids:
            assert {id for id, _ in Graph.open(store).neighbours("OMIM:1")} == ids
        return found


def test_the_newest_release_is_seen_and_the_old_one_kept(tmp_path: Path) -> None:
    first = write(tmp_path, release("2024-01-01", "HP:1", "HP:2"))
    both = write(tmp_path, release("2025-01-01", "HP:2", "HP:3"))
    assert seen(tmp_path) == {("HP:2", "2025-01-01"), ("HP:3", "2025-01-01")}
    old = {("HP:1", "2024-01-01"), ("HP:2", "2024-01-01")}
    assert seen(tmp_path, as_of="2024-12-31") == seen(tmp_path, releases=["made@2024-01-01"]) == old
    assert seen(tmp_path, as_of="2025-01-01") == seen(tmp_path)
    assert seen(tmp_path, as_of="2023-12-31") == set()
    with Store(tmp_path, as_of="2024-06-01") as store, Store(tmp_path) as newest:
        assert store.content == first.content != newest.content, "an index is named by what is seen"
        assert [one.version for one in store.releases()] == ["2024-01-01"]
        assert [one.name for one in newest.view.hidden] == ["made@2024-01-01"]
        assert both.content not in {store.content, newest.content}
    assert len({index.parent for index in derived.built(tmp_path)}) == 3
    assert verify(tmp_path).wrong == ()
    withdraw(tmp_path, "made", "2025-01-01")
    assert seen(tmp_path) == old


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (("2025-01-01", "2024-01-01"), "2025-01-01"), (("9", "10"), "10"), (("10", "9"), "10"),
        (("2024AB", "2024AA"), "2024AB"), (("b" * 64, "a" * 64), "a" * 64),
    ],
)  # fmt: skip
def test_which_is_the_newest(tmp_path: Path, versions: tuple[str, ...], newest: str) -> None:
    for version in versions:
        write(tmp_path, release(version, "HP:1"))
    with Store(tmp_path) as store:
        assert [one.version for one in store.releases()] == [newest]


def test_a_stated_day_of_publication_counts_before_the_version(tmp_path: Path) -> None:
    write(tmp_path, release("1", "HP:1", published="2025-06-01"))
    write(tmp_path, release("2", "HP:2", published="2020-06-01"))
    assert seen(tmp_path) == {("HP:1", "1")}
    assert seen(tmp_path, as_of="2021-01-01") == {("HP:2", "2")}


def test_releases_that_join_stand_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, release("1", "HP:1", manner="joins"))
    write(tmp_path, release("2", "HP:2", manner="joins"))
    assert seen(tmp_path) == {("HP:1", "1"), ("HP:2", "2")}


BOUNDS = {
    (("valid_from", "2020-03-01"),): "2020-03-01 2021-01-01",
    (("valid_from", "2020"),): "2020-01-01 2020-03-01 2021-01-01",
    (("valid_to", "2020-03-01"),): "2019-12-31 2020-01-01 2020-03-01",
    (("valid_to", "2020"),): "2019-12-31 2020-01-01 2020-03-01",
    (("year", "2020"),): "2020-01-01 2020-03-01 2021-01-01",
    (("valid_from", "2020-02"), ("valid_to", "2020-03")): "2020-03-01",
    (("valid_from", "the day of approval"),): "2019-12-31 2020-01-01 2020-03-01 2021-01-01",
}


@pytest.mark.parametrize("told", BOUNDS)
def test_a_fact_is_seen_on_the_days_for_which_it_holds(tmp_path: Path, told: Pairs) -> None:
    write(tmp_path, release("1999-01-01", "HP:1", told=told))
    days = ("2019-12-31", "2020-01-01", "2020-03-01", "2021-01-01")
    found = []
    for day in days:
        with Store(tmp_path, as_of=day) as store:
            claims, texts = list(store.relations()), list(store.passages())
            assert len(claims) == len(texts) == len(list(store.assertions())) == store.stats()["claims"]
            found += [day] if claims else []
    assert found == BOUNDS[told].split()
    with Store(tmp_path) as store:
        assert len(list(store.relations())) == 1, "without a day all is seen"


def test_an_update_replaces_its_records_and_takes_some_back(tmp_path: Path) -> None:
    base = write(tmp_path, release("n1", "HP:1", "HP:2", "HP:3")).content
    at = Origin("made", "n2", "HP:2")
    update = [*release("n2", "HP:1", "HP:4", manner="updates"), Gone("HP:2", at), Gone("HP:2", at)]
    done = write(tmp_path, update)
    assert done.written == 8 and write(tmp_path, update).written == 0
    assert seen(tmp_path) == {("HP:1", "n2"), ("HP:3", "n1"), ("HP:4", "n2")}
    write(tmp_path, release("n3", "HP:2", "HP:1", manner="updates"))
    assert seen(tmp_path) == {("HP:1", "n3"), ("HP:2", "n3"), ("HP:3", "n1"), ("HP:4", "n2")}
    assert seen(tmp_path, releases=["made@n2"]) == {("HP:1", "n2"), ("HP:3", "n1"), ("HP:4", "n2")}
    assert verify(tmp_path).wrong == ()
    found = diff(tmp_path, "made@n1", "made@n2")
    assert (found.concepts_added, found.concepts_removed, found.concepts_changed) == (1, 1, 1)
    write(tmp_path, release("n9", "HP:7"))
    assert seen(tmp_path) == {("HP:7", "n9")}, "a new baseline replaces all"
    for version in ("n9", "n3", "n2"):
        withdraw(tmp_path, "made", version)
    assert verify(tmp_path).content == base and verify(tmp_path).wrong == ()


def test_updates_read_in_another_order_are_applied_in_theirs(tmp_path: Path) -> None:
    for version, manner in (("n12", "updates"), ("n3", "updates"), ("n1-n2", "replaces")):
        write(tmp_path, release(version, "HP:1", f"HP:{version[-1]}0", manner=manner))
    assert seen(tmp_path) == {("HP:1", "n12"), ("HP:20", "n12"), ("HP:30", "n3")}


def test_a_release_that_joins_does_not_break_a_line_of_updates(tmp_path: Path) -> None:
    for version, manner in (("n1", "replaces"), ("n2", "joins"), ("n3", "updates")):
        write(tmp_path, release(version, f"HP:{version[-1]}", "HP:1", manner=manner))
    assert seen(tmp_path, releases=["made@n3"]) == {("HP:1", "n3"), ("HP:3", "n3")}
    assert seen(tmp_path, releases=["made@n2"]) == {("HP:2", "n2"), ("HP:1", "n2")}


def test_what_cannot_be_taken_back_or_asked_for_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFormat, match="does not update"):
        write(tmp_path / "a", [*release("1", "HP:1"), Gone("HP:2", Origin("made", "1", "x"))])
    write(tmp_path, release("1", "HP:1"))
    with pytest.raises(BadPlan, match="2024-12-31"):
        Store(tmp_path, as_of="last year")
    with pytest.raises(StoreRefused, match="kb releases"):
        Store(tmp_path, releases=["made@7"])
