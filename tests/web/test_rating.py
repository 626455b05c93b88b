"""A whole human round at the web door: three raters, thirty items, two systems, blind; a browser that is closed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from looking import look
from rating_material import PROTOCOL, RATERS, opinion, runs
from serving import serving
from typer.testing import CliRunner

from probatum.cli import app as command
from probatum.formats import preference_json
from probatum.ledger import accounts, audit, rating
from probatum.ledger.rating import Mark, Round
from probatum.rounds.findings import agreement, asked, judgements, progress
from probatum.rounds.laying import Layout, lay, opened, read_runs, seal, written
from probatum.rounds.protocol import read_protocol
from probatum.web.app import build

NOW = "2099-01-05T10:00:00+00:00"
SECRETS = ("alder", "birch", "retriever", "att-1", "cal-1", "q0", "attention", "calibration")


@pytest.fixture
def kb(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "kb"))


@pytest.fixture
def door(kb: Path) -> Iterator[FastAPI]:
    built = build(kb)
    yield built
    built.state.reception.close()


@pytest.fixture
def layout(kb: Path, tmp_path: Path) -> Layout:
    made = lay(read_protocol(PROTOCOL, "p.toml"), read_runs(runs(tmp_path)), RATERS)
    rating.begin(kb, Round("r1", "Title", written(made), seal(made), NOW), RATERS, "org")
    return made


def let_in(door: FastAPI, kb: Path, rater: str) -> TestClient:
    """A client with the session of a rater, who came by a link."""
    client = TestClient(door, raise_server_exceptions=False, headers={"accept": "text/html"})
    key = accounts.invite(kb, "r1", rater, "org", NOW)
    page = client.get(f"/rate/enter/{key}")
    assert page.status_code == 200 and key in page.text
    assert client.post("/rate/enter", data={"key": key}, follow_redirects=False).headers["location"] == "/rate"
    return client


def test_a_link_lets_in_once_and_the_cookie_is_guarded(door: FastAPI, kb: Path, layout: Layout) -> None:
    client = TestClient(door, headers={"accept": "text/html"})
    key = accounts.invite(kb, "r1", "ana", "org", NOW)
    for _ in range(2):  # to look at it uses nothing up
        assert client.get(f"/rate/enter/{key}").status_code == 200
    cookie = client.post("/rate/enter", data={"key": key}, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/rate" in cookie
    again = client.post("/rate/enter", data={"key": key})
    assert again.status_code == 403 and "used before" in again.text
    assert "used before" not in client.get("/rate").text
    stranger = TestClient(door, headers={"accept": "text/html"})
    assert "Sign in" in stranger.get("/rate/1").text
    assert stranger.post("/rate/1", json={"correct": "5.0"}).status_code == 401
    assert rating.marks(kb, "r1") == []


def test_no_page_tells_which_system_it_is(door: FastAPI, kb: Path, layout: Layout) -> None:
    client = let_in(door, kb, "ana")
    pages = [client.get(f"/rate/{place}").text.lower() for place in range(1, len(layout.sheets["ana"]) + 1)]
    assert len(set(pages)) == 93
    for page in pages:
        assert not [word for word in SECRETS if word in page]
    # A check looks like any other answer: the same form, the same words, down to the last class.
    bare = {re.sub(r"<p>.*?</p>|\d+", "", page.partition("<form id")[2].partition("</form>")[0]) for page in pages}
    assert len(bare) <= 4  # rating and comparison, first and last screen


def test_a_round_works_without_scripts(door: FastAPI, kb: Path, layout: Layout) -> None:
    client = let_in(door, kb, "ana")
    said = {"correct": "4.0", "safe": "5.0", "remark_1": "Shorter.\r\nMuch.", "nonsense": "1.0"}
    onwards = client.post("/rate/1", data=said, follow_redirects=False)
    assert (onwards.status_code, onwards.headers["location"]) == (303, "/rate/2")
    assert {(m.name, m.value, m.text) for m in rating.marks(kb, "r1", "ana")} == {
        ("correct", 4.0, ""), ("safe", 5.0, ""), ("remark_1", None, "Shorter.\nMuch."),
    }  # fmt: skip
    client.get("/rate/7")
    assert client.get("/rate", follow_redirects=False).headers["location"] == "/rate/7"
    back = client.post("/rate/7", data={"go": "back", "correct": "9"}, follow_redirects=False)
    assert back.headers["location"] == "/rate/6" and len(rating.marks(kb, "r1")) == 3
    zh = client.post("/rate/2?lang=zh", data={"go": "open"}, follow_redirects=False)
    assert zh.headers["location"] == "/rate/3?lang=zh"
    assert "按键" in client.get("/rate/3?lang=zh").text
    assert 'value="4.0" data-key="4" checked' in client.get("/rate/1").text
    client.post("/rate/leave")
    assert "Sign in" in client.get("/rate/1").text


def test_what_a_script_sends_is_held_to_the_screen(door: FastAPI, kb: Path, layout: Layout) -> None:
    client = let_in(door, kb, "ana")
    said = client.post("/rate/1", json={"correct": "5.0", "safe": "5.0", "better": "1.0"}).json()
    assert said == {"saved": True, "done": 1, "of": 93, "to": {"next": "/rate/2", "back": "/rate/1", "open": "/rate/2"}}
    assert {each.name for each in rating.marks(kb, "r1")} == {"correct", "safe"}
    for bad in ("[]", '{"correct": 5}', "no", '{"a": ' * 9999):
        answer = client.post("/rate/1", content=bad, headers={"content-type": "application/json"})
        assert answer.status_code == 422
    odd = client.post("/rate/1", content=b'{"remark_1": "\\ud800"}', headers={"content-type": "application/json"})
    assert odd.status_code == 200
    assert client.get("/rate/99999999999999999999").status_code == 200  # the last screen
    rating.unblind(kb, "r1", "org", NOW)
    assert client.post("/rate/1", json={"correct": "1.0"}).status_code == 422
    assert "closed" in client.get("/rate/1").text
    assert audit.verify(kb)[0] > 3


def test_accounts_sign_in(door: FastAPI, kb: Path, layout: Layout) -> None:
    accounts.enrol(kb, "bo", "rater", "a long password", NOW)
    accounts.enrol(kb, "org", "organiser", "a long password", NOW)
    accounts.enrol(kb, "eve", "rater", "a long password", NOW)
    client = TestClient(door, headers={"accept": "text/html"})
    wrong = client.post("/rate/sign-in", data={"name": "bo", "password": "another one"})
    assert wrong.status_code == 403 and "do not belong together" in wrong.text
    said = {"password": "a long password"}
    assert "1 of 93" in client.post("/rate/sign-in", data={"name": "bo", **said}).text
    page = client.post("/rate/sign-in", data={"name": "org", **said}).text
    assert "0 / 93" in page and "chen" in page and "alder" not in page.lower()
    assert client.get("/rate/1").status_code == 404  # who organises does not rate
    assert "no round for your name" in client.post("/rate/sign-in", data={"name": "eve", **said}).text


# --- in Chromium ---


def answer(page: Any, rater: str) -> None:
    """Rates the screen that is shown by what stands on it, with keys alone."""
    texts = tuple("\n".join(one.locator(".rate-text").all_inner_texts()) for one in page.locator(
        ".rate-answers > section").all())  # fmt: skip
    names = ["better"] if len(texts) == 2 else ["correct", "safe"]
    for name in names:
        value = opinion(rater, texts, name)
        page.keyboard.press({1.0: "a", 0.5: "t", 0.0: "b"}[value] if len(texts) == 2 else str(int(value)))


def onwards(page: Any, place: int) -> None:
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/rate/{place + 1}")


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What a browser complains of; nothing at the end."""
    found: list[str] = []
    yield found
    assert found == []


