"""A store of our own samples behind the web door, and the door itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from probatum.store.writer import write
from probatum.types import Fact, Origin, Passage, Release
from probatum.verbs import ingest

pytest.importorskip("fastapi", reason='the web door needs: pip install "probatum[web]"')

from fastapi import FastAPI
from fastapi.testclient import TestClient
from serving import serving

from probatum.web.app import build


@pytest.fixture(scope="session")
def folder(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds both tiny sources, and enough dull texts that a word of medicine is a rare one."""
    kb = tmp_path_factory.mktemp("web") / "kb"
    ingest(kb, "hpo", tiny / "sources" / "hpo")
    ingest(kb, "medquad", tiny / "sources" / "medquad")
    write(kb, dull())
    return kb


def dull() -> Iterator[Fact]:
    """Passages that answer nothing."""
    yield Release("corridor", "1", "CC0-1.0", "0" * 64)
    for number in range(1, 81):
        origin = Origin("corridor", "1", f"note-{number}")
        yield Passage(f"note-{number}", f"At {number} o'clock the corridor was quiet.", f"Note {number}", "en", origin)


@pytest.fixture(scope="session")
def app(folder: Path) -> Iterator[FastAPI]:
    """The application over that store."""
    built = build(folder)
    yield built
    built.state.reception.close()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A client of the application; errors of the server come back as responses, as they do to a user."""
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application served on loopback."""
    with serving(app) as address:
        yield address


@pytest.fixture
def page(browser: Any, served: str) -> Iterator[Any]:
    """An English page of 1280 pixels; the test fails for any console error and any request that leaves the host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", base_url=served)
    opened, wrong = context.new_page(), []
    opened.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith((served, "blob:")) else None)
    yield opened
    context.close()
    assert wrong == []
