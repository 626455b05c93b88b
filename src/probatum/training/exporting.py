"""What a training made, as one folder for other programs: found in its run, merged, with the template it was taught."""

from __future__ import annotations

import json
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan, NeedsFile
from probatum.naming import find
from probatum.networks import handing
from probatum.networks import kit as kits
from probatum.networks.rendering import template_of
from probatum.training.records import RUNS
from probatum.training.running import ADAPTER, MODEL

NONE = "none"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    read: Path  # the folder of weights or of an adapter that it comes from
    out: Path
    template: str  # whose turns the tokenizer's chat template writes; own: the tokenizer had one; none
    taught: str  # the template with which it was taught, by its record; none where there is no record
    files: tuple[str, ...]


def exported(what: Path, out: Path, *, template: str = "") -> Exported:
    """Writes a run's last model, a stage's, or that of a folder of weights or of an adapter, merged, into `out`.

    `template` names the one around the turns. By default a tokenizer's own stays, else it is what the run's record
    says, and none where there is no record. Raises `NeedsFile`, `NeedsExtra`, `BadPlan` for what cannot be merged, is
    no language model, or is already there.
    """
    from probatum.networks import heads, labelling  # noqa: PLC0415 - they bring numpy, which the door does not need

    where = weights_of(what)
    if any((where / name).is_file() for name in (heads.FILES[0], labelling.FILES[1])):
        raise BadPlan(
            "a head or a tagger is a network of this program's", where=str(where), mend="ask it through --model local"
        )
    if out.is_dir() and any(out.iterdir()):
        raise BadPlan("the folder is not empty", where=str(out), mend="name a new one")
    kit = kits.load(where)
    taught = _taught(where)
    own = getattr(kit.tokenizer, "chat_template", None)
    name = template or ("own" if own else taught)
    shape = template_of(name) if name not in {NONE, "own"} else None
    if template and own:
        kit.tokenizer.chat_template = None
    handing.handed(kit, out, shape)
    return Exported(where, out, name, taught, tuple(sorted(each.name for each in out.iterdir())))


def weights_of(what: Path) -> Path:
    """The folder of weights: itself, of a stage its adapter (else its model), of a run its last stage's."""
    if (what / RUNS).is_file():
        stages = [what / line["id"] for line in _lines(what)]
        with_weights = [each for each in stages if (each / ADAPTER).is_dir() or (each / MODEL).is_dir()]
        if not with_weights:
            raise NeedsFile("no stage of this run is finished", where=str(what), mend="train it to its end")
        return weights_of(with_weights[-1])
    for name in (ADAPTER, MODEL):
        if (what / name).is_dir():
            return what / name
    return what


def _taught(where: Path) -> str:
    """The template with which the stage of these weights, else the nearest before it, was taught."""
    run, stage = where.parent.parent, where.parent.name
    if not (run / RUNS).is_file():
        return NONE
    lines = _lines(run)
    ids = [line["id"] for line in lines]
    for line in reversed(lines[: ids.index(stage) + 1] if stage in ids else []):
        usual = signature(find("stages", line["stage"])).parameters.get("template")
        if usual is not None:
            return str(line["settings"].get("template", usual.default))
    return NONE


def _lines(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / RUNS).read_text(encoding="utf-8").splitlines() if line]
