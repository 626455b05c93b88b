"""One HTML file of scored runs that opens without a server: tables, curves, strata, items, what was published."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path

from probatum import plans
from probatum.naming import names
from probatum.trials import outputs
from probatum.trials.drawing import bars, curves, reliability, risk_coverage
from probatum.trials.lines import given_in
from probatum.trials.scoring import Scored
from probatum.types import Score

ITEMS = 200  # of a run that the browser of items shows


@cache
def published() -> tuple[Mapping[str, str], ...]:
    """The values that the survey's tables C.12 to D.17 print, with how certain each is, in the tables' order."""
    text = resources.files("probatum").joinpath("benchmarks/published.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def distribution() -> tuple[dict[str, float], dict[str, float]]:
    """How many of the benchmarks here try each capability: of text, of several media (suites do not count)."""
    made = (plans.benchmark(name) for name in names("benchmarks"))
    counts = Counter(plan.capability for plan in made if not plan.members)
    text = {name: float(counts[name]) for name in plans.TEXT}
    return text, {name: float(counts[name]) for name in plans.MEDIA}


def page(runs: Sequence[tuple[Path, Scored]], more: str = "") -> str:
    """The file's text; `more` is a finished section (as of human judgements) that stands behind the scores."""
    made = [each for _, each in runs]
    titles = ", ".join(each.name for each in made)
    sections = [_scores(made), more, _drawings(made), _strata(made), _efficiency(made), _items(runs), _published(made)]
    return shell(titles, f"<h1>Evaluation: {escape(titles)}</h1>{''.join(sections)}")


def shell(title: str, body: str, language: str = "en") -> str:
    """A whole page around a body, with its style and nothing from outside."""
    style = resources.files("probatum").joinpath("trials/report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{style}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", kind: str = "") -> str:
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="wide" tabindex="0"><table class="{kind}">{named}<thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _number(text: str) -> str:
    return f'<td class="n">{escape(text)}</td>'


def said(score: Score | None) -> str:
    """A score in words of a table: its value and interval."""
    if score is None:
        return "–"
    if score.none:
        return f"no value: {score.none}"
    interval = f" [{score.low:.3f}, {score.high:.3f}]" if score.low is not None and score.high is not None else ""
    return f"{score.value:.4f}{interval}"


def _scores(runs: Sequence[Scored]) -> str:
    parts = ["<h2>Scores</h2><p>Each with its 95% interval. Numbers compare where their signatures are the same.</p>"]
    for benchmark in dict.fromkeys(each.benchmark for each in runs):
        mine = [each for each in runs if each.benchmark == benchmark]
        measures = list(dict.fromkeys(name for each in mine for name in each.scores))
        title = f"{plans.title_of('benchmarks', benchmark)} (version {mine[0].version})" if benchmark else "Outputs"
        head = ("measure", *(each.name for each in mine), "n", "unparsed", "empty", "signature")
        rows = []
        for name in measures:
            scores = [each.scores.get(name) for each in mine]
            first = next(score for score in scores if score)
            told = [_each([getattr(score, key, None) for score in scores]) for key in ("n", "unparsed", "empty")]
            signature = f"<td><small>{escape(first.signature)}</small></td>"
            rows.append([_cell(name), *(_number(said(each)) for each in scores), *map(_number, told), signature])
        parts.append(f"<h3>{escape(title)}</h3>" + _table(head, rows))
        for each in mine:
            settings = ", ".join(f"{key}={value}" for key, value in each.settings.items()) or "no settings told"
            counts = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in each.counts.items())
            parts.append(f"<p><small>{escape(each.name)}: {escape(settings)}. {escape(counts)}.</small></p>")
    return "".join(parts)


def _each(counts: Sequence[int | None]) -> str:
    """One count where all runs have the same, else each run's in their order."""
    shown = ["–" if each is None else str(each) for each in counts]
    return shown[0] if len(set(shown)) == 1 else " / ".join(shown)


def _drawings(runs: Sequence[Scored]) -> str:
    sure = {each.name: each for each in runs if each.sure}
    drawn = []
    if sure:
        risk = {name: risk_coverage(each.sure, each.right) for name, each in sure.items()}
        kept = {name: reliability(each.sure, each.right) for name, each in sure.items()}
        drawn += [
            curves("Risk and coverage", "share answered, surest first", "share wrong", risk),
            curves("Calibration", "said", "right", kept, diagonal=True),
        ]
    text, media = distribution()
    drawn += [bars("Benchmarks here: text", text), bars("Benchmarks here: several media", media)]
    return (
        f'<h2>Curves and capabilities</h2><div class="drawings">{"".join(f"<div>{each}</div>" for each in drawn)}</div>'
    )


