"""Human rounds in a terminal: lay one down, invite raters, see how it goes, end its blindness, take the data out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from probatum.cli import given, writing
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, talk
from probatum.errors import BadFormat, BadPlan, ModelFailed
from probatum.formats import preference_json
from probatum.ledger import accounts, audit, rating
from probatum.naming import find
from probatum.rounds import combined, exporting, findings, judging, laying, section
from probatum.rounds.protocol import read_protocol
from probatum.trials.report import shell
from probatum.types import Answer, Score

app = typer.Typer(no_args_is_help=True, help="Let people judge answers, blind.")
Id = Annotated[str, typer.Argument(help="The round, or the beginning of its id.")]
By = Annotated[str, typer.Option("--by", help="Who does it: it stands in the audit log.")]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _round(id: str) -> tuple[rating.Round, laying.Layout, list[rating.Mark]]:
    found = rating.round_of(Place.folder, id)
    return found, laying.opened(found.layout, found.seal, found.id), rating.marks(Place.folder, found.id)


@app.command()
def new(
    protocol: Annotated[Path, typer.Argument(help="The protocol, a TOML file.")],
    runs: Annotated[list[str], typer.Option("--runs", help="A system and its run file, as NAME=FILE; once a system.")],
    raters: Annotated[str, typer.Option("--raters", help="How many raters, or their names with commas.")],
    questions: Annotated[
        Path | None, typer.Option(help="JSON lines with id and question, where the runs hold none.")
    ] = None,
    by: By = "organiser",
    json_: AsJson = False,
) -> None:
    """Draw the items, assign them to raters, seal it all with one hash."""
    names = [each.strip() for each in raters.split(",") if each.strip()]
    if len(names) == 1 and names[0].isdecimal():
        names = [f"rater-{number}" for number in range(1, int(names[0]) + 1)]
    files = {name: Path(path) for name, path in given.pairs(runs, "--runs").items()}
    if len(files) < len(runs):
        raise BadPlan("a system is named twice", where="--runs")
    read = read_protocol(_text(protocol), str(protocol))
    layout = laying.lay(read, laying.read_runs(files, questions), names)
    text, sealed = laying.written(layout), laying.seal(layout)
    made = rating.Round(sealed[:8], read.title, text, sealed, _now())
    rating.begin(Place.folder, made, tuple(sorted(names)), by)
    for item, system in layout.leaks:
        talk(f"note: the answer of {system} to {item} names a system; blinding cannot hide that")
    screens = {rater: len(sheet) for rater, sheet in layout.sheets.items()}
    if json_:
        return data({"round": made.id, "seal": sealed, "items": len(layout.items), "screens": screens})
    data(f"{made.id}  {read.title}  {len(layout.items)} items, {len(names)} raters, seal {sealed}")
    talk(f"next: probatum rate links {made.id}, then probatum serve")


@app.command()
def status(id: Annotated[str, typer.Argument(help="A round; all by default.")] = "", json_: AsJson = False) -> None:
    """Say how far each round is, whether it may end, and whether its log is whole."""
    count, last = audit.verify(Place.folder)
    found = [rating.round_of(Place.folder, id)] if id else rating.rounds(Place.folder)
    rows: list[dict[str, Any]] = []
    for each in found:
        _, layout, marks = _round(each.id)
        stop, why = findings.may_stop(layout, marks)
        rows.append(
            {"round": each.id, "title": each.title, "seal": each.seal, "made": each.made, "unblinded": each.unblinded,
             "raters": [asdict(one) for one in findings.progress(layout, marks)],
             "attention": [asdict(one) for one in findings.attention(layout, marks)],
             "drift": [asdict(one) for one in findings.drift(layout, marks)], "may_stop": stop, "why": why}
        )  # fmt: skip
    if json_:
        return data({"rounds": rows, "audit": {"entries": count, "hash": last}})
    for row in rows:
        open_ = f"unblinded {row['unblinded']}" if row["unblinded"] else "blind"
        data(f"{row['round']}  {row['title']}  {open_}; may end: {'yes' if row['may_stop'] else 'no'} ({row['why']})")
        checks = {one["rater"]: one for one in row["attention"]}
        for one in row["raters"]:
            check = checks[one["rater"]]
            data(f"    {one['rater']:<16} {one['done']:>4} of {one['of']}  checks failed: {check['failed']}")
        for one in row["drift"]:
            if one["low"] > 0 or one["high"] < 0:
                data(f"    {one['rater']:<16} drifts on {one['criterion']}: {one['over_time']:+.2f} over time")
    data(f"audit: {count} entries, {last[:16]}")


@app.command()
def links(
    id: Id,
    rater: Annotated[str, typer.Option(help="A new link for this rater alone.")] = "",
    address: Annotated[str, typer.Option(help="Where the door is served.")] = "http://127.0.0.1:8765",
    by: By = "organiser",
    json_: AsJson = False,
) -> None:
    """Make a link for each rater that lets them in once; an earlier one of theirs ends."""
    found, layout, _ = _round(id)
    keys = {
        name: accounts.invite(Place.folder, found.id, name, by, _now())
        for name in ([rater] if rater else sorted(layout.sheets))
    }
    told = {name: f"{address.rstrip('/')}/rate/enter/{key}" for name, key in keys.items()}
    if json_:
        return data(told)
    for name, link in told.items():
        data(f"{name}\t{link}")


@app.command()
def account(
    name: str,
    role: Annotated[str, typer.Option(help="admin, organiser or rater.")] = "rater",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="PROBATUM_PASSWORD", help="At least 10 characters.")
    ] = "",
) -> None:
    """Add an account that signs in with a password at the web door (extra web)."""
    accounts.enrol(Place.folder, name, role, password, _now())
    talk(f"{name}: {role}; next: probatum serve, then /rate")


@app.command()
def agreement(id: Id, json_: AsJson = False) -> None:
    """Say how far the raters agree on each criterion, and which system is liked; blind until the round is unblinded."""
    found, layout, marks = _round(id)
    said = findings.judgements(layout, marks, blind=not found.unblinded)
    agreed = findings.agreement(said)
    means = {f"mean {criterion}:{system}": score for (system, criterion), score in findings.means(said).items()}
    liked = {**findings.strengths(said), **means}
    if json_:
        told = {name: {key: asdict(one) for key, one in each.items()} for name, each in agreed.items()}
        return data({"agreement": told, "systems": {name: asdict(score) for name, score in liked.items()}})
    for name, scores in agreed.items():
        for key, score in scores.items():
            data(f"{name + ' ' + key:<36} {_value(score)}")
    for name, score in liked.items():
        data(f"{name:<36} {_value(score)}")


@app.command()
def unblind(id: Id, by: By, json_: AsJson = False) -> None:
    """End the blindness of a round: once, on record, and for good; nobody can judge in it any more."""
    found, layout, _ = _round(id)
    rating.unblind(Place.folder, found.id, by, _now())
    if json_:
        return data(findings.aliases(layout))
    for name, alias in sorted(findings.aliases(layout).items(), key=lambda each: each[1]):
        data(f"{alias} is {name}")
    talk(f"next: probatum rate agreement {found.id}")


@app.command()
def export(
    id: Id,
    file: Path,
    what: Annotated[str, typer.Option(help="judgements or preferences.")] = "judgements",
    margin: Annotated[float, typer.Option(help="Points by which a rating must be better to be preferred.")] = 0.5,
    attentive: Annotated[
        bool, typer.Option("--attentive", help="Leave out who failed a check; of preferences alone.")
    ] = False,
    by: By = "organiser",
    json_: AsJson = False,
) -> None:
    """Write judgements, or preference data to train on, as JSON lines; blind until the round is unblinded."""
    found, layout, marks = _round(id)
    without: dict[str, int] = {}
    if what == "preferences":
        leave = [one.rater for one in findings.attention(layout, marks) if one.failed] if attentive else []
        examples = exporting.preferences(layout, marks, found.seal, margin=margin, leave=leave)
        count = preference_json.write(examples, file)
        without = exporting.unpreferred(layout, marks, margin=margin, leave=leave)
    elif what == "judgements":
        lines = list(exporting.judgement_lines(layout, marks, blind=not found.unblinded))
        given.written(file, "".join(f"{line}\n" for line in lines))
        count = len(lines)
    else:
        raise BadPlan(f"--what {what!r} is not known here", mend="judgements or preferences")
    rating.exported(Place.folder, found.id, by, _now(), what=what, count=count)
    if json_:
        return data({"lines": count, "without": without})
    talk(f"{file}: {count} lines")
    if without:
        talk("items without a preference: " + ", ".join(f"{why}: {count}" for why, count in without.items()))


@app.command()
def judge(
    id: Id,
    rater: Annotated[str, typer.Option(help="The rater in whose seat the model sits.")],
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    json_: AsJson = False,
) -> None:
    """Let a language model judge a rater's screens, as blind as a person."""
    found, layout, _ = _round(id)
    writers = writing.writers(model, model_settings)
    if not writers:
        raise BadPlan("no model is named", where="rate judge", mend="--model NAME")
    if rater not in layout.sheets:
        raise BadPlan(f"no rater {rater!r} in this round", mend=f"there are: {', '.join(sorted(layout.sheets))}")
    count = 0
    try:
        for each in judging.judged(layout, rater, next(iter(writers.values())), _now()):
            count += rating.mark(Place.folder, found.id, each)
    except ModelFailed as error:
        error.mend = f"{count} marks are kept; call again"
        raise
    if json_:
        return data({"marks": count})
    talk(f"{count} marks; next: probatum rate status {found.id}")


