"""The JSON interface: what it answers, what it refuses and how, and what it never says."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from probatum import naming
from probatum.errors import NeedsFile
from probatum.naming import card
from probatum.types import Answer, Question
from probatum.verbs import ingest
from probatum.web.app import build
from probatum.web.reception import Limits

GAUCHER = "What are the features of Gaucher disease?"
PACKET: dict[str, Any] = {
    "id": "case",
    "subject": {"id": "1", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y2M"}}},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0001744", "label": "Splenomegaly"}},
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
    ],
}
OPERATIONS = (
    "POST /api/ask", "POST /api/rank", "POST /api/annotate", "GET /api/suggest", "GET /api/search",
    "GET /api/passages/{id}",
    "GET /api/concepts/{id}", "GET /api/releases", "GET /api/graph", "GET /healthz",
    "POST /v1/chat/completions", "GET /v1/models", "GET /v1/models/{id}", "POST /v1/embeddings",
)  # fmt: skip


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_every_route_is_tried(described: Any) -> None:
    found = {f"{one.method.upper()} {one.path}" for one in (tried.ok() for tried in described.get_all_operations())}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_route_breaks_and_each_says_what_it_promised(described: Any, operation: str) -> None:
    method, path = operation.split()
    checks = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=described[path][method].as_strategy())
    def tried(case: Any) -> None:
        case.call_and_validate(checks=checks)

    tried()


@pytest.mark.parametrize("model", ["probatum", "probatum/rag", "probatum/medagents", "probatum/differential"])
def test_no_conversation_breaks_it(described: Any, model: str) -> None:
    checks = [not_a_server_error, content_type_conformance, status_code_conformance]

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=described["/v1/chat/completions"]["POST"].as_strategy())
    def tried(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body["model"] = model  # else nearly every example would end at a name that is not known
        case.call_and_validate(checks=checks)

    tried()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    page=st.sampled_from(["/ask", "/ask.events", "/ask.json", "/ask.csv", "/case", "/source", "/knowledge"]),
    query=st.dictionaries(
        st.sampled_from(["q", "method", "model", "as_of", "lang", "open", "passage", "add", "rows"]),
        st.sampled_from(["quoted", "rag", "medagents", "2024-01-01", "0", "-1", "zh", GAUCHER]) | st.text(max_size=20),
    ),
)
def test_no_address_breaks_a_page(client: TestClient, page: str, query: dict[str, str]) -> None:
    said = client.get(page, params=query, headers={"accept": "text/html"})
    assert said.status_code < 500, (page, query, said.text[:500])


def test_the_interface_is_described_by_openapi_3_1(client: TestClient) -> None:
    said = client.get("/api/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    assert {"/api/ask", "/api/rank", "/api/annotate", "/api/suggest", "/api/passages/{id}"} <= set(said["paths"])
    refused = said["paths"]["/api/ask"]["post"]["responses"]["429"]["content"]["application/problem+json"]
    assert set(refused["schema"]["required"]) == {"type", "title", "status", "detail", "code"}


def test_an_answer_bears_numbered_evidence_with_origins(client: TestClient) -> None:
    said = client.post("/api/ask", json={"question": GAUCHER}).json()
    assert said["abstained"] is None
    assert "[1]" in said["text"]
    assert all(one["origin"]["source"] and one["origin"]["release"] for one in said["evidence"])
    assert any("Splenomegaly" in one["text"] for one in said["evidence"])


def test_a_search_gives_evidence_with_origins_and_no_answer(client: TestClient) -> None:
    said = client.get("/api/search", params={"q": GAUCHER, "keep": 3}).json()
    assert {"document", "definition"} >= {one["fact"]["kind"] for one in said["evidence"] if "kind" in one["fact"]}
    assert 3 <= len(said["evidence"]) <= 6 and all(one["origin"]["release"] for one in said["evidence"])
    assert len(said["knowledge"]) == 32


def test_no_evidence_is_an_answer_and_no_error(client: TestClient) -> None:
    said = client.post("/api/ask", json={"question": "What is the price of a bus ticket in Oslo?"})
    assert said.status_code == 200
    assert said.json()["abstained"]
    assert said.json()["text"] == ""


def test_a_ranking_gives_reasons_and_keeps_as_many_as_asked(client: TestClient) -> None:
    patient = {
        "sex": "female",
        "observations": [{"concept": "HP:0001744"}, {"concept": "HP:0001250", "present": False}],
    }
    said = client.post("/api/rank", json={"patient": patient}).json()
    assert said["candidates"][0]["id"] in ("OMIM:230800", "OMIM:257200", "ORPHA:355")
    assert {"for"} <= {why["kind"] for why in said["candidates"][0]["reasons"]}
    assert len(client.post("/api/rank", json={"patient": patient, "keep": 1}).json()["candidates"]) == 1


def test_a_phenopacket_is_read_for_subject_and_features_alone(client: TestClient) -> None:
    plain = client.post("/api/rank", json={"phenopacket": PACKET}).json()
    told = PACKET | {"diseases": [{"term": {"id": "OMIM:231000", "label": "x"}}], "metaData": {"created": "now"}}
    assert plain["candidates"]
    assert client.post("/api/rank", json={"phenopacket": told}).json() == plain


@pytest.mark.parametrize(
    "packet",
    [
        {"phenotypicFeatures": [{"type": {"id": 7}}]},
        {"phenotypicFeatures": {}},
        {"subject": [], "phenotypicFeatures": []},
        {"phenotypicFeatures": [{"type": {"id": "HP:0001250", "label": "\ud800"}}]},
    ],
)
def test_a_broken_phenopacket_is_told_as_such(client: TestClient, packet: Any) -> None:
    content = json.dumps({"phenopacket": packet}).encode()
    said = client.post("/api/rank", content=content, headers={"content-type": "application/json"})
    assert said.status_code == 422
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["code"] in ("bad-format", "invalid-request")


def test_deep_nesting_is_refused(client: TestClient) -> None:
    deep = '{"phenopacket":' + '{"a":' * 400 + "1" + "}" * 401
    said = client.post("/api/rank", content=deep, headers={"content-type": "application/json"})
    assert said.status_code == 422
    bottomless = '{"phenopacket":' + "[" * 100_000
    said = client.post("/api/rank", content=bottomless, headers={"content-type": "application/json"})
    assert said.status_code in (400, 422)


def test_annotation_finds_spans_and_negation(client: TestClient) -> None:
    text = "She has hepatosplenomegaly and no seizures."
    found = {one["concept"]: one for one in client.post("/api/annotate", json={"text": text}).json()["mentions"]}
    assert text[found["HP:0001433"]["start"] : found["HP:0001433"]["end"]] == "hepatosplenomegaly"
    assert found["HP:0001250"]["negated"]


@pytest.mark.parametrize(
    ("typed", "language", "id", "name"),
    [
        ("seiz", "en", "HP:0001250", "Seizure"),
        ("癫痫", "zh", "HP:0001250", "癫痫发作"),
        ("癫痫", "en", "HP:0001250", "Seizure"),  # typed in one language, read in the other
        ("seiz", "zh", "HP:0001250", "癫痫发作"),
        ("spleno", "", "HP:0001744", "Splenomegaly"),
    ],
)
def test_suggestions_in_both_languages(client: TestClient, typed: str, language: str, id: str, name: str) -> None:
    said = client.get("/api/suggest", params={"q": typed, "language": language}).json()["suggestions"]
    assert (id, name) in [(one["id"], one["name"]) for one in said]


def test_stored_things_are_found_by_their_ids(client: TestClient) -> None:
    seizure = client.get("/api/concepts/HP:0001275").json()  # merged into HP:0001250
    assert seizure["id"] == "HP:0001250"
    assert {"zh", "en"} <= {name["language"] for name in seizure["names"]}
    passage = client.get("/api/passages/HP:0001250%23definition").json()
    assert passage["about"] == ["HP:0001250"]
    assert passage["licence"]
    said = client.get("/api/releases").json()
    assert [one["source"] for one in said["releases"]] == ["corridor", "hpo", "medquad"]
    assert len(said["content"]) >= 16


def test_a_graph_has_places_for_all_its_nodes(client: TestClient) -> None:
    said = client.get("/api/graph", params={"concept": "OMIM:230800"}).json()
    places = {(node["x"], node["y"]) for node in said["nodes"]}
    assert 1 < len(said["nodes"]) == len(places) <= 150
    assert {edge["subject"] for edge in said["edges"]} <= {node["id"] for node in said["nodes"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/concepts/HP:9999998", None, 404, "not-found"),
        ("GET", "/api/passages/nothing", None, 404, "not-found"),
        ("GET", "/api/nowhere", None, 404, "not-found"),
        ("GET", "/api/ask", None, 405, "method-not-allowed"),
        ("POST", "/api/ask", {"question": "x", "method": "quotd"}, 422, "unknown-name"),
        ("POST", "/api/ask", {"question": "  "}, 422, "invalid-request"),
        ("POST", "/api/ask", {"question": "x", "methd": "quoted"}, 422, "invalid-request"),
        ("POST", "/api/rank", {}, 422, "invalid-request"),
        ("POST", "/api/rank", {"patient": {"age": "old"}}, 422, "invalid-request"),
        ("GET", "/api/suggest?limit=999", None, 422, "invalid-request"),
    ],
)
def test_problems_have_stable_codes(  # noqa: PLR0917
    client: TestClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    said = client.request(method, path, json=body)
    assert (said.status_code, said.json()["code"], said.json()["status"]) == (status, code, status)
    assert said.headers["content-type"] == "application/problem+json"
    assert said.json()["type"] == f"urn:probatum:problem:{code}"


def test_an_unknown_method_names_the_near_one(client: TestClient) -> None:
    assert "quoted" in client.post("/api/ask", json={"question": "x", "method": "quotd"}).json()["detail"]


def test_too_long_bodies_are_refused_announced_or_not(folder: Path) -> None:
    app = build(folder, limits=Limits(body=1000))
    client = TestClient(app, raise_server_exceptions=False)
    announced = client.post("/api/annotate", json={"text": "x" * 2000})
    streamed = client.post("/api/annotate", content=iter([b'{"text": "', b"x" * 2000, b'"}']))
    dropped = client.post("/case", files={"file": ("a.json", b"x" * 2000)})
    for said in (announced, streamed, dropped):
        assert (said.status_code, said.json()["code"]) == (413, "too-large")
        assert said.headers["x-content-type-options"] == "nosniff"
    app.state.reception.close()


def test_overload_is_told_with_a_time_to_come_back(folder: Path) -> None:
    go, begun = threading.Event(), threading.Event()

    @card("Slow")
    def slow(question: Question, desk: Any) -> Answer:
        begun.set()
        go.wait(20)
        return Answer(text=question.text)

    naming.into("methods", "slow", slow)
    app = build(folder, limits=Limits(workers=1, waiting=0))
    client = TestClient(app)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/api/ask", json={"question": "one", "method": "slow"})
        assert begun.wait(20)
        second = client.post("/api/ask", json={"question": "two", "method": "slow"})
        typed = client.get("/api/suggest", params={"q": "seiz"})
        go.set()
        assert first.result().json()["text"] == "one"
    assert (second.status_code, second.json()["code"], second.headers["retry-after"]) == (429, "busy", "1")
    assert typed.status_code == 200  # typing has a gate of its own
    assert client.post("/api/ask", json={"question": "three", "method": "slow"}).status_code == 200
    app.state.reception.close()


def test_new_knowledge_is_read_by_later_requests_and_not_by_running_ones(tiny: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    ingest(kb, "hpo", tiny / "sources" / "hpo")
    go, begun = threading.Event(), threading.Event()

    @card("Slow")
    def patient_reader(question: Question, desk: Any) -> Answer:
        before = desk.store.content
        begun.set()
        go.wait(20)
        sources = [release.source for release in desk.store.releases()]
        return Answer(text=" ".join(sources), choice=str(before == desk.store.content))

    naming.into("methods", "patient_reader", patient_reader)
    app = build(kb, limits=Limits(look_after=0.0))
    client = TestClient(app)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.post, "/api/ask", json={"question": "x", "method": "patient_reader"})
        assert begun.wait(20)
        ingest(kb, "medquad", tiny / "sources" / "medquad")
        until = time.monotonic() + 30
        while len(client.get("/api/releases").json()["releases"]) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert [one["source"] for one in client.get("/api/releases").json()["releases"]] == ["hpo", "medquad"]
        go.set()
        said = running.result().json()
    assert (said["text"], said["choice"]) == ("hpo", "True")
    app.state.reception.close()


def test_a_folder_without_knowledge_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        build(tmp_path / "nothing")


def test_a_lost_store_is_a_problem_and_the_old_one_stays(folder: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    shutil.copytree(folder, kb)
    app = build(kb, limits=Limits(look_after=0.0))
    client = TestClient(app)
    assert client.get("/healthz").json()["status"] == "ok"
    kb.rename(tmp_path / "moved")  # at once: an index may still be in the making there
    for _ in range(3):
        assert client.get("/healthz").status_code == 200
        time.sleep(0.1)
    app.state.reception.close()


def test_every_response_is_fenced(client: TestClient) -> None:
    for path in ("/ask", "/case", "/api/releases", "/api/nowhere", "/static/probatum.css", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert client.get("/case").headers["cache-control"] == "no-store"


def test_nothing_that_a_person_types_reaches_the_log_or_an_error(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "Kanarienvogel Mustermann 1956-03-01"
    caplog.set_level(logging.DEBUG)
    said = [
        client.get("/ask", params={"q": canary}, headers={"accept": "text/html"}).text * 0,
        client.get("/api/suggest", params={"q": canary}).text,
        client.get(f"/api/{canary}").text,
        client.post("/api/annotate", json={"text": canary, "name": canary}).text,
        client.post("/api/rank", json={"patient": {"sex": canary}}).text,
        client.post("/case", files={"file": (f"{canary}.json", b"{")}).text,
    ]
    assert "Kanarienvogel" not in "".join(said)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("probatum")]
    assert ours
    assert not [line for line in ours if "Kanarienvogel" in line or "1956" in line]
