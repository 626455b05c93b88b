"""The command line: data on standard output, talk on standard error, errors in words with a code, never a traceback."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from model_server import Server, said, whole

from probatum import cli
from probatum.desk import Desk
from probatum.naming import into
from probatum.types import Answer, Question, Request


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
    listed = probatum("catalog", "metrics")[1].splitlines()
    assert len(listed) == len(set(listed)) and any("works    Accuracy" in each and "metric:" in each for each in listed)


@pytest.mark.parametrize(
    ("wing", "name", "said"),
    [
        ("datasets", "aci_bench", ("CC BY 4.0", "doi:10.1038/", "works        aci_bench: tests/test_survey_sets.py::")),
        ("metrics", "rouge", ("W04-1013", "works        metric:rouge: tests/metrics/test_rouge.py::")),
        ("benchmarks", "pubmedqa", ("data         pubmedqa", "metrics      accuracy")),
        ("benchmarks", "c12", ("members      ", "bench:C.12: tests/")),
        ("recipes", "bentsao", ("recipes/bentsao", "works        ")),
    ],
)
def test_the_catalogue_shows_one_thing_with_its_card_and_tests(
    probatum: Terminal, wing: str, name: str, said: tuple[str, ...]
) -> None:
    code, out, _ = probatum("catalog", wing, name)
    assert code == 0 and all(each in out for each in (f"{wing}/{name}", *said)), out


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
        (["catalog", "metrics", "ruge"], "near: rouge"),
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


INHERITED = "How is Gaucher disease, type I inherited?"


def copying(_: object, body: dict[str, Any]) -> str:
    """What a model that copies the first piece of evidence word for word would write."""
    told = body["messages"][-1]["content"]
    line = next(line for line in told.splitlines() if line.startswith("[1] "))
    return f"{line.partition(') ')[2]} [1]."


def test_a_model_is_asked_recorded_and_replayed(
    probatum: Terminal, model_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.handle = lambda h, body: whole(h, 200, said(copying(h, body)))
    monkeypatch.setenv("PROBATUM_MODEL_KEY", "sesame-open")
    file = tmp_path / "exchanges.jsonl"
    to = ["--model", "openai", "--model-set", f"url={model_server.url}", "--model-set", "model=small"]
    first = probatum.json("ask", INHERITED, *to, "--budget", "calls=2,seconds=20", "--record", file)
    assert isinstance(first, dict) and first["text"].endswith("[1].") and len(model_server.asked) == 1
    assert (model_server.asked[0]["model"], model_server.asked[0]["key"]) == ("small", "Bearer sesame-open")
    assert next(step["said"] for step in first["trace"] if step["what"] == "usage").startswith("calls 1, tokens in 5")
    code, out, err = probatum("ask", INHERITED, "--replay", file, "--json")
    assert code == 0 and json.loads(out) == first and len(model_server.asked) == 1  # the same to the byte
    assert "usage: calls 1" in err
    assert "sesame" not in file.read_text() + out + err


def test_what_may_be_spent_and_what_may_leave(probatum: Terminal, model_server: Server) -> None:
    model_server.handle = lambda h, body: whole(h, 200, said("Nothing."))

    def talkative(question: Question, desk: Desk) -> Answer:
        return Answer(text=" ".join(desk.model(Request((("user", question.text),))).text for _ in range(3)))

    into("methods", "talkative", talkative)
    to = ["--model", "openai", "--model-set", f"url={model_server.url}"]
    code, out, err = probatum("ask", INHERITED, *to, "--method", "talkative", "--budget", "calls=1")
    assert code == 0 and "the budget of 1 calls is spent; the quoted answer stands in" in err
    assert "recessive" in out and len(model_server.asked) == 1
    away = ["--model", "openai", "--model-set", "url=https://models.example.org/v1"]
    code, out, err = probatum("ask", INHERITED, *away, "--leaves", "nothing")
    assert code == 0 and "no text may leave this computer" in err and "recessive" in out


def test_the_file_names_the_server_the_environment_overrules_it_and_a_flag_both(
    probatum: Terminal, model_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.handle = lambda h, body: whole(h, 200, said(copying(h, body)))
    monkeypatch.chdir(tmp_path)
    Path("probatum.toml").write_text(f'model = "openai"\nmodel_url = "{model_server.url}"\nmodel_name = "filed"\n')
    for name, words in (
        ("filed", []), ("told", []), ("flagged", ["--model-set", "model=flagged"]),
    ):  # fmt: skip
        if name == "told":
            monkeypatch.setenv("PROBATUM_MODEL_NAME", "told")
        probatum.json("ask", INHERITED, "--method", "rag", *words)
        assert model_server.asked[-1]["model"] == name
    Path("probatum.toml").write_text('model_key = "sesame"\n')
    code, _, err = probatum("ask", INHERITED)
    assert code == 2 and "a key stands in no file" in err and "sesame" not in err


@pytest.mark.parametrize(
    ("words", "said_"),
    [
        (["--budget", "call=1"], "did you mean 'calls'"),
        (["--budget", "calls=few"], "no number"),
        (["--budget", "seconds=-1"], "no limit"),
        (["--budget", "cost=0.1", "--model", "openai"], "needs prices"),
        (["--model", "opnai"], "near: openai"),
        (["--model", "openai"], "no model server is named"),
        (["--model", "openai", "--model-set", "key=x"], "'key' is not a setting here"),
        (["--model", "openai", "--model-set", "url=http://example.org/v1"], "use https"),
        (["--replay", "{tmp}/none.jsonl"], "no recorded exchanges"),
        (["--replay", "x", "--model", "copyist"], "a replay asks no model"),
        (["--record", "{tmp}/no/where.jsonl"], "write to"),
        (["--leaves", "some"], "one of: no-patients"),
    ],
)
def test_what_is_wrong_with_a_model_is_said(
    probatum: Terminal, tmp_path: Path, words: list[str], said_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MODEL", "MODEL_URL", "MODEL_NAME", "MODEL_KEY"):
        monkeypatch.delenv(f"PROBATUM_{name}", raising=False)
    code, out, err = probatum("ask", INHERITED, *(word.replace("{tmp}", str(tmp_path)) for word in words))
    assert (code, out) == (2, ""), err
    assert said_ in err and "Traceback" not in err
