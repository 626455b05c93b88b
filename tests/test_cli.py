"""The command line: data on standard output, talk on standard error, errors in words with a code, never a traceback."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from probatum import cli


class Terminal:
    """Calls the command in this process, on one store."""

    def __init__(self, kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.kb, self._capsys = kb, capsys

    def __call__(self, *words: object) -> tuple[int, str, str]:
        sys.argv = ["probatum", "--kb", str(self.kb), *map(str, words)]
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *words: object) -> object:
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def probatum(
    tmp_path: Path, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setattr(sys, "argv", sys.argv)
    terminal = Terminal(tmp_path / "kb", capsys)
    done = terminal.json("ingest", "hpo", tiny / "sources" / "hpo")
    assert isinstance(done, dict) and done["written"] > 20 and done["release"] == "2025-01-16"
    return terminal


def test_ingest_twice_writes_nothing(probatum: Terminal, tiny: Path) -> None:
    again = probatum.json("ingest", "hpo", tiny / "sources" / "hpo")
    assert isinstance(again, dict) and again["written"] == 0


def test_ask_cites_and_abstains(probatum: Terminal) -> None:
    answer = probatum.json("ask", "How frequent is splenomegaly in Gaucher disease, type I?")
    assert isinstance(answer, dict)
    assert "[1]" in answer["text"] and "19 of 20" in answer["text"]
    origin = answer["evidence"][0]["origin"]
    assert (origin["source"], origin["release"], origin["evidence"]) == ("hpo", "2025-01-16", "PCS")
    code, out, _ = probatum("ask", "What is the price of a bus ticket in Oslo?")
    assert code == 0 and "No answer" in out


def test_annotate_reads_a_line_at_a_time(probatum: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"Splenomegaly, but no seizures.\nnothing\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    code, out, err = probatum("annotate", "-", "--json")
    first, second = (json.loads(line)["mentions"] for line in out.splitlines())
    assert code == 0, err
    assert {(m["concept"], m["negated"]) for m in first} == {("HP:0001744", False), ("HP:0001250", True)}
    assert second == []


def test_retrieve_writes_a_trec_run(probatum: Terminal, tmp_path: Path, tiny: Path) -> None:
    probatum.json("ingest", "medquad", tiny / "sources" / "medquad")
    queries, run = tmp_path / "q.tsv", tmp_path / "x.trec"
    queries.write_text("1\tWhat is Flynn Aird syndrome?\n")
    assert probatum("retrieve", "--queries", queries, "--retriever", "bm25", "--run", run)[0] == 0
    rows = [line.split() for line in run.read_text().splitlines()]
    assert rows and all(len(row) == 6 and row[:2] == ["1", "Q0"] for row in rows)
    assert [int(row[3]) for row in rows] == list(range(1, len(rows) + 1))


def test_the_store_is_looked_after(probatum: Terminal, tmp_path: Path) -> None:
    stats = probatum.json("kb", "stats")
    assert isinstance(stats, dict) and stats["releases"] == 1 and stats["claims"] > 10
    report = probatum.json("kb", "verify")
    assert isinstance(report, dict) and report["wrong"] == []
    code, out, _ = probatum("kb", "releases")
    assert code == 0 and "hpo@2025-01-16" in out
    probatum.json("kb", "export", "--kgx", tmp_path / "kgx")
    assert "biolink:has_phenotype" in (tmp_path / "kgx" / "edges.tsv").read_text("utf-8")
    probatum.json("kb", "withdraw", "hpo@2025-01-16")
    stats = probatum.json("kb", "stats")
    assert isinstance(stats, dict) and stats["claims"] == 0 and stats["content"] == "0" * 32


def test_the_catalogue_lists_what_works_and_what_is_missing(probatum: Terminal) -> None:
    rows = probatum.json("catalog")
    assert isinstance(rows, list)
    assert any("hpo" in row["survey_ids"] and row["state"] == "works" for row in rows)
    assert any(row["state"] == "missing" for row in rows)


def test_doctor_says_what_is_there(probatum: Terminal) -> None:
    found = probatum.json("doctor")
    assert isinstance(found, list) and "hpo@2025-01-16" in json.dumps(found)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "x", "--method", "quotd"], "near: quoted"),
        (["ingest", "hpoo"], "near: hpo"),
        (["ingest", "hpo", "/nowhere/at/all"], "/nowhere/at/all"),
        (["ask"], "neither a question nor a patient"),
        (["ask", "--method", "differential", "--patient", "{tmp}/bad.json"], "bad.json"),
        (["evaluate", "phenopackets", "--set", "own_publication=kep"], "one of: keep"),
        (["evaluate", "phenopackets", "--set", "own_publicaton=keep"], "did you mean 'own_publication'"),
        (["evaluate", "phenopackets", "--set", "keep"], "not name=value"),
        (["evaluate", "phenopackets"], "--data"),
        (["kb", "withdraw", "hpo@1999-01-01"], "kb releases"),
        (["catalog", "metods"], "did you mean 'methods'"),
        (["annotate", "{tmp}/latin.txt"], "UTF-8"),
    ],
)
def test_errors_say_what_where_and_how_to_mend(probatum: Terminal, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "bad.json").write_text('{"id": "x", "phenotypicFeatures": [{"type": ')
    (tmp_path / "latin.txt").write_bytes("fi\xe8vre".encode("latin-1"))
    code, out, err = probatum(*(word.replace("{tmp}", str(tmp_path)) for word in words))
    assert code == 2, (out, err)
    assert said in err and "error [" in err and "Traceback" not in err
    assert out == ""


def test_no_store_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = Terminal(tmp_path / "nowhere", capsys)("kb", "stats")
    assert code == 2 and "probatum ingest hpo" in err
