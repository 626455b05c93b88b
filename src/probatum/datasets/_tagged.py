"""What tagged corpora share: mentions out of tags, letter by letter or word by word."""

from __future__ import annotations

from collections.abc import Sequence

from probatum.errors import BadFormat
from probatum.types import Mention

_BEGINS, _GOES_ON = ("B", "S"), ("I", "M", "E", "L")


def mentions(tokens: Sequence[str], tags: Sequence[str], blank: str, where: str) -> tuple[str, tuple[Mention, ...]]:
    """(The text, its mentions) of tokens with tags in BIO, BIOES, BMES or BILOU; `blank` stands between tokens.

    A tag that goes on with nothing of its kind begins a mention, as in conlleval. Raises `BadFormat` for another tag.
    """
    if len(tokens) != len(tags) or not all(tokens):
        raise BadFormat(f"{len(tokens)} tokens and {len(tags)} tags", where=where)
    text = blank.join(tokens)
    spans: list[tuple[int, int, str]] = []
    at, open_ = 0, ""
    for token, tag in zip(tokens, tags, strict=True):
        end = at + len(token)
        place, _, kind = tag.partition("-")
        place = "S" if place == "U" else place
        if tag == "O":
            open_ = ""
        elif not kind or place not in (*_BEGINS, *_GOES_ON):
            raise BadFormat(f"a tag as B-KIND, I-KIND or O was expected, not {tag!r:.40}", where=where)
        elif place in _GOES_ON and open_ == kind:
            spans[-1] = (spans[-1][0], end, kind)
        else:
            spans.append((at, end, kind))
        if tag != "O":
            open_ = "" if place in {"S", "E", "L"} else kind
        at = end + len(blank)
    return text, tuple(Mention(start, end, text[start:end], "", kind=kind) for start, end, kind in spans)
