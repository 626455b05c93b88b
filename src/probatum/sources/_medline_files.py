"""Which MEDLINE files make up a release, in which order, and which of them holds the last word on each citation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from mmap import mmap
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.medline_xml import MOST
from probatum.formats.places import data_folder
from probatum.formats.reading import BROKEN, unpacked

LICENCE = "NLM terms: free with attribution to NLM, no endorsement; abstracts may be under publishers' copyright"
OFFICIAL = "https://ftp.ncbi.nlm.nih.gov/pubmed/"
_NAME = re.compile(r"(?:pubmed|medline)(\d\d)n(\d{4,5})\.xml(?:\.gz)?")
_SUFFIXES = (".xml", ".xml.gz", ".nbib", ".nbib.gz")
_BLOCK, _TAIL = 1 << 20, 1 << 10
_XML = re.compile(
    rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID(?P<v>[^>]*)>\s*(?P<record>\d{1,8})\s*<"
    rb"|<(?P<end>/?)Delete(?:Citation|Document)\s*>"
    rb"|<PMID(?P<w>[^>]*)>\s*(?P<other>\d{1,8})\s*<"
    rb"|<DateRevised>\s*<Year>(?P<y>\d{4})</Year>\s*<Month>(?P<m>\d\d)</Month>\s*<Day>(?P<d>\d\d)</Day>"
)
_TAGGED = re.compile(
    rb"^(?:PMID *- *(?P<record>\d{1,8})|LR  - (?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)) *\r?\n", re.MULTILINE
)
_VERSION = re.compile(rb"Version\s*=\s*[\"'](\d{1,3})[\"']")
_DELETED = 0xFFFF


def medline_files(path: Path | None) -> list[Path]:
    """The files to read, in order: NLM's by year and number, then others by name. Raises `NeedsFile`.

    `path` is a file or a folder, in which all of .xml, .xml.gz and .nbib are found at any depth; None stands for
    $PROBATUM_DATA/medline.
    """
    place = path if path is not None else data_folder() / "medline"
    if place.is_file():
        return [place]
    found = [file for file in place.rglob("*") if file.name.endswith(_SUFFIXES) and file.is_file()]
    if not found:
        mend = (
            f"get baseline and update files from {OFFICIAL} ({LICENCE}) and put them into {data_folder() / 'medline'}"
        )
        raise NeedsFile(f"no MEDLINE file (.xml, .xml.gz, .nbib) in {place}", mend=mend)
    return sorted(found, key=lambda file: (*(number(file) or (99, 0)), file.name, file.as_posix()))


def number(file: Path) -> tuple[int, int] | None:
    """(year, number) of a file that bears an official name: (25, 1275) for pubmed25n1275.xml.gz."""
    found = _NAME.fullmatch(file.name)
    return (int(found[1]), int(found[2])) if found else None


def missing(files: Sequence[Path]) -> list[str]:
    """The official files that lie between those given and are not among them."""
    numbers = sorted(filter(None, map(number, files)))
    gaps = []
    for (year, before), (other, after) in pairwise(numbers):
        if year == other:
            gaps += [f"pubmed{year:02}n{each:04}" for each in range(before + 1, after)]
    return gaps


def version(files: Sequence[Path], sha256: str) -> str:
    """The name of a release: pubmed25n1275, or pubmed25n0001-n1275; the sha256 where a file bears another name."""
    numbers = [number(file) for file in files]
    if not all(numbers):
        return sha256
    first, last = (file.name.partition(".")[0] for file in (files[0], files[-1]))
    if first == last:
        return first
    return f"{first}-{last[8 if first[:8] == last[:8] else 0 :].lstrip('-')}"


def manner(files: Sequence[Path]) -> str:
    """What a release of these files does to earlier ones: with a baseline's first file it replaces, else it updates."""
    return "replaces" if any(found and found[1] == 1 for found in map(number, files)) else "updates"


class Latest:
    """Which file holds the last version of each PMID: two bytes a PMID, whatever the number of citations."""

    def __init__(self) -> None:
        self._last = memoryview(mmap(-1, 2 * (MOST + 1))).cast("H")  # pages that nothing touches take no memory
        self._versions: dict[int, int] = {}  # of the few that have another than 1
        self._again: dict[tuple[int, int], int] = {}  # (file, PMID) -> how many more of it the file holds
        self.revised = ""  # the last day on which any citation was revised, as ISO date

    def note(self, file: int, pmid: int, of: int) -> None:
        """A file holds a version of a PMID."""
        if self._last[pmid] == file + 1:
            self._again[file, pmid] = self._again.get((file, pmid), 0) + 1
        self._last[pmid] = file + 1
        if of != 1 or pmid in self._versions:
            self._versions[pmid] = of

    def delete(self, file: int, pmid: int, of: int) -> None:
        """A file deletes a version of a PMID; a later version stays."""
        if self._versions.get(pmid, 1) <= of:
            self.note(file, pmid, of)
            self._last[pmid] = _DELETED

    def wanted(self, file: int, pmid: int) -> bool:
        """Whether the record that a file gives next of a PMID is its last word."""
        last = self._last[pmid]
        if last not in {0, file + 1}:  # 0: written so oddly that only the parser found it
            return False
        left = self._again.get((file, pmid), 0)
        if left:
            self._again[file, pmid] = left - 1
        return not left

    def deleted(self, pmid: int) -> bool:
        """Whether a PMID is gone."""
        return self._last[pmid] == _DELETED


def survey(files: Sequence[Path]) -> tuple[str, Latest]:
    """The sha256 over the unpacked bytes of all files, and where the last version of each PMID stands: one pass."""
    if len(files) >= _DELETED - 1:
        raise BadFormat(f"more than {_DELETED - 2:,} files at once", where=str(files[0].parent))
    whole, latest = hashlib.sha256(), Latest()
    for place, file in enumerate(files):
        tagged = ".nbib" in file.name
        pattern, rest, deleting = _TAGGED if tagged else _XML, b"", False
        try:
            with unpacked(file) as stream:
                while block := stream.read(_BLOCK):
                    whole.update(block)
                    rest, deleting = _noted(latest, place, pattern, rest + block, deleting)
        except BROKEN as error:
            mend = "get the file again from where it came"
            raise BadFormat(f"the packed file is broken: {error}", where=str(file), mend=mend) from error
        _noted(latest, place, pattern, rest + b"\n", deleting)
    return whole.hexdigest(), latest


def _noted(latest: Latest, file: int, pattern: re.Pattern[bytes], data: bytes, deleting: bool) -> tuple[bytes, bool]:
    """Notes what a stretch of a file holds; what of it must be seen again with the next, and whether it deletes."""
    end = 0
    for found in pattern.finditer(data):
        end = found.end()
        said = found.groupdict()
        if said["record"]:
            latest.note(file, int(said["record"]), _version(said.get("v")))
        elif said["y"]:
            latest.revised = max(latest.revised, _day(b"-".join((said["y"], said["m"], said["d"])).decode()))
        elif said["end"] is not None:
            deleting = not said["end"]
        elif deleting:
            latest.delete(file, int(said["other"]), _version(said["w"]))
    return data[max(end, len(data) - _TAIL) :], deleting


@lru_cache(1 << 14)
def _day(written: str) -> str:
    """The date if it is one, else an empty text."""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def _version(attributes: bytes | None) -> int:
    found = _VERSION.search(attributes or b"")
    return int(found[1]) if found else 1
