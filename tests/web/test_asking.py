"""The page Ask with a language model behind it: streamed, judged by sentences, discussed, asked of older days."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from looking import look
from serving import serving

from probatum.models.scripted import scripted
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Evidence, Origin, Passage, Question, Relation, Release, Request, Step, Verdict
from probatum.web import answers, trace
from probatum.web.app import build
from probatum.web.memory import Memory

INHERITED = "How is Gaucher disease, type I inherited?"
DISCUSSED = "Which disease shows splenomegaly?"
ORIGIN = Origin("hpo", "1", "r1")


class Clinic:
    """A model that takes a moment, copies the first piece of evidence, and in a discussion plays every part."""

    def __init__(self) -> None:
        self.votes = itertools.cycle(["yes", "yes", "no", "yes", "yes"])
        self.pause = 0.15
        self.asked = 0

    def __call__(self, request: Request) -> str:
        time.sleep(self.pause)
        self.asked += 1
        task, told = request.messages[0][1].rpartition("\n\n")[2], request.messages[-1][1]
        first = next((line for line in told.splitlines() if line.startswith("[1] ")), "")
        copied = f"{first.partition(') ')[2]} [1]. It is cured by 5 mg of nothing [1]. Nobody says this."
        if "domains" in request.schema:
            return json.dumps({"domains": ["Haematology", "Genetics", "Hepatology", "Radiology", "Paediatrics"]})
        if "key_knowledge" in request.schema:
            return json.dumps({"key_knowledge": "The spleen is large.", "total_analysis": "Gaucher fits."})
        if "agree with the report? Answer" in task:
            return next(self.votes)
        if "Analyse the question" in task or "did not agree" in task:
            return "The spleen filters the blood; where it is large, storage is one cause."
        return copied


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic()


@pytest.fixture(scope="module")
def dated(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store, with a text of two releases that differ, and two that say the opposite of each other."""
    kb = tmp_path_factory.mktemp("dated") / "kb"
    shutil.copytree(folder, kb)
    for day, dose in (("2020-05-01", "two tablets"), ("2024-05-01", "one tablet")):
        origin = Origin("leaflets", day, "gaucherol#1")
        text = f"Gaucherol is taken as {dose} in the morning."
        write(kb, iter([
            Release("leaflets", day, "CC0-1.0", "1" * 64, published=day),
            Passage("gaucherol#1", text, "How is gaucherol taken?", "en", origin),
        ]))  # fmt: skip
    origin = Origin("opposed", "2024-06-01", "r1")
    denied = Relation("OMIM:230800", "biolink:has_phenotype", "HP:0001744", origin, negated=True)
    write(kb, iter([Release("opposed", "2024-06-01", "CC0-1.0", "2" * 64), denied]))
    return kb


@pytest.fixture(scope="module")
def door(dated: Path, clinic: Clinic) -> Iterator[str]:
    app = build(dated, writers={"scripted": scripted(says=clinic)})
    with serving(app) as address:
        yield address
    app.state.reception.close()


@pytest.fixture(scope="module")
def client(dated: Path, clinic: Clinic) -> Iterator[TestClient]:
    app = build(dated, writers={"scripted": scripted(says=clinic)})
    yield TestClient(app)
    app.state.reception.close()


# --- what a page makes of a trace ---


def claim(subject: str, object: str) -> Evidence:
    return Evidence(Relation(subject, "biolink:treats", object, ORIGIN), f"{subject} {object}", 1.0, "graph")


def test_a_discussion_is_told_by_expert_and_what_fell_apart() -> None:
    steps = (
        Step("analysis: Genetics", "a"), Step("round 1 vote: Genetics", "no"), Step("proof", "dropped: no mark: b"),
        Step("round 1 votes", "yes/no 0/1"), Step("round 1 advice: Genetics", "c"), Step("analysis: Radiology", "d"),
    )  # fmt: skip
    genetics, radiology = trace.discussion(steps)
    assert [(one.what, one.round, one.text) for one in genetics.spoken] == [
        ("analysis", 0, "a"), ("vote", 1, "no"), ("advice", 1, "c"),
    ]  # fmt: skip
    assert radiology.name == "Radiology"
    assert trace.dropped(steps) == ("no mark: b",)
    assert [step.what for step in trace.others(steps)] == ["round 1 votes"]


def test_the_way_joins_what_the_question_names_through_cited_claims() -> None:
    cited = (claim("D:1", "G:1"), claim("P:1", "G:1"), claim("P:1", "D:9"))
    hops = trace.way(cited, [{"D:1"}, {"D:9", "D:8"}], str.lower)
    assert [(hop.start, hop.end, hop.backwards, hop.mark) for hop in hops] == [
        ("d:1", "g:1", False, 1), ("g:1", "p:1", True, 2), ("p:1", "d:9", False, 3),
    ]  # fmt: skip
    assert trace.way(cited, [{"D:1"}], str) == trace.way(cited, [{"D:1"}, {"X:1"}], str) == ()


