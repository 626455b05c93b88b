"""Memorisation in a terminal: plant codes of chance in a set, and find out how much of them a trained model kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from probatum.cli.given import AsJson
from probatum.cli.preparing import Set, read
from probatum.cli.say import data, progress, table, talk
from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.formats import example_files
from probatum.networks import canaries as codes
from probatum.networks import kit as kits
from probatum.networks.canaries import Canary
from probatum.training.exporting import weights_of

_MOST_COPIES = 100_000


def plant(
    set_: Set,
    out: Annotated[Path, typer.Argument(help="Where to write the set with the codes, as JSON lines.")],
    times: Annotated[str, typer.Option(help="How often codes are planted, numbers with commas.")] = "1,2,4,8,16",
    each: Annotated[int, typer.Option(min=1, help="Codes for each of these numbers.")] = 4,
    digits: Annotated[int, typer.Option(min=1, max=12, help="Digits of a code.")] = 4,
    inside: Annotated[bool, typer.Option(help="At the end of items, not as items of their own.")] = False,
    seed: int = 0,
    json_: AsJson = False,
) -> None:
    """Plant codes of chance in a set, to find out later how much a model trained on it keeps word for word."""
    made = codes.canaries(_numbers(times), each=each, digits=digits, seed=seed)
    examples = codes.planted(list(read(set_)), made, inside=inside, seed=seed)
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{example_files.json_line(one)}\n" for one in examples)
    beside = out.with_name(f"{out.name}.canaries.json")
    beside.write_text(json.dumps([asdict(one) for one in made], indent=1) + "\n", encoding="utf-8")
    counts = {"items": len(examples), "codes": len(made), "copies": sum(one.times for one in made)}
    table(counts | {"kept in": str(beside)}, json_)


def exposure(
    planted: Annotated[Path, typer.Argument(help="The file of codes that `plant` wrote, or the set beside it.")],
    model: Annotated[Path, typer.Argument(help="A folder of a training, of weights, or of an adapter.")],
    most: Annotated[int, typer.Option(min=2, help="Codes that are weighed; of more there are a sample.")] = codes.MOST,
    seed: int = 0,
    json_: AsJson = False,
) -> None:
    """Say how much of planted codes a model kept: exposure in bits, by how often they were planted."""
    file = planted if planted.name.endswith(".canaries.json") else planted.with_name(f"{planted.name}.canaries.json")
    made = _codes(file)
    kit, found = kits.load(weights_of(model)), []
    with progress("codes", len(made)) as heard:
        for number, one in enumerate(made, 1):
            found += codes.exposures(kit, [one], most=most, seed=seed + number)
            heard(number)
    bits = codes.by_times(found)
    if json_:
        rows = [asdict(one) | {"bits": one.bits} for one in found]
        return data({"exposure": {str(key): value for key, value in bits.items()}, "codes": rows})
    data("planted  codes  exposure, bits")
    for key, value in bits.items():
        data(f"{key:>7}  {sum(one.canary.times == key for one in found):>5}  {value:.2f}")
    of, whole = found[0].of, found[0].whole
    return talk(
        f"among {of:,} codes ({'all there are' if whole else 'a sample'}); a code that was not kept has about 1.4"
    )


def _numbers(text: str) -> list[int]:
    numbers = [int(each) if each.strip().isdecimal() else 0 for each in text.split(",")]
    if not all(numbers) or sum(numbers) > _MOST_COPIES:
        raise BadPlan(f"--times {text!r}", mend=f"numbers from 1, together at most {_MOST_COPIES:,}, as 1,2,4,8,16")
    return numbers


def _codes(file: Path) -> list[Canary]:
    if not file.is_file():
        raise NeedsFile("there are no planted codes", where=str(file), mend="probatum data plant SET OUT")
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        found = [Canary(str(row["frame"]), str(row["code"]), int(row["times"])) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise BadFormat("not a file of planted codes", where=str(file)) from error
    if not found or not all(one.code.isdecimal() and one.code.isascii() and one.frame for one in found):
        raise BadFormat("a planted code is one of digits behind some words", where=str(file))
    return found
