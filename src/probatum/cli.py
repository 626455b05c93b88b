"""The verbs in a terminal: standard output is data, standard error is talk, errors say what, where and how to mend."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from probatum import knowledge, plans, verbs
from probatum.errors import BadFormat, ProbatumError
from probatum.formats import phenopacket
from probatum.knowledge import Knowledge
from probatum.naming import call, find
from probatum.store import diff, kgx, verify, writer
from probatum.store.reader import Store
from probatum.types import Answer, Patient, Question

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)
kb_app = typer.Typer(no_args_is_help=True, help="Look after the knowledge store.")
app.add_typer(kb_app, name="kb")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Setting = Annotated[list[str], typer.Option("--set", help="A setting, as name=value; may be repeated.")]


class Place:
    """Where this call's knowledge store is."""

    folder = Path()


@app.callback()
def begin(
    kb: Annotated[str, typer.Option(help="Folder of the knowledge store (also PROBATUM_KB, probatum.toml).")] = "",
) -> None:
    """Clinical knowledge, put to the proof: cited answers and ranked diagnoses, without a language model."""
    Place.folder = Path(kb or knowledge.configured()["kb"])


@app.command()
def ingest(source: str, path: Annotated[Path | None, typer.Argument()] = None, json_: AsJson = False) -> None:
    """Read a source in its official format into the store."""
    from probatum.formats import fetch  # noqa: PLC0415 - the HTTP client is only for who downloads

    started = time.monotonic()
    with progress("facts") as heard:
        fetch.watching.set(lambda address, done, total: heard(done, total, address))
        done = verbs.ingest(Place.folder, source, path, heard=heard)
    if json_:
        return data(asdict(done))
    data(f"{done.source} {done.release}: {done.written:,} facts written, {done.quarantined} records set aside")
    talk(f"{time.monotonic() - started:.1f} s; next: probatum ask 'What are the features of Gaucher disease type I?'")


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question.")] = "",
    method: Annotated[str, typer.Option(help="How to answer; see: probatum catalog methods.")] = "quoted",
    patient: Annotated[Path | None, typer.Option(help="A GA4GH Phenopacket (JSON).")] = None,
    phenotype: Annotated[list[str], typer.Option(help="HPO id or words; -before one excludes it; repeatable.")] = [],  # noqa: B006
    age: Annotated[str, typer.Option(help="ISO 8601 duration, as P34Y.")] = "",
    sex: Annotated[str, typer.Option(help="female or male.")] = "",
    settings: Setting = [],  # noqa: B006
    json_: AsJson = False,
) -> None:
    """Answer a question from the store, each sentence cited; or rank diagnoses for a patient."""
    find("methods", method)  # an unknown name is said before anything is opened
    person = _patient(patient, phenotype, age, sex)
    if not text and person is None:
        raise BadFormat("there is neither a question nor a patient", mend="probatum ask 'What ...?' or --patient FILE")
    with Knowledge(Place.folder) as kb:
        answer = kb.ask(text, method, patient=person, **_settings(settings))
    if json_:
        return data(knowledge.plain(answer))
    for line in told(answer):
        data(line)


@app.command()
def annotate(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")] = "-",
    annotator: str = "dictionary",
    language: Annotated[list[str], typer.Option(help="Language of the names to look for; all by default.")] = [],  # noqa: B006
    json_: AsJson = False,
) -> None:
    """Find the concepts of a text, a line at a time, with negation, certainty and whom they concern."""
    with Store(Place.folder) as store, _opened(file) as stream:
        read = call("annotators", annotator, store, languages=tuple(language))
        for number, raw in enumerate(stream, 1):
            try:
                line = raw.decode().rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise BadFormat(str(error), where=f"{file}:{number}", mend="give a UTF-8 text file") from error
            mentions = [asdict(mention) for mention in read(line)]
            data({"mentions": mentions} if json_ else "; ".join(_mention(store, m) for m in mentions) or "-")


