"""Documents in files of bounded size, each with what it holds: what a run of training reads one after the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from probatum.errors import BadPlan
from probatum.types import Example


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of documents."""

    name: str
    documents: int
    tokens: int
    sha256: str


def words(text: str) -> int:
    """How many tokens a text has where blanks divide them."""
    return len(text.split())


def write_shards(
    examples: Iterable[Example], folder: Path, *, most: int = 100_000, tokens: Callable[[str], int] = words
) -> list[Shard]:
    """The files shard-00000.jsonl ... (id, text, source) of at most `most` documents, and index.json of what they hold.

    `tokens` counts those of a text. A document without a text is left out. The same documents give the same bytes.
    Raises `BadPlan` for `most` below 1.
    """
    if most < 1:
        raise BadPlan(f"most = {most}", mend="a number of documents from 1")
    made: list[Shard] = []
    held: list[tuple[str, int]] = []
    folder.mkdir(parents=True, exist_ok=True)

    def close() -> None:
        data = "".join(f"{line}\n" for line, _ in held).encode()
        name = f"shard-{len(made):05d}.jsonl"
        (folder / name).write_bytes(data)
        made.append(Shard(name, len(held), sum(count for _, count in held), hashlib.sha256(data).hexdigest()))
        held.clear()

    for each in examples:
        if not (text := each.answer.text):
            continue
        row = {"id": each.id, "text": text, "source": each.origin.source if each.origin else ""}
        held.append((json.dumps(row, ensure_ascii=False), tokens(text)))
        if len(held) == most:
            close()
    if held:
        close()
    index = [{"name": s.name, "documents": s.documents, "tokens": s.tokens, "sha256": s.sha256} for s in made]
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    return made
