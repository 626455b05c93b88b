"""SLAKE: questions in English and Chinese about radiological images, some of which need knowledge of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.datasets._images import answered, media
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://www.med-vqa.com/slake/"
PARTS = ("all", "en", "zh")
NAMES = ("train.json", "validate.json", "validation.json", "test.json")  # the third is Hugging Face's
_TYPES = {"OPEN", "CLOSED"}


@card(
    "SLAKE: bilingual questions about images, with knowledge",
    survey="slake",
    reference="doi:10.1109/ISBI48211.2021.9434010",
    licence="CC BY 4.0",
    languages=("en", "zh"),
    where=OFFICIAL,
    terms="Free to use with attribution. The graph's triples are read by the source `slake`.",
)
def slake(path: Path, part: str = "all") -> Iterator[Example]:
    """The questions in the order of the files; `part` is all, en or zh. The image is a group.

    `path` is the folder with train.json, validate.json, test.json and imgs/, or one of the files; its makers' copy on
    Hugging Face (BoKelvin/SLAKE, which states the licence) calls the second validation.json. Gold has the field
    answer_type (OPEN, CLOSED). Labels: open, type (content_type: Organ, Modality, KG ...), base (vqa or kvqa),
    modality, location, language, split, triple (the relation asked about, where the question needs the graph).
    Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    for file in files(path, *NAMES, official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            language = text(row, "q_lang", where)
            if language not in PARTS[1:]:
                raise BadFormat(f"q_lang must be en or zh, not {language!r}", where=where)
            if wanted not in {"all", language}:
                continue
            kind, name = text(row, "answer_type", where).upper(), text(row, "img_name", where)
            if kind not in _TYPES:
                raise BadFormat(f"OPEN or CLOSED was expected, not {kind!r}", where=where)
            asked = Question(
                text(row, "question", where),
                media=(media(file.parent, name, "slake", "1.0", where, places=("imgs", "")),),
                language=language,
            )
            told = {
                "base": text(row, "base_type", where, needed=False),
                "language": language,
                "location": text(row, "location", where, needed=False),
                "modality": text(row, "modality", where, needed=False),
                "split": split_of(file) or {"validate": "dev"}.get(file.stem, ""),
                "triple": _triple(row.get("triple"), where),
                "type": text(row, "content_type", where, needed=False),
            }
            id = f"{file.stem}:{row.get('qid', line)}"
            yield answered(
                id, asked, [text(row, "answer", where)], Origin("slake", "1.0", id),
                labels=told, groups=(f"image:{name}",), kind=kind,
            )  # fmt: skip


def _triple(said: object, where: str) -> str:
    """The relation that a question asks the graph for; empty for a question that needs no knowledge."""
    if said is None or said == []:
        return ""
    if not isinstance(said, list) or len(said) != 3 or not all(isinstance(each, str) for each in said):
        raise BadFormat(f"a triple of three texts was expected, not {said!r:.80}", where=where)
    return str(said[1]).strip("_ ")
