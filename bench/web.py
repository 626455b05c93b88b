"""How many cited answers a second the web door gives, and how long a completion takes, on loopback.

Questions are about the store's own diseases, drawn by seed: once each (`ask`), or the same eight again and again
(`ask again`, which the door answers from memory).

PYTHONPATH=src python bench/web.py KB [--clients 64] [--seconds 6] [--workers 4] [--out figures.json]

The server runs in a process of its own, the clients in another one, closed loop: each sends its next request when the
last one was answered. Both share the machine, so the figures are those of a small host with its load on it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import httpx

from probatum.store.reader import Store

ABOUT = (
    "What are the features of {} and how frequent are they?",
    "How is {} inherited?",
    "Which genes are associated with {}?",
    "What is {}?",
)
TYPED = ("s", "se", "sei", "short st", "abnormality of the", "hepatosp", "癫痫", "身材", "肝", "muscle weakness")
Send = Callable[[httpx.AsyncClient, int], Awaitable[int]]
SERVE = """
import sys
from pathlib import Path
from probatum.web.app import serve
from probatum.web.reception import Limits
serve(Path(sys.argv[1]), port=int(sys.argv[2]), limits=Limits(workers=int(sys.argv[3])))
"""


def main() -> None:
    """Measures and prints one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kb", type=Path)
    asked.add_argument("--clients", type=int, default=64)
    asked.add_argument("--seconds", type=float, default=6.0)
    asked.add_argument("--workers", type=int, default=4)
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(given.kb), str(port), str(given.workers)])
    try:
        figures = asyncio.run(
            measured(f"http://127.0.0.1:{port}", questions(given.kb), server.pid, given.clients, given.seconds)
        )
    finally:
        server.terminate()
        server.wait(30)
    host = {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)}
    said = json.dumps({"host": host, "workers": given.workers, **figures}, indent=1)
    print(said)
    if given.out:
        given.out.write_text(said + "\n", encoding="utf-8")


def spent_by(process: int) -> float:
    """Processor seconds of the server so far: a figure that other load on the machine does not change."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def questions(kb: Path, seed: int = 7) -> list[str]:
    """Questions about every disease of OMIM in the store, in an order that the seed decides."""
    with Store(kb) as store:
        names = [concept.name for concept in store.concepts("Disease") if concept.id.startswith("OMIM:")]
    asked = [ABOUT[number % len(ABOUT)].format(name) for number, name in enumerate(sorted(names))]
    random.Random(seed).shuffle(asked)
    return asked


async def measured(address: str, asked: list[str], process: int, clients: int, seconds: float) -> dict[str, object]:
    """The figures of every kind of request: one client alone, then all together."""
    fresh = iter(asked)

    async def ask(client: httpx.AsyncClient, _turn: int) -> int:
        return (await client.post("/api/ask", json={"question": next(fresh)})).status_code

    async def ask_again(client: httpx.AsyncClient, turn: int) -> int:
        return (await client.post("/api/ask", json={"question": asked[-1 - turn % 8]})).status_code

    async def suggest(client: httpx.AsyncClient, turn: int) -> int:
        sought = {"q": TYPED[turn % len(TYPED)], "language": "zh" if turn % 2 else "en"}
        return (await client.get("/api/suggest", params=sought)).status_code

    async def page(client: httpx.AsyncClient, _turn: int) -> int:
        return (await client.get("/ask", params={"q": next(fresh)})).status_code

    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        await ready(client)
    figures: dict[str, object] = {"clients": clients, "seconds": seconds}
    for name, send in (("ask", ask), ("ask again", ask_again), ("suggest", suggest), ("page", page)):
        await load(address, process, send, 1, 1.0)  # warm
        figures[f"{name}, one client"] = await load(address, process, send, 1, seconds / 2)
        figures[f"{name}, {clients} clients"] = await load(address, process, send, clients, seconds)
    return figures


async def ready(client: httpx.AsyncClient) -> None:
    """Returns when the server answers; at most two minutes, the time to build the indexes of a new store."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if (await client.get("/healthz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    raise TimeoutError("the server does not answer")


async def load(address: str, process: int, send: Send, clients: int, seconds: float) -> dict[str, object]:
    """Requests a second, processor time and latencies in milliseconds; code 429 was told to come back, 0 failed."""
    took: list[float] = []
    codes: dict[int, int] = {}
    # Certificates take 40 ms to load for each client, and nothing here is encrypted.
    users = [httpx.AsyncClient(base_url=address, timeout=60.0, trust_env=False, verify=False) for _ in range(clients)]  # noqa: S501
    begun, before = time.monotonic(), spent_by(process)

    async def one(user: httpx.AsyncClient, start: int) -> None:
        for turn in count(start):
            sent = time.perf_counter()
            try:
                code = await send(user, turn)
            except httpx.TransportError:
                code = 0
            took.append((time.perf_counter() - sent) * 1000)
            codes[code] = codes.get(code, 0) + 1
            if time.monotonic() - begun >= seconds:
                return

    await asyncio.gather(*(one(user, number) for number, user in enumerate(users)))
    spent, worked = time.monotonic() - begun, spent_by(process) - before
    for user in users:
        await user.aclose()
    took.sort()
    at = {f"p{share}": round(took[min(len(took) - 1, len(took) * share // 100)], 1) for share in (50, 95, 99)}
    processor = round(worked * 1000 / len(took), 1)
    figures = {"requests": len(took), "per_second": round(len(took) / spent, 1), "processor_ms": processor}
    return {**figures, **at, "codes": codes}


if __name__ == "__main__":
    main()
