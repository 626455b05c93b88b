"""A model server that is slow, cut off, busy, mad or endless: the quoted answer stands in, in time, at each door."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from model_server import Handle, Server, delta, stream, whole

from probatum import cli, verbs
from probatum.models.openai import openai
from probatum.store.reader import Store
from probatum.types import Question
from probatum.verbs import ingest
from probatum.web.app import build

ASK = "How is Gaucher disease, type I inherited?"
SECONDS = 0.3  # that a reply may take
STUCK = 30.0  # seconds in which nobody waits for these servers, however busy this machine is


def slow(handler: BaseHTTPRequestHandler, _: object) -> None:
    time.sleep(2 * STUCK)


def cut_off(handler: BaseHTTPRequestHandler, _: object) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(f"data: {json.dumps(delta('It is inh'))}\n\n".encode())


def overloaded(handler: BaseHTTPRequestHandler, _: object) -> None:
    whole(handler, 429, {"error": "busy"}, Retry_After="60")


def mad(handler: BaseHTTPRequestHandler, _: object) -> None:
    whole(handler, 200, bytes(range(256)) * 50)


def endless(handler: BaseHTTPRequestHandler, _: object) -> None:
    with suppress(OSError):
        stream(handler)
        while True:
            handler.wfile.write(f"data: {json.dumps(delta('and so on '))}\n\n".encode())
            time.sleep(0.001)


def dripping_head(handler: BaseHTTPRequestHandler, _: object) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(2000):
            handler.wfile.write(f"X-{number}: a\r\n".encode())
            handler.wfile.flush()
            time.sleep(0.05)


FAULTS: dict[str, Handle] = {
    each.__name__: each for each in (slow, cut_off, overloaded, mad, endless, dripping_head)
}  # fmt: skip


@pytest.fixture(scope="module")
def kb(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken") / "kb"
    ingest(folder, "hpo", tiny / "sources" / "hpo")
    with Store(folder) as store:
        verbs.ask(store, Question(ASK))  # the indexes are made once
    return folder


@pytest.fixture(scope="module")
def quoted(kb: Path) -> str:
    with Store(kb) as store:
        return verbs.ask(store, Question(ASK)).text


@pytest.fixture(params=list(FAULTS))
def broken(request: pytest.FixtureRequest, model_server: Server) -> Iterator[Server]:
    model_server.handle = FAULTS[request.param]
    yield model_server


def test_the_verb_gives_the_quoted_answer_in_time(kb: Path, quoted: str, broken: Server) -> None:
    with Store(kb) as store:
        desk = verbs.lay(store, model="openai", model_settings={"url": broken.url, "seconds": SECONDS})
        began = time.monotonic()
        answer = verbs.ask(store, Question(ASK), "rag", desk=desk)
        took = time.monotonic() - began
    assert "recessive" in quoted and answer.text == quoted
    assert answer.trace[0].what == "model" and "the quoted answer stands in" in answer.trace[0].said
    assert broken.asked and took < STUCK, took


def test_the_command_gives_it_too(
    kb: Path, quoted: str, broken: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["ask", ASK, "--model", "openai", "--model-set", f"url={broken.url}", "--model-set", f"seconds={SECONDS}"]
    monkeypatch.setattr(sys, "argv", ["probatum", "--kb", str(kb), *words, "--json"])
    began = time.monotonic()
    with pytest.raises(SystemExit) as end:
        cli.main()
    took = time.monotonic() - began
    out, err = capsys.readouterr()
    assert not end.value.code and json.loads(out)["text"] == quoted
    assert "model: failed: " in err and took < STUCK, took


@pytest.fixture(scope="module")
def writer() -> dict[str, Any]:
    return {"openai": openai(url="http://127.0.0.1:9/v1", seconds=SECONDS)}


@pytest.fixture(scope="module")
def door(kb: Path, writer: dict[str, Any]) -> Iterator[TestClient]:
    app = build(kb, writers=writer)
    yield TestClient(app)
    app.state.reception.close()


@pytest.mark.parametrize("streamed", [False, True])
def test_clients_of_the_openai_interface_get_it_too(
    door: TestClient, writer: dict[str, Any], quoted: str, broken: Server, streamed: bool
) -> None:
    writer["openai"] = openai(url=broken.url, seconds=SECONDS)
    body = {"model": "probatum/rag", "messages": [{"role": "user", "content": ASK}], "stream": streamed}
    began = time.monotonic()
    said = door.post("/v1/chat/completions", json=body)
    took = time.monotonic() - began
    assert said.status_code == 200 and took < STUCK, took
    if not streamed:
        assert said.json()["choices"][0]["message"]["content"] == quoted and said.json()["citations"]
        return
    *events, done = [line[6:] for line in said.text.splitlines() if line.startswith("data: ")]
    pieces = [json.loads(event)["choices"][0]["delta"].get("content", "") for event in events]
    assert done == "[DONE]" and "".join(pieces) == quoted and json.loads(events[-1])["citations"]


def test_a_method_of_many_calls_keeps_to_the_budget_of_time(kb: Path, model_server: Server) -> None:
    def unhurried(handler: BaseHTTPRequestHandler, _: object) -> None:
        time.sleep(0.3)
        whole(handler, 200, {"choices": [{"message": {"content": "The answer is A."}, "finish_reason": "stop"}]})

    model_server.handle = unhurried
    with Store(kb) as store:
        desk = verbs.lay(store, model="openai", model_settings={"url": model_server.url, "seconds": 20.0})
        question = Question(ASK, options=(("A", "recessive"), ("B", "dominant")))
        verbs.ask(store, question, "self_consistency", desk=desk, budget=verbs.Budget(seconds=0.8))
        within = len(model_server.asked)
        verbs.ask(store, question, "self_consistency", desk=desk)
    assert 1 <= within <= 3 < len(model_server.asked) - within
