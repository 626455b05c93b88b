"""The page Knowledge: search in two languages, a concept, ways, sources and what changed; every table as data too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from looking import look
from serving import serving

from probatum.store.graph import SUBCLASS
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release
from probatum.verbs import ingest
from probatum.web import known
from probatum.web.app import build

SPLEEN, GAUCHER, DRUG = "HP:0001744", "OMIM:230800", "DRUGBANK:DB00053"


def curated(version: str) -> Iterator[Fact]:
    """A source of two releases: a drug, two ids of one disease, a claim that another source denies."""
    yield Release("curated", version, "CC0-1.0", version[-1] * 64)

    def at(record: str) -> Origin:
        return Origin("curated", version, record, "A1", ("PMID:9000001",))

    yield Concept(DRUG, "Imiglucerase", "Drug", at(DRUG))
    yield Concept("MONDO:0009265", "Gaucher disease type I", "Disease", at("MONDO:0009265"))
    yield Passage(
        "MONDO:0009265#definition", "A storage disease.", "Gaucher", "en", at("d"), "definition", ("MONDO:0009265",)
    )
    said = (("mapping_justification", "semapv:ManualMappingCuration"),)
    yield Relation("MONDO:0009265", "skos:exactMatch", GAUCHER, at("m"), False, said)
    dose = (("dose", "60 U/kg"),) if version == "2024-02-02" else ()
    yield Relation(DRUG, "biolink:treats", "MONDO:0009265", at("t"), False, dose)
    yield Malformed("curated.tsv", 7, "3 columns; 4 were expected", "a\tb\tc")


def doubting() -> Iterator[Fact]:
    yield Release("doubting", "2024-01-01", "CC0-1.0", "9" * 64)
    yield Relation(DRUG, "biolink:treats", "MONDO:0009265", Origin("doubting", "2024-01-01", "d"), True)


@pytest.fixture(scope="session")
def folder(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kb = tmp_path_factory.mktemp("knowledge") / "kb"
    ingest(kb, "hpo", tiny / "sources" / "hpo")
    for facts in (curated("2024-01-01"), curated("2024-02-02"), doubting()):
        write(kb, facts)
    return kb


@pytest.fixture(scope="session")
def app(folder: Path) -> Iterator[FastAPI]:
    """The application over this store: those of the other tests stand over another."""
    built = build(folder)
    yield built
    built.state.reception.close()


@pytest.fixture(scope="session")
def served(app: FastAPI) -> Iterator[str]:
    with serving(app) as address:
        yield address


def html(client: TestClient, address: str, status: int = 200) -> str:
    said = client.get(address, headers={"accept": "text/html"})
    assert said.status_code == status, said.text
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)|<style|\sstyle=|\son[a-z]+=", said.text)
    return said.text


def test_a_search_finds_things_under_any_name(client: TestClient) -> None:
    found = client.get("/knowledge.json?q=Gaucher disease type I").json()
    assert found[0]["concept_id"] == "MONDO:0009265" and GAUCHER in found[0]["same"]
    assert len([row for row in found if row["concept_id"] in {"MONDO:0009265", GAUCHER}]) == 1  # each thing once
    assert SPLEEN in html(client, "/knowledge?q=脾肿大&lang=zh")
    assert "Nothing of that is known" in html(client, "/knowledge?q=zzzzzz")
    assert "<script>" not in html(client, "/knowledge?q=<script>alert(1)</script>").split("<main")[1]


def test_a_concept_shows_all_its_ids_know(client: TestClient) -> None:
    page = html(client, f"/knowledge?id={GAUCHER}")
    for word in ("Imiglucerase", "A storage disease.", "Where sources disagree", "One thing under many ids", "0.95"):
        assert word in page
    rows = client.get(f"/knowledge.json?id={GAUCHER}&table=relations").json()
    treated = [row for row in rows if row["concept_id"] == DRUG]
    assert {(row["sources"], row["relation_id"]) for row in treated} == {
        ("curated", "biolink:treats"), ("doubting", "biolink:treats"),
    }  # fmt: skip
    assert any(row["qualifiers"] == "dose: 60 U/kg" for row in treated)
    (conflict,) = client.get("/knowledge.json?id=MONDO:0009265&table=conflicts").json()
    assert conflict["kind"] == "negation" and conflict["one_side_id"] == "curated"
    names = client.get(f"/knowledge.csv?id={SPLEEN}&table=names").content.decode("utf-8-sig")
    assert names.startswith("name,language,scope,of") and "脾肿大,zh,label" in names
    place = client.get(f"/knowledge.json?id={SPLEEN}&table=place").json()
    assert any(row["where"] == "↑" for row in place)
    assert html(client, "/knowledge?id=MONDO:7777777", 404)


def test_obsolete_terms_are_neither_broader_nor_narrower(tmp_path: Path) -> None:
    at = Origin("own", "1", "row")
    said = (("mapping_justification", "semapv:ManualMappingCuration"),)
    named = {"MONDO:1": "fever", "MONDO:2": "obsolete fever of old", "MONDO:3": "obsolete heat", "DOID:3": "heat"}
    facts: list[Fact] = [Release("own", "1", "CC0-1.0", "0" * 64)]
    facts += [
        Concept(id, name, "Disease", at, obsolete=name.startswith("obsolete")) for id, name in {
            **named, "MONDO:4": "tick fever", "MONDO:5": "obsolete fever, other",
        }.items()
    ]  # fmt: skip
    ends = (("MONDO:1", "MONDO:2"), ("MONDO:1", "MONDO:3"), ("MONDO:4", "MONDO:1"), ("MONDO:5", "MONDO:1"))
    facts += [Relation(one, SUBCLASS, other, at) for one, other in ends]
    facts.append(Relation("MONDO:3", "skos:exactMatch", "DOID:3", at, False, said))
    write(tmp_path, facts)
    with Store(tmp_path) as store:
        (place,) = (table for table in known.thing(store, "MONDO:1", "en", 9).tables if table.name == "place")
        shown = [(row[0].text, row[1].text, row[1].id) for row in place.rows]
    assert shown == [("↑", "heat", "DOID:3"), ("↓", "tick fever", "MONDO:4")]  # the living id of one that was given up


def test_ways_bear_their_evidence(client: TestClient) -> None:
    steps = client.get(f"/knowledge.json?from=imiglucerase&to={SPLEEN}").json()
    assert [row["for"] for row in steps] == ["curated", "hpo"] and steps[0]["against"] == "doubting"
    assert 0 < float(steps[0]["trust"]) < float(steps[1]["trust"])
    assert "Splenomegaly" in html(client, f"/knowledge?from={DRUG}&to={SPLEEN}&by=length")
    assert "nothing" in html(client, "/knowledge?from=nothing of the kind&to=x")


def test_sources_quarantine_and_changes(client: TestClient) -> None:
    rows = {(row["source"], row["release"]): row for row in client.get("/knowledge.json").json()}
    assert rows["curated", "2024-02-02"]["quarantined"] == "1"
    assert (rows["curated", "2024-01-01"]["state"], rows["curated", "2024-02-02"]["state"]) == ("–", "✓")
    (aside, *_) = client.get("/knowledge.json?source=curated").json()
    assert (aside["file"], aside["line"], aside["reason"]) == ("curated.tsv", "7", "3 columns; 4 were expected")
    address = "old=curated@2024-01-01&new=curated@2024-02-02"
    changed = client.get(f"/knowledge.json?{address}").json()
    assert {row["what"]: row["changed"] for row in changed}["relations"] == "1"
    assert "What came, went and changed" in html(client, f"/knowledge?{address}")
    assert client.get("/knowledge.csv").content.decode("utf-8-sig").startswith("source,release,dated,licence")
    assert html(client, "/knowledge?old=/etc&new=no@2", 404)


@pytest.mark.browser
def test_the_page_is_driven_by_keyboard(page: Any) -> None:
    page.goto("/knowledge")
    look(page)
    page.locator("#q").fill("gaucher disease type I")
    page.keyboard.press("Enter")
    page.locator(".known-search td a").first.wait_for()
    assert "q=gaucher" in page.url
    page.locator(".known-search td a").first.click()
    page.locator(".thing h2").wait_for()
    assert "id=MONDO:0009265" in page.url
    look(page)
    page.locator("#to").fill(SPLEEN)
    page.keyboard.press("Enter")
    page.locator(".known-way").wait_for()
    look(page)
    page.locator("[data-language=zh]").click()
    page.locator("h2", has_text="路径的每一步").wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.locator(".known-way td a").first.click()
    page.locator(".claims li").first.wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh")])
def test_it_fits_a_phone(browser: Any, served: str, scheme: str, language: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, base_url=served)
    opened = context.new_page()
    for address in (
        "/knowledge?x=1",
        f"/knowledge?id={GAUCHER}",
        f"/knowledge?from={DRUG}&to={SPLEEN}",
        "/knowledge?q=spl",
    ):
        opened.goto(f"{address}&lang={language}")
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390
        look(opened)
    context.close()
