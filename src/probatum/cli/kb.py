"""Looking after the knowledge store in a terminal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum.cli import given, graph, review
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, table, talk
from probatum.errors import BadPlan
from probatum.naming import card_of, find, names, plain
from probatum.store import checks, checks_page, consent, coverage, retractions, writer
from probatum.store import conflicts as opposed
from probatum.store import diff as differences
from probatum.store import verify as verification
from probatum.store.reader import Store
from probatum.store.wording import in_words

app = typer.Typer()
app.add_typer(graph.app)
app.add_typer(review.app, name="review")


@app.command("stats")
def stats(
    sources: Annotated[bool, typer.Option("--sources", help="Count it for each release too.")] = False,
    json_: AsJson = False,
) -> None:
    """Count what the store holds."""
    with Store(Place.folder) as store:
        found: dict[str, Any] = {"content": store.content, **store.stats()}
        papers, accepted = retractions.retractions(store), consent.acceptances(store)
        given_by = coverage.supplies(store) if sources else ()
    if json_:
        said = {"retracted": [asdict(one) for one in papers], "accepted": [asdict(one) for one in accepted]}
        return data(found | said | ({"sources": [asdict(one) for one in given_by]} if sources else {}))
    table(found, json_)
    for each in given_by:
        counts = f"{each.concepts:,} concepts, {each.names:,} names, {each.assertions:,} assertions by {each.claims:,} "
        data(f"{each.release}: {counts}claims, {each.passages:,} passages, {each.quarantined:,} set aside")
    for paper in papers:
        data(f"retracted    {paper.paper}, withdrawn {paper.noted[:10]}{': ' if paper.reason else ''}{paper.reason}")
    for one in accepted:
        data(f"accepted     {one.source} by {one.who}, {one.noted[:10]}, terms sha256 {one.terms[:12]}")


@app.command("releases")
def releases(json_: AsJson = False) -> None:
    """List the releases in the store with their licences, and which of them answers rest on."""
    with Store(Place.folder) as store:
        shown = set(store.view.shown)
        found = sorted((*store.view.shown, *store.view.hidden), key=lambda held: held.order)
        accepted = {one.source: f"{one.who}, {one.noted[:10]}" for one in consent.acceptances(store)}
    if json_:
        said = [
            {"dated": one.dated, "loaded": one.loaded, "shown": one in shown, "accepted": accepted.get(one.source, "")}
            for one in found
        ]
        return data([asdict(one.release) | more for one, more in zip(found, said, strict=True)])
    for one in found:
        notes = [] if one in shown else ["superseded"]
        notes += [f"terms accepted by {accepted[one.source]}"] if one.source in accepted else []
        rest = f"  [{'; '.join(notes)}]" if notes else ""
        data(f"{one.name}  {one.dated}  sha256 {one.release.sha256[:12]}  {one.release.licence}{rest}")


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
def withdraw(
    release: Annotated[str, typer.Argument(help="SOURCE or SOURCE@RELEASE")] = "",
    paper: Annotated[str, typer.Option(help="A retracted paper instead: PMID:1, PMC:PMC1 or doi:10.1000/1.")] = "",
    retracted: Annotated[
        bool, typer.Option("--retracted", help="Instead, every paper whose record in the store says it is retracted.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why the paper is withdrawn.")] = "",
    json_: AsJson = False,
) -> None:
    """Take a source or one release out, as if it had never been loaded; or a paper with what rests on it alone."""
    if [bool(release), bool(paper), retracted].count(True) != 1:
        mend = "probatum kb withdraw SOURCE[@RELEASE], or --paper PMID:1, or --retracted"
        raise BadPlan("either a release or a paper is withdrawn", where="kb withdraw", mend=mend)
    if retracted:
        return table(asdict(retractions.withdraw_retracted(Place.folder)), json_)
    if paper:
        return table(asdict(retractions.withdraw_paper(Place.folder, paper, reason)), json_)
    source, _, version = release.partition("@")
    gone = writer.withdraw(Place.folder, source, version)
    table({"withdrawn": release, "releases": gone}, json_)


@app.command("conflicts")
def conflicts(
    concept: Annotated[str, typer.Argument(help="The id of a concept; all by default.")] = "",
    kind: Annotated[list[str], typer.Option(help=f"One of: {', '.join(opposed.KINDS)}; repeatable.")] = [],  # noqa: B006
    most: Annotated[int, typer.Option(help="How many to list; 0 for all.")] = 0,
    json_: AsJson = False,
) -> None:
    """List where the sources speak against each other, with the claims of both sides; a JSON line each with --json."""
    with Store(Place.folder) as store:
        for found in islice(opposed.conflicts(store, concept, kind), most or None):
            if json_:
                data(asdict(found))
                continue
            data(f"{found.kind}: {found.subject} {found.predicate} {found.object}")
            for sign, side in (("+", found.one), ("-", found.other)):
                for claim in side:
                    release = f"{claim.origin.source}@{claim.origin.release}"
                    data(f"  {sign} {in_words(store, claim)} [{release}, {claim.origin.at}]")


@app.command("check")
def check(
    name: Annotated[list[str] | None, typer.Argument(help="Checks to run; all by default.")] = None,
    settings: Annotated[list[str], typer.Option("--set", help="names.threshold=1, old_releases.days=365 ...")] = [],  # noqa: B006
    html: Annotated[Path | None, typer.Option(help="Write the report as a page into this file.")] = None,
    json_: AsJson = False,
) -> None:
    """Run the quality checks and tell what the knowledge covers; exit code 1 where a check of severity error fails."""
    with Store(Place.folder) as store:
        report = checks.check(store, date.today(), only=name or (), settings=given.pairs(settings))
    if html:
        given.written(html, checks_page.page(report))
    if json_:
        data(asdict(report))
    else:
        for one in report.results:
            data(
                f"{'ok    ' if one.passed else 'FAILED'} {one.severity:<8}{one.category:<13}{one.name:<18} "
                f"{one.violated:,} of {one.rows:,} {one.unit} ({one.percent:g}%, allowed {one.threshold:g}%)"
            )
        talk(f"{len(report.results) - len(report.failed)} of {len(report.results)} checks passed")
    if any(one.severity == "error" for one in report.failed):
        raise typer.Exit(1)


@app.command("restore")
def restore(
    paper: Annotated[str, typer.Option(help="The paper that was withdrawn: PMID:1, PMC:PMC1 or doi:10.1000/1.")],
    json_: AsJson = False,
) -> None:
    """Put a paper back that was withdrawn, and what rests on it."""
    table(asdict(retractions.restore_paper(Place.folder, paper)), json_)


@app.command("accept")
def accept(
    source: str,
    by: Annotated[str, typer.Option(help="Who accepts: a person or an institution.")],
    json_: AsJson = False,
) -> None:
    """Record that somebody accepts the terms of a gated source, so that it can be ingested."""
    wing = "sources" if plain(source) in names("sources") or plain(source) not in names("datasets") else "datasets"
    card = card_of(find(wing, source))
    made = consent.accept(Place.folder, plain(source), card, by)
    table({"title": card.title, "licence": card.licence, "text": card.terms} | asdict(made), json_)
