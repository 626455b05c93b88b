"""What data sets of images share: an image is known by the hash of its bytes and its place in the set's folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from probatum.errors import BadFormat
from probatum.formats.reading import whole
from probatum.types import Answer, Candidate, Example, Media, Origin, Question

KINDS = {
    ".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff", ".gif": "image/gif", ".bmp": "image/bmp",
    ".dcm": "application/dicom",
}  # fmt: skip


def media(
    root: Path, name: str, source: str, release: str, where: str, *, places: Iterable[str] = ("",), end: str = ""
) -> Media:
    """The image `name` (with `end`, where the set leaves it out) in one of the places under `root`.

    An image that is not there has no hash. Raises `BadFormat` for a name that leads out of the folder.
    """
    plain = f"{name.strip().replace(chr(92), '/').removeprefix('./')}{end}"
    parts = PurePosixPath(plain).parts
    if not parts or plain.startswith("/") or ".." in parts or "\0" in plain:
        raise BadFormat(f"the name of an image in the folder was expected, not {name!r:.80}", where=where)
    found = next((each for place in places if (each := root / place / plain).is_file()), None)
    hashed = hashlib.sha256(whole(found)).hexdigest() if found else ""
    kind = KINDS.get(PurePosixPath(plain).suffix.lower(), "image/jpeg")
    return Media(kind, hashed, Origin(source, release, found.relative_to(root).as_posix() if found else plain))


def answered(
    id: str,
    question: Question,
    answers: Iterable[str],
    origin: Origin,
    *,
    labels: Mapping[str, str],
    groups: tuple[str, ...] = (),
    kind: str = "",
) -> Example:
    """A question about an image with its gold answer; several right answers stand as candidates, the first as text.

    Gold's field answer_type and the label open say whether it is closed: as `kind` (CLOSED, OPEN) tells, else where
    the answer is yes or no. Without an answer there is neither. Labels without a value are left out.
    """
    right = [text for each in answers if (text := each.strip())]
    told = {key: value for key, value in labels.items() if value}
    fields: tuple[tuple[str, str], ...] = ()
    if right:
        closed = kind == "CLOSED" if kind else right[0].lower().strip(" .") in {"yes", "no"}
        fields = (("answer_type", "CLOSED" if closed else "OPEN"),)
        told["open"] = "no" if closed else "yes"
    several = tuple(Candidate(text, text, 1.0) for text in right) if len(right) > 1 else ()
    gold = Answer(right[0] if right else "", fields=fields, candidates=several)
    return Example(id, question, gold, groups, labels=tuple(sorted(told.items())), origin=origin)
