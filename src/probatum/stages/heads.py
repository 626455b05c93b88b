"""Heads on an encoder: entities, relations, likeness of texts, classes of one or two texts, answers in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.crf import labels_of
from probatum.networks.features import tokens_of
from probatum.networks.heads import OUTSIDE, Head, Laid, headed, pairs_of, text_of, texts_of
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.rendering import IGNORED
from probatum.stages._course import course_of, split
from probatum.types import Example, Mention

TASKS = {  # the head of each task
    "entities": "entities",
    "relations": "classes",
    "similarity": "score",
    "classes": "classes",  # of one text, or of two: inference, intents, matching
    "span": "span",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A row with what is to come out of it."""

    row: Laid
    gold: Any  # a class, a number, (first, last) token, or a label a token


@card(
    "Encoder heads: entities, relations, similarity, inference, answers in a text", survey="T7", languages=("en", "zh")
)
def heads(
    kit: Kit,
    examples: Sequence[Example],
    *,
    task: str = "classes",
    longest: int = 384,
    language: str = "en",
    held_out: float = 0.0,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit with a head as its model, trained with its trunk for one task (doi:10.1038/s41746-022-00742-2).

    `task`: entities (mentions found in the text), relations (between mentions, each pair marked in the text and
    classed), similarity (a number: field `score`, else the choice), classes (the choice, of one text or two), span (the
    answer's text where it stands in the context; none where it stands nowhere). Others as in choice. Raises `BadPlan`.
    """
    settings = course_of(course)
    if task not in TASKS:
        raise BadPlan(f"task = {task!r} is not known here", mend=f"one of: {', '.join(TASKS)}")
    learn, kept = split(examples, held_out, settings.seed)
    with needed("torch").random.fork_rng():
        needed("torch").manual_seed(settings.seed)
        pairs = related(learn) if task == "relations" else []
        head = headed(kit, TASKS[task], labels(learn, task), pairs=pairs, longest=longest, language=language)
    items = {"entities": _tagged, "relations": _related, "similarity": _rated, "classes": _classed, "span": _answered}
    make: Callable[[Head, Example], Iterator[Item]] = items[task]
    told, others = ([item for each in part for item in make(head, each)] for part in (learn, kept))

    def collated(batch: Sequence[Item]) -> Mapping[str, Any]:
        return {**head.tensors([each.row for each in batch]), "gold": _gold(head, batch)}

    def loss(network: Any, batch: Mapping[str, Any]) -> Any:
        inputs = {name: value for name, value in batch.items() if name != "gold"}
        return head_loss(network(**inputs), batch["gold"], TASKS[task])

    def terms(batch: Mapping[str, Any]) -> int:
        return int((batch["gold"] != IGNORED).sum())

    trained = fit(
        head.network, told, collated, loss, settings, weigh=terms, held_out=others, folder=folder, heard=heard
    )
    head.network.eval()
    return replace(kit, model=head, history=(*kit.history, "heads"), courses=(*kit.courses, trained))


def head_loss(scores: Any, gold: Any, kind: str) -> Any:
    """The loss of a kind of head: cross-entropy (of a span the mean of both ends'), of a score the mean squared error.

    Shapes: (b, c) with (b,); of entities (b, t, c) with (b, t); of a span (b, t, 2) with (b, 2).
    """
    functional = needed("torch.nn.functional")
    scores = scores.float()
    if kind == "score":
        return functional.mse_loss(scores[:, 0], gold)
    if kind == "span":
        return sum(functional.cross_entropy(scores[..., side], gold[:, side]) for side in (0, 1)) / 2
    return functional.cross_entropy(scores.flatten(0, -2), gold.flatten(), ignore_index=IGNORED)


def related(examples: Sequence[Example]) -> list[tuple[str, str]]:
    """The kinds (of subject, of object) between which the examples have a relation, sorted."""
    found = (pair for each in examples for pair in pairs_of(each.answer.found))
    return sorted({(subject.kind, object_.kind) for subject, object_, label in found if label != OUTSIDE})


def labels(examples: Sequence[Example], task: str) -> list[str]:
    """The classes that examples name, in a fixed order; of entities BIOES labels, of relations with `none` first."""
    if task == "entities":
        found = {each.kind for one in examples for each in one.answer.found if isinstance(each, Mention)}
        return ["O", *(f"{part}-{kind}" for kind in sorted(found) for part in "BIES")]
    if task == "relations":
        said = {label for each in examples for *_, label in pairs_of(each.answer.found)}
        return [OUTSIDE, *sorted(said - {OUTSIDE})]
    if task != "classes":
        return []
    named = {letter for each in examples for letter, _ in each.question.options}
    return sorted(named | {each.answer.choice for each in examples if each.answer.choice})


def _gold(head: Head, batch: Sequence[Item]) -> Any:
    torch = needed("torch")
    if head.about["kind"] != "entities":
        return torch.tensor([each.gold for each in batch])
    gold = torch.full((len(batch), max(len(each.row.ids) for each in batch)), IGNORED)
    for place, each in enumerate(batch):
        gold[place, : len(each.gold)] = torch.tensor(each.gold)
    return gold


def _tagged(head: Head, example: Example) -> Iterator[Item]:
    spans = sorted({(each.start, each.end, each.kind) for each in example.answer.found if isinstance(each, Mention)})
    known = {label: place for place, label in enumerate(head.about["labels"])}
    for tokens in tokens_of(text_of(example.question), head.about["language"]):
        starts = {token.start: place for place, token in enumerate(tokens)}
        ends = {token.end: place + 1 for place, token in enumerate(tokens)}
        marked = [(starts[a], ends[b], kind) for a, b, kind in spans if a in starts and b in ends]
        row, first = head.pieces(tokens)
        gold = [IGNORED] * len(row.ids)
        for place, label in zip(first, labels_of(marked, len(tokens)), strict=True):
            if place >= 0:
                gold[place] = known.get(label, 0)
        yield Item(row, gold)


def _related(head: Head, example: Example) -> Iterator[Item]:
    known = {label: place for place, label in enumerate(head.about["labels"])}
    text, kinds = text_of(example.question), {(a, b) for a, b in head.about["pairs"]}
    for subject, object_, label in pairs_of(example.answer.found, kinds):
        yield Item(head.laid(head.marked(text, subject, object_)), known.get(label, 0))


def _rated(head: Head, example: Example) -> Iterator[Item]:
    said = dict(example.answer.fields).get("score") or example.answer.choice
    try:
        value = float(said)
    except ValueError as error:
        raise BadPlan(f"{said!r:.40} is no number", where=example.id, mend="task = classes?") from error
    yield Item(head.laid(*texts_of(example.question)), value)


def _classed(head: Head, example: Example) -> Iterator[Item]:
    if example.answer.choice in head.about["labels"]:
        gold = list(head.about["labels"]).index(example.answer.choice)
        yield Item(head.laid(*texts_of(example.question)), gold)


def _answered(head: Head, example: Example) -> Iterator[Item]:
    first, context = texts_of(example.question)
    row = head.laid(first, context)
    spot = next((each for each in example.answer.found if isinstance(each, Mention)), None)
    start = spot.start if spot else context.find(example.answer.text) if example.answer.text else -1
    end = spot.end if spot else start + len(example.answer.text)
    inside = [place for place, (at, to) in enumerate(row.spans) if start >= 0 and at < end and to > start and at >= 0]
    yield Item(row, (inside[0], inside[-1]) if inside else (0, 0))
