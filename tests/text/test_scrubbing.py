"""De-identification on own notes with every identifier marked: precision and recall by character, held-out apart."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from probatum.text.scrubbing import KINDS, personal, scrubbed

NOTES = Path(__file__).parents[1] / "golden" / "deid" / "notes.jsonl"
_MARKED = re.compile(r"\[\[(\w+)\|(.*?)\]\]")


def marked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """(the note itself, its marked stretches)."""
    plain, gold, at = "", [], 0
    for found in _MARKED.finditer(text):
        plain += text[at : found.start()]
        gold.append((len(plain), len(plain) + len(found[2]), found[1]))
        plain, at = plain + found[2], found.end()
    return plain + text[at:], gold


def measured(half: str) -> tuple[float, float, float, float]:
    """(precision, recall, F1) by letters and digits of one half, and the share of stretches that are gone whole."""
    hit = extra = missed = gone = stretches = 0
    for line in NOTES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["half"] != half:
            continue
        plain, gold = marked(row["text"])
        wanted = {at for start, end, _ in gold for at in range(start, end) if plain[at].isalnum()}
        found = {at for each in personal(plain) for at in range(each.start, each.end) if plain[at].isalnum()}
        hit, extra, missed = hit + len(found & wanted), extra + len(found - wanted), missed + len(wanted - found)
        whole = [all(at in found or not plain[at].isalnum() for at in range(*span[:2])) for span in gold]
        gone, stretches = gone + sum(whole), stretches + len(whole)
    precision, recall = hit / (hit + extra), hit / (hit + missed)
    return precision, recall, 2 * precision * recall / (precision + recall), gone / stretches


def test_identifiers_of_the_notes_are_found() -> None:
    rows = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 14 and {kind for row in rows for *_, kind in marked(row["text"])[1]} == set(KINDS)
    for half, least in (("development", 0.98), ("held-out", 0.94)):
        precision, recall, f1, whole = measured(half)
        assert f1 >= least and precision >= 0.95 and recall >= least and whole >= least - 0.04, (half, f1, whole)


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease and Wilson's disease; Hodgkin lymphoma; a Foley catheter; Killip class II.",
        "Metformin 500 mg twice daily for 10-14 days; BP 120/80; potassium 3.5-5.1 mmol/L; 3 of 7 patients.",
        "A 45-year-old woman with HbA1c 8.2%; glucose 140 -> 96. OMIM:230800, PMID:12345678, HP:0001250.",
        "患者男，57岁，咳嗽3天，体温38.5℃，予阿司匹林100mg每日一次。",
        "Vitamin D may help. Ejection fraction 91%. Pain 6/10, 14/30 on the test.",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert scrubbed(text) == (text, [])


def test_a_name_that_was_found_goes_wherever_it_stands() -> None:
    text, found = scrubbed("Mrs. Holloway coughs. Later Holloway slept; a letter to Holloway's son.")
    assert text == "Mrs. [name] coughs. Later [name] slept; a letter to [name]'s son." and len(found) == 3
    assert scrubbed("姓名：王小明，咳嗽。王小明自述好转。")[0] == "姓名：[name]，咳嗽。[name]自述好转。"
