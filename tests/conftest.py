"""What all tests share: the tiny samples, the real data where there are, and a network that ends at this machine."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from model_server import Server

from probatum import naming

# The same examples in every run: a new one is looked for on purpose (HYPOTHESIS_PROFILE=search), not met by chance.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

HERE = Path(__file__).parent
sys.modules["datasets"] = None  # type: ignore[assignment] # a folder of tests is not the package of that name
LOOPBACK = {"127.0.0.1", "::1", "localhost", "", "0.0.0.0"}  # noqa: S104


@pytest.fixture(scope="session")
def tiny() -> Path:
    """The folder of our own ten-row samples in the true formats."""
    return HERE / "tiny"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real, licensed clinical data; a test that needs it is skipped where it is not there."""
    folder = Path(os.environ.get("PROBATUM_SHARED", HERE.parents[1] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data are not at {folder}; set PROBATUM_SHARED")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright: one for all, as a process may hold one driver."""
    playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need: pip install playwright")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def model_server() -> Iterator[Server]:
    """A model server on this machine that does what a test tells it to."""
    made = Server()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise PermissionError(f"a test reached for {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test adds to a wing is gone after it."""
    monkeypatch.setattr(naming, "_added", dict(naming._added))
