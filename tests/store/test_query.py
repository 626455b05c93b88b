"""Patterns and ways: what fits is found under every id of a thing, with its claims, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadPlan, UnknownName
from probatum.store.broken import broken
from probatum.store.graph import Edge
from probatum.store.query import Pattern, claims_of, matching, named, routes
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Relation, Release

TREATS, HAS, EXACT = "biolink:treats", "biolink:has_phenotype", "skos:exactMatch"


def claim(source: str, a: str, what: str, b: str, *said: tuple[str, str], negated: bool = False) -> Relation:
    return Relation(a, what, b, Origin(source, "1", f"{a} {b}", "E1", ("PMID:1",)), negated, said)


def facts(source: str) -> Iterator[Fact]:
    yield Release(source, "1", "CC0", ("1" if source == "one" else "2") * 64)
    if source == "one":
        for id, name, kind in (("MONDO:1", "Fabry disease", "Disease"), ("DRUGBANK:DB1", "Agalsidase", "Drug"),
                               ("HP:1", "Fever", "PhenotypicFeature")):  # fmt: skip
            yield Concept(id, name, kind, Origin("one", "1", id), (Name("法布雷病", "zh"),) if id == "MONDO:1" else ())
        yield Concept("HP:2", "Old", "PhenotypicFeature", Origin("one", "1", "HP:2"), obsolete=True)
        yield claim("one", "DRUGBANK:DB1", TREATS, "MONDO:1", ("dose", "1 mg/kg"))
        yield claim("one", "DRUGBANK:DB2", TREATS, "MONDO:1", negated=True)
        yield claim("one", "MONDO:1", EXACT, "OMIM:1")
    else:
        yield claim("two", "OMIM:1", HAS, "HP:1")
        yield claim("two", "OMIM:1", HAS, "HP:2")
        yield claim("two", "DRUGBANK:DB1", TREATS, "OMIM:1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kb = tmp_path_factory.mktemp("query") / "kb"
    for source in ("one", "two"):
        write(kb, facts(source))
    return kb


def found(store: Store, *parts: str, **said: object) -> list[str]:
    rows = matching(store, Pattern(*parts, **said))  # type: ignore[arg-type]
    return sorted(
        " ".join(
            (*(f"{name}={id}" for name, id in row.bindings), *(f"{c.origin.source}:{c.object}" for c in row.claims))
        )
        for row in rows
    )


def test_a_pattern_finds_claims_under_every_id(folder: Path) -> None:
    with Store(folder) as store:
        assert found(store, "?drug", "treats", "OMIM:1") == [
            "drug=DRUGBANK:DB1 one:MONDO:1", "drug=DRUGBANK:DB1 two:OMIM:1", "drug=DRUGBANK:DB2 one:MONDO:1",
        ]  # fmt: skip
        assert found(store, "?drug", TREATS, "MONDO:1", negated=True) == ["drug=DRUGBANK:DB2 one:MONDO:1"]
        assert found(store, "?d:Drug", "?", "MONDO:1", source="two") == ["d=DRUGBANK:DB1 two:OMIM:1"]
        assert found(store, "Drug", "treats", "?x", qualifiers=(("dose", "1 mg/kg"),)) == ["x=MONDO:1 one:MONDO:1"]
        assert found(store, "?x", "?", "?x") == ["x=MONDO:1 one:OMIM:1"]
        assert len(found(store)) == 6


def test_chains_are_walked_from_either_end(folder: Path) -> None:
    with Store(folder) as store:
        wanted = ["drug=DRUGBANK:DB1 sign=HP:1 one:MONDO:1 two:HP:1", "drug=DRUGBANK:DB1 sign=HP:1 two:OMIM:1 two:HP:1"]
        said = found(store, "DRUGBANK:DB1", "?", "?sign:PhenotypicFeature", hops=2)
        assert "sign=HP:1 one:MONDO:1 two:HP:1" in said
        assert set(found(store, "?drug:Drug", "?", "HP:1", hops=2)) == {
            each.replace("sign=HP:1 ", "") for each in wanted
        }
        assert found(store, "DRUGBANK:DB1", TREATS, "HP:1", hops=2) == []


def test_patterns_without_sense_are_refused(folder: Path) -> None:
    with Store(folder) as store:
        with pytest.raises(BadPlan, match="hops"):
            matching(store, Pattern(hops=4))
        with pytest.raises(BadPlan, match="must be an id"):
            matching(store, Pattern("?a", "?", "?b", hops=2))
        with pytest.raises(UnknownName, match="MONDO:77"):
            matching(store, Pattern("MONDO:77"))
        with pytest.raises(BadPlan, match="evidence"):
            routes(store, "MONDO:1", "HP:1", by="luck")


def test_names_and_old_spellings_lead_to_the_concept(folder: Path) -> None:
    with Store(folder) as store:
        assert [named(store, text) for text in ("fabry disease", "法布雷病", "mondo:1", "OMIM:1")] == [
            "MONDO:1", "MONDO:1", "MONDO:1", "OMIM:1",
        ]  # fmt: skip
        with pytest.raises(UnknownName):
            named(store, "nothing of the kind")


def test_a_way_bears_its_claims_and_what_speaks_against_it(folder: Path) -> None:
    with Store(folder) as store:
        (route,) = routes(store, "DRUGBANK:DB1", "HP:1")
        assert [step.edge.predicate for step in route.steps] == [TREATS, HAS]
        assert [claim.origin.source for claim in route.steps[0].claims] == ["one", "two"]
        assert route.steps[0].trust == pytest.approx(1 - 0.1**2) and route.steps[1].trust == pytest.approx(0.9)
        assert [len(each.steps) for each in routes(store, "DRUGBANK:DB1", "HP:1", by="length")] == [2]
        assert routes(store, "DRUGBANK:DB2", "HP:1") == []  # what is denied is no way


def test_links_that_lead_nowhere_are_told(folder: Path) -> None:
    with Store(folder) as store:
        assert [(each.kind, each.id, each.uses) for each in broken(store)] == [("obsolete", "HP:2", 1)]


def test_the_terminal_asks_the_graph(folder: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["--kb", str(folder), "kb", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = run("query", "?d", "treats", "MONDO:1", "--asserted").splitlines()
    assert rows[0].startswith("subject\tpredicate\tobject") and len(rows) == 3
    (line,) = run("query", "?d", "treats", "MONDO:1", "--negated", "--json").splitlines()
    assert json.loads(line)["bindings"] == {"d": "DRUGBANK:DB2"}
    assert "trust 0.99" in run("path", "agalsidase", "HP:1")
    assert json.loads(run("path", "HP:1", "DRUGBANK:DB1", "--by", "length", "--json"))[0]["steps"]
    assert "joined  MONDO:1 OMIM:1  0.90  one@1 skos:exactMatch" in run("cluster", "OMIM:1")
    assert run("broken").startswith("obsolete  HP:2")


def test_the_claims_of_one_assertion_are_read_alone_however_many_its_subject_has(tmp_path: Path) -> None:
    many = [Relation("EX:1", "biolink:related_to", f"EX:{n}", Origin("own", "1", f"#{n}")) for n in range(2, 300)]
    write(tmp_path, iter((Release("own", "1", "CC0", "3" * 64), *many)))
    with Store(tmp_path) as store:
        read: list[tuple[object, ...]] = []
        made = store.claim
        store.claim = lambda row: (read.append(row), made(row))[1]  # type: ignore[method-assign]
        found = list(claims_of(store, Edge("EX:1", "biolink:related_to", "EX:7")))
        assert [(each.subject, each.object) for each in found] == [("EX:1", "EX:7")] and len(read) == 1
        first = store.name_of("EX:1"), store.same("EX:1")
        assert (store.name_of("EX:1"), store.same("EX:1")) == first == ("EX:1", ("EX:1",))
