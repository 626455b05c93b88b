"""How many cited answers a second the web door gives, and how long a completion takes, on loopback.

Questions are about the store's own diseases, drawn by seed: once each (`ask`), or the same eight again and again
(`ask again`, which the door answers from memory).

PYTHONPATH=src python bench/web.py KB [--clients 64] [--seconds 6] [--workers 4] [--processes 1] [--out figures.json]

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
from urllib.parse import urlencode

from probatum.store.reader import Store

ABOUT = (
    "What are the features of {} and how frequent are they?",
    "How is {} inherited?",
    "Which genes are associated with {}?",
    "What is {}?",
)
TYPED = ("s", "se", "sei", "short st", "abnormality of the", "hepatosp", "癫痫", "身材", "肝", "muscle weakness")
Send = Callable[["Line", int], Awaitable[int]]
SERVE = """
import sys
from pathlib import Path
from probatum.web.app import serve
from probatum.web.reception import Limits
from probatum.web.workers import serve_with
limits, count = Limits(workers=int(sys.argv[3])), int(sys.argv[4])
if __name__ == "__main__":
    if count > 1:
        serve_with(count, Path(sys.argv[1]), port=int(sys.argv[2]), limits=limits)
    else:
        serve(Path(sys.argv[1]), port=int(sys.argv[2]), limits=limits)
"""


BARE = """
import sys
import uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def nothing() -> dict[str, str]:
    return {"said": "nothing"}
uvicorn.run(app, port=int(sys.argv[2]), access_log=False, log_level="warning")
"""


def main() -> None:
    """Measures and prints one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kb", type=Path)
    asked.add_argument("--clients", type=int, default=64)
    asked.add_argument("--seconds", type=float, default=6.0)
    asked.add_argument("--workers", type=int, default=4)
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    asked_of = questions(given.kb)
    figures: dict[str, object] = {}
    for code, measure in (
        (BARE, lambda address, process: bare(address, process, given.clients, given.seconds)),
        (SERVE, lambda address, process: measured(address, asked_of, process, given.clients, given.seconds)),
    ):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        shape = [str(port), str(given.workers), str(given.processes)]
        server = subprocess.Popen([sys.executable, "-c", code, str(given.kb), *shape])
        try:
            figures |= asyncio.run(measure(f"http://127.0.0.1:{port}", server.pid))
        finally:
            server.terminate()
            server.wait(30)
    host = {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)}
    said = json.dumps({"host": host, "workers": given.workers, "processes": given.processes, **figures}, indent=1)
    print(said)
    if given.out:
        given.out.write_text(said + "\n", encoding="utf-8")


def spent_by(process: int) -> float:
    """Processor seconds of the server and its processes so far: other load on the machine does not change it."""
    begun = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    total = 0
    for each in (process, *begun):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def questions(kb: Path, seed: int = 7) -> list[str]:
    """Questions about every disease of OMIM in the store, in an order that the seed decides."""
    with Store(kb) as store:
        names = [concept.name for concept in store.concepts("Disease") if concept.id.startswith("OMIM:")]
    asked = [ABOUT[number % len(ABOUT)].format(name) for number, name in enumerate(sorted(names))]
    random.Random(seed).shuffle(asked)
    return asked


