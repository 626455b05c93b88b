"""Evaluating in a terminal: answer benchmarks, score anybody's outputs, compare runs, report, hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from inspect import signature
from pathlib import Path
from typing import Annotated, Literal

import typer

from probatum import knowledge, plans, verbs
from probatum.cli import given, writing
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, progress, talk
from probatum.errors import BadPlan
from probatum.naming import find
from probatum.store.reader import Store
from probatum.training import exporting
from probatum.trials import comparing, outputs, perturbing, running, scoring
from probatum.types import Run, Score

app = typer.Typer()
Data = Annotated[Path | None, typer.Option("--data", help="The data of the benchmark; of a suite: a folder of them.")]


@app.command()
def evaluate(
    benchmark: str,
    data_: Data = None,
    settings: Annotated[list[str], typer.Option("--set", help="A setting of the benchmark, as name=value.")] = [],  # noqa: B006
    out: Annotated[
        Path | None, typer.Option(help="Run file (JSON lines), of a suite a folder; a broken run is resumed.")
    ] = None,
    method: Annotated[str, typer.Option(help="Answer by this method instead of the benchmark's own.")] = "",
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    perturb: Annotated[str, typer.Option(help=f"Change the questions: {', '.join(perturbing.names())}.")] = "",
    json_: AsJson = False,
) -> None:
    """Answer every example of a benchmark and score the answers."""
    writer = knowledge.writer(model, given.settings(model_settings)) if model else None
    more = {"method": method, "model": writer, "writer": model or "copyist", "perturb": perturb}
    with Store(Place.folder) as store, progress("examples") as heard:
        if plans.benchmark(benchmark).members:
            runs, absent = verbs.evaluate_all(store, benchmark, data_, out=out, heard=heard, **more)
        else:
            pairs = given.pairs(settings)
            runs = [verbs.evaluate(store, benchmark, data_, given=pairs, out=out, heard=heard, **more)]  # type: ignore[arg-type]
            absent = []
    if json_:
        return data(asdict(runs[0]) if not plans.benchmark(benchmark).members else [asdict(run) for run in runs])
    for run in runs:
        _told(run)
    if absent:
        talk(f"without data here: {', '.join(absent)}")


def _told(run: Run) -> None:
    talk(f"{run.plan}: " + (", ".join(f"{name}={value}" for name, value in run.settings) or "no settings"))
    talk(", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in run.counts.items()))
    _scores(run.scores)
    if run.counts["items"] == run.counts.get("abstained"):
        talk("note: nothing was answered. Does the method need a language model (--model NAME), or is there another?")
        talk("  to see: probatum catalog models, probatum catalog methods; the reasons stand in the file of --out")


def _scores(scores: Mapping[str, Score]) -> None:
    for name, score in scores.items():
        if score.none:
            data(f"{name:<24} no value: {score.none}  n={score.n}  {score.signature}")
            continue
        interval = f" [{score.low:.3f}, {score.high:.3f}]" if score.low is not None and score.high is not None else ""
        data(f"{name:<24} {score.value:.4f}{interval}  n={score.n}  {score.signature}")


@app.command()
def score(
    run: Path,
    benchmark: Annotated[str, typer.Option(help="Of which the outputs are; a run file knows its own.")] = "",
    data_: Data = None,
    metrics: Annotated[list[str], typer.Option("--metric", help="A metric besides the benchmark's; repeatable.")] = [],  # noqa: B006
    metric_settings: Annotated[
        list[str], typer.Option("--metric-set", help="A setting of these metrics, as model=FOLDER; repeatable.")
    ] = [],  # noqa: B006
    json_: AsJson = False,
) -> None:
    """Score saved outputs: a run file, anybody's JSON lines of id and output, or samples of lm-eval."""
    asks = any("annotate" in signature(find("metrics", name)).parameters for name in metrics)
    asks = asks or "perturb" in outputs.made_of(run).get("settings", {})  # by names or terms of the store
    with Store(Place.folder) if asks else nullcontext() as store:
        told = given.settings(metric_settings)
        made = verbs.score(run, benchmark, data_, further=metrics, told=told, store=store)
    if json_:
        return data(asdict(made))
    talk(", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in made.counts.items()))
    _scores(made.scores)


@app.command()
def compare(
    first: Path,
    second: Path,
    seed: int = 0,
    check: Annotated[
        bool, typer.Option("--check", help="The first is a baseline: end with 1 where the second falls behind it.")
    ] = False,
    alpha: Annotated[float, typer.Option(min=0, max=1, help="Of --check: under it Holm's p tells a fall.")] = 0.05,
    json_: AsJson = False,
) -> None:
    """Compare two scored runs on the items that both answered: differences, paired tests, corrections."""
    rows = verbs.compare(first, second, seed=seed)
    if json_:
        data([asdict(row) for row in rows])
    else:
        _compared(first, second, rows)
    if not check:
        return
    fallen = comparing.fallen(scoring.load(first), scoring.load(second), rows, alpha=alpha)
    for each in fallen:
        talk(f"FAILED: {each}")
    if fallen:
        raise typer.Exit(1)
    talk("passed: nothing fell")


def _compared(first: Path, second: Path, rows: Sequence[comparing.Compared]) -> None:
    talk(f"first: {first}, second: {second}; the difference is first less second")
    for path in (first, second):
        for name, score in scoring.load(path).scores.items():
            if score.none:
                talk(f"{path}: {name} has no value: {score.none}")
    data(f"{'measure':<20} {'first':>7} {'second':>7} {'diff':>8}  95% interval      p       Holm    BH      n")
    for row in rows:
        shown = f"{row.first:7.4f} {row.second:7.4f} {row.difference:+8.4f}  [{row.low:+.4f}, {row.high:+.4f}]"
        ps = "  ".join(_chance(each) for each in (row.decides, row.holm, row.bh))
        data(f"{row.measure:<20} {shown}  {ps}  {row.n}  {row.test}")


def _chance(p: float) -> str:
    return f"{p:.4f}" if p >= 0.0001 else "<.0001"  # never 0: no test says that


@app.command()
def tournament(
    runs: Annotated[
        list[str], typer.Argument(help="Run files of one benchmark, or NAME=FILE; none with --round.")
    ] = [],  # noqa: B006
    measure: Annotated[str, typer.Option(help="Judge: a measure that every run was scored by, as rouge-L.")] = "",
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    round_: Annotated[str, typer.Option("--round", help="Judges: the raters of this human round.")] = "",
    k: Annotated[float, typer.Option(help="How far one bout moves a rating at most.")] = 4.0,
    bouts: Annotated[int, typer.Option(min=0, help="Of all pairs together; 0: each item of each pair once.")] = 360,
    seed: Annotated[int, typer.Option(help="Of the draw: who meets whom, on what, in which order.")] = 42,
    out: Annotated[Path | None, typer.Option(help="File of bouts (JSON lines); a broken call is resumed.")] = None,
    json_: AsJson = False,
) -> None:
    """Let systems meet on the same items, two at a time, and rate them by Elo and Bradley-Terry."""
    from probatum.cli import matching  # noqa: PLC0415 - it brings numpy

    if sum(map(bool, (measure, model, round_))) != 1 or bool(round_) == bool(runs):
        raise BadPlan("a tournament has one judge", mend="RUNS with --measure or --model, or --round without runs")
    drawn = {"bouts": bouts, "seed": seed}
    if round_:
        found, settings = matching.of_round(round_, drawn, out)
    elif measure:
        found, settings = matching.of_measure(matching.named(runs), measure, drawn, out)
    else:
        writer = knowledge.writer(model, given.settings(model_settings))
        found, settings = matching.of_model(matching.named(runs), writer, model, drawn, out)
    matching.told(found, settings | {"k": k}, json_=json_)


@app.command()
def report(
    runs: Annotated[list[str], typer.Argument(help="Scored run files; NAME=FILE where a round calls it otherwise.")],
    out: Annotated[Path, typer.Option(help="The HTML file.")] = Path("report.html"),
    round_: Annotated[
        str,
        typer.Option("--round", help="A human round over these runs, unblinded: people beside scores."),
    ] = "",
    bouts: Annotated[list[Path], typer.Option("--tournament", help="Bouts of a tournament; repeatable.")] = [],  # noqa: B006
    language: Annotated[Literal["en", "zh"], typer.Option(help="Of the file's own words.")] = "en",
) -> None:
    """Write one HTML file of scored runs: tables, curves, strata, items, beside what was published."""
    named, more = given.files(runs), ""
    if round_ or bouts:
        from probatum.cli import matching  # noqa: PLC0415 - it brings numpy

        more = matching.beside(named, round_, bouts, language)
    given.written(out, verbs.report(named, more, language))
    data(str(out))


@app.command()
def export(
    what: Annotated[
        str, typer.Argument(help="A run file (trec), a benchmark (qrels, lm-eval), a trained folder (model).")
    ],
    out: Annotated[Path, typer.Argument(help="The file; of lm-eval and model the folder.")],
    to: Annotated[str, typer.Option(help="trec, qrels, lm-eval or model.")] = "trec",
    data_: Data = None,
    template: Annotated[str, typer.Option(help="Around a model's turns; by default as it was taught.")] = "",
) -> None:
    """Hand a run, a benchmark or a trained model to other tools: TREC files, a task of lm-eval, merged weights."""
    if to == "trec":
        path = Path(what)
        lines = list(outputs.trec_run(outputs.rows(path), path.stem))
    elif to == "model":
        made = exporting.exported(Path(what), out, template=template)
        talk(f"from {made.read}; the chat template: {made.template}; taught with: {made.taught}")
        return data("\n".join(str(out / name) for name in made.files))
    elif to in ("qrels", "lm-eval"):
        plan = plans.benchmark(what)
        examples = running.examples_of(plan, data_, Place.folder)
        if to == "lm-eval":
            return data("\n".join(map(str, outputs.lm_eval_task(plan, examples, out))))
        lines = list(outputs.trec_qrels(examples))
    else:
        raise BadPlan(f"--to {to} is not known here", mend="one of: trec, qrels, lm-eval, model")
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    data(f"{out}: {len(lines):,} lines")
