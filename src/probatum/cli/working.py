"""Working in a terminal: loading, serving, and looking at what there is."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from probatum import knowledge, plans, verbs
from probatum.cli import evaluating, writing
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, progress, table, talk
from probatum.errors import NeedsExtra
from probatum.naming import card_of, find, known

app = typer.Typer()
app.add_typer(evaluating.app)


@app.command()
def ingest(
    source: str,
    path: Annotated[Path | None, typer.Argument()] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=0, help="Processes that read what is large beside this one; usually one for each other core."),
    ] = None,
    ray: Annotated[str, typer.Option(help="Address of a Ray cluster that reads the files instead; auto: here.")] = "",
    json_: AsJson = False,
) -> None:
    """Read a source in its official format into the store."""
    from probatum.formats import fetch, spreading  # noqa: PLC0415 - the HTTP client is only for who downloads

    started = time.monotonic()
    others = len(os.sched_getaffinity(0)) - 1 if processes is None else processes
    spread = spreading.cluster(ray) if ray else spreading.processes(others)
    with spread, progress("facts") as heard:
        fetch.watching.set(lambda address, done, total: heard(done, total, address))
        done = verbs.ingest(Place.folder, source, path, heard=heard)
    if json_:
        return data(asdict(done))
    data(f"{done.source} {done.release}: {done.written:,} facts written, {done.quarantined} records set aside")
    talk(f"{time.monotonic() - started:.1f} s; next: probatum ask 'What are the features of Gaucher disease type I?'")


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    leaves: writing.Leaves = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the address.")] = 1,
    trained: Annotated[Path, typer.Option(help="Folder of trainings that the page Training shows.")] = Path("trained"),
) -> None:
    """Serve the pages, the JSON API and the OpenAI-shaped interface on this machine."""
    from probatum.store.prepared import prepare  # noqa: PLC0415 - numpy and the rest load where they are needed
    from probatum.store.reader import Store  # noqa: PLC0415 - as above
    from probatum.web import app as web  # noqa: PLC0415 - fastapi loads for a second and belongs to an extra

    policy = leaves or knowledge.configured()["leaves"]
    writers = writing.writers(model, model_settings)
    began = time.monotonic()
    with Store(Place.folder) as store:
        if built := prepare(store):
            took = time.monotonic() - began
            talk(f"{len(built)} indexes built in {took:.0f} s; they stay until the knowledge changes")
    talk(f"http://{host}:{port}/  (Ctrl-C ends it)")
    if workers > 1:
        from probatum.web import workers as crew  # noqa: PLC0415 - as above

        made = partial(writing.writers, model, model_settings)
        return crew.serve_with(
            workers, Place.folder, host=host, port=port, writers=made, leaves=policy, trained=trained
        )  # fmt: skip
    web.serve(Place.folder, host=host, port=port, writers=writers, leaves=policy, trained=trained)


@app.command()
def mcp() -> None:
    """Lend the tools to an agent over standard input and output (Model Context Protocol; extra mcp)."""
    try:
        from probatum.web import agents  # noqa: PLC0415 - loads for seconds and belongs to an extra
    except ImportError as error:
        raise NeedsExtra(f"the door for agents needs {error.name}", mend='pip install "probatum[mcp]"') from error
    with knowledge.Knowledge(Place.folder) as kb:
        agents.standing(kb).run("stdio")


@app.command()
def catalog(
    wing: Annotated[str, typer.Argument(help="A wing; all by default.")] = "",
    name: Annotated[str, typer.Argument(help="A thing of the wing: its card, and which test shows what of it.")] = "",
    json_: AsJson = False,
) -> None:
    """List every named thing and every system of the survey, with its state; of one thing the card and the tests."""
    rows = [row for row in plans.catalog(wing) if name in {"", row.name}]
    if name and not rows:
        known(wing, name)  # raises, with what is near
    if json_:
        return data([asdict(row) for row in rows])
    if name:
        return _card(rows)
    for row in rows:
        answered = f" ({', '.join(row.survey_ids)})" if row.survey_ids else ""
        data(f"{row.wing:<12} {row.name:<28} {row.state:<8} {row.title}{answered}")


def _card(rows: list[plans.Entry]) -> None:
    wing, name, title = rows[0].wing, rows[0].name, rows[0].title
    told = {"name": f"{wing}/{name}", "title": title}
    if rows[0].state == plans.MISSING:
        pass
    elif wing == "benchmarks":
        plan = plans.benchmark(name)
        told |= {"data": plan.dataset, "members": ", ".join(plan.members), "metrics": ", ".join(plan.metrics)}
        told |= {"reference": plan.reference, "note": " ".join(plan.note.split())}
    elif wing not in plans.TABLES:
        card = card_of(find(wing, name))
        told |= {"licence": card.licence, "languages": ", ".join(card.languages), "where": card.where}
        told |= {"terms": card.terms, "reference": card.reference}
    table({key: value for key, value in told.items() if value}, json_=False)
    for row in rows:
        data(f"{row.state:<12} {', '.join(row.survey_ids) or 'of our own'}{row.test and f': {row.test}'}")


@app.command()
def doctor(json_: AsJson = False) -> None:
    """Say what is installed, where things are, and what would make more work."""
    found = knowledge.examined(Place.folder)
    if json_:
        return data([asdict(finding) for finding in found])
    for finding in found:
        data(f"{'ok  ' if finding.good else 'note'} {finding.what}: {finding.said}")