@app.command()
def retrieve(
    queries: Annotated[Path, typer.Option(help="A TSV: query id, text.")],
    run: Annotated[Path, typer.Option(help="The TREC run to write; passages only.")],
    retriever: str = "fused",
    keep: int = 100,
    settings: Setting = [],  # noqa: B006
) -> None:
    """Retrieve passages for a file of queries and write a TREC run."""
    rows = [line.partition("\t") for line in _lines(queries)]
    with Store(Place.folder) as store, progress("queries", len(rows)) as heard:
        search = call("retrievers", retriever, store, **_settings(settings))
        with run.open("w", encoding="utf-8") as out:
            for number, (query, _, text) in enumerate(rows, 1):
                found = verbs.documents(search(Question(text), keep))
                for rank, document in enumerate(found, 1):
                    out.write(f"{query} Q0 {document.id} {rank} {document.score:.6f} {retriever}\n")
                heard(number)
    talk(f"{run}: {len(rows)} queries")


@app.command()
def evaluate(
    benchmark: str,
    data_: Annotated[Path | None, typer.Option("--data", help="The data of the benchmark.")] = None,
    settings: Annotated[list[str], typer.Option("--set", help="A setting of the benchmark, as name=value.")] = [],  # noqa: B006
    out: Annotated[Path | None, typer.Option(help="Run file (JSON lines); a broken run is resumed.")] = None,
    json_: AsJson = False,
) -> None:
    """Answer every example of a benchmark and score the answers."""
    with Store(Place.folder) as store, progress("examples") as heard:
        run = verbs.evaluate(store, benchmark, data_, given=_pairs(settings), out=out, heard=heard)
    if json_:
        return data(asdict(run))
    talk(f"{run.plan}: " + ", ".join(f"{name}={value}" for name, value in run.settings))
    talk(", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in run.counts.items()))
    for name, score in run.scores.items():
        interval = f" [{score.low:.3f}, {score.high:.3f}]" if score.low is not None and score.high is not None else ""
        data(f"{name:<24} {score.value:.4f}{interval}  n={score.n}  {score.signature}")


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
) -> None:
    """Serve the pages and the JSON API on this machine."""
    from probatum.web import app as web  # noqa: PLC0415 - fastapi loads for a second and belongs to an extra

    talk(f"http://{host}:{port}/  (Ctrl-C ends it)")
    web.serve(Place.folder, host=host, port=port)


@app.command()
def catalog(
    wing: Annotated[str, typer.Argument(help="A wing; all by default.")] = "",
    json_: AsJson = False,
) -> None:
    """List every named thing and every system of the survey, with its state."""
    rows = plans.catalog(wing)
    if json_:
        return data([asdict(row) for row in rows])
    for row in rows:
        data(f"{row.wing:<12} {row.name:<28} {row.state:<8} {row.title}")


@app.command()
def doctor(json_: AsJson = False) -> None:
    """Say what is installed, where things are, and what would make more work."""
    found = knowledge.examined(Place.folder)
    if json_:
        return data([asdict(finding) for finding in found])
    for finding in found:
        data(f"{'ok  ' if finding.good else 'note'} {finding.what}: {finding.said}")


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


@kb_app.command("stats")
def kb_stats(json_: AsJson = False) -> None:
    """Count what the store holds."""
    with Store(Place.folder) as store:
        found: dict[str, Any] = {"content": store.content, **store.stats()}
    _table(found, json_)


@kb_app.command("releases")
def kb_releases(json_: AsJson = False) -> None:
    """List the releases in the store with their licences."""
    with Store(Place.folder) as store:
        found = store.releases()
    if json_:
        return data([asdict(release) for release in found])
    for release in found:
        data(f"{release.source}@{release.version}  sha256 {release.sha256[:12]}  {release.licence}")


@kb_app.command("verify")
def kb_verify(json_: AsJson = False) -> None:
    """Check every row, every digest and every index of the store; exit code 1 where something is wrong."""
    report = verify.verify(Place.folder)
    if json_:
        data(asdict(report))
    else:
        for line in report.wrong or [f"whole: content {report.content}, {report.rows:,} rows checked"]:
            data(line)
    if report.wrong:
        raise typer.Exit(1)


@kb_app.command("diff")
def kb_diff(old: str, new: str, json_: AsJson = False) -> None:
    """Compare two releases (SOURCE@RELEASE) or two store folders: what came, went and changed."""
    _table(asdict(diff.diff(Place.folder, old, new)), json_)


