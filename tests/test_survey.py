"""One test for each system of the survey that is said to work: it asserts what working means for the whole row."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import probatum
from probatum.plans import survey
from probatum.types import Concept, Relation

ROOT = Path(__file__).parents[1]
ASKED = "How frequent is splenomegaly in Gaucher disease, type I?"


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> probatum.Knowledge:
    """Both tiny sources, opened."""
    folder = tmp_path_factory.mktemp("kb")
    probatum.ingest(folder, "hpo", tiny / "sources" / "hpo")
    probatum.ingest(folder, "medquad", tiny / "sources" / "medquad")
    with probatum.open(folder) as opened:
        yield opened


def graphs(obo: str) -> str:
    """The names and is_a of an OBO text, as OBO graphs."""

    def iri(curie: str) -> str:
        return f"http://purl.obolibrary.org/obo/{curie.replace(':', '_')}"

    terms = re.findall(r"^id: (HP:\d+)\nname: (.+)\n((?:.+\n)*)", obo, re.MULTILINE)
    nodes = [{"id": iri(id), "lbl": name, "type": "CLASS"} for id, name, rest in terms if "is_obsolete" not in rest]
    parents = [(id, parent) for id, _, rest in terms for parent in re.findall(r"^is_a: (HP:\d+)", rest, re.MULTILINE)]
    edges = [{"sub": iri(child), "pred": "is_a", "obj": iri(parent)} for child, parent in parents]
    version = {"version": "http://purl.obolibrary.org/obo/hp/releases/2025-01-16/hp.json"}
    return json.dumps({"graphs": [{"id": iri("hp.json"), "meta": version, "nodes": nodes, "edges": edges}]})


# Of a metric, an exam, a recipe or a page it stands with the thing.
HOMES = tuple(
    f"tests/{each}"
    for each in ("test_survey", "metrics/", "datasets/", "makers/", "recipes/", "stages/", "networks/", "web/")
)


def test_every_answered_system_has_its_test_here() -> None:
    named = {system.test for system in survey() if system.works}
    assert [test for test in named if not test.startswith(HOMES)] == []


def test_the_human_phenotype_ontology(tiny: Path, tmp_path: Path) -> None:
    """hp.obo, OBO graphs and phenotype.hpoa load; a list of phenotypes ranks diseases; frequencies are kept."""
    as_obo = tmp_path / "obo"
    shutil.copytree(tiny / "sources" / "hpo", as_obo)
    as_graphs = tmp_path / "graphs"
    shutil.copytree(as_obo, as_graphs, ignore=shutil.ignore_patterns("hp.obo"))
    (as_graphs / "hp.json").write_text(graphs((as_obo / "hp.obo").read_text(encoding="utf-8")), encoding="utf-8")
    for files in (as_obo, as_graphs):
        folder = tmp_path / f"kb-{files.name}"
        probatum.ingest(folder, "hpo", files)
        with probatum.open(folder) as kb:
            spleen = kb.store.concept("HP:0001744")
            assert isinstance(spleen, Concept) and spleen.name == "Splenomegaly"
            (claim,) = kb.store.relations("OMIM:230800", "biolink:has_phenotype", "HP:0001744")
            assert claim.qualifier("frequency") == "19/20" and claim.origin.evidence == "PCS"
            ranked = kb.rank(["HP:0001744", "HP:0001873", "-HP:0001250"], candidates="all").candidates
            assert ranked[0].id in {"OMIM:230800", "ORPHA:355"} and len(ranked) > 1
            assert any("19 of 20" in reason.text for candidate in ranked for reason in candidate.reasons)


def test_every_statement_cites_its_source_and_release(kb: probatum.Knowledge) -> None:
    held = {(release.source, release.version) for release in kb.store.releases()}
    for question in (ASKED, "How is Gaucher disease, type I inherited?", "What is hepatosplenomegaly?"):
        answer = kb.ask(question)
        lines = [line for line in answer.text.splitlines() if line]
        assert lines and all(re.search(r"\[\d+\]", line) for line in lines), answer.text
        for mark in re.findall(r"\[(\d+)\]", answer.text):
            origin = answer.evidence[int(mark) - 1].origin
            assert (origin.source, origin.release) in held and origin.at


def test_the_same_words_in_three_languages_are_the_same_concepts(kb: probatum.Knowledge) -> None:
    said = ["The patient has splenomegaly but no seizures.", "患者有脾肿大,无癫痫发作。"]
    said.append("El paciente presenta esplenomegalia, sin crisis epiléptica.")
    found = [{(m.concept, m.negated) for m in kb.annotate(text) if not isinstance(m, Relation)} for text in said]
    assert found[0] == {("HP:0001744", False), ("HP:0001250", True)} == found[1] == found[2]
    asked = ["Which diseases have splenomegaly?", "脾肿大见于哪些疾病?", "¿Qué enfermedades tienen esplenomegalia?"]
    seen = [{e.fact.object for e in kb.retrieve(text) if isinstance(e.fact, Relation)} for text in asked]
    assert "HP:0001744" in seen[0] and seen[0] == seen[1] == seen[2]


def test_a_new_release_changes_the_answer_and_the_old_one_is_kept(tiny: Path, tmp_path: Path) -> None:
    folder, files = tmp_path / "kb", tmp_path / "hpo"
    shutil.copytree(tiny / "sources" / "hpo", files)
    probatum.ingest(folder, "hpo", files)
    with probatum.open(folder) as reader:  # opened before: it keeps the release that it opened
        for file in (files / "hp.obo", files / "phenotype.hpoa"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("2025-01-16", "2025-05-06").replace("19/20", "30/40"), encoding="utf-8")
        probatum.ingest(folder, "hpo", files)
        assert "19 of 20" in reader.ask(ASKED).text
    with probatum.open(folder) as kb:
        answer = kb.ask(ASKED).text
        assert "30 of 40" in answer and "19 of 20" not in answer
        assert [release.version for release in kb.store.releases()] == ["2025-05-06"]
        assert [held.name for held in kb.store.view.hidden] == ["hpo@2025-01-16"]
    with probatum.open(folder, as_of="2025-03-01") as kb:
        assert "19 of 20" in kb.ask(ASKED).text


def test_licence_seeds_and_run_logs(kb: probatum.Knowledge, tmp_path: Path) -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    runs = [kb.evaluate("ten_cases", candidates="all") for _ in range(2)]
    assert runs[0] == runs[1] and runs[0].seed == 0
    assert {name for name, _ in runs[0].versions} >= {"probatum", "python", "knowledge"}
    log = tmp_path / "run.jsonl"
    probatum.evaluate(kb.store, "ten_cases", given={"candidates": "all"}, out=log)
    assert len(log.read_text(encoding="utf-8").splitlines()) >= 10


@pytest.mark.slow
def test_everything_runs_on_two_cores(tmp_path: Path) -> None:
    two = sorted(os.sched_getaffinity(0))[:2]
    code = f"import os; os.sched_setaffinity(0, {two}); from probatum.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--kb", tmp_path / "kb", "demo"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout and "synthetic" in done.stdout


@pytest.mark.shared
@pytest.mark.slow
def test_three_rare_diseases_with_ids_genes_treatment_and_source(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    probatum.ingest(folder, "hpo", shared / "hpo")
    probatum.ingest(folder, "medquad", shared / "medquad")
    with probatum.open(folder) as kb:
        for disease, id, gene in (
            ("Gaucher disease type I", "OMIM:230800", "GBA1"),
            ("Pompe disease", "UMLS:C0017921", "GAA"),
            ("Fabry disease", "OMIM:301500", "GLA"),
        ):
            genes = kb.ask(f"Which gene causes {disease}?")
            assert gene in genes.text and any(id in str(piece.fact) for piece in genes.evidence), genes.text
            treated = kb.ask(f"What are the treatments for {disease}?")
            assert "enzyme replacement" in treated.text.lower(), treated.text
            assert all(p.origin.source and p.origin.release for p in (*genes.evidence, *treated.evidence))
