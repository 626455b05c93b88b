"""One HTML file of scored runs that opens without a server: tables, curves, strata, items, what was published."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path

from probatum import plans
from probatum.errors import BadPlan
from probatum.naming import names
from probatum.trials import outputs
from probatum.trials.drawing import bars, curves, reliability, risk_coverage
from probatum.trials.lines import given_in
from probatum.trials.scoring import Scored
from probatum.types import Score

ITEMS = 200  # of a run that the browser of items shows
LANGUAGES = ("en", "zh")
Words = Mapping[str, str]


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


@cache
def words_in(language: str) -> Words:
    """The words of a report in one of `LANGUAGES`, by what they stand for. Raises `BadPlan`."""
    if language not in LANGUAGES:
        raise BadPlan(f"there is no report in {language!r}", mend=f"one of: {', '.join(LANGUAGES)}")
    table = tomllib.loads(resources.files("probatum").joinpath("trials/report.toml").read_text(encoding="utf-8"))
    return {key: told[language] for key, told in table.items()}


def page(runs: Sequence[tuple[Path, Scored]], more: str = "", language: str = "en") -> str:
    """The file's text; `more` is a finished section (as of human judgements) that stands behind the scores.

    Measures, signatures, questions and answers stand as they are in every language.
    """
    made, words = [each for _, each in runs], words_in(language)
    titles = ", ".join(each.name for each in made)
    parts = (_drawings, _strata, _efficiency)
    sections = [_scores(made, words), more, *(part(made, words) for part in parts)]
    sections += [_items(runs, words), _published(made, words)]
    return shell(titles, f"<h1>{words['evaluation']}: {escape(titles)}</h1>{''.join(sections)}", language)


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


def said(score: Score | None, words: Words) -> str:
    """A score in words of a table: its value and interval."""
    if score is None:
        return "–"
    if score.none:
        return f"{words['no_value']}: {score.none}"
    interval = f" [{score.low:.3f}, {score.high:.3f}]" if score.low is not None and score.high is not None else ""
    return f"{score.value:.4f}{interval}"


def _value(score: Score | None, words: Words) -> str:
    """The cell of a score; why there is none is a sentence, which may break."""
    return (
        f'<td class="none">{escape(said(score, words))}</td>' if score and score.none else _number(said(score, words))
    )


def _scores(runs: Sequence[Scored], words: Words) -> str:
    parts = [f"<h2>{words['scores']}</h2><p>{words['scores_hint']}</p>"]
    for benchmark in dict.fromkeys(each.benchmark for each in runs):
        mine = [each for each in runs if each.benchmark == benchmark]
        measures = list(dict.fromkeys(name for each in mine for name in each.scores))
        title = words["outputs"]
        if benchmark:
            title = f"{plans.title_of('benchmarks', benchmark)} ({words['version']} {mine[0].version})"
        head = [words["measure"], *(each.name for each in mine), "n"]
        head += [words[key] for key in ("unparsed", "empty", "signature")]
        rows = []
        for name in measures:
            scores = [each.scores.get(name) for each in mine]
            first = next(score for score in scores if score)
            told = [_each([getattr(score, key, None) for score in scores]) for key in ("n", "unparsed", "empty")]
            signature = f"<td><small>{escape(first.signature)}</small></td>"
            rows.append([_cell(name), *(_value(each, words) for each in scores), *map(_number, told), signature])
        parts.append(f"<h3>{escape(title)}</h3>" + _table(head, rows))
        for each in mine:
            settings = ", ".join(f"{key}={value}" for key, value in each.settings.items()) or words["no_settings"]
            counts = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in each.counts.items())
            parts.append(f"<p><small>{escape(each.name)}: {escape(settings)}. {escape(counts)}.</small></p>")
    return "".join(parts)


def _each(counts: Sequence[int | None]) -> str:
    """One count where all runs have the same, else each run's in their order."""
    shown = ["–" if each is None else str(each) for each in counts]
    return shown[0] if len(set(shown)) == 1 else " / ".join(shown)


def _drawings(runs: Sequence[Scored], words: Words) -> str:
    sure = {each.name: each for each in runs if each.sure}
    drawn = []
    if sure:
        risk = {name: risk_coverage(each.sure, each.right) for name, each in sure.items()}
        kept = {name: reliability(each.sure, each.right) for name, each in sure.items()}
        drawn += [
            curves(words["risk"], words["risk_across"], words["risk_up"], risk),
            curves(words["calibration"], words["calibration_across"], words["calibration_up"], kept, diagonal=True),
        ]
    text, media = ({words[name]: count for name, count in counts.items()} for counts in distribution())
    drawn += [bars(words["bars_text"], text), bars(words["bars_media"], media)]
    inside = "".join(f"<div>{each}</div>" for each in drawn)
    return f'<h2>{words["drawings"]}</h2><div class="drawings">{inside}</div>'


