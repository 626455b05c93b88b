"""Looking after the knowledge store in a terminal."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, table
from probatum.store import diff as differences
from probatum.store import kgx, writer
from probatum.store import verify as verification
from probatum.store.reader import Store

app = typer.Typer(no_args_is_help=True, help="Look after the knowledge store.")


@app.command("stats")
def stats(json_: AsJson = False) -> None:
    """Count what the store holds."""
    with Store(Place.folder) as store:
        found: dict[str, Any] = {"content": store.content, **store.stats()}
    table(found, json_)


@app.command("releases")
def releases(json_: AsJson = False) -> None:
    """List the releases in the store with their licences."""
    with Store(Place.folder) as store:
        found = store.releases()
    if json_:
        return data([asdict(release) for release in found])
    for release in found:
        data(f"{release.source}@{release.version}  sha256 {release.sha256[:12]}  {release.licence}")


@app.command("verify")
def verify(json_: AsJson = False) -> None:
    """Check every row, every digest and every index of the store; exit code 1 where something is wrong."""
    report = verification.verify(Place.folder)
    if json_:
        data(asdict(report))
    else:
        for line in report.wrong or [f"whole: content {report.content}, {report.rows:,} rows checked"]:
            data(line)
    if report.wrong:
        raise typer.Exit(1)


@app.command("diff")
def diff(old: str, new: str, json_: AsJson = False) -> None:
    """Compare two releases (SOURCE@RELEASE) or two store folders: what came, went and changed."""
    table(asdict(differences.diff(Place.folder, old, new)), json_)


@app.command("withdraw")
def withdraw(release: Annotated[str, typer.Argument(help="SOURCE or SOURCE@RELEASE")], json_: AsJson = False) -> None:
    """Take a source or one release out, as if it had never been loaded."""
    source, _, version = release.partition("@")
    gone = writer.withdraw(Place.folder, source, version)
    table({"withdrawn": release, "releases": gone}, json_)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Option("--kgx", help="Folder for the KGX files nodes.tsv and edges.tsv.")],
    json_: AsJson = False,
) -> None:
    """Write the knowledge as KGX tables with Biolink categories and predicates."""
    with Store(Place.folder) as store:
        table(asdict(kgx.export(store, folder)), json_)
