"""An agent's client from the package `mcp` against the running server, over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

pytest.importorskip("mcp", reason='the door for agents needs: pip install "probatum[mcp]"')

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from probatum.safety.gate import disclaimer

TOOLS = {"ask", "rank", "search", "concept", "paths", "calculate", "check", "sources"}
FEATURES = "What are the features of Gaucher disease?"
SRC = Path(__file__).parents[2] / "src"
Do = Callable[[Any], Awaitable[Any]]


def apart(talk: Callable[[], Awaitable[Any]]) -> Any:
    """What a conversation gives, held in a thread of its own: a browser's driver may keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(talk())).result()  # type: ignore[arg-type]


def over_http(address: str, do: Do) -> Any:
    async def talk() -> Any:
        async with Client(f"{address}/mcp") as client:
            return await do(client)

    return apart(talk)


def over_stdio(folder: Path, do: Do) -> Any:
    async def talk() -> Any:
        words = ["-m", "probatum.cli", "--kb", str(folder), "mcp"]
        server = StdioServerParameters(command=sys.executable, args=words, env={"PYTHONPATH": str(SRC)})
        with Path(os.devnull).open("w") as quiet:
            async with Client(stdio_client(server, quiet)) as client:
                return await do(client)

    return apart(talk)


def said(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    told = json.loads(result.content[0].text)
    assert result.structured_content == told
    return dict(told)


def tokens(text: str) -> int:
    """No fewer than any usual tokeniser makes of it: every sign alone, and a piece for each four letters."""
    return sum(1 + (len(each) - 1) // 4 for each in re.findall(r"\w+|[^\w\s]", text))


def test_the_catalogue_is_small(served: str) -> None:
    async def listed(client: Any) -> Any:
        return (await client.list_tools()).tools

    tools = over_http(served, listed)
    assert {tool.name for tool in tools} == TOOLS and len(tools) <= 8
    catalogue = json.dumps([tool.model_dump(exclude_none=True, by_alias=True) for tool in tools], ensure_ascii=False)
    assert tokens(catalogue) <= 2000, tokens(catalogue)
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)


async def through_all(client: Any) -> dict[str, Any]:
    """What each tool says, one after the other."""
    call = client.call_tool
    found = said(await call("search", {"text": FEATURES, "keep": 3}))["found"]
    assert found and found[0]["number"] == 1 and found[0]["licence"]
    claim = next(each for each in found if each["cite"].startswith("claim|"))
    text = f"{claim['quote']} [1]. It is cured by 5 mg of nothing [1]. It is harmless."
    return {
        "ask": said(await call("ask", {"question": FEATURES})),
        "none": said(await call("ask", {"question": "What is the price of a bus ticket in Oslo?"})),
        "zh": said(await call("ask", {"question": "哪些疾病有脾肿大？"})),
        "rank": said(await call("rank", {"phenotypes": ["HP:0001744", "-HP:0001250"], "keep": 3})),
        "concept": said(await call("concept", {"name": "seizure"})),
        "paths": said(await call("paths", {"start": "OMIM:230800", "end": "HP:0001744"})),
        "names": said(await call("calculate", {})),
        "takes": said(await call("calculate", {"name": "body_mass_index"})),
        "bmi": said(
            await call("calculate", {"name": "body_mass_index", "inputs": {"weight": "70 kg", "height": "1.75 m"}})
        ),
        "check": said(await call("check", {"text": text, "cites": [claim["cite"]]})),
        "sources": said(await call("sources", {})),
    }


@pytest.mark.parametrize("transport", ["http", "stdio"])
def test_every_tool_over_both_transports(served: str, folder: Path, transport: str) -> None:
    told = over_http(served, through_all) if transport == "http" else over_stdio(folder, through_all)
    first = told["ask"]["citations"][0]
    assert "[1]" in told["ask"]["text"] and first["quote"] in told["ask"]["text"]
    assert (first["source"], first["release"]) == ("hpo", "2025-01-16") and len(told["ask"]["knowledge"]) == 32
    assert told["none"]["abstained"] and told["none"]["text"] == ""
    assert "[1]" in told["zh"]["text"]
    assert 1 < len(told["rank"]["candidates"]) <= 3 and told["rank"]["candidates"][0]["reasons"]
    assert told["concept"]["id"] == "HP:0001250" and told["concept"]["definition"] and told["concept"]["claims"]
    step = told["paths"]["steps"][0]
    assert step["claim"]["source"].startswith("hpo@") and 0 < step["trust"] <= 1
    assert len(told["names"]["calculators"]) >= 55 and told["takes"]["takes"][0]["name"]
    assert told["bmi"]["value"] == pytest.approx(22.857, abs=0.001) and told["bmi"]["steps"]
    assert "5 mg" not in told["check"]["text"] and "harmless" not in told["check"]["text"]
    assert len(told["check"]["dropped"]) == 2 and told["check"]["text"].count("[1]") == 1
    for name, language in (("ask", "en"), ("none", "en"), ("rank", "en"), ("zh", "zh")):  # abstentions bear it too
        assert told[name]["disclaimer"] == disclaimer(language), name
    assert disclaimer("en") != disclaimer("zh")
    assert {one["source"] for one in told["sources"]["releases"]} == {"corridor", "hpo", "medquad"}


@pytest.mark.parametrize(
    ("tool", "given", "why"),
    [
        ("ask", {"question": "x", "method": "ragg"}, "near: rag"),
        ("ask", {}, "question"),
        ("concept", {"name": "no such thing at all"}, "nothing of this store"),
        ("calculate", {"name": "body_mass_indx"}, "near: body_mass_index"),
        ("calculate", {"name": "body_mass_index", "inputs": {"weight": "70 kg"}}, "height"),
        ("calculate", {"name": "body_mass_index", "inputs": {"weight": "70 parsec", "height": "1 m"}}, "parsec"),
        ("check", {"text": "A [1].", "cites": ["passage|nothing|0|4"]}, "bears the name"),
        ("check", {"text": "A [1].", "cites": ["claim|a|b"]}, "bears the name"),
        ("rank", {"phenotypes": ["fever"], "age": "old"}, "the age cannot be read"),
    ],
)
def test_what_is_wrong_is_told_to_the_agent(served: str, tool: str, given: dict[str, Any], why: str) -> None:
    async def tried(client: Any) -> Any:
        return await client.call_tool(tool, given)

    result = over_http(served, tried)
    assert result.is_error and why in result.content[0].text and "Traceback" not in result.content[0].text


def test_only_this_computer_may_knock(app: FastAPI) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    sent = {"accept": "application/json, text/event-stream", "host": "evil.example"}
    with TestClient(app) as client:
        assert client.post("/mcp", json=body, headers=sent).status_code in (403, 421)


def test_without_the_extra_it_is_said_how_to_get_it(folder: Path) -> None:
    code = f"""if 1:
        import sys
        sys.modules["mcp"] = None
        from pathlib import Path
        from fastapi.testclient import TestClient
        from probatum.web.app import build
        app = build(Path({str(folder)!r}))
        with TestClient(app) as client:
            said = client.post("/mcp", json={{}})
            print(said.status_code, said.json()["code"], said.json()["mend"])
        app.state.reception.close()
        sys.argv = ["probatum", "--kb", {str(folder)!r}, "mcp"]
        from probatum.cli import main
        main()
    """
    env = os.environ | {"PYTHONPATH": str(SRC)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], check=False, capture_output=True, text=True, env=env, timeout=120
    )
    assert '501 needs-extra pip install "probatum[mcp]"' in done.stdout, done.stderr
    assert "error [needs-extra]" in done.stderr


def test_the_package_loads_when_an_agent_knocks_and_not_before(folder: Path) -> None:
    code = f"""if 1:
        import sys
        from pathlib import Path
        from probatum.web.app import build
        app = build(Path({str(folder)!r}))
        app.state.reception.close()
        print("mcp" in sys.modules)
    """
    env = os.environ | {"PYTHONPATH": str(SRC)}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env, timeout=120
    )
    assert done.stdout.strip() == "False"