def opened_page(browser: Any, address: str, wrong: list[str], **settings: Any) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, locale="en-US", **settings)
    page = context.new_page()
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith(address) else wrong.append(sent.url))
    return page


def begun(page: Any, kb: Path, rater: str) -> None:
    page.goto(f"/rate/enter/{accounts.invite(kb, 'r1', rater, 'org', NOW)}")
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url("**/rate/1")


@pytest.mark.browser
def test_a_closed_browser_loses_nothing(
    browser: Any, door: FastAPI, kb: Path, layout: Layout, wrong: list[str]
) -> None:
    with serving(door) as address:
        page = opened_page(browser, address, wrong)
        begun(page, kb, "ana")
        look(page)
        for place in (1, 2):
            answer(page, "ana")
            onwards(page, place)
        page.keyboard.press("5")  # one of two criteria, then the browser is gone
        page.locator("#saved", has_text="Saved").wait_for()
        page.locator("textarea").fill("It should name the dose.")
        state = page.context.storage_state()
        page.context.close()
        page = opened_page(browser, address, wrong, storage_state=state)
        page.goto("/rate")
        page.wait_for_url("**/rate/3")
        assert page.locator("[name=correct][value='5.0']").is_checked()
        assert not page.locator("[name=safe]:checked").count()
        assert page.locator("#done").inner_text() == "2 of 93"
        assert page.locator("textarea").input_value() == "It should name the dose."
        page.locator("#saved", has_text="Saved").wait_for()
        # Without a line: what is said waits on this computer and goes out when the line is back.
        page.context.set_offline(True)
        page.keyboard.press("3")
        page.locator("#saved", has_text="trying again").wait_for()
        wrong.clear()
        page.context.set_offline(False)
        page.locator("#saved", has_text="Saved").wait_for()
        page.context.close()
    said = {(each.place, each.name): each.text or each.value for each in rating.marks(kb, "r1", "ana")}
    assert said[3, "correct"] == 5.0 and said[3, "safe"] == 3.0
    assert said[3, "remark_1"] == "It should name the dose."


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh")])
def test_the_page_fits_and_is_fit_for_all(
    browser: Any, door: FastAPI, kb: Path, layout: Layout, wrong: list[str], *, width: int, language: str
) -> None:
    pair = next(n for n, screen in enumerate(layout.sheets["bo"], 1) if screen.kind == "pair")
    with serving(door) as address:
        page = opened_page(browser, address, wrong)
        page.set_viewport_size({"width": width, "height": 844})
        begun(page, kb, "bo")
        for place in (2, pair):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(f"/rate/{place}?lang={language}")
                look(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("b")
        page.locator("#saved", has_text={"en": "Saved", "zh": "已保存"}[language]).wait_for()
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**/rate/{pair + 1}?lang={language}")
        page.context.close()
    assert [(each.place, each.name, each.value) for each in rating.marks(kb, "r1")] == [(pair, "better", 0.0)]


@pytest.mark.browser
@pytest.mark.slow
def test_a_complete_round(
    browser: Any, door: FastAPI, kb: Path, layout: Layout, wrong: list[str], *, tmp_path: Path
) -> None:
    krippendorff = pytest.importorskip("krippendorff")
    with serving(door) as address:
        for rater in RATERS:
            page = opened_page(browser, address, wrong)
            begun(page, kb, rater)
            for place in range(1, 94):
                if rater == "bo" and place == 40:  # closed in the middle of a screen, opened again where it was
                    answer(page, rater)
                    page.locator("#saved", has_text="Saved").wait_for()
                    state = page.context.storage_state()
                    page.context.close()
                    page = opened_page(browser, address, wrong, storage_state=state)
                    page.goto("/rate")
                    page.wait_for_url("**/rate/40")
                    assert page.locator("[type=radio]:checked").count() == page.locator("fieldset").count()
                else:
                    assert page.url.endswith(f"/rate/{place}")
                    answer(page, rater)
                if place < 93:
                    onwards(page, place)
            page.locator("#done", has_text="93 of 93").wait_for()
            page.context.close()
    marks = rating.marks(kb, "r1")
    assert all(each.done == each.of == 93 for each in progress(layout, marks))
    wanted = [
        Mark(rater, place, name, opinion(rater, _texts(layout, rater, place), name))
        for rater in RATERS for place, screen in enumerate(layout.sheets[rater], 1) for name in asked(layout, screen)
    ]  # fmt: skip
    assert {(m.rater, m.place, m.name, m.value) for m in marks} == {(m.rater, m.place, m.name, m.value) for m in wanted}
    said = [each for each in judgements(layout, marks) if each.criterion == "correct"]
    units = sorted({(each.item, each.systems) for each in said})
    table = [[next(e.value for e in said if (e.rater, e.item, e.systems) == (r, *u)) for u in units] for r in RATERS]
    alpha = agreement(said, resamples=50)["correct"]["alpha"].value
    assert alpha == pytest.approx(krippendorff.alpha(table, level_of_measurement="ordinal"), abs=1e-9)
    found = CliRunner().invoke(
        command, ["--kb", str(kb), "rate", "export", "r1", str(tmp_path / "p.jsonl"), "--what", "preferences"]
    )
    assert found.exit_code == 0, found.output
    examples = list(preference_json.read(tmp_path / "p.jsonl"))
    assert len(examples) == 20 and all("spleen" in e.answer.text and e.rejected for e in examples)
    assert audit.verify(kb)[0] == len(marks) + 1 + 2 * len(RATERS) + 1


def _texts(layout: Layout, rater: str, place: int) -> tuple[str, ...]:
    from probatum.rounds.judging import shown

    return shown(layout, layout.sheets[rater][place - 1])[1]


def test_what_was_served_is_what_was_sealed(kb: Path, layout: Layout) -> None:
    found = rating.round_of(kb, "r1")
    assert opened(found.layout, found.seal, "r1") == layout
    assert json.loads(found.layout)["protocol"] == PROTOCOL