@app.command("combined")
def combined_(
    id: Id,
    metrics: Annotated[str, typer.Option(help="Metrics of the answers' texts against gold, with commas.")] = "rouge",
    out: Annotated[Path | None, typer.Option(help="Also write the report as HTML.")] = None,
    language: Annotated[Literal["en", "zh"], typer.Option(help="Of the HTML's own words.")] = "en",
    json_: AsJson = False,
) -> None:
    """Set what people say beside automatic scores of the same answers, with their correlation."""
    found, layout, marks = _round(id)
    hidden = findings.aliases(layout) if not found.unblinded else {name: name for name in layout.systems}
    values: dict[str, dict[tuple[str, str], float]] = {}
    for name in [each.strip() for each in metrics.split(",") if each.strip()]:
        metric = find("metrics", name)
        for item in layout.items:
            if not item.gold:
                raise BadPlan(f"item {item.id!r} has no gold answer", where=name, mend="gold in the run or --questions")
            for system, answer in item.answers:
                for key, score in metric([(Answer(text=item.gold), answer)]).items():
                    values.setdefault(key, {})[item.id, hidden[system]] = score.value
    report = combined(findings.judgements(layout, marks, blind=not found.unblinded), values)
    if out:
        said = findings.judgements(layout, marks, blind=not found.unblinded)
        body = f"<h1>{escape(found.title)}</h1>{section(report, language, findings.agreement(said))}"
        given.written(out, shell(found.title, body, language))
    if json_:
        return data([asdict(each) for each in report.correlations])
    for (system, name), score in [*report.human.items(), *report.automatic.items()]:
        data(f"{system:<20} {name:<24} {_value(score)}")
    for each in report.correlations:
        data(f"{each.criterion} and {each.metric}: Spearman {_value(each.spearman)}")


def _value(score: Score) -> str:
    bounds = f" [{score.low:.3f}, {score.high:.3f}]" if score.low is not None and score.high is not None else ""
    return f"{score.value:.3f}{bounds}  n={score.n}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFormat(str(error), where=str(path), mend="give a protocol: a TOML file") from error
