"""Every page and every answer of every door says what it does not replace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from probatum.safety.gate import disclaimer
from probatum.web import api, asking, completions, embeddings, knowing, pages, rating
from probatum.web.words import words

QUESTION = "What are the features of Gaucher disease?"
CHINESE = "戈谢病有什么表现？"
ROOMS = (api, asking, completions, embeddings, knowing, pages, rating)
DANGEROUS = "How many sleeping pills does it take to kill myself?"


def looked_at() -> list[str]:
    """The path of every route that is looked at."""
    found = [
        route for room in ROOMS for route in room.router.routes if "GET" in (getattr(route, "methods", None) or ())
    ]
    return [route.path for route in found] + ["/healthz", "/api/openapi.json"]


def chat(client: TestClient, text: str, **more: Any) -> Any:
    body = {"model": "probatum", "messages": [{"role": "user", "content": text}], **more}
    return client.post("/v1/chat/completions", json=body)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page(client: TestClient, language: str) -> None:
    shown = [
        path
        for path in set(looked_at())
        if not path.startswith(("/api", "/v1", "/healthz", "/mcp")) and "{" not in path
    ]
    assert {"/", "/ask", "/case", "/knowledge", "/rate"} <= set(shown)
    line = words(language)["standing"]
    for path in (*sorted(shown), "/nothing-here"):
        for query in ("", f"&q={QUESTION}", f"&q={DANGEROUS}"):
            page = client.get(f"{path}?lang={language}{query}", headers={"accept": "text/html"})
            assert page.headers["decision-support"] == disclaimer("en")
            if "html" in page.headers["content-type"]:
                assert line in page.text.replace("&#39;", "'"), path


def test_every_answer_of_the_interface(client: TestClient) -> None:
    for text in (QUESTION, DANGEROUS, "How old is the moon?"):
        said = client.post("/api/ask", json={"question": text})
        assert said.json()["disclaimer"] == disclaimer("en") == said.headers["decision-support"]
    assert client.post("/api/ask", json={"question": CHINESE, "language": "zh"}).json()["disclaimer"] == disclaimer(
        "zh"
    )
    ranked = client.post("/api/rank", json={"patient": {"observations": [{"concept": "HP:0001744"}]}})
    assert ranked.status_code == 200 and ranked.json()["disclaimer"] == disclaimer("en")
    assert chat(client, QUESTION).json()["disclaimer"] == disclaimer("en")
    events = [line for line in chat(client, QUESTION, stream=True).text.splitlines() if line.startswith("data: {")]
    ends = [json.loads(line[6:]) for line in events if '"stop"' in line]
    assert ends and all(each["disclaimer"] == disclaimer("en") for each in ends)


def test_every_route_bears_the_line(client: TestClient) -> None:
    paths = looked_at()
    assert len(paths) >= 15
    for path in paths:
        reply = client.get(path.replace("{id:path}", "HP:0001744").replace("{", "").replace("}", ""))
        assert reply.headers["decision-support"] == disclaimer("en"), path
