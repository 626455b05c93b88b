"""Images in a terminal: prepare those of a folder and say of each what was done."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from probatum.cli.given import AsJson
from probatum.cli.say import data, talk
from probatum.formats.image_folder import prepare


def images(
    path: Annotated[Path, typer.Argument(help="An image, or a folder of them: DICOM, PNG, JPEG, TIFF, BMP.")],
    out: Annotated[Path | None, typer.Option(help="A folder for the made images, as PNG.")] = None,
    size: Annotated[int, typer.Option(min=1, max=4096, help="Rows and columns of the made images.")] = 224,
    json_: AsJson = False,
) -> None:
    """Denoise, normalise, resample and enhance images, with a report of each."""
    made = refused = 0
    for each in prepare(path, out, size=size):
        refused += bool(each.refused)
        made += not each.refused
        if json_:
            data(asdict(each))
        elif each.refused:
            data(f"{each.name}  refused: {each.refused}")
        else:
            first, last = each.steps[0], each.steps[-1]
            steps = ", ".join(f"{step.name} ({step.setting})" for step in each.steps[1:])
            data(f"{each.name}  {each.modality or '-'}  {first.rows} x {first.columns} -> {last.rows} x {last.columns}")
            data(f"  {steps}; noise {first.noise:.4g} -> {each.steps[1].noise:.4g}")
    talk(f"{made:,} images made, {refused:,} refused")
