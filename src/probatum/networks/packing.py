"""Texts of different lengths laid into rows of one length, so that little is padding and no text sees another."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from typing import Any

from probatum.networks.kit import needed
from probatum.networks.rendering import IGNORED, Tokens

Row = tuple[Tokens, ...]


def packed(texts: Sequence[Tokens], longest: int) -> list[Row]:
    """Rows of at most `longest` tokens: each text, the longest first, into the fullest row that still has room.

    A text that is longer is cut into pieces of that length first, so that every token stands in exactly one row.
    """
    pieces = [piece for text in texts for piece in pieces_of(text, longest)]
    order = sorted(range(len(pieces)), key=lambda place: -len(pieces[place].ids))
    rows: list[list[int]] = []
    room: list[tuple[int, int]] = []  # (tokens that still fit, row), sorted
    for place in order:
        need = len(pieces[place].ids)
        at = bisect_left(room, (need, -1))
        left, row = room.pop(at) if at < len(room) else (longest, len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(place)
        insort(room, (left - need, row))
    return [tuple(pieces[place] for place in row) for row in rows]


def pieces_of(text: Tokens, longest: int) -> list[Tokens]:
    """A text cut into pieces of at most `longest` tokens."""
    places = range(0, len(text.ids), longest)
    return [Tokens(text.ids[at : at + longest], text.labels[at : at + longest]) for at in places]


def wasted(lengths: Sequence[int], longest: int, batch: int) -> float:
    """Padded slots a real token, where texts in their order are padded to the longest of their batch."""
    cut = [min(length, longest) for length in lengths]
    padded = sum(max(cut[at : at + batch]) * len(cut[at : at + batch]) for at in range(0, len(cut), batch))
    return padded / max(sum(cut), 1) - 1


def batched(rows: Sequence[Row], pad: int) -> Mapping[str, Any]:
    """The tensors of some rows: tokens, labels, places that begin anew with each text, and who may see whom.

    The mask is batch x 1 x length x length, true where a token may look: back, within its own text. The first token of
    a text is never predicted from the text before it.
    """
    torch = needed("torch")
    length = max(sum(len(text.ids) for text in row) for row in rows)
    ids = torch.full((len(rows), length), pad)
    labels, places = torch.full_like(ids, IGNORED), torch.zeros_like(ids)
    of = torch.full_like(ids, -1)
    for place, row in enumerate(rows):
        at = 0
        for number, text in enumerate(row):
            end = at + len(text.ids)
            ids[place, at:end] = torch.tensor(text.ids)
            labels[place, at + 1 : end] = torch.tensor(text.labels[1:])
            places[place, at:end] = torch.arange(end - at)
            of[place, at:end] = number
            at = end
    same = of[:, :, None] == of[:, None, :]
    back = torch.ones(length, length, dtype=torch.bool).tril()
    seen = same & back  # padding sees padding: no row of the mask is empty
    return {
        "input_ids": ids,
        "labels": labels,
        "position_ids": places,
        "attention_mask": seen[:, None],
        "real": of >= 0,
    }


def padded(texts: Sequence[Tokens], pad: int) -> Mapping[str, Any]:
    """The tensors of some texts, one a row, padded on the right."""
    torch = needed("torch")
    length = max(len(text.ids) for text in texts)
    ids = torch.full((len(texts), length), pad)
    labels, mask = torch.full_like(ids, IGNORED), torch.zeros_like(ids)
    for place, text in enumerate(texts):
        ids[place, : len(text.ids)] = torch.tensor(text.ids)
        labels[place, : len(text.ids)] = torch.tensor(text.labels)
        mask[place, : len(text.ids)] = 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}
