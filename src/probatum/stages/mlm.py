"""Masked language modelling: an encoder learns to say which words stood where a text was masked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.packing import padded
from probatum.networks.rendering import IGNORED, Tokens
from probatum.stages._course import course_of, padding, split
from probatum.types import Example, Mention

UNITS = ("tokens", "words", "entities")
Unit = tuple[int, ...]  # places of tokens that are masked together
KEPT, SWAPPED = 0.1, 0.1  # of what is chosen: stays as it is, becomes any other token; the rest becomes the mask


@card("Masked language modelling, whole words and entities", survey="3.1.1", reference="doi:10.18653/v1/N19-1423")
def mlm(
    kit: Kit,
    examples: Sequence[Example],
    *,
    unit: str = "tokens",
    share: float = 0.15,
    longest: int = 512,
    held_out: float = 0.0,
    annotate: Callable[[str], Sequence[Any]] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after filling gaps in the documents, each an answer to no question.

    Of each text `share` of the tokens is chosen anew each time it is read, in whole `unit`s: tokens, words
    (PubMedBERT), or entities (ERNIE-Health): the spans of `annotate` (mentions with start and end), else of
    `answer.found`, and words elsewhere. Of the chosen units 80% are masked, 10% are swapped for random tokens, 10%
    stay; the loss counts them alone. Documents longer than `longest` tokens are cut into pieces. Others:
    `networks.loop.Course`.
    """
    if kit.objective != "masked":
        raise BadPlan(f"a {kit.objective} model fills no gaps", mend="mlm is for encoders: bert, roberta, ernie ...")
    if unit not in UNITS:
        raise BadPlan(f"unit = {unit!r} is not known here", mend=f"one of: {', '.join(UNITS)}")
    settings = course_of(course)
    learn, kept = split(examples, held_out, settings.seed)
    items, others = (
        [piece for each in side for piece in _pieces(each, kit, unit, longest, annotate)] for side in (learn, kept)
    )
    trained = fit(
        kit.model,
        items,
        partial(_batched, pad=padding(kit)),
        Gaps(kit.tokenizer, share).loss,
        settings,
        weigh=lambda batch: int(batch["attention_mask"].sum()),  # gaps are a share of them
        held_out=others,
        folder=folder,
        heard=heard,
    )
    return kit.after("mlm", trained)


def units(
    text: str, offsets: Sequence[tuple[int, int]], unit: str, spans: Sequence[tuple[int, int]] = ()
) -> list[Unit]:
    """Which tokens of a text are masked together: offsets of the tokens, spans of the entities, in code points.

    Tokens without a letter of their own (special ones) belong to no unit.
    """
    if unit == "tokens":
        return [(place,) for place, (start, end) in enumerate(offsets) if text[start:end].strip()]
    spans = sorted(spans) if unit == "entities" else []
    starts = [start for start, _ in spans]
    found: dict[object, list[int]] = {}
    word, last = -1, 0
    for place, (start, end) in enumerate(offsets):
        if not text[start:end].strip():
            continue
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        at = bisect_right(starts, begin) - 1
        if at >= 0 and begin < spans[at][1]:
            key: object = ("entity", at)
        else:
            fresh = (
                word < 0
                or begin > last
                or not (text[begin].isalnum() and text[begin - 1].isalnum())
                or _han(text[begin])
            )
            word += fresh
            key = word
        found.setdefault(key, []).append(place)
        last = end
    return [tuple(places) for places in found.values()]


def _han(letter: str) -> bool:
    return "一" <= letter <= "鿿"


def _pieces(
    example: Example, kit: Kit, unit: str, longest: int, annotate: Callable[[str], Sequence[Any]] | None
) -> list[tuple[Tokens, list[Unit]]]:
    text = example.answer.text
    told = kit.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ids, offsets = told["input_ids"], told["offset_mapping"]
    found = (annotate(text) if annotate else example.answer.found) if unit == "entities" else ()
    spans = [(each.start, each.end) for each in found if isinstance(each, Mention)]
    begin, end = _marks(kit.tokenizer)
    room = longest - len(begin) - len(end)
    pieces = []
    for at in range(0, len(ids), room):
        cut = [*begin, *ids[at : at + room], *end]
        whole = units(text, offsets[at : at + room], unit, spans)
        shifted = [tuple(place + len(begin) for place in each) for each in whole]
        pieces.append((Tokens(tuple(cut), tuple(cut)), shifted))
    return [piece for piece in pieces if piece[1]]


def _marks(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The tokens before and behind a text: [CLS] and [SEP] where there are such, else beginning and end."""
    pairs = ((tokenizer.cls_token_id, tokenizer.bos_token_id), (tokenizer.sep_token_id, tokenizer.eos_token_id))
    before, behind = (next((each for each in pair if each is not None), None) for pair in pairs)
    return [] if before is None else [before], [] if behind is None else [behind]


def _batched(pieces: Sequence[tuple[Tokens, list[Unit]]], pad: int) -> Mapping[str, Any]:
    """The tensors of some texts, and the number of each token's unit, -1 without one."""
    torch = needed("torch")
    batch = padded([tokens for tokens, _ in pieces], pad)
    of = torch.full_like(batch["input_ids"], -1)
    for row, (_, whole) in enumerate(pieces):
        for number, places in enumerate(whole):
            of[row, list(places)] = number
    return {**batch, "units": of}


class Gaps:
    """Draws the gaps of a batch, within the step and from torch's generator: a resumed course draws the same ones."""

    def __init__(self, tokenizer: Any, share: float) -> None:
        torch = needed("torch")
        if tokenizer.mask_token_id is None:
            raise BadPlan("the tokenizer has no mask", mend="a tokenizer with mask_token")
        self._mask, self._share = int(tokenizer.mask_token_id), share
        special = set(tokenizer.all_special_ids)
        self._plain = torch.tensor([id for id in range(len(tokenizer)) if id not in special])

    def drawn(self, ids: Any, units: Any, generator: Any = None) -> tuple[Any, Any]:
        """(tokens with gaps, labels) for tokens and the numbers of their units, both (b, t)."""
        torch = needed("torch")
        gapped, labels = ids.clone(), torch.full_like(ids, IGNORED)
        for row in range(len(ids)):
            sizes = torch.bincount(units[row][units[row] >= 0])
            wanted = max(1, round(self._share * int(sizes.sum())))
            for unit in torch.randperm(len(sizes), generator=generator).tolist():
                if wanted <= 0:
                    break
                places = (units[row] == unit).nonzero()[:, 0]
                wanted -= len(places)
                labels[row, places] = ids[row, places]
                chance = float(torch.rand((), generator=generator))
                if chance < SWAPPED:
                    other = torch.randint(len(self._plain), (len(places),), generator=generator)
                    gapped[row, places] = self._plain[other].to(ids.device)
                elif chance >= SWAPPED + KEPT:
                    gapped[row, places] = self._mask
        return gapped, labels

    def loss(self, model: Any, batch: Mapping[str, Any]) -> Any:
        """The mean cross-entropy of what stood in the gaps; of held-out texts the gaps are the same each time."""
        torch, functional = needed("torch"), needed("torch.nn.functional")
        fixed = None if model.training else torch.Generator().manual_seed(0)
        ids, labels = self.drawn(batch["input_ids"], batch["units"], fixed)
        logits = model(input_ids=ids, attention_mask=batch["attention_mask"]).logits.float()
        return functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1), ignore_index=IGNORED)
