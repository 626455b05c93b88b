"""Open-i: the chest radiographs of Indiana University with their reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._chest import enough, pair, release
from probatum.datasets._files import chosen, files
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.reading import whole
from probatum.formats.xml_stream import document, text_of
from probatum.naming import card
from probatum.types import Example, Media, Origin

OFFICIAL = "https://openi.nlm.nih.gov/faq#collection"
PARTS = ("report", "impression")
_PLACES = ("NLMCXR_png", "NLMCXR_dcm", "images", "")


@card(
    "Open-i: chest radiographs of Indiana University",
    survey="openi",
    reference="doi:10.1093/jamia/ocv080",
    licence="CC BY-NC-ND 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free for research with attribution, not for commerce, unchanged.",
)
def openi(path: Path, part: str = "report") -> Iterator[Example]:
    """A pair for each report with findings or an impression, in the order of the files; `part`: report or impression.

    `path` is the folder with ecgen-radiology/*.xml and NLMCXR_png/*.png (as unpacked), or one report. Its makers wrote
    XXXX for what identified somebody. Labels: normal (yes, no), topics (major MeSH headings). The report is a group.
    Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    for file in files(path, "*.xml", official=OFFICIAL):
        root = file.parent.parent if file.parent.name == "ecgen-radiology" else file.parent
        report = document(whole(file), str(file))
        id = (report.find("uId").get("id") or "") if report.find("uId") is not None else ""
        if report.tag != "eCitation" or not id:
            raise BadFormat("an eCitation with a uId was expected", where=f"{file}:1")
        told = tuple(
            (str(each.get("Label", "")).lower(), said)
            for each in report.iterfind("MedlineCitation/Article/Abstract/AbstractText")
            if (said := text_of(each))
        )
        if not enough(told, wanted):
            continue
        version = release(root, "NLMCXR")
        topics = [text_of(each) for each in report.iterfind("MeSH/major")]
        labels = {"normal": "yes" if topics == ["normal"] else "no" if topics else "", "topics": "|".join(topics)}
        yield pair(
            id, [_image(each, root, version, str(file)) for each in report.iterfind("parentImage")], told,
            Origin("openi", version, id), labels=labels, groups=(f"report:{id}",), part=wanted,
        )  # fmt: skip


def _image(element: Any, root: Path, version: str, where: str) -> Media:
    return media(root, str(element.get("id") or ""), "openi", version, where, places=_PLACES, end=".png")
