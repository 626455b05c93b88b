"""Several real processes on one address: all answer alike, one that is killed comes back, no rater's mark is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from rating_material import PROTOCOL, RATERS, runs

from probatum.errors import BadPlan
from probatum.ledger import accounts, audit, rating
from probatum.ledger.rating import Round
from probatum.rounds.laying import Layout, lay, read_runs, seal, written
from probatum.rounds.protocol import read_protocol
from probatum.web.workers import serve_with

SRC = Path(__file__).parents[2] / "src"
NOW = "2099-01-05T10:00:00+00:00"


@pytest.fixture
def kb(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "kb"))


@pytest.fixture
def layout(kb: Path, tmp_path: Path) -> Layout:
    made = lay(read_protocol(PROTOCOL, "p.toml"), read_runs(runs(tmp_path)), RATERS)
    rating.begin(kb, Round("r1", "Title", written(made), seal(made), NOW), RATERS, "org")
    return made


@pytest.fixture
def crew(kb: Path, layout: Layout) -> Iterator[tuple[str, int]]:
    """(address, number of the process) of `probatum serve --workers 3`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "probatum.cli", "--kb", str(kb), "serve", "--workers", "3", "--port", str(port)]
    server = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(SRC)}, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: len(children(server.pid)) >= 3 and "ok" in asked(f"{address}/healthz"))
        yield address, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=40)
    assert server.returncode == 0, said.decode()[-2000:]
    assert b"Traceback" not in said, said.decode()[-2000:]


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except httpx.TransportError:
            assert time.monotonic() < end
        assert time.monotonic() < end
        time.sleep(0.1)


def asked(address: str, body: object = None, cookie: str = "") -> str:
    head = {"cookie": cookie} if cookie else {}
    with httpx.Client(headers=head, timeout=30) as client:  # a new connection: any of the processes takes it
        reply = client.get(address) if body is None else client.post(address, json=body)
    assert reply.status_code == 200, (reply.status_code, reply.text[:500])
    return reply.text


def children(parent: int) -> set[int]:
    """The processes that serve: what a process began, but for the one that tracks its resources."""
    begun = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return {int(one) for one in begun if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()}


@pytest.mark.slow
def test_real_processes_share_a_store_and_a_ledger(crew: tuple[str, int], kb: Path, layout: Layout) -> None:
    address, parent = crew
    question = {"question": "What are the features of Gaucher disease?"}
    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(lambda _: asked(f"{address}/api/ask", question), range(36)))
        found = set(pool.map(lambda _: asked(f"{address}/api/search?q=Gaucher+disease"), range(36)))
    assert len(answers) == len(found) == 1 and json.loads(answers.pop())["evidence"]

    cookies = {}
    for rater in RATERS:
        key = accounts.invite(kb, "r1", rater, "org", NOW)
        cookies[rater] = f"probatum_rater={accounts.enter(kb, key, NOW)}"
    screens = [(rater, place) for place in range(1, 13) for rater in RATERS]
    with ThreadPoolExecutor(12) as pool:
        sent = pool.map(lambda one: asked(f"{address}/rate/{one[1]}", {"correct": "4.0"}, cookies[one[0]]), screens)
        assert len(list(sent)) == len(screens)
    kept = {(each.rater, each.place) for each in rating.marks(kb, "r1")}
    assert kept == set(screens)
    assert audit.verify(kb)[0] > len(screens)

    before = children(parent)
    os.kill(min(before), signal.SIGKILL)
    until(lambda: min(before) not in children(parent) and len(children(parent)) == 3)
    until(lambda: all("ok" in asked(f"{address}/healthz") for _ in range(12)))


def test_how_many_is_checked(kb: Path) -> None:
    for count in (0, 65):
        with pytest.raises(BadPlan, match="workers"):
            serve_with(count, kb)