def _strata(runs: Sequence[Scored]) -> str:
    parts = []
    for each in runs:
        for label, values in each.strata.items():
            measures = list(dict.fromkeys(name for scores in values.values() for name in scores))[:3]
            rows = [
                [
                    _cell(value or "not told"),
                    *(_number(said(scores.get(name))) for name in measures),
                    _number(_n(scores)),
                ]
                for value, scores in values.items()
            ]
            parts.append(f"<h3>{escape(each.name)}, by {escape(label)}</h3>" + _table((label, *measures, "n"), rows))
        if each.gaps:
            parts.append(f"<h3>{escape(each.name)}, between groups of patients</h3>" + _gaps(each))
    return "<h2>Strata</h2>" + "".join(parts) if parts else ""


def _gaps(run: Scored) -> str:
    rows = [
        [_cell(gap[key]) for key in ("label", "measure", "best", "worst")]
        + [_number(f"{gap['difference']:.4f} [{gap['low']:.3f}, {gap['high']:.3f}]")]
        for gap in run.gaps[:20]
    ]
    return _table(("group", "measure", "best served", "worst served", "difference"), rows)


def _n(scores: Mapping[str, Score]) -> str:
    return str(max((score.n for score in scores.values()), default=0))


def _efficiency(runs: Sequence[Scored]) -> str:
    names_ = ("latency_mean", "latency_median", "latency_p95", "latency_sum", "tokens", "tokens_mean")
    rows = [
        [
            _cell(each.name),
            *(_number(f"{each.efficiency[name]:.4g}" if name in each.efficiency else "–") for name in names_),
        ]
        for each in runs
    ]
    head = ("run", "mean s", "median s", "95% s", "all s", "tokens", "tokens an item")
    return "<h2>Time and tokens</h2>" + _table(head, rows)


def _items(runs: Sequence[tuple[Path, Scored]]) -> str:
    parts = [f"<h2>Items</h2><p>The first {ITEMS} of each run, as they were asked and answered.</p>"]
    for path, made in runs:
        parts.append(f"<h3>{escape(made.name)}</h3>")
        parts += _shown(path, made)
    return "".join(parts)


def _shown(path: Path, made: Scored) -> Iterator[str]:
    for row in outputs.rows(path)[:ITEMS]:
        given = given_in(row, str(row["where"]))
        values = {name: items[row["id"]] for name, items in made.items.items() if row["id"] in items}
        first = next(iter(values.values()), None)
        kind = "" if first is None else "right" if first >= 1 else "wrong" if first <= 0 else ""
        mark = {"right": "✓ right", "wrong": "✗ wrong", "": ""}[kind]
        ranked = "; ".join(f"{each.id} {each.name} ({each.score:.3f})" for each in given.candidates[:5])
        gold = row.get("gold", row.get("target", ""))
        told = {
            "gold": ", ".join(map(str, gold)) if isinstance(gold, list) else str(gold),
            "choice": given.choice,
            "answer": given.text,
            "first": ranked,
            "no answer": given.abstained or "",
            "values": ", ".join(f"{name} {value:.3f}" for name, value in values.items()),
        }
        asked = escape(str(row.get("question", ""))[:160])
        inside = "".join(f"<pre><b>{key}</b> {escape(value)}</pre>" for key, value in told.items() if value)
        head = f'<b>{escape(row["id"])}</b> <span class="{kind}">{mark}</span> {asked}'
        yield f"<details><summary>{head}</summary>{inside}</details>"


def _published(runs: Sequence[Scored]) -> str:
    wanted = {_plain(each.benchmark) for each in runs} - {""}
    rows = sorted(published(), key=lambda row: not any(each and each in _plain(row["benchmark"]) for each in wanted))
    said_ = [
        [_cell(row[key]) for key in ("table", "benchmark", "model", "metric", "value")]
        + [_cell("certain" if row["certain"] == "yes" else "uncertain: the printed table is damaged")]
        for row in rows
    ]
    head = ("table", "benchmark", "model", "metric", "value", "how certain")
    return (
        "<h2>Published values</h2><p>As printed in Tables C.12 to D.17 of the survey: other prompts, shots and "
        "metrics; beside a run, never its truth.</p><details open><summary>All published values</summary>"
        + _table(head, said_, kind="grey")
        + "</details>"
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