async def measured(address: str, asked: list[str], process: int, clients: int, seconds: float) -> dict[str, object]:
    """The figures of every kind of request: one client alone, then all together."""
    fresh, shuffled = iter(asked), count(1)

    async def ask(line: Line, _turn: int) -> int:
        return await line.send("POST", "/api/ask", json.dumps({"question": next(fresh)}).encode())

    async def ask_again(line: Line, turn: int) -> int:
        return await line.send("POST", "/api/ask", json.dumps({"question": asked[-1 - turn % 8]}).encode())

    async def search(line: Line, _turn: int) -> int:
        return await line.send("GET", f"/api/search?{urlencode({'q': next(fresh)})}")

    async def search_words(line: Line, turn: int) -> int:
        words = f"{asked[-1 - turn % 200]} {next(shuffled)}"
        return await line.send("GET", f"/api/search?{urlencode({'q': words})}")

    async def search_again(line: Line, turn: int) -> int:
        return await line.send("GET", f"/api/search?{urlencode({'q': asked[-1 - turn % 200]})}")

    async def suggest(line: Line, turn: int) -> int:
        sought = {"q": TYPED[turn % len(TYPED)], "language": "zh" if turn % 2 else "en"}
        return await line.send("GET", f"/api/suggest?{urlencode(sought)}")

    async def page(line: Line, _turn: int) -> int:
        return await line.send("GET", f"/ask?{urlencode({'q': next(fresh)})}")

    await ready(address)
    figures: dict[str, object] = {"clients": clients, "seconds": seconds}
    line = Line(address)
    for turn in range(120):  # the annotator lays its whole automaton out after a hundred texts
        await search(line, turn)
    line.close()
    kinds = (
        ("search", search),
        ("search, repeated words", search_words),
        ("search again", search_again),
        ("ask", ask),
        ("ask again", ask_again),
        ("suggest", suggest),
        ("page", page),
    )
    for name, send in kinds:
        await load(address, process, send, 1, 1.0)  # warm
        figures[f"{name}, one client"] = await load(address, process, send, 1, seconds / 2)
        figures[f"{name}, {clients} clients"] = await load(address, process, send, clients, seconds)
    return figures


async def bare(address: str, process: int, clients: int, seconds: float) -> dict[str, object]:
    """The same of a route that does nothing: what the machine and its other load leave for any server."""

    async def nothing(line: Line, _turn: int) -> int:
        return await line.send("GET", "/")

    await ready(address)
    await load(address, process, nothing, 1, 1.0)
    return {f"bare route, {clients} clients": await load(address, process, nothing, clients, seconds)}


class Line:
    """One client's connection; it speaks just enough HTTP to cost next to nothing beside the server."""

    def __init__(self, address: str) -> None:
        self.host, _, port = address.removeprefix("http://").partition(":")
        self.port = int(port)
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: bytes = b"") -> int:
        """The status of the answer, which is read to its end."""
        if self.ends is None:
            self.ends = await asyncio.open_connection(self.host, self.port, limit=1 << 22)
        reader, writer = self.ends
        kind = "content-type: application/json\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nhost: {self.host}\r\n{kind}content-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = said.partition("content-length:")[2].partition("\r\n")[0]
        await reader.readexactly(int(length))
        return int(said.split(maxsplit=2)[1])

    def close(self) -> None:
        """Hangs up."""
        if self.ends is not None:
            self.ends[1].close()
            self.ends = None


async def ready(address: str) -> None:
    """Returns when the server answers; at most two minutes, the time to build the indexes of a new store."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if await Line(address).send("GET", "/healthz") in (200, 404):
                return
        except OSError:
            await asyncio.sleep(0.2)
    raise TimeoutError("the server does not answer")


async def load(address: str, process: int, send: Send, clients: int, seconds: float) -> dict[str, object]:
    """Requests a second, processor time and latencies in milliseconds; code 429 was told to come back, 0 failed."""
    took: list[float] = []
    codes: dict[int, int] = {}
    lines = [Line(address) for _ in range(clients)]
    begun, before = time.monotonic(), spent_by(process)

    async def one(line: Line, start: int) -> None:
        for turn in count(start):
            sent = time.perf_counter()
            try:
                code = await send(line, turn)
            except (OSError, asyncio.IncompleteReadError):
                code = 0
                line.close()
            took.append((time.perf_counter() - sent) * 1000)
            codes[code] = codes.get(code, 0) + 1
            if time.monotonic() - begun >= seconds:
                return

    await asyncio.gather(*(one(line, number) for number, line in enumerate(lines)))
    spent, worked = time.monotonic() - begun, spent_by(process) - before
    for line in lines:
        line.close()
    took.sort()
    at = {f"p{share}": round(took[min(len(took) - 1, len(took) * share // 100)], 1) for share in (50, 95, 99)}
    processor = round(worked * 1000 / len(took), 2)
    figures = {"requests": len(took), "per_second": round(len(took) / spent, 1), "processor_ms": processor}
    return {**figures, **at, "codes": codes}


if __name__ == "__main__":
    main()
