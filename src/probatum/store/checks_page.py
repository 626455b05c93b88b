"""The report of the quality checks as one HTML page that needs nothing else: no script, no file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from probatum.store.checks import Report, Result

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b2430; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .25rem 0; color: #4a5563; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #d5dbe3; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.failed { font-weight: 600; color: #9b1c1c; } .passed { color: #1c6b3a; } .wide { overflow-x: auto; }
code { font-size: .9em; overflow-wrap: anywhere; } details summary { cursor: pointer; color: #4a5563; }
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e4e8ee; } caption, details summary { color: #a8b3c1; }
  th, td { border-color: #333c48; } .failed { color: #ff9c9c; } .passed { color: #86d7a4; } }
"""
MOST = 12  # ids in one cell
CATEGORIES = ("conformance", "completeness", "plausibility")


def page(report: Report) -> str:
    """The page: a summary, every check with its figures and examples, then what the knowledge covers."""
    passed = len(report.results) - len(report.failed)
    covers = report.covers
    parts = [
        f"<h1>Quality of the knowledge</h1><p>Content <code>{report.content}</code>, checked on {report.day}: "
        f"{passed} of {len(report.results)} checks passed.</p>",
        _table(
            "Checks by category", ("category", "#passed", "#failed"),
            [(name, *_tally([one for one in report.results if one.category == name])) for name in CATEGORIES],
        ),
        *(_checks(name, [one for one in report.results if one.category == name]) for name in CATEGORIES),
        "<h2>Coverage</h2>",
        _table(
            "Sources",
            ("release", "day", "licence", "#concepts", "#names", "#assertions", "#claims", "#passages", "#set aside"),
            [
                (o.release, o.dated, o.licence, o.concepts, o.names, o.assertions, o.claims, o.passages, o.quarantined)
                for o in covers.sources
            ],
        ),
        _table(
            "Specialties: what lies beneath their roots",
            ("specialty", "#concepts", "#in relations", "#passages", "#diseases", "sources"),
            [
                (one.name, one.concepts, one.related, one.texts, one.diseases, ", ".join(one.sources))
                for one in covers.specialties
            ],
        ),
        _table(
            "Languages", ("language", "#concepts named", "#names", "#passages"),
            [(one.code, one.concepts, one.names, one.passages) for one in covers.languages],
        ),
        _table(
            "Rare diseases", ("disease", "ids", "genes", "treatments", "sources"),
            [
                (one.name, _some(one.ids), _some(one.genes), _some(one.treatments), _some(one.sources))
                for one in covers.rare_diseases
            ],
        ),
    ]  # fmt: skip
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    return f'<!DOCTYPE html><html lang="en"><head>{head}<title>Quality of the knowledge</title></head><body><main>' + (
        "\n".join(parts) + "</main></body></html>\n"
    )


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST} more" if len(ids) > MOST else ""
    return ", ".join(ids[:MOST]) + more or "none"


def _tally(results: Sequence[Result]) -> tuple[int, int]:
    passed = sum(one.passed for one in results)
    return passed, len(results) - passed


def _checks(category: str, results: Iterable[Result]) -> str:
    rows = "".join(_check(one) for one in sorted(results, key=lambda one: (one.passed, one.name)))
    head = _head(("check", "severity", "#violated", "#of", "#per cent", "#allowed", "result"))
    return f'<h2>{category.capitalize()}</h2><div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>'


def _check(one: Result) -> str:
    said = "passed" if one.passed else "failed"
    shown = "".join(f"<li><code>{escape(example)}</code></li>" for example in one.examples)
    examples = f"<details><summary>examples</summary><ul>{shown}</ul></details>" if shown else ""
    numbers = (f"{one.violated:,}", f"{one.rows:,} {one.unit}", f"{one.percent:g}", f"{one.threshold:g}")
    cells = "".join(f'<td class="number">{escape(number)}</td>' for number in numbers)
    name = f"<td>{escape(one.what)} <code>{escape(one.name)}</code>{examples}</td><td>{one.severity}</td>"
    return f'<tr>{name}{cells}<td class="{said}">{said}</td></tr>'


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    head = f"<caption>{escape(caption)}</caption>{_head(columns)}"
    return f'<div class="wide"><table>{head}<tbody>{body}</tbody></table></div>'


def _head(columns: Sequence[str]) -> str:
    """The head of a table; # before a name marks a column of numbers."""
    of = {True: ' class="number"', False: ""}
    cells = (f'<th scope="col"{of[name[0] == "#"]}>{escape(name.removeprefix("#"))}</th>' for name in columns)
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _cell(value: str | int) -> str:
    return f'<td class="number">{value:,}</td>' if isinstance(value, int) else f"<td>{escape(value)}</td>"