def test_a_sentence_is_shown_by_the_worst_verdict_on_it() -> None:
    passage = Passage("p", "Gout hurts. It passes.", "Gout", "en", ORIGIN)
    evidence = (Evidence(passage, "Gout hurts.", 1.0, "bm25", 0, 11),)
    text = "“Gout hurts.” [1]\nIt passes in 5 days. [1] It is rare. [1]"
    at = [text.index("It passes"), text.index("It is rare")]
    verdicts = (
        Verdict(0, 17, "supported", grade="low"),
        Verdict(at[0], at[1] - 1, "partial", "number: 5 stands in none of the cited pieces", (1,)),
        Verdict(at[1], len(text), "contradicted", "negation: it says the opposite", (1,)),
    )
    found = answers.claims(Answer(text=text, evidence=evidence, verdicts=verdicts))
    assert [(one.support, one.why, one.grade) for one in found] == [
        ("verbatim", "", "low"), ("partial", "5 stands in none of the cited pieces", ""),
        ("contradicted", "it says the opposite", ""),
    ]  # fmt: skip


def test_what_stands_in_for_a_failed_model_is_kept_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, key = Memory(2), ("content", "rag", Question("a"))
    memory.keep(key, Answer(text="a"), 60)
    assert memory.recall(key) == Answer(text="a")
    now = time.monotonic()
    monkeypatch.setattr("probatum.web.memory.time.monotonic", lambda: now + 61)
    assert memory.recall(key) is None


# --- without a browser ---


def events_of(client: TestClient, **query: str) -> list[tuple[str, dict[str, Any]]]:
    said = client.get("/ask.events", params=query)
    assert said.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in said.text.strip().split("\n\n")]
    return [(name[7:], json.loads(data[6:])) for name, data in blocks]


def test_events_tell_what_is_done_then_what_holds_then_the_page(client: TestClient) -> None:
    found = events_of(client, q=INHERITED, model="scripted")
    names = [name for name, _ in found]
    steps = [said["what"] for name, said in found if name == "step"]
    assert steps[:2] == ["searching", "found"] and steps[-2:] == ["asking", "written"]
    assert names[-1] == "page" and names[len(steps)] == "sentence"
    sentences = [said for name, said in found if name == "sentence"]
    assert all(said["marks"] for said in sentences)
    assert "5 mg" not in "".join(said["text"] for said in sentences)  # what fell is told as dropped, never as said
    page = found[-1][1]["html"]
    assert "Contains generated text" in page and "Dropped, and why" in page
    assert "Nobody says this" in page.split("Dropped, and why")[1]
    zh = events_of(client, q="戈谢病I型如何遗传？", model="scripted", lang="zh")
    assert zh[0][1]["said"] == "检索来源"


def test_an_unknown_model_or_day_is_told_on_the_page_of_the_stream(client: TestClient) -> None:
    (name, said), *_ = events_of(client, q="x", model="gpt")
    assert name == "page" and "unknown-name" in said["html"]
    assert "bad-plan" in events_of(client, q="x", as_of="yesterday")[-1][1]["html"]
    assert client.get("/ask", params={"q": "x", "as_of": "yesterday"}).status_code == 422


def test_a_question_is_asked_again_of_an_older_day(client: TestClient) -> None:
    query = {"q": "How is gaucherol taken?", "lang": "en", "model": "none"}
    now = client.get("/ask", params=query).text
    then = client.get("/ask", params=query | {"as_of": "2021-01-01"}).text
    assert "one tablet" in now and "two tablets" not in now and '<option value="2020-05-01"' in now
    assert "two tablets" in then and "one tablet" not in then.split("<main")[1]
    assert "as it was held on 2021-01-01" in then
    told = client.get("/ask.json", params=query | {"as_of": "2021-01-01"}).json()
    assert "two tablets" in told["text"]


def test_opposite_claims_stand_side_by_side(client: TestClient) -> None:
    query = {"q": "What are the features of Gaucher disease?", "lang": "en", "model": "none"}
    page = client.get("/ask", params=query).text
    sides = re.search(r'<div class="sides">(.*?)</div>\s*</div>\s*</div>', page, re.S)
    assert sides is not None
    said, denied = sides[1].split('<div class="side against">')
    assert "say so" in said and "hpo" in said and "deny it" in denied and "opposed" in denied


def test_an_emergency_is_no_lack_of_evidence(client: TestClient) -> None:
    query = {"q": "I have crushing chest pain and cannot breathe, what should I do?", "lang": "en", "model": "scripted"}
    page = client.get("/ask", params=query).text
    assert 'class="abstained referred"' in page and "Get help now" in page and "No adequate evidence" not in page


