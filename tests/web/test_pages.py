"""The pages in a real browser: ask, open a source at its span, enter a case, drop a phenopacket, in two languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from looking import look

QUESTION = "What are the features of Gaucher disease?"
DEFINED = "What is a seizure?"
CASE = "HP:0001744=present&HP:0001250=excluded&age=P3Y&sex=female"
PACKET = {
    "id": "a-name-that-nobody-should-see",
    "subject": {"id": "Mustermann", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y2M"}}},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0001433", "label": "Hepatosplenomegaly"}},
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
    ],
}
# Mouse and keyboard cannot drag a file in from outside; the browser gets the event that dragging would end in.
DROP = """text => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'case.json', {type: 'application/json'}));
    document.getElementById('main').dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true}));
}"""


# --- without a browser, and without scripts ---


def html(client: TestClient, address: str, **sent: Any) -> str:
    said = client.request("POST" if sent else "GET", address, headers={"accept": "text/html"}, **sent)
    assert said.status_code == 200, said.text
    assert said.headers["content-type"] == "text/html; charset=utf-8"
    return said.text


def test_pages_hold_no_inline_script_or_style_and_nothing_from_outside(client: TestClient) -> None:
    for address in (f"/ask?q={QUESTION}", f"/ask?q={DEFINED}&open=1", f"/case?{CASE}", "/case", "/ask"):
        page = html(client, address)
        assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)|<style|\sstyle=|\son[a-z]+=", page)
        assert not re.search(r"(?:src|srcset|action|data)=\"(?:https?:)?//", page)
        assert not re.search(r"<link[^>]*href=\"(?!/static/)", page)


def test_what_is_asked_is_never_active_content(client: TestClient) -> None:
    page = html(client, "/ask?q=<script>alert(1)</script>{{7*7}}")
    assert "<script>alert" not in page
    assert "49" not in re.sub(r"[0-9a-f]{8,}", "", page.split("<main")[1].split("</form>")[0])
    assert "<img" not in html(client, "/case?add=<img src=x>").split("<main")[1]


def test_a_case_works_without_scripts(client: TestClient) -> None:
    assert "HP:0001250=present" in html(client, "/case?add=Seizure")
    assert "HP:0001250=present" in html(client, "/case?add=HP:0001275")  # a merged id leads to the present one
    assert 'name="add" value="HP:0001744"' in html(client, "/case?add=spleno")
    page = html(client, "/case?HP:0001744=present&HP:0001250=present", data={"note": "No seizures. 肝脾肿大。"})
    assert "No seizures" in page or "seizures" in page
    address = re.search(r'data-address="([^"]*)"', page)
    assert address is not None
    assert parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)["HP:0001433"] == ["present"]
    assert "seizures" not in address[1]


def test_tables_are_given_as_csv_and_json(client: TestClient) -> None:
    table = client.get(f"/case.csv?{CASE}").content.decode("utf-8-sig").splitlines()
    assert table[0] == "rank,id,name,score,for,against,ask,inheritance,genes,references"
    assert table[1].startswith("1,")
    assert client.get(f"/case.json?{CASE}").json()["candidates"]
    assert client.get(f"/ask.json?q={QUESTION}").json()["evidence"]
    assert client.get(f"/ask.csv?q={QUESTION}").content.decode("utf-8-sig").startswith("number,text,source")


def test_problems_are_pages_too(client: TestClient) -> None:
    said = client.get("/case?age=old", headers={"accept": "text/html"})
    assert said.status_code == 422
    assert "invalid-request" in said.text
    broken = client.post(
        "/case", files={"file": ("x.json", b'{"phenotypicFeatures": [{"type": ')}, follow_redirects=False
    )
    assert broken.status_code == 422
    assert 'role="alert"' in broken.text


# --- in Chromium ---


@pytest.mark.browser
def test_a_question_is_asked_and_a_source_opened_at_its_span(page: Any) -> None:
    page.goto("/ask")
    page.keyboard.type(DEFINED)  # the field has the focus
    page.keyboard.press("Enter")
    sentence = page.locator(".sentences li", has=page.locator(".badge.verbatim")).first
    sentence.wait_for()
    quoted = sentence.locator(".sentence").first.inner_text().strip("“” ")
    chip = sentence.locator("a.chip").first
    chip.hover()
    assert quoted in sentence.locator("[role=tooltip]").first.inner_text()
    page.keyboard.press("Escape")
    assert not sentence.locator("[role=tooltip]").first.is_visible()
    chip.click()
    page.locator("#pane mark").wait_for()
    assert page.locator("#pane mark").inner_text() == quoted
    assert "2025-01-16" in page.locator("#pane").inner_text()
    assert "open=" in page.url
    look(page)
    page.reload()
    assert page.locator("#pane mark").inner_text() == quoted
    page.go_back()
    page.locator("#pane").wait_for(state="detached")


@pytest.mark.browser
def test_a_record_opens_with_every_claim_of_it(page: Any) -> None:
    page.goto(f"/ask?q={QUESTION}")
    page.locator(".graph a.node").first.wait_for()
    page.locator(".sentences li", has=page.locator(".badge.record")).first.locator("a.chip").first.focus()
    page.keyboard.press("Enter")
    page.locator("#pane .claims").wait_for()
    assert page.evaluate("document.activeElement.id") == "pane"
    page.keyboard.press("Escape")
    page.locator("#pane").wait_for(state="detached")
    assert "open=" not in page.url
    assert page.evaluate("document.activeElement.className") == "chip"  # back where the reader came from
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").click()
    page.wait_for_function("document.querySelector('[data-copy]').textContent === 'Copied'")
    assert "[1] " in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.browser
def test_no_adequate_evidence_is_a_page_like_any_other(page: Any) -> None:
    page.goto("/ask?q=What is the price of a bus ticket in Oslo%3F")
    assert page.locator(".abstained h2").inner_text() == "No adequate evidence"
    assert page.locator(".trace").get_attribute("open") is not None
    look(page)


@pytest.mark.browser
def test_a_case_is_entered_in_chinese_by_keyboard(page: Any) -> None:
    page.goto("/case?lang=zh")
    page.locator("#add").press_sequentially("脾肿大")
    page.locator("#offers [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".observed li", has_text="脾肿大").first.wait_for()
    page.locator("#add").press_sequentially("seiz")  # typed in English on the Chinese page
    page.locator("#offers [role=option]", has_text="癫痫发作").click()
    row = page.locator(".observed li", has_text="癫痫发作")
    row.locator(".excluded").click()
    page.wait_for_url(re.compile("HP:0001250=excluded"))
    page.locator("#age").fill("3岁2个月")
    page.locator("#sex").select_option("female")
    page.locator(".person button").click()
    page.wait_for_url(re.compile("age=P3Y2M"))
    assert parse_qs(urlsplit(page.url).query) == {
        "HP:0001744": ["present"], "HP:0001250": ["excluded"], "age": ["P3Y2M"], "sex": ["female"], "lang": ["zh"],
    }  # fmt: skip
    assert page.locator(".ranked tbody").count() >= 1
    assert page.locator("h2#ranked-title").inner_text().startswith("诊断排序")
    look(page)
    page.locator("[data-language=en]").click()
    page.locator(".observed li", has_text="Splenomegaly").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.browser
def test_a_dropped_phenopacket_becomes_a_case_without_its_person(page: Any) -> None:
    page.goto("/case")
    page.evaluate(DROP, json.dumps(PACKET))
    page.wait_for_url(re.compile("HP:0001433=present"))
    assert parse_qs(urlsplit(page.url).query) == {
        "HP:0001433": ["present"], "HP:0001250": ["excluded"], "age": ["P3Y2M"], "sex": ["male"],
    }  # fmt: skip
    assert "Mustermann" not in page.content()
    assert page.locator(".ranked tbody").count() >= 1
    page.locator(".ranked summary").first.click()
    page.locator(".full").first.wait_for()
    look(page)
    page.locator(".full a[href^='/source']").first.click()
    page.locator(".claims li").first.wait_for()
    assert "hpo 2025-01-16" in page.locator("main").inner_text()


@pytest.mark.browser
def test_a_chosen_file_is_read_and_a_broken_one_told(page: Any, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(PACKET), encoding="utf-8")
    page.goto("/case")
    page.locator("#file").set_input_files(case)
    page.wait_for_url(re.compile("HP:0001433=present"))
    assert page.locator("#age").input_value() == "3 years 2 months"


@pytest.mark.browser
def test_a_note_is_read_and_shown_with_what_was_found(page: Any) -> None:
    page.goto("/case")
    page.locator(".handed summary").click()
    page.locator("#note").fill("Hepatosplenomegaly. No seizures. His brother had thrombocytopenia.")
    page.locator(".handed button").click()
    page.wait_for_url(re.compile("HP:0001433=present"))
    assert "HP:0001250=excluded" in page.url
    assert "HP:0001873" not in page.url
    assert page.locator(".note mark.present").first.inner_text().startswith("Hepatosplenomegaly")
    assert page.locator(".note mark.family").count() == 1
    assert "brother" not in page.url
    look(page)


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh")])
def test_pages_fit_a_phone_and_are_readable(browser: Any, served: str, scheme: str, language: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, base_url=served)
    page = context.new_page()
    for address in (f"/ask?q={QUESTION}&open=1", f"/case?{CASE}", "/case?x=1", "/ask?x=1"):
        page.goto(f"{address}&lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        look(page)
    context.close()


@pytest.mark.browser
def test_without_scripts_the_main_paths_work(browser: Any, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served)
    page = context.new_page()
    page.goto("/ask")
    page.locator("#q").fill(DEFINED)
    page.locator(".question button").click()
    page.locator(".sentences a.chip").first.click()
    assert page.locator("#pane").is_visible()
    page.goto("/case")
    page.locator("#add").fill("Splenomegaly")
    page.locator(".combobox button").click()
    assert page.locator(".ranked tbody").count() >= 1
    page.locator(".observed .excluded input").check(force=True)
    page.locator(".person button").click()
    assert "HP%3A0001744=excluded" in page.url
    context.close()
