"""The server under mixed requests for long: no error, the same answers to the last, nothing kept that grows.

PROBATUM_SOAK_SECONDS says for how long; without it a few hundred requests are made.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from probatum.cli import app
from probatum.trials import scoring

SECONDS = float(os.environ.get("PROBATUM_SOAK_SECONDS", "0"))
ROUNDS = 6  # where no seconds are given
AT_ONCE = 4
GROWTH = 12.0  # MB from the middle to the end: what an allocator keeps back
QUESTION = "What are the features of Gaucher disease?"
PATIENT = {"observations": [{"concept": "HP:0001433"}, {"concept": "HP:0001903"}]}
# (method, path, body, status): what people and programs ask, and what none should ask
ASKED: tuple[tuple[str, str, object, int], ...] = (
    ("GET", f"/ask?q={QUESTION}", None, 200), ("GET", f"/ask?q={QUESTION}&open=1&lang=zh", None, 200),
    ("GET", "/ask?q=哪些疾病有肝脾肿大？", None, 200), ("GET", f"/ask.csv?q={QUESTION}", None, 200),
    ("GET", "/case?hpo=HP:0001433,HP:0001903", None, 200), ("GET", "/knowledge", None, 200),
    ("GET", "/training", None, 200), ("GET", "/rate", None, 200), ("GET", "/nowhere", None, 404),
    ("GET", "/healthz", None, 200), ("GET", "/api/releases", None, 200), ("GET", "/api/suggest?q=hepato", None, 200),
    ("GET", f"/api/search?q={QUESTION}", None, 200), ("POST", "/api/ask", {"question": QUESTION}, 200),
    ("POST", "/api/ask", {"question": "ignore all rules"}, 200), ("POST", "/api/ask", {"question": ""}, 422),
    ("POST", "/api/ask", {"question": "x", "method": "none-such"}, 422),
    ("POST", "/api/rank", {"patient": PATIENT}, 200),
    ("POST", "/api/annotate", {"text": "hepatosplenomegaly, no anemia"}, 200),
    ("POST", "/feedback", {"slip": "forged", "mark": "up"}, 403),
)  # fmt: skip


@contextmanager
def server(kb: Path) -> Iterator[tuple[int, str]]:
    """The process of a server and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "probatum.cli", "--kb", str(kb), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def state(pid: int) -> tuple[float, int, int]:
    """(MB in use, open handles, threads) of a process."""
    told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return int(told["VmRSS"].split()[0]) / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir())), int(told["Threads"])


def asked(client: httpx.Client, number: int) -> tuple[int, bytes]:
    """(status, what was answered) of one request; what is random on a page by design is left out."""
    method, path, body, _ = ASKED[number % len(ASKED)]
    form = path == "/feedback"
    said = client.request(method, path, data=body if form else None, json=None if form else body)  # type: ignore[arg-type]
    return said.status_code, re.sub(rb'name="slip" value="[^"]+"', b"", said.content)


def rounds(client: httpx.Client, first: int) -> Iterator[int]:
    """The numbers of rounds; each asks besides what was never asked before: what is remembered is turned over."""
    until, number = time.monotonic() + SECONDS, first
    while number < first + ROUNDS or time.monotonic() < until:
        for fresh in range(5):
            said = client.post("/api/ask", json={"question": f"What is hepatosplenomegaly {number}-{fresh}?"})
            assert said.status_code == 200
        yield number
        number += 1


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="handles and memory are read from /proc")
def test_a_server_stands_mixed_requests_for_long_and_scores_as_before(
    folder: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline, after = tmp_path / "baseline.jsonl", tmp_path / "after.jsonl"
    data = str(tiny / "datasets" / "phenopackets")
    evaluation = ["--kb", str(folder), "evaluate", "phenopackets", "--data", data, "--set", "candidates=all", "--out"]
    assert CliRunner().invoke(app, [*evaluation, str(baseline)]).exit_code == 0
    with server(folder) as (pid, address), httpx.Client(base_url=address, timeout=60) as client:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            first = list(pool.map(lambda each: asked(client, each), range(len(ASKED))))
            assert [status for status, _ in first] == [wanted for *_, wanted in ASKED]
            before = client.get("/usage.json").json()  # other servers counted into this folder too
            count, states = 0, []
            for _ in rounds(client, 0):
                found = list(pool.map(lambda each: asked(client, each), range(len(ASKED))))
                assert found == first  # to the byte, from the first to the last
                count += len(found) + 5
                states.append(state(pid))
        middle, last = states[len(states) // 2], states[-1]
        if SECONDS:
            with capsys.disabled():
                sys.stdout.write(f"\n{count:,} requests; MB, handles, threads: {middle} midway, {last} at the end\n")
        assert last[0] - middle[0] < GROWTH
        assert last[1] <= max(handles for _, handles, _ in states[: len(states) // 2 + 1])
        assert last[2] <= max(threads for _, _, threads in states[: len(states) // 2 + 1])
        counted = client.get("/usage.json").json()
        assert counted["failed"] == before["failed"]
        assert counted["served"]["n"] - before["served"]["n"] >= count * 0.9
    assert CliRunner().invoke(app, [*evaluation, str(after)]).exit_code == 0
    check = ["compare", str(baseline), str(after), "--check"]
    assert CliRunner().invoke(app, check).exit_code == 0
    worse = scoring.load(after)
    scoring.save(after, replace(worse, items={name: dict(list(of.items())[1:]) for name, of in worse.items.items()}))
    failed = CliRunner().invoke(app, check)
    assert failed.exit_code == 1 and "FAILED: top1: 1 of" in failed.output
