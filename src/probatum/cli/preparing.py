"""Preparing data in a terminal: clean a set, tell how good it is, find what stands in two sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum import plans
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, table, talk
from probatum.errors import BadFormat, NeedsFile
from probatum.formats import example_files
from probatum.ledger import audit
from probatum.naming import call, card_of, find, known
from probatum.preparing import cleaning, overlaps
from probatum.preparing.quality import Annotate, coverage, quality
from probatum.preparing.splitting import out_of_domain
from probatum.store import consent
from probatum.store.reader import Store
from probatum.trials import running
from probatum.types import Example

Set = Annotated[str, typer.Argument(help="A set as NAME:PATH, or NAME/PART:PATH.")]


def clean(
    set_: Set,
    out: Annotated[Path | None, typer.Option(help="Where to write what is kept, as JSON lines.")] = None,
    scrub: Annotated[bool, typer.Option(help="Take out what identifies persons.")] = False,
    like: Annotated[float, typer.Option(min=0.0, max=1.0, help="From which likeness on an item is a duplicate.")] = 0.8,
    shortest: Annotated[int, typer.Option(min=1, help="Fewest characters of an item.")] = 1,
    longest: Annotated[int, typer.Option(min=0, help="Most characters of an item; 0: any number.")] = 0,
    by: Annotated[str, typer.Option(help="Who takes persons out, for the audit log.")] = "",
    json_: AsJson = False,
) -> None:
    """Normalise the texts of a set, drop what is broken or doubled, and report what was done and why."""
    kept, report = cleaning.cleaned(read(set_), scrub=scrub, like=like, shortest=shortest, longest=longest)
    if scrub:
        told = {"set": set_.partition(":")[0], "read": report.read, "kept": report.kept, "sha256": report.sha256}
        at = datetime.now(UTC).isoformat(timespec="seconds")
        audit.record(Place.folder, at, by or "unnamed", "scrubbed", told | {"removed": dict(report.removed)})
    if out:
        with out.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{example_files.json_line(each)}\n" for each in kept)
    if json_:
        return data(asdict(report))
    data(f"{report.read:,} items read, {report.kept:,} kept")
    for reason, gone in report.dropped.items():
        more = " ..." if gone.count > len(gone.ids) else ""
        data(f"  dropped  {gone.count:>8,}  {reason}: {', '.join(gone.ids)}{more}")
    for what, count in report.changed.items():
        data(f"  changed  {count:>8,}  {what}")
    for kind, count in report.removed.items():
        data(f"  removed  {count:>8,}  [{kind}]")
    return data(f"  sha256   {report.sha256}")


def contaminated(
    there: Annotated[str, typer.Argument(help="What was learnt from: NAME:PATH, or the folder of a training.")],
    here: Annotated[str, typer.Argument(help="What is tested, as NAME:PATH.")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of an item's runs that makes it found.")] = 0.5,
    like: Annotated[float, typer.Option(min=0.0, max=1.0, help="Likeness that makes it a near-duplicate.")] = 0.5,
    json_: AsJson = False,
) -> None:
    """Find the items of a set that stand in another set, or in what a training has seen."""
    found = overlaps.contaminated(_index(there), list(read(here)), share=share, like=like)
    if json_:
        return data({"items": found.items, "judged": found.judged, "share": found.share, "overlaps": _rows(found)})
    for row in _rows(found):
        data(f"{row['id']}  in {row['other']}  runs {row['share']:.2f}  likeness {row['likeness']:.2f}")
    return talk(f"{len(found.overlaps):,} of {found.judged:,} items that can be judged ({found.share:.1%}) stand there")


def split(
    set_: Set,
    out: Annotated[Path, typer.Argument(help="A folder for inside.jsonl and outside.jsonl.")],
    by: Annotated[str, typer.Option(help="The label that tells the domain, as subject.")],
    outside: Annotated[list[str], typer.Option(help="A value that is kept out of what is learnt from; repeatable.")],
    json_: AsJson = False,
) -> None:
    """Part a set by domain, so that a model is tested on what it has not seen: no document, patient or text in both."""
    examples = list(read(set_))
    parts = dict(zip(("inside", "outside"), out_of_domain(examples, by, outside), strict=True))
    out.mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        with (out / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{example_files.json_line(each)}\n" for each in part)
    counts = {name: len(part) for name, part in parts.items()}
    table(counts | {"left out": len(examples) - sum(counts.values())}, json_)


def quality_(
    set_: Set,
    again: Annotated[list[str], typer.Option(help="The same items as another annotator marked them; repeatable.")] = [],  # noqa: B006
    concepts: Annotated[bool, typer.Option(help="Count the concepts of the store that its texts name.")] = False,
    json_: AsJson = False,
) -> None:
    """Report how good a set is: size, coverage, balance, reliability, faults, agreement of annotators."""
    examples, others = list(read(set_)), [list(read(each)) for each in again]
    if concepts:
        with Store(Place.folder) as store:
            annotate: Annotate = call("annotators", "dictionary", store)
            told = asdict(quality(examples, others, annotate=annotate))
    else:
        told = asdict(quality(examples, others))
    if json_:
        return data(told)
    for name, value in _flat(told):
        data(f"{name:<36} {value}")
    return None


def coverage_(
    benchmark: Annotated[str, typer.Argument(help="A benchmark; see: probatum catalog benchmarks.")],
    data_: Annotated[Path | None, typer.Option("--data", help="The data of the benchmark.")] = None,
    json_: AsJson = False,
) -> None:
    """Count what a benchmark covers: items, groups, subjects, gold, and the diseases and others that it names."""
    with Store(Place.folder) as store:
        examples = running.examples_of(plans.benchmark(benchmark), data_, Place.folder)
        annotate: Annotate = call("annotators", "dictionary", store)
        told = asdict(coverage(examples, annotate=annotate))
    if json_:
        return data(told)
    for name, value in _flat(told):
        data(f"{name:<36} {value}")
    return None


def read(named: str) -> Iterable[Example]:
    """The examples of NAME:PATH or NAME/PART:PATH; raises `BadFormat`, `UnknownName`, `NeedsConsent`, `NeedsFile`."""
    whole, colon, path = named.partition(":")
    name, _, part = whole.partition("/")
    if not colon or not path:
        raise BadFormat(
            f"{named!r} does not name a set", mend="NAME:PATH, as medqa:/data/medqa or medqa/us:/data/medqa"
        )
    loader = find("datasets", name)
    consent.require(Place.folder, known("datasets", name), card_of(loader))
    examples: Iterable[Example] = loader(Path(path), part) if part else loader(Path(path))
    return examples


def _index(named: str) -> overlaps.Index:
    folder = Path(named)
    if folder.is_dir():
        if not (folder / overlaps.FILE).is_file():
            raise NeedsFile(f"{folder} is no training that kept an index", mend="name the set: NAME:PATH")
        return overlaps.Index.load(folder / overlaps.FILE)
    return overlaps.index(read(named))


def _rows(found: overlaps.Contamination) -> list[dict[str, Any]]:
    return [asdict(each) for each in found.overlaps]


def _flat(told: dict[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    """Names with their values, a line each; a balance and a score in words."""
    for name, value in told.items():
        here = f"{before}{name}"
        if isinstance(value, dict) and "evenness" in value:
            some = ", ".join(f"{key} {count:,}" for key, count in list(value["values"].items())[:5])
            yield here, f"{value['different']} values, evenness {value['evenness']:.2f}: {some}"
        elif isinstance(value, dict) and "signature" in value:
            yield here, f"{value['value']:.3f}  n={value['n']}"
        elif isinstance(value, dict):
            yield from _flat(value, f"{here} ")
        elif value not in ((), []):
            yield (
                here,
                f"{value:,}" if isinstance(value, int) else f"{value:.2f}" if isinstance(value, float) else str(value),
            )