@kb_app.command("withdraw")
def kb_withdraw(
    release: Annotated[str, typer.Argument(help="SOURCE or SOURCE@RELEASE")], json_: AsJson = False
) -> None:
    """Take a source or one release out, as if it had never been loaded."""
    source, _, version = release.partition("@")
    gone = writer.withdraw(Place.folder, source, version)
    _table({"withdrawn": release, "releases": gone}, json_)


@kb_app.command("export")
def kb_export(
    folder: Annotated[Path, typer.Option("--kgx", help="Folder for the KGX files nodes.tsv and edges.tsv.")],
    json_: AsJson = False,
) -> None:
    """Write the knowledge as KGX tables with Biolink categories and predicates."""
    with Store(Place.folder) as store:
        _table(asdict(kgx.export(store, folder)), json_)


def told(answer: Answer, most: int = 0) -> Iterator[str]:
    """An answer for a reader: its text, its ranked candidates, then the sources that its marks point at."""
    if answer.abstained:
        yield f"No answer: {answer.abstained}"
    if not answer.candidates:  # a ranking is told with its reasons below
        yield from answer.text.splitlines()[: most or None]
    for number, candidate in enumerate(answer.candidates[: most or 10], 1):
        yield f"{number:>2}. {candidate.score:6.1%}  {candidate.id}  {candidate.name}"
        for kind, title in (("for", "speaks for it"), ("against", "against it"), ("ask", "worth asking for")):
            reasons = [reason for reason in candidate.reasons if reason.kind == kind][:3]
            if reasons:
                yield f"      {title}: " + "; ".join(f"{r.name} ({r.text})" if r.text else r.name for r in reasons)
    for number, piece in enumerate(answer.evidence[: most or None], 1):
        origin = piece.origin
        references = ", ".join(origin.references)
        yield f"[{number}] {origin.source} {origin.release}, {origin.at} {origin.evidence} {references}".rstrip()


def data(thing: Any) -> None:
    """One line on standard output; what is not text goes out as JSON."""
    print(thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False))


def talk(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A progress bar on standard error, where that is a terminal; it is told how far things are, and of what."""
    if not sys.stderr.isatty():
        yield lambda done, total=None, what=None: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of=total, said=what: bar.update(task, completed=done, total=of or None, description=said)


def _patient(file: Path | None, phenotypes: list[str], age: str, sex: str) -> Patient | None:
    if file is not None:
        return phenopacket.read(file)
    observations = tuple(knowledge.observed(written) for written in phenotypes)
    return Patient(age=age, sex=sex, observations=observations) if observations else None


def _pairs(settings: list[str]) -> dict[str, str]:
    for setting in settings:
        if "=" not in setting:
            raise BadFormat(f"{setting!r} is not name=value", where="--set")
    return {name.strip(): value.strip() for name, _, value in (setting.partition("=") for setting in settings)}


def _settings(settings: list[str]) -> dict[str, Any]:
    return {name: _value(value) for name, value in _pairs(settings).items()}


def _value(written: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(written)
        except ValueError:
            continue
    return written


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFormat(str(error), where=str(path), mend="give a UTF-8 file: query id, tab, text") from error


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - handed on below
    except OSError as error:
        raise BadFormat(str(error), where=file, mend="give a UTF-8 text file") from error
    with stream:
        yield stream


def _mention(store: Store, mention: dict[str, Any]) -> str:
    said = [mention["concept"], store.name_of(mention["concept"])]
    said += ["negated"] if mention["negated"] else []
    said += [mention[key] for key, usual in (("certainty", "certain"), ("who", "patient")) if mention[key] != usual]
    return f"{mention['text']} ({', '.join(said)})"


def _table(found: dict[str, Any], json_: bool) -> None:
    if json_:
        return data(found)
    for name, value in found.items():
        data(f"{name:<12} {value:,}" if isinstance(value, int) else f"{name:<12} {value}")


def main() -> None:
    """The command `probatum`."""
    try:
        app()
    except ProbatumError as error:
        talk(f"error [{error.code}]: {error.where + ': ' if error.where else ''}{error.what}")
        if error.mend:
            talk(f"  to mend: {error.mend}")
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
