"""Data sets in a terminal: what there is, what the survey says of it, whether a file can be read, other formats."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from probatum import plans, verbs
from probatum.cli import given, imaging, planting, preparing, writing
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, progress, table, talk
from probatum.errors import BadFormat
from probatum.formats import example_files
from probatum.naming import card_of, find, known, names, plain
from probatum.preparing import synthetic
from probatum.store import consent
from probatum.store.reader import Store
from probatum.types import Example

app = typer.Typer(no_args_is_help=True)
app.command()(imaging.images)
app.command()(preparing.clean)
app.command()(preparing.contaminated)
app.command("quality")(preparing.quality_)
app.command()(preparing.split)
app.command("coverage")(preparing.coverage_)
app.command()(planting.plant)
app.command()(planting.exposure)
Name = Annotated[str, typer.Argument(help="A data set; see: probatum data list.")]
Files = Annotated[Path, typer.Argument(help="The official file, or the folder that holds it.")]
Part = Annotated[str, typer.Option(help="Which part, where the data set has several.")]
SYNTHETIC = "synthetic"  # the release of a record that was made up
FORMATS = ("jsonl", "parquet", "sharegpt", "card", "croissant")


@app.command("list")
def list_(json_: AsJson = False) -> None:
    """List the data sets that can be read, with licence, languages and access."""
    rows = [_told(name) for name in names("datasets")]
    if json_:
        return data(rows)
    for row in rows:
        data(f"{row['name']:<18} {row['languages']:<20} {row['access'] or '-':<12} {row['title']}")


@app.command()
def show(name: Name, json_: AsJson = False) -> None:
    """Say what a data set is, where to get it, and what the survey's Table 4 says of it."""
    table({key: value for key, value in _told(known("datasets", name)).items() if value}, json_)


@app.command()
def check(name: Name, path: Files, part: Part = "", json_: AsJson = False) -> None:
    """Read a data set to its end and count what is in it; the first broken record is an error that says where."""
    counts: Counter[str] = Counter(examples=0, answered=0, groups=0)
    seen, groups = set[str](), set[str]()
    for example in _read(name, path, part):
        if example.id in seen:
            raise BadFormat(f"the id {example.id!r} stands twice", where=str(path))
        seen.add(example.id)
        groups.update(example.groups)
        gold = example.answer
        counts["examples"] += 1
        counts["answered"] += bool(gold.text or gold.choice or gold.candidates or gold.fields or gold.found)
        counts["options"] += bool(example.question.options)
        if example.origin and example.origin.release == SYNTHETIC:  # what stands in for a set that nobody can get
            counts["synthetic"] += 1
        counts["dialogues"] += bool(example.question.turns)
    counts["groups"] = len(groups)
    table(dict(counts), json_)


@app.command()
def export(
    name: Name,
    path: Files,
    to: Annotated[str, typer.Option(help=f"One of: {', '.join(FORMATS)}.")] = "jsonl",
    part: Part = "",
    out: Annotated[Path | None, typer.Option(help="A file to write; standard output by default.")] = None,
) -> None:
    """Write a data set for other tools: JSON lines, Parquet, ShareGPT, a model hub's card, Croissant JSON-LD."""
    if to not in FORMATS:
        raise BadFormat(f"--to {to!r} is not known", mend=f"one of: {', '.join(FORMATS)}")
    examples = _read(name, path, part)
    if to == "parquet":
        if out is None:
            raise BadFormat("Parquet is no text", mend="say where to write it: --out FILE")
        return talk(f"{example_files.parquet(examples, out):,} examples in {out}")
    lines = _lines(known("datasets", name), examples, to)
    if out is None:
        for line in lines:
            data(line)
        return None
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    return None


@app.command()
def make(
    maker: Annotated[str, typer.Argument(help="Who makes them; see: probatum catalog makers.")],
    out: Annotated[Path, typer.Option(help="Where to write the examples, as JSON lines.")],
    settings: given.Setting = [],  # noqa: B006
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    record: writing.Record = None,
    played: Annotated[Path | None, typer.Option("--replay", help="Ask no model: say again what it holds.")] = None,
    json_: AsJson = False,
) -> None:
    """Make training data from the knowledge of the store; to read it again: examples:FILE."""
    writer, counts, number = writing.model(model, model_settings, record, played), Counter[str](), 0
    with Store(Place.folder) as store, progress("examples") as heard:
        desk = replace(verbs.lay(store), model=writer)
        made = verbs.make(store, maker, desk=desk, counts=counts, **given.settings(settings))
        with out.open("w", encoding="utf-8", newline="\n") as file:
            for number, each in enumerate(made, 1):
                file.write(f"{example_files.json_line(each)}\n")
                heard(number)
        table({"examples": number, "knowledge": store.content, **counts}, json_)


@app.command("synthetic")
def synthetic_(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(synthetic.names())}.")],
    folder: Annotated[Path, typer.Argument(help="Where to write the files; made where it lacks.")],
    count: Annotated[int, typer.Option(min=1, help="Records of each part.")] = 20,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 0,
) -> None:
    """Write a made-up stand-in for a data set that nobody can get, in its documented layout, marked synthetic."""
    written = synthetic.synthetic(plain(name), folder, count=count, seed=seed)
    talk(f"{len(written):,} synthetic files in {folder}; none of it is real data")


def _lines(name: str, examples: Iterator[Example], to: str) -> Iterator[str]:
    if to == "jsonl":
        yield from map(example_files.json_line, examples)
    elif to == "sharegpt":
        yield from example_files.conversations(examples)
    elif to == "card":
        counted = Counter(bool(each.origin and each.origin.release == SYNTHETIC) for each in examples)
        yield _hub_card(name, counted.total(), counted[True])
    else:
        whole = hashlib.sha256()
        for example in examples:
            whole.update(f"{example_files.json_line(example)}\n".encode())
        card = card_of(find("datasets", name))
        said = {"description": card.title, "license": card.licence, "url": card.where, "citeAs": card.reference}
        yield example_files.croissant(name, {key: value for key, value in said.items() if value}, whole.hexdigest())


def _hub_card(name: str, count: int, made_up: int) -> str:
    """A dataset card with its header of YAML; every text in it is quoted."""
    told = _told(name)
    languages = "".join(f'- "{each}"\n' for each in told["languages"].split(", ") if each)
    title = told["title"].replace('"', "'")
    facts = "".join(f"- **{key}**: {value}\n" for key, value in told.items() if value and key != "title")
    header = f'---\npretty_name: "{title}"\nlicense: other\nlanguage:\n{languages}---'
    counted = f"{count:,} examples" + (f", {made_up:,} of them synthetic" if made_up else "")
    return f"{header}\n\n# {told['title']}\n\n{counted}.\n\n{facts}".rstrip("\n")


def _told(name: str) -> dict[str, str]:
    card = card_of(find("datasets", name))
    told = {"name": name, "title": card.title, "licence": card.licence, "languages": ", ".join(card.languages)}
    told |= {"where": card.where, "terms": card.terms, "reference": card.reference, "access": ""}
    survey = plans.data_cards().get(card.survey) or plans.data_cards().get(name)
    for key, value in asdict(survey).items() if survey else ():
        if key not in {"id", "languages"}:
            told[key] = ", ".join(value) if isinstance(value, tuple) else value
    return told


def _read(name: str, path: Path, part: str) -> Iterator[Example]:
    loader = find("datasets", name)
    consent.require(Place.folder, known("datasets", name), card_of(loader))
    return iter(loader(path, part) if part else loader(path))