def _strata(runs: Sequence[Scored], words: Words) -> str:
    parts = []
    for each in runs:
        for label, values in each.strata.items():
            measures = list(dict.fromkeys(name for scores in values.values() for name in scores))[:3]
            rows = [
                [
                    _cell(value or words["not_told"]),
                    *(_value(scores.get(name), words) for name in measures),
                    _number(_n(scores)),
                ]
                for value, scores in values.items()
            ]
            title = words["by"].format(run=each.name, label=label)
            parts.append(f"<h3>{escape(title)}</h3>" + _table((label, *measures, "n"), rows))
        if each.gaps:
            parts.append(f"<h3>{escape(words['gaps'].format(run=each.name))}</h3>" + _gaps(each, words))
    return f"<h2>{words['strata']}</h2>" + "".join(parts) if parts else ""


def _gaps(run: Scored, words: Words) -> str:
    rows = [
        [_cell(gap[key]) for key in ("label", "measure", "best", "worst")]
        + [_number(f"{gap['difference']:.4f} [{gap['low']:.3f}, {gap['high']:.3f}]")]
        for gap in run.gaps[:20]
    ]
    return _table([words[key] for key in ("group", "measure", "best", "worst", "difference")], rows)


def _n(scores: Mapping[str, Score]) -> str:
    return str(max((score.n for score in scores.values()), default=0))


def _efficiency(runs: Sequence[Scored], words: Words) -> str:
    names_ = ("latency_mean", "latency_median", "latency_p95", "latency_sum", "tokens", "tokens_mean")
    rows = [
        [
            _cell(each.name),
            *(_number(f"{each.efficiency[name]:.4g}" if name in each.efficiency else "–") for name in names_),
        ]
        for each in runs
    ]
    head = [words[key] for key in ("run", "mean_s", "median_s", "p95_s", "all_s", "tokens", "tokens_mean")]
    return f"<h2>{words['efficiency']}</h2>" + _table(head, rows)


def _items(runs: Sequence[tuple[Path, Scored]], words: Words) -> str:
    parts = [f"<h2>{words['items']}</h2><p>{words['items_hint'].format(count=ITEMS)}</p>"]
    for path, made in runs:
        parts.append(f"<h3>{escape(made.name)}</h3>")
        parts += _shown(path, made, words)
    return "".join(parts)


def _shown(path: Path, made: Scored, words: Words) -> Iterator[str]:
    for row in outputs.rows(path)[:ITEMS]:
        given = given_in(row, str(row["where"]))
        values = {name: items[row["id"]] for name, items in made.items.items() if row["id"] in items}
        first = next(iter(values.values()), None)
        kind = "" if first is None else "right" if first >= 1 else "wrong" if first <= 0 else ""
        mark = words[kind] if kind else ""
        ranked = "; ".join(f"{each.id} {each.name} ({each.score:.3f})" for each in given.candidates[:5])
        gold = row.get("gold", row.get("target", ""))
        told = {
            "gold": ", ".join(map(str, gold)) if isinstance(gold, list) else str(gold),
            "choice": given.choice,
            "answer": given.text,
            "first": ranked,
            "no_answer": given.abstained or "",
            "values": ", ".join(f"{name} {value:.3f}" for name, value in values.items()),
        }
        asked = escape(str(row.get("question", ""))[:160])
        inside = "".join(f"<pre><b>{words[key]}</b> {escape(value)}</pre>" for key, value in told.items() if value)
        head = f'<b>{escape(row["id"])}</b> <span class="{kind}">{mark}</span> {asked}'
        yield f"<details><summary>{head}</summary>{inside}</details>"


def _published(runs: Sequence[Scored], words: Words) -> str:
    wanted = {_plain(each.benchmark) for each in runs} - {""}
    rows = sorted(published(), key=lambda row: not any(each and each in _plain(row["benchmark"]) for each in wanted))
    said_ = [
        [_cell(row[key]) for key in ("table", "benchmark", "model", "metric", "value")]
        + [_cell(words["certain" if row["certain"] == "yes" else "uncertain"])]
        for row in rows
    ]
    head = [words[key] for key in ("table", "benchmark", "model", "metric", "value", "how_certain")]
    return (
        f"<h2>{words['published']}</h2><p>{words['published_hint']}</p>"
        f"<details open><summary>{words['published_all']}</summary>{_table(head, said_, kind='grey')}</details>"
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
