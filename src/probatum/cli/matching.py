"""Tournaments in a terminal: the bouts of saved runs or of a human round, kept in a file, and the standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from probatum.cli import given
from probatum.cli.given import Place
from probatum.cli.say import data, talk
from probatum.errors import BadPlan
from probatum.ledger import rating
from probatum.ledger.runs import RunFile
from probatum.rounds import combined, findings, laying, section, tournament
from probatum.shapes import LanguageModel
from probatum.trials import lines, outputs, scoring
from probatum.types import Judgement

Made = tuple[list[Judgement], dict[str, Any]]


def named(runs: list[str]) -> dict[str, Path]:
    """The run files by the names of their systems, two at least; raises `BadPlan`."""
    if len(told := given.files(runs)) < 2:
        raise BadPlan("a tournament needs two systems at least", where="tournament", mend="name more run files")
    return told


def of_measure(runs: Mapping[str, Path], measure: str, drawn: dict[str, int], out: Path | None) -> Made:
    """The bouts that a measure judges; raises `BadPlan` for runs of several benchmarks or without the measure."""
    scored = {name: scoring.load(path) for name, path in runs.items()}
    if len({(each.benchmark, each.version) for each in scored.values()}) > 1:
        raise BadPlan("the runs are of different benchmarks", mend="compare runs of one benchmark in one version")
    for name, each in scored.items():
        if measure not in each.items:
            known = ", ".join(sorted(each.items)) or "none"
            raise BadPlan(f"{name} has no {measure!r} item by item", where=str(runs[name]), mend=f"it has: {known}")
    if len({each.scores[measure].signature for each in scored.values()}) > 1:
        raise BadPlan(f"{measure} was not measured alike in all runs", mend="score them again with the same release")
    made = tournament.by_measure({name: each.items[measure] for name, each in scored.items()}, measure, **drawn)
    settings: dict[str, Any] = {"judge": measure, "systems": _hashes(runs), **drawn}
    return _kept(made, out, settings), settings


def of_model(
    runs: Mapping[str, Path], model: LanguageModel, name: str, drawn: dict[str, int], out: Path | None
) -> Made:
    """The bouts that a language model judges, blind; a call that was broken off goes on in the file."""
    items = laying.read_runs(runs)
    settings: dict[str, Any] = {"judge": f"model {name}", "systems": _hashes(runs), **drawn}
    with RunFile(out, settings) if out else nullcontext() as file:
        return tournament.by_model(items, model, file=file, **drawn), settings


def of_round(id: str, drawn: dict[str, int], out: Path | None) -> Made:
    """The bouts that the raters of a human round judged; systems keep their hidden names until it is unblinded."""
    found = rating.round_of(Place.folder, id)
    layout, marks = laying.opened(found.layout, found.seal, found.id), rating.marks(Place.folder, found.id)
    said = findings.judgements(layout, marks, blind=not found.unblinded)
    made = tournament.by_people(said, **drawn)
    hashed = lines.hash_of(*((each.item, each.rater, each.systems, each.criterion, each.value) for each in said))
    settings: dict[str, Any] = {"judge": f"round {found.id}", "systems": {"judgements": hashed}, **drawn}
    return _kept(made, out, settings), settings


def _hashes(runs: Mapping[str, Path]) -> dict[str, str]:
    """What every system answered, in a hash, so that bouts of other answers are not taken for these."""
    told = {name: outputs.rows(path) for name, path in runs.items()}
    return {
        name: lines.hash_of(*((row["id"], row.get("output", row.get("answer"))) for row in rows))
        for name, rows in told.items()
    }


def _kept(bouts: list[Judgement], out: Path | None, settings: Mapping[str, Any]) -> list[Judgement]:
    if out:
        with RunFile(out, settings) as file:
            for number, bout in enumerate(bouts, 1):
                line = tournament.line(number, bout)
                if line["id"] not in file.done:
                    file.write(line)
    return bouts


def beside(runs: Mapping[str, Path], round_: str, bouts: Sequence[Path], language: str) -> str:
    """What stands beside the scores of runs in a report, as sections of HTML: people's judgements, tournaments."""
    parts = [_of_people(runs, round_, language)] if round_ else []
    for path in bouts:
        settings = outputs.made_of(path)
        if "judge" not in settings:
            raise BadPlan("this is no file of bouts", where=str(path), mend="probatum tournament ... --out FILE")
        rows = [tournament.bout_of(row, str(row["where"])) for row in outputs.rows(path)]
        parts.append(tournament.section(rows, settings, language))
    return "".join(parts)


def _of_people(runs: Mapping[str, Path], id: str, language: str) -> str:
    """Means of people and of the runs' own measures over the items of a round, their correlation, the agreement.

    Raises `BadPlan` while the round is blind: the scores beside it have names.
    """
    found = rating.round_of(Place.folder, id)
    if not found.unblinded:
        raise BadPlan("the round is still blind, and the scores beside it have names", where=found.id,
                      mend=f"probatum rate unblind {found.id}; or: probatum rate combined {found.id}")  # fmt: skip
    layout = laying.opened(found.layout, found.seal, found.id)
    if strange := sorted(set(layout.systems) - set(runs)):
        raise BadPlan(f"no run of {strange[0]!r} is given", where=found.id, mend=f"{strange[0]}=FILE")
    items = {each.id for each in layout.items}
    values: dict[str, dict[tuple[str, str], float]] = {}
    for system in layout.systems:
        for measure, told in scoring.load(runs[system]).items.items():
            values.setdefault(measure, {}).update({(id_, system): told[id_] for id_ in told if id_ in items})
    whole = {name: each for name, each in values.items() if {s for _, s in each} == set(layout.systems)}
    alike: list[tuple[list[str], dict[tuple[str, str], float]]] = []  # measures that say the same of every answer
    for name, each in whole.items():
        same = next((names for names, other in alike if other == each), None)
        if same is None:
            alike.append(([name], each))
        else:
            same.append(name)
    once = {", ".join(names): each for names, each in alike}
    said = findings.judgements(layout, rating.marks(Place.folder, found.id))
    return section(combined(said, once), language, findings.agreement(said))


def told(bouts: Sequence[Judgement], settings: Mapping[str, Any], *, json_: bool) -> None:
    """Says the standings: as JSON with all settings, or as a table."""
    found = tournament.standings(bouts, k=settings["k"])
    if json_:
        rows = {name: {key: asdict(score) for key, score in row.items()} for name, row in found.items()}
        return data({"settings": settings, "bouts": len(bouts), "standings": rows})
    talk(f"{len(bouts)} bouts, judge: {settings['judge']}; K {settings['k']:g} from 1000, seed {settings['seed']}")
    data(f"{'system':<20} {'Elo':>6}  95% interval  {'B.-T.':>6}  won   tied  lost  bouts")
    for name, row in found.items():
        elo, strength = row["elo"], row.get("bradley_terry")
        shown = f"[{elo.low:4.0f}, {elo.high:4.0f}]" if elo.low is not None and elo.high is not None else ""
        shares = "  ".join(f"{row[key].value:.2f}" for key in ("won", "tied", "lost"))
        middle = f"{strength.value:6.0f}" if strength else "     –"
        data(f"{name:<20} {elo.value:6.0f}  {shown:<12}  {middle}  {shares}  {elo.n}")
