"""The card of a trained model: what it is, what it read and under which licences, what it is for, how it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from probatum.plans.recipes import Recipe, TrainingStage, fields_of, known_of
from probatum.training.samples import RELIABILITY
from probatum.types import Example

LIMITS = (
    "It does not replace a doctor: what it says must be checked by somebody who answers for the patient.",
    "It may state what is false, and in another language or population do worse than measured here.",
    "Figures that others published belong to their model and their prompt; they are no measurement of this one.",
)
_SMALL = (
    "This one is a random model of two layers that was trained for seconds: it shows that the recipe runs, no more."
)


def card(
    made: Recipe,
    stages: Sequence[TrainingStage],
    lines: Sequence[Mapping[str, Any]],
    data: Mapping[str, Sequence[Example]],
    made_of: Mapping[str, Any],
) -> str:
    """The card as Markdown with a header of YAML, as model hubs read it."""
    return "\n".join(_parts(made, stages, lines, data, made_of)) + "\n"


def _parts(
    made: Recipe,
    stages: Sequence[TrainingStage],
    lines: Sequence[Mapping[str, Any]],
    data: Mapping[str, Sequence[Example]],
    made_of: Mapping[str, Any],
) -> Iterator[str]:
    small = made_of["anchor"] == "tiny"
    yield "---\nlicense: other\nlanguage:"
    yield from (f"- {language}" for language in made.languages)
    yield f"tags:\n- medical\n- probatum\n---\n\n# {made.title}\n"
    yield f"Trained by the recipe `{made.name}` ({made.reference or 'without a reference'}) from `{made_of['anchor']}`"
    yield f"({made.family}, {made.objective}); the system that the recipe follows began with"
    yield f"{made.backbone or 'a model that is not known'}; its weights: {made.weights}.\n"
    yield from ([_SMALL + "\n"] if small else [])
    yield f"## Intended use\n\n{made.use}\n\n## Data\n"
    yield "| set | what | examples read | reliability | languages | size in the original | licence | access |"
    yield "|---|---|--:|---|---|---|---|---|"
    for each in made.data:
        read = data.get(each.name, ())
        kinds = sorted({example.origin.reliability if example.origin else "unknown" for example in read})
        told = (each.size, each.licence, each.access)
        rest = " | ".join(part or "unknown" for part in told)
        said = "synthetic samples of own making" if kinds == [RELIABILITY] and small else each.title
        yield f"| {each.name} | {said} | {len(read):,} | {', '.join(kinds)} | {', '.join(each.languages)} | {rest} |"
    if known := sorted({each.answer.knowledge for read in data.values() for each in read} - {""}):
        hashes = ", ".join(f"`{each}`" for each in known)
        yield f"\nMade from knowledge {hashes}: an answer from the same store bears the same hash (`probatum prove`)."
    yield "\n## Training\n\n| stage | examples | trained weights | steps | loss first → last | held out | seconds |"
    yield "|---|--:|--:|--:|---|---|--:|"
    yield from map(_row, lines)
    yield ""
    for name, line in zip(_names(stages), lines, strict=True):
        yield f"- `{name}`: " + ", ".join(f"{key} = {value}" for key, value in line["settings"].items())
    yield from _evaluation(made, lines)
    yield "\n## Limits\n"
    yield from (f"- {each}" for each in LIMITS)
    yield from _unknowns(made, stages)
    yield "\n## Made of\n"
    yield from (f"- {key}: `{value}`" for key, value in made_of.items())


def _names(stages: Sequence[TrainingStage]) -> list[str]:
    return [f"{number}-{stage.stage}" for number, stage in enumerate(stages, 1)]


def _row(line: Mapping[str, Any]) -> str:
    losses, held = line.get("losses") or [], line.get("evaluations") or []
    curve = f"{losses[0]:.3f} → {losses[-1]:.3f}" if losses else "-"
    kept = f"{held[0][1]:.3f} → {held[-1][1]:.3f}" if held else "-"
    weights = f"{line['trained_weights']:,} of {line['all_weights']:,}"
    seconds = f"{line.get('seconds', 0):.1f}"
    return (
        f"| {line['id']} | {line['examples']:,} | {weights} | {line.get('steps', 0):,} | {curve} | {kept} | {seconds} |"
    )


def _evaluation(made: Recipe, lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "\n## Evaluation\n"
    for line in lines:
        for who, share in (line.get("preferred_after") or {}).items():
            before = (line.get("preferred_before") or {}).get(who)
            was = f"{before:.3f} before, " if before is not None else ""
            yield f"- {line['id']}: the {who} sides with the better answer of kept pairs in {was}{share:.3f} behind it."
        if general := line.get("general_bits"):
            yield (
                f"- {line['id']}: {general['texts']} texts like those replayed take {general['before']:.3f} bits a byte"
                f" before, {general['after']:.3f} behind it."
            )
        if line.get("evaluations"):
            step, loss = line["evaluations"][-1]
            yield f"- {line['id']}: loss on held-out examples {loss:.4f} at step {step}."
    if made.evaluation:
        yield "\nPublished for the original, not measured here:\n\n| set | metric | value | source |\n|---|---|---|---|"
        for each in made.evaluation:
            yield f"| {each['set']} | {each['metric']} | {each['value']} | {each['source']} |"


def _unknowns(made: Recipe, stages: Sequence[TrainingStage]) -> Iterator[str]:
    """What no source tells, judged by the recipe as it stands, and where sources speak against each other."""
    own = made.stages
    unknown = [*made.unknown]
    for name, stage in zip(_names(own), own, strict=True):
        unknown += [f"{name}.{each}" for each in fields_of(stage) if each not in known_of(stage)]
    unknown += [f"data.{each.name}.{key}" for each in made.data for key in each.unknown]
    yield "\n## Unknown\n"
    yield ("No source tells: " + ", ".join(f"`{each}`" for each in unknown) + ".") if unknown else "Nothing."
    if made.disputed:
        yield "\n## Disputed\n"
        yield from (f"- {each}" for each in made.disputed)