def test_the_model_in_use_writes_where_none_is_named_and_copies_are_to_be_had(client: TestClient) -> None:
    """As the API's usual method is: what a page says does not depend on the door."""
    query = {"q": INHERITED, "lang": "en"}
    usual, named, copied = (
        client.get("/ask.json", params=query | said).json() for said in ({}, {"model": "scripted"}, {"model": "none"})
    )
    assert usual == named and usual["text"] != copied["text"]
    assert "usage" in {step["what"] for step in usual["trace"]} - {step["what"] for step in copied["trace"]}
    api = client.post("/api/ask", json={"question": INHERITED}).json()
    assert api["text"] == usual["text"]
    page = client.get("/ask", params=query).text
    assert '<option value="scripted" selected>' in page and '<option value="none">' in page
    assert '<option value="none" selected>' in client.get("/ask", params=query | {"model": "none"}).text


def test_the_store_is_asked_once_for_a_page_and_its_sources(client: TestClient, clinic: Clinic) -> None:
    query = {"q": INHERITED, "model": "scripted", "lang": "en"}
    client.get("/ask", params=query)
    before = clinic.asked
    assert "<mark" in client.get("/ask", params=query | {"open": "1"}).text or clinic.asked == before
    assert clinic.asked == before


# --- in Chromium ---


def opened(browser: Any, door: str, wrong: list[str], **shape: Any) -> Any:
    context = browser.new_context(base_url=door, **shape)
    page = context.new_page()
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith((door, "blob:")) else None)
    return page


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1280, "light"), ("zh", 390, "dark"), ("en", 390, "light")]
)
def test_an_answer_comes_about_before_the_reader(  # noqa: PLR0917
    browser: Any, door: str, clinic: Clinic, language: str, width: int, scheme: str
) -> None:
    wrong: list[str] = []
    page = opened(browser, door, wrong, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"/ask?lang={language}")
    page.locator(".how-to summary").click()
    page.locator("#model").select_option("scripted")
    page.locator("#q").fill(f"{INHERITED} {width} {language}")  # not remembered from another test
    clinic.pause = 0.6
    page.locator(".question button").click()
    page.locator("#progress li.step").nth(2).wait_for()
    assert page.locator("#progress h2").is_visible()
    look(page)
    page.locator(".sentences .badge").first.wait_for()
    clinic.pause = 0.05
    assert not page.locator("#progress").is_visible() and "model=scripted" in page.url
    assert "5 mg" not in page.locator(".sentences").inner_text()
    page.locator(".trace summary").click()
    assert "5 mg" in page.locator(".dropped").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    look(page)
    page.locator(".sentences a.chip").first.click()
    page.locator("#pane").wait_for()
    page.context.close()
    assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1280, "dark"), ("zh", 390, "light")])
def test_the_discussion_of_experts_unfolds(browser: Any, door: str, language: str, width: int, scheme: str) -> None:
    wrong: list[str] = []
    page = opened(browser, door, wrong, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"/ask?lang={language}")
    page.locator(".how-to summary").click()
    page.locator("#method").select_option("medagents")
    page.locator("#model").select_option("scripted")
    page.locator("#q").fill(DISCUSSED)
    page.locator(".question button").click()
    page.locator(".discussion details").first.wait_for(timeout=30_000)
    assert page.locator(".discussion details").count() == 5
    expert = page.locator(".discussion details").nth(2)
    assert "Hepatology" in expert.inner_text() and "no" in expert.locator(".ballot").first.inner_text()
    expert.locator("summary").click()
    assert "storage is one cause" in expert.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    look(page)
    page.context.close()
    assert wrong == []


@pytest.mark.browser
def test_an_older_day_is_chosen_and_left_again(browser: Any, door: str) -> None:
    wrong: list[str] = []
    page = opened(browser, door, wrong, viewport={"width": 1280, "height": 900}, locale="en-US")
    page.goto("/ask?q=How is gaucherol taken%3F&model=none")
    assert "one tablet" in page.locator(".sentences").inner_text()
    page.locator("#as_of").select_option("2020-05-01")
    page.locator(".question button").click()
    page.locator(".earlier").wait_for()
    assert "two tablets" in page.locator(".sentences").inner_text()
    assert "2020-05-01" in page.locator(".standing").inner_text()
    look(page)
    page.locator(".earlier a").click()
    page.locator(".earlier").wait_for(state="detached")
    assert "one tablet" in page.locator(".sentences").inner_text()
    page.context.close()
    assert wrong == []


def test_the_days_that_are_offered_are_those_of_releases(dated: Path) -> None:
    with Store(dated) as store:
        days = {one.dated for one in (*store.view.shown, *store.view.hidden)}
    assert {"2020-05-01", "2024-05-01"} <= days
