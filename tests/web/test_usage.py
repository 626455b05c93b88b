"""The page Usage: what was asked and how it went, in numbers alone, and the mark that a reader gives an answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from looking import look
from serving import serving

from probatum.ledger.usage import FILE, Usage
from probatum.web.app import build
from probatum.web.reception import Reception

ASKED = "What are the features of Gaucher disease?"
PERSON = "Does Aurelia Quengelbart of 7 Lindworm Lane have a quux?"


@pytest.fixture
def door(folder: Path) -> Iterator[FastAPI]:
    for each in folder.glob(f"{FILE}*"):
        each.unlink()
    built = build(folder)
    yield built
    built.state.reception.close()


@pytest.fixture
def visitor(door: FastAPI) -> TestClient:
    return TestClient(door, raise_server_exceptions=False, headers={"accept": "text/html"})


def slip_of(page: str) -> str:
    found = re.search(r'name="slip" value="([^"]+)"', page)
    assert found
    return found[1]


# --- what is counted ---


def test_quantiles_are_at_most_a_twentieth_too_high(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    for number in range(1, 1001):
        usage.asked("quoted", "" if number % 4 else "no-evidence", number / 1000)
    found = usage.report()
    assert found.asked.n == 1000 and found.answered == 750 and found.abstained == (("no-evidence", 250),)
    assert 500 <= (found.asked.p50 or 0) <= 525 and 990 <= (found.asked.p99 or 0) <= 1040
    ((name, n, answered, times),) = found.methods
    assert (name, n, answered, times.n) == ("quoted", 1000, 750, 1000)
    assert found.served.n == 0 and found.served.p50 is None and found.marks == ()


def test_two_processes_count_into_one_file_and_a_folder_that_is_only_read_loses_nothing(tmp_path: Path) -> None:
    one, other = Usage(tmp_path), Usage(tmp_path)
    one.asked("quoted", "", 0.01)
    other.asked("quoted", "refused", 0.02)
    other.served("/ask", 503, 0.02)
    assert other.write() and one.report().asked.n == 2 and Usage(tmp_path).report().failed == 1
    nowhere = Usage(tmp_path / "absent")
    nowhere.asked("rag", "", 0.01)
    assert not nowhere.write() and not nowhere.write() and nowhere.slip("rag") == ""
    assert nowhere.report().methods[0][:3] == ("rag", 1, 1)


def test_a_slip_counts_once_and_a_forged_one_never(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    slip = usage.slip("quoted")
    assert usage.mark(slip, "up") and Usage(tmp_path).mark(slip, "down", "wrong")  # a change of mind, another process
    assert usage.mark(usage.slip("rag"), "up", "wrong")
    for forged in (slip.replace("quoted", "rag"), slip[:-1], "", "a.b", "é.quoted.é"):
        assert not usage.mark(forged, "up")
    assert not usage.mark(slip, "sideways") and not usage.mark(slip, "down", "because my name is Aurelia")
    found = usage.report()
    assert (found.up, found.down, found.reasons) == (1, 1, (("wrong", 1),))
    assert found.marks == (("quoted", 0, 1), ("rag", 1, 0))


# --- through the door ---


def test_usage_and_feedback_are_shown_without_a_word_of_what_was_asked(visitor: TestClient, folder: Path) -> None:
    shown = visitor.get("/ask", params={"q": ASKED})
    visitor.get("/ask", params={"q": ASKED, "open": "1"})  # a source of it opened
    visitor.get("/ask.json", params={"q": ASKED})  # and it saved: nothing new was asked
    visitor.get("/ask", params={"q": PERSON})
    visitor.get("/static/probatum.css")
    for _ in range(2):  # the second is remembered, and asked all the same
        assert visitor.post("/api/ask", json={"question": ASKED}).status_code == 200
    visitor.get("/ask", params={"q": "x", "method": "none-such"})
    marked = visitor.post(
        "/feedback", data={"slip": slip_of(shown.text), "mark": "down", "reason": "unclear", "back": "q=Gaucher"},
    )  # fmt: skip
    assert marked.status_code == 200 and "Noted: of no use" in marked.text and "marked=" not in marked.text
    told = visitor.get("/usage.json").json()
    assert told["asked"]["n"] == 4 and told["answered"] == 3 and [each[1:] for each in told["days"]] == [[4, 1]]
    assert [each[:3] for each in told["methods"]] == [["quoted", 4, 3]] and told["asked"]["p99"] > 0
    assert (told["up"], told["down"], told["reasons"]) == (0, 1, [["unclear", 1]])
    routes = {name: times["n"] for name, times, _ in told["routes"]}
    assert routes["/ask"] == 5 and routes["/api/ask"] == 2 and told["failed"] == 0 and "-" not in routes
    page, chinese = visitor.get("/usage").text, visitor.get("/usage?lang=zh").text
    assert "4 questions, 3 answered (75.0%)" in page and "Hard to understand" in page and "Quoted answer" in page
    assert "提问 4 次，作答 3 次（75.0%）" in chinese and "难以理解" in chinese and "引文作答" in chinese
    kept = b"".join(each.read_bytes() for each in folder.glob(f"{FILE}*"))
    for word in ("Gaucher", "Aurelia", "Lindworm", "quux", "testclient"):
        assert word not in page and word.encode() not in kept
    with closing(sqlite3.connect(folder / FILE)) as link:
        columns = [name for table in ("counts", "marks") for _, name, *_ in link.execute(f"PRAGMA table_info({table})")]
    assert columns == ["day", "kind", "name", "outcome", "class", "n", "slip", "day", "method", "mark", "reason"]


def test_a_mark_needs_the_page_that_it_is_of_and_leads_nowhere_else(visitor: TestClient) -> None:
    assert visitor.post("/feedback", data={"slip": "x.quoted.y", "mark": "up", "back": "q=x"}).status_code == 403
    slip = slip_of(visitor.get("/ask", params={"q": ASKED}).text)
    for back in ("//evil.example/?q=x", "q=x\r\nSet-Cookie: a=b", "#"):
        said = visitor.post("/feedback", data={"slip": slip, "mark": "up", "back": back}, follow_redirects=False)
        assert said.status_code == 303 and said.headers["location"].startswith("/ask?")
        assert "set-cookie" not in said.headers
    assert visitor.get("/usage.json").json()["up"] == 1


def test_what_waits_is_written_as_the_server_ends(folder: Path) -> None:
    for each in folder.glob(f"{FILE}*"):
        each.unlink()
    built = build(folder)
    TestClient(built).post("/api/ask", json={"question": ASKED})
    reception: Reception = built.state.reception
    reception.close()
    assert Usage(folder).report().asked.n == 1


# --- in Chromium ---


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "zh", "dark")])
def test_an_answer_is_marked_where_it_stands(
    browser: Any, door: FastAPI, width: int, language: str, scheme: str
) -> None:  # fmt: skip
    with serving(door) as address:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, base_url=address)
        page, wrong = context.new_page(), []
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"/ask?q={ASKED}&lang={language}")
        page.locator("#reason").select_option("incomplete")
        look(page)
        page.locator("#feedback button[value=down]").click()
        page.locator("#feedback [role=status]").wait_for()
        assert page.locator(".sentences li").count() > 0 and "marked" not in page.url
        page.goto(f"/usage?lang={language}")
        assert page.locator("#reasons-title").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        look(page)
        context.close()
        assert wrong == []
