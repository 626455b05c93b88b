"""The main job before your eyes: load, answer, rank, score, serve."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import typer

from probatum import knowledge, verbs
from probatum.cli.given import Place
from probatum.cli.say import data, progress, talk, told
from probatum.cli.working import serve
from probatum.knowledge import Knowledge

app = typer.Typer()


@app.command()
def demo(port: int = 8765) -> None:
    """Load real knowledge, answer, rank and score before your eyes, then serve the pages."""
    started = time.monotonic()
    with progress("facts") as heard:
        done = verbs.ingest(Place.folder, "hpo", heard=heard)
    data(f"1. The Human Phenotype Ontology {done.release}: {done.written:,} facts written now, each with its origin.")
    with Knowledge(Place.folder) as kb:
        questions = ["What are the features of Gaucher disease type I and how frequent are they?"]
        if kb.store.name_of("HP:0001250", "zh") != kb.store.name_of("HP:0001250"):
            questions.append("癫痫发作是什么？")
        for question in (*questions, "What is the price of a bus ticket in Oslo?"):
            data(f"\n2. {question}")
            for line in told(kb.ask(question), most=8):
                data(f"   {line}")
        signs = ["Hepatosplenomegaly", "Thrombocytopenia", "Bone pain", "-Seizure"]
        data(f"\n3. Who has {', '.join(signs)}?")
        for line in told(kb.rank(signs), most=5):
            data(f"   {line}")
        folder = knowledge.configured()["data"]
        for line in _scored(kb, Path(folder, "phenopackets") if folder else None):
            data(line)
    talk(f"{time.monotonic() - started:.0f} s from the first fact to the last score")
    data("\nDecision support with sources, not a medical device.")
    if sys.stdout.isatty():
        serve(port=port)


def _scored(kb: Knowledge, cases: Path | None) -> Iterator[str]:
    """Scores computed here and now: on published cases where they are, else on ten synthetic ones."""
    if cases and cases.is_dir():
        yield "\n4. Published cases of rare disease, a few hundred, ranked and scored on this machine:"
        forms = {"keep": "as is", "alone": "without the case's own papers"}
        runs = {said: kb.evaluate("phenopackets", cases, cases="300", own_publication=f) for f, said in forms.items()}
    else:
        yield "\n4. Ten synthetic cases, written for this demonstration, ranked and scored on this machine:"
        runs = {"synthetic": kb.evaluate("ten_cases")}
    for said, run in runs.items():
        scores = "  ".join(f"{name} {run.scores[name].value:.2f}" for name in ("top1", "top3", "top10", "mrr"))
        yield f"   {said:<30} {scores}  n={run.scores['top1'].n}"
