"""Relations that a machine read in texts and a person accepted: the exported decisions of the review queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.places import data_folder
from probatum.formats.reading import digest, lines, loads
from probatum.naming import card
from probatum.sources._files import shown
from probatum.types import Fact, Malformed, Origin, Relation, Release

_TEXTS = ("id", "reference", "verdict", "who", "read_by", "at", "subject", "predicate", "object")


@card(
    "Reviewed relations",
    survey="3.2.1",
    licence="that of the texts; the decisions are yours",
    languages=("en", "zh"),
    where="probatum kb review export FILE",
    terms="Made by you.",
)
def reviewed(path: Path | None = None) -> Iterator[Fact]:
    """The accepted relations of a file that `kb review export` wrote, each on the word of who accepted it.

    `path` is that file; None stands for $PROBATUM_DATA/reviewed.jsonl. What was rejected is no fact. A line that is no
    decision is `Malformed`. Reliability is curated, since a person decided; who read it first stays in `read_by`. A
    release is named by its sha256. Raises `NeedsFile`, `BadFormat`.
    """
    file = path if path is not None else data_folder() / "reviewed.jsonl"
    if not file.is_file():
        raise NeedsFile(f"no reviewed relations at {file}", mend="probatum kb review export FILE")
    sha256 = digest([file])
    yield Release("reviewed", sha256, "as the texts", sha256, (shown(file),))
    for line in lines(file):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        try:
            said = _decision(loads(text.encode(), f"{file.name}:{number}"))
        except (BadFormat, ValueError) as error:
            yield Malformed(file.name, number, str(error)[:200], text[:200])
            continue
        if said["verdict"] == "accepted":
            yield _relation(said, sha256)


def _decision(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict) or not all(isinstance(said.get(key), str) for key in _TEXTS):
        raise ValueError(f"a decision needs the texts {', '.join(_TEXTS)}")
    if not all(said[key] for key in ("id", "subject", "predicate", "object", "who")):
        raise ValueError("a decision needs an id, both ends, a predicate and who decided")
    pairs = said.get("qualifiers", [])
    sound = isinstance(pairs, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs)
    if not sound or not all(isinstance(part, str) for pair in pairs for part in pair):
        raise ValueError("qualifiers are pairs of texts")
    return said


def _relation(said: dict[str, Any], release: str) -> Relation:
    references = (said["reference"],) if ":" in said["reference"] else ()
    origin = Origin("reviewed", release, f"{said['id']} {said['at']}", f"accepted by {said['who']}", references)
    qualifiers = {**dict(said.get("qualifiers", [])), "read_by": said["read_by"]}
    kept = tuple(sorted((name, value) for name, value in qualifiers.items() if value))
    return Relation(said["subject"], said["predicate"], said["object"], origin, said.get("negated") is True, kept)
