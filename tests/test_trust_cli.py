"""The commands that look after trust: releases side by side, papers withdrawn, terms accepted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli import Terminal

from probatum import naming
from probatum.store.writer import write
from probatum.types import Concept, Fact, Origin, Relation, Release


def release(version: str, frequency: str, *papers: str) -> Iterator[Fact]:
    """One disease with one sign."""
    at = Origin("own", version, "r", "PCS", papers)
    yield Release("own", version, "CC0-1.0", version)
    yield Concept("OMIM:230800", "Gaucher disease, type I", "Disease", at)
    yield Concept("HP:0001744", "Splenomegaly", "PhenotypicFeature", at)
    told = (("aspect", "P"), ("frequency", frequency))
    yield Relation("OMIM:230800", "biolink:has_phenotype", "HP:0001744", at, False, told)


@pytest.fixture
def probatum(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(naming, "_added", {})
    write(tmp_path / "kb", release("2024-01-01", "3/7", "PMID:1"))
    write(tmp_path / "kb", release("2025-01-01", "5/9", "PMID:2"))
    return Terminal(tmp_path / "kb", capsys)


QUESTION = "How frequent is splenomegaly in Gaucher disease, type I?"


def test_a_question_is_answered_as_of_a_day(probatum: Terminal) -> None:
    now, before, never = (probatum("ask", QUESTION, *more)[1] for more in ((), _day("2024-06-01"), _day("2020-01-01")))
    assert "5 of 9" in now and "3 of 7" not in now
    assert "3 of 7" in before and "5 of 9" not in before
    assert "No answer" in never
    code, out, err = probatum("ask", QUESTION, *_day("yesterday"))
    assert code == 2 and "error [bad-plan]" in err and out == ""


def _day(day: str) -> tuple[str, str]:
    return "--as-of", day


def test_releases_are_listed_with_what_answers_rest_on(probatum: Terminal) -> None:
    old, new = probatum.json("kb", "releases")  # type: ignore[misc]
    assert (old["version"], old["shown"], old["dated"]) == ("2024-01-01", False, "2024-01-01")
    assert (new["version"], new["shown"]) == ("2025-01-01", True)
    first, second = probatum("kb", "releases")[1].splitlines()
    assert "superseded" in first and "superseded" not in second


def test_each_release_is_counted(probatum: Terminal) -> None:
    stats = probatum.json("kb", "stats", "--sources")
    assert isinstance(stats, dict)
    (one,) = stats["sources"]
    assert (one["release"], one["concepts"], one["claims"], one["assertions"]) == ("own@2025-01-01", 2, 1, 1)
    assert "own@2025-01-01: 2 concepts, 0 names, 1 assertions by 1 claims" in probatum("kb", "stats", "--sources")[1]


def test_a_paper_is_withdrawn_and_restored(probatum: Terminal) -> None:
    done = probatum.json("kb", "withdraw", "--paper", "PMID:2", "--reason", "made up")
    assert isinstance(done, dict) and (done["claims"], done["papers"]) == (1, ["PMID:2"])
    assert "5 of 9" not in probatum("ask", QUESTION)[1]
    stats = probatum.json("kb", "stats")
    assert isinstance(stats, dict) and stats["claims"] == 0 and stats["retracted"][0]["reason"] == "made up"
    assert "PMID:2" in probatum("kb", "stats")[1]
    assert probatum("kb", "verify")[0] == 0
    probatum.json("kb", "restore", "--paper", "PMID:2")
    assert "5 of 9" in probatum("ask", QUESTION)[1]
    none = probatum.json("kb", "withdraw", "--retracted")
    assert isinstance(none, dict) and none["papers"] == []


def test_conflicts_are_listed_with_both_sides(probatum: Terminal) -> None:
    assert probatum("kb", "conflicts") == (0, "", "")
    at = Origin("copy", "1", "line 7", "TAS", ("PMID:9",))
    denied = Relation("OMIM:230800", "biolink:has_phenotype", "HP:0001744", at, True, (("aspect", "P"),))
    write(probatum.kb, [Release("copy", "1", "CC0-1.0", "00"), denied])
    code, out, err = probatum("kb", "conflicts", "OMIM:230800", "--json")
    assert code == 0, err
    (found,) = map(json.loads, out.splitlines())
    assert found["kind"] == "negation" and found["other"][0]["origin"]["references"] == ["PMID:9"]
    lines = probatum("kb", "conflicts", "--kind", "negation")[1].splitlines()
    assert lines[0] == "negation: OMIM:230800 biolink:has_phenotype HP:0001744"
    assert "5 of 9 patients" in lines[1] and lines[1].endswith("[own@2025-01-01, r]")
    assert "PMID:9" in lines[2] and lines[2].endswith("[copy@1, line 7]")
    assert probatum("kb", "conflicts", "--kind", "dose")[1] == ""


def test_the_quality_is_checked(probatum: Terminal, tmp_path: Path) -> None:
    code, out, err = probatum("kb", "check", "--html", tmp_path / "quality.html", "--json")
    report = json.loads(out)
    assert code == 0, err
    assert len(report["results"]) >= 30 and report["covers"]["sources"][0]["release"] == "own@2025-01-01"
    assert "Quality of the knowledge" in (tmp_path / "quality.html").read_text(encoding="utf-8")
    code, out, err = probatum("kb", "check", "rare_diseases", "names")
    assert code == 0 and "1 of 2 checks passed" in err
    assert [line.split()[0] for line in sorted(out.splitlines())] == ["FAILED", "ok"]
    at = Origin("copy", "1", "r", "TAS", ("PMID:9",))
    odd = Relation("OMIM:230800", "copy:has", "HP:0001744", at)
    write(probatum.kb, [Release("copy", "1", "CC0-1.0", "00"), odd])
    assert probatum("kb", "check", "predicates")[0] == 1
    assert probatum("kb", "check", "predicates", "--set", "predicates.threshold=100")[0] == 0


def test_terms_are_accepted(probatum: Terminal) -> None:
    @naming.card("Closed", licence="closed", terms="Sign it.", gated=True)
    def closed(path: Path | None = None) -> Iterator[Fact]:
        yield Release("closed", "1", "closed", "00")

    naming.into("sources", "closed", closed)
    code, out, err = probatum("ingest", "closed")
    assert (code, out) == (2, "") and "error [needs-consent]" in err and "Sign it." in err
    assert "kb accept closed --by" in err
    made = probatum.json("kb", "accept", "closed", "--by", "Dr. A. Example")
    assert isinstance(made, dict) and made["who"] == "Dr. A. Example" and made["text"] == "Sign it."
    assert probatum("ingest", "closed")[0] == 0
    assert "terms accepted by Dr. A. Example" in probatum("kb", "releases")[1]
    assert "closed by Dr. A. Example" in probatum("kb", "stats")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kb", "withdraw"], "either a release or a paper"),
        (["kb", "withdraw", "own", "--paper", "PMID:1"], "either a release or a paper"),
        (["kb", "withdraw", "--paper", "HP:1"], "PMID:123"),
        (["kb", "restore", "--paper", "PMID:1"], "not withdrawn"),
        (["kb", "conflicts", "OMIM:404"], "OMIM:404"),
        (["kb", "conflicts", "--kind", "quarrel"], "no kind of conflict"),
        (["kb", "check", "nmaes"], "no check"),
        (["kb", "check", "--set", "names.limit=1"], "no parameter"),
        (["kb", "check", "names", "--html", "/nowhere/at/all.html"], "/nowhere/at/all"),
        (["kb", "accept", "hpo", "--by", "A"], "asks for no acceptance"),
        (["kb", "accept", "hpoo", "--by", "A"], "near: hpo"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(probatum: Terminal, words: list[str], said: str) -> None:
    code, out, err = probatum(*words)
    assert code == 2 and said in err and "error [" in err and "Traceback" not in err and out == ""
