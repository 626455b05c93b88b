"""Calls of E-utilities and BLAST are typed: two hosts, five calls, short answers, recorded ones first, at a pace."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
import recorded
from hypothesis import given as drawn
from hypothesis import strategies as st

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import fetch
from probatum.tools import _lookup
from probatum.tools._lookup import Pace, asked_of
from probatum.tools.ncbi import HOSTS, call_of, ncbi

SEARCH = {"call": "esearch", "db": "gene", "term": "LMP10", "retmax": "5"}


def test_a_recorded_answer_is_given_with_its_address_and_day(tmp_path: Path) -> None:
    answers = recorded.write(tmp_path / "a.jsonl", (recorded.ncbi_url(**SEARCH), recorded.found("5699")))
    result = ncbi(SEARCH, answers=answers)
    assert json.loads(str(result.value))["esearchresult"]["idlist"] == ["5699"]
    assert result.version == recorded.DAY and result.steps == (result.reference,)
    assert result.reference.startswith("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=gene&")
    with pytest.raises(NeedsFile, match="no recorded answer"):
        ncbi({**SEARCH, "term": "other"}, answers=answers)


def test_a_changed_record_is_refused(tmp_path: Path) -> None:
    answers = recorded.write(tmp_path / "a.jsonl", (recorded.ncbi_url(**SEARCH), "5699"))
    file = Path(answers)
    file.write_text(file.read_text(encoding="utf-8").replace('"5699"', '"5698"'), encoding="utf-8")
    with pytest.raises(BadFormat, match="was changed"):
        ncbi(SEARCH, answers=answers)


def test_a_long_answer_is_cut(tmp_path: Path) -> None:
    answers = recorded.write(tmp_path / "a.jsonl", (recorded.ncbi_url(**SEARCH), "x" * 20_000))
    assert len(str(ncbi(SEARCH, answers=answers).value)) == 10_000


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"call": "esearch", "db": "gene"}, "missing: term"),
        ({"call": "esearch", "db": "taxonomy", "term": "x"}, "db"),
        ({"call": "elink", "db": "gene", "id": "1"}, "call"),
        ({"call": "esummary", "db": "gene", "id": "1&db=x"}, "ids parted by commas"),
        ({"call": "blast_put", "database": "nt", "query": "ACGT http://x.org"}, "a sequence"),
        ({"call": "esearch", "db": "gene", "term": "x", "rid": "A"}, "not taken"),
        ({"call": "esearch", "db": "gene", "term": "x", "url": "http://x.org"}, "no input"),
    ],
)
def test_what_is_no_call_is_refused(given: dict[str, str], fault: str) -> None:
    with pytest.raises(BadFormat, match=fault):
        ncbi(given)


def test_an_address_is_read_as_a_call_or_refused() -> None:
    url = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=gene&retmax=5&retmode=json&sort=relevance&term=LMP10"
    assert call_of(url) == {"call": "esearch", "db": "gene", "retmax": "5", "sort": "relevance", "term": "LMP10"}
    blast = "https://blast.ncbi.nlm.nih.gov/blast/Blast.cgi?CMD=Get&FORMAT_TYPE=Text&RID=ABC123"
    assert call_of(blast) == {"call": "blast_get", "format_type": "Text", "rid": "ABC123"}
    for bad in (
        "http://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=gene&term=x",
        "https://eutils.ncbi.nlm.nih.gov.evil.org/entrez/eutils/esearch.fcgi?db=gene&term=x",
        "https://eutils.ncbi.nlm.nih.gov@evil.org/entrez/eutils/esearch.fcgi?db=gene&term=x",
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/../../x.fcgi?db=gene&term=x",
        "https://eutils.ncbi.nlm.nih.gov:8443/entrez/eutils/esearch.fcgi?db=gene&term=x",
        "https://blast.ncbi.nlm.nih.gov/blast/Blast.cgi?CMD=Delete&RID=1",
        "file:///etc/passwd",
    ):
        with pytest.raises(BadFormat):
            call_of(bad)


@drawn(st.text(max_size=60))
def test_no_term_leads_elsewhere(term: str) -> None:
    try:
        ncbi({"call": "esearch", "db": "gene", "term": term})
    except BadFormat:
        return
    except NeedsFile as error:
        url = httpx.URL(error.what.removeprefix("no recorded answer for "))
        assert url.host in HOSTS and url.path == "/entrez/eutils/esearch.fcgi"
        assert sorted(url.params) == ["db", "retmode", "term"] and url.params["term"] == term.strip()


def test_a_live_answer_is_written_down_without_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(url: str, **_: object) -> bytes:
        asked.append(url)
        return b'{"esearchresult": {"idlist": ["7"]}}'

    monkeypatch.setattr(_lookup, "looked_up", answer)
    file = tmp_path / "record.jsonl"
    first = ncbi(SEARCH, line="live", record=str(file), key="SECRET1")
    assert asked[0].endswith("&api_key=SECRET1") and "SECRET1" not in file.read_text(encoding="utf-8") + repr(first)
    assert ncbi(SEARCH, answers=str(file)) == first and len(asked) == 1
    assert asked_of(asked[0]) == first.reference


def test_the_line_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    def server(_: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "https://evil.example/x"})

    there = [(2, 1, 6, "", ("130.14.29.110", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: there)
    url = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=gene&term=x"
    with pytest.raises(NeedsFile, match=r"evil\.example"):
        fetch.looked_up(url, hosts=HOSTS, transport=httpx.MockTransport(server))
    big = httpx.MockTransport(lambda _: httpx.Response(200, content=b"x" * 2000))
    with pytest.raises(NeedsFile, match="larger"):
        fetch.looked_up(url, hosts=HOSTS, largest=1000, transport=big)
    assert fetch.looked_up(url, hosts=HOSTS, transport=big) == b"x" * 2000


def test_three_calls_a_second() -> None:
    now = [100.0]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    held = Pace(3.0, lambda: now[0], wait)
    for _ in range(7):
        held.take()
    assert now[0] - 100.0 == pytest.approx(2.0) and len(waited) == 6
