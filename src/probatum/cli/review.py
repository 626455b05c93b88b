"""The review queue in a terminal: machines propose relations, people accept or reject them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from probatum.cli import given
from probatum.cli.given import AsJson, Place, Setting
from probatum.cli.say import data, talk
from probatum.ledger import review
from probatum.naming import call
from probatum.shapes import annotated
from probatum.store.reader import Store

app = typer.Typer(no_args_is_help=True, help="Judge what a machine read in texts.")
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Why = Annotated[str, typer.Option(help="Why, in a few words.")]


@app.command()
def propose(
    file: Annotated[
        Path, typer.Argument(help="A UTF-8 text file: one text a line, its reference and a tab before it.")
    ],
    annotator: Annotated[str, typer.Option(help="Who reads: patterns, relations, generative ...")] = "patterns",
    settings: Setting = [],  # noqa: B006
    json_: AsJson = False,
) -> None:
    """Read texts with an annotator and put the relations that it finds into the queue."""
    new = 0
    with Store(Place.folder) as store:
        read = call("annotators", annotator, store, **given.settings(settings))
        cut = [line.partition("\t") for line in given.lines(file)]
        texts = [(reference if tab else "", text if tab else reference) for reference, tab, text in cut]
        for (reference, text), found in zip(texts, annotated(read, (text for _, text in texts)), strict=True):
            new += review.propose(Place.folder, reference, text, found)
    if json_:
        return data({"new": new})
    talk(f"{new} new proposals; next: probatum kb review list")


@app.command("list")
def list_(
    verdict: Annotated[str, typer.Option(help="accepted or rejected; else what still waits.")] = "",
    json_: AsJson = False,
) -> None:
    """List what waits for a verdict, or what got one."""
    for each in review.proposals(Place.folder, verdict):
        if json_:
            data(asdict(each))
            continue
        relation = each.relation
        denied = " not" if relation.negated else ""
        data(
            f"{each.id}  {relation.subject}{denied} {relation.predicate} {relation.object}  [{relation.origin.source}]"
        )
        start, _, end = relation.origin.at.partition("-")
        data(f"    {each.reference} “{each.text[int(start) : int(end)]}”")


@app.command()
def accept(id: str, by: By, why: Why = "") -> None:
    """Say that a proposed relation holds."""
    review.decide(Place.folder, id, "accepted", by, why)


@app.command()
def reject(id: str, by: By, why: Why = "") -> None:
    """Say that a proposed relation does not hold."""
    review.decide(Place.folder, id, "rejected", by, why)


@app.command()
def export(file: Path, json_: AsJson = False) -> None:
    """Write all decisions to a file, for the source and the data set `reviewed`."""
    count = review.export(Place.folder, file)
    if json_:
        return data({"decisions": count})
    talk(f"{file}: {count} decisions; next: probatum ingest reviewed {file}")
