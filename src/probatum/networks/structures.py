"""What a model writes of a text is held to UIE's language: only what can be read, of the schema, from the text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile, ReplyUnusable
from probatum.networks import kit as kits
from probatum.networks.kit import Kit, needed
from probatum.networks.sel import CLOSE, MARKS, NULL, OPEN, SPAN, Read, Schema, found_of, instructed, read
from probatum.types import Mention, Origin, Relation

FILE = "schema.json"
_BEFORE = re.compile(r" (?=<extra_id_\d>)")
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


def compact(line: str) -> str:
    """A line as it is learnt: no blank before a mark, so that a word has the same tokens as in the text."""
    return _BEFORE.sub("", line)


def marked(kit: Kit, seed: int = 0) -> Kit:
    """The kit whose vocabulary has the marks of the language, each one token; their rows begin apart, at random."""
    if kit.tokenizer.add_tokens(list(MARKS), special_tokens=True):
        torch = needed("torch")
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            kit.model.resize_token_embeddings(len(kit.tokenizer), mean_resizing=False)
    return kit


class Grammar:
    """Which tokens may come next while a line about a text is written, so that it always ends and always reads."""

    def __init__(self, tokenizer: Any, schema: Schema, text: str, longest: int) -> None:
        """`longest`: tokens of the whole line."""
        self.longest = longest
        self.open, self.close, self.span, self.null = (
            int(tokenizer.convert_tokens_to_ids(mark)) for mark in (OPEN, CLOSE, SPAN, NULL)
        )
        self.end = int(tokenizer.eos_token_id)
        self.kinds = [[_ids(tokenizer, kind) for kind in known] for known in (schema.spots, schema.associations)]
        self.text = f" {' '.join(text.split())}".encode()
        special = {*tokenizer.all_special_ids, *(tokenizer.convert_tokens_to_ids(list(MARKS)))}
        pieces = ((number, written_as(token)) for token, number in tokenizer.get_vocab().items())
        self.pieces = {number: piece for number, piece in pieces if number not in special and piece in self.text}
        self.opens = 10 + max((len(ids) for known in self.kinds for ids in known), default=0)

    def allowed(self, said: Sequence[int]) -> list[int]:
        """The tokens that may follow those said so far; the end alone once the line is whole."""
        depth, phase, since = 0, "between", 0
        for place, token in enumerate(said):
            if token == self.open:
                depth, phase, since = depth + 1, "between" if depth == 0 else "kind", place + 1
            elif token == self.span:
                phase, since = "span", place + 1
            elif token == self.close:
                depth, phase = depth - 1, "between"
        if not depth:
            return [self.end] if said else [self.open]
        left = self.longest - len(said) - depth - 1  # besides the ends of what is open, and the whole's
        inside = list(said[since:])
        if phase == "kind":
            return self._kind(inside, depth)
        deeper = depth < 3 and bool(self.kinds[depth - 1]) and left >= self.opens
        after = [self.close, *([self.open] if deeper else [])]
        return after if phase == "between" else self._span(inside, after, left)

    def _kind(self, inside: list[int], depth: int) -> list[int]:
        known = [ids for ids in self.kinds[depth - 2] if ids[: len(inside)] == inside]
        longer = {ids[len(inside)] for ids in known if len(ids) > len(inside)}
        return sorted(longer | ({self.span} if inside in known else set()))

    def _span(self, inside: list[int], after: list[int], left: int) -> list[int]:
        """Words that stand together in the text; where none can go on, the end of the span."""
        if inside == [self.null]:
            return after
        so_far = b"".join(self.pieces.get(each, b"") for each in inside)
        whole = _whole(so_far)
        more = [each for each, piece in self.pieces.items() if so_far + piece in self.text] if left > 3 else []
        if not so_far:  # it begins with a letter, not within one
            more = [each for each in more if self.pieces[each][0] & 0xC0 != 0x80]
        if not whole:  # a letter that was begun is ended, for which there is room
            more = more or [
                each for each, piece in self.pieces.items() if len(piece) == 1 and so_far + piece in self.text
            ]
            return more or after
        return [*more, *after] if so_far.strip() else more or [self.null]


def _ids(tokenizer: Any, kind: str) -> list[int]:
    return list(tokenizer(f" {kind}", add_special_tokens=False)["input_ids"])


def _whole(piece: bytes) -> bool:
    """Whether no letter is broken off at the end."""
    return piece.decode(errors="replace")[-1:] != "\ufffd"


def _letters() -> dict[str, int]:
    """The byte that each letter of a byte-level vocabulary stands for."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + place): byte for place, byte in enumerate(others)}


_LETTERS = _letters()


def written_as(token: str) -> bytes:
    """The bytes that a token of a byte-level or of a sentencepiece vocabulary writes."""
    if found := _BYTE.fullmatch(token):
        return bytes([int(found[1], 16)])
    if "▁" in token or any(letter not in _LETTERS for letter in token):
        return token.replace("▁", " ").encode()
    return bytes(_LETTERS[letter] for letter in token)


@dataclass(frozen=True, slots=True)
class Structurer:
    """A model that writes of a text what a schema asks for."""

    kit: Kit
    schema: Schema
    longest: int = 256  # tokens of what it writes
    held: bool = True  # to the language's grammar

    def line(self, text: str) -> str:
        """What the model writes of a text."""
        torch, model, tokenizer = needed("torch"), self.kit.model, self.kit.tokenizer
        asked = source_of(self.kit, text, self.schema)
        before = 1 if self.kit.objective == "sequence-to-sequence" else len(asked)
        grammar = Grammar(tokenizer, self.schema, text, self.longest) if self.held else None
        ids = torch.tensor([asked], device=model.device)
        model.eval()
        with torch.no_grad():
            out = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=self.longest,
                do_sample=False,
                eos_token_id=int(tokenizer.eos_token_id),
                pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
                prefix_allowed_tokens_fn=(lambda _, said: grammar.allowed(said[before:].tolist())) if grammar else None,
            )
        new = [
            each for each in out[0, before:].tolist() if each not in (tokenizer.eos_token_id, tokenizer.pad_token_id)
        ]
        return str(tokenizer.decode(new))

    def read(self, text: str) -> Read:
        """What the model's line says, with its faults."""
        return read(self.line(text), self.schema)

    def __call__(self, text: str) -> list[Mention | Relation]:
        """The mentions and relations that the model's line names and that stand in the text.

        Raises `ReplyUnusable` for a line that does not read, which under the grammar (`held`) there is none of.
        """
        said = self.read(text)
        if said.faults:
            raise ReplyUnusable(f"the model's line does not read: {', '.join(said.faults[:3])}")
        origin = Origin("structurer", sha256(text.encode()).hexdigest()[:16], "", reliability="generated")
        return found_of(said.spots, text, origin)

    def save(self, folder: Path) -> None:
        """Writes model, tokenizer and schema."""
        kits.save(self.kit, folder)
        told = {**asdict(self.schema), "longest": self.longest}
        (folder / FILE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def source_of(kit: Kit, text: str, schema: Schema, longest: int = 1 << 30) -> list[int]:
    """The tokens of what the model is asked: the schema, then the text; of a model without an encoder, a mark."""
    head = [] if kit.tokenizer.bos_token_id is None else [int(kit.tokenizer.bos_token_id)]
    ids = list(kit.tokenizer(instructed(text, schema), add_special_tokens=False)["input_ids"])
    close = [] if kit.objective == "sequence-to-sequence" else [int(kit.tokenizer.convert_tokens_to_ids(MARKS[2]))]
    return [*head, *ids[: longest - len(head) - len(close)], *close]


def load(folder: Path) -> Structurer:
    """The structurer that was saved; raises `NeedsFile`, `BadFormat`."""
    if not (folder / FILE).is_file():
        raise NeedsFile(f"no {FILE} in {folder}", mend="train with the stage generative and save what it gives")
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        schema = Schema(*(tuple(told[key]) for key in ("spots", "associations", "events")))
        longest = int(told["longest"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadFormat(f"not a schema: {error!r}", where=str(folder / FILE)) from error
    return Structurer(kits.load(folder), schema, longest)
