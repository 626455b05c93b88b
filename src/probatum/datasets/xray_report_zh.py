"""Chest radiographs with reports in Chinese, which a language model translated from English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chest import release
from probatum.datasets._files import files, split_of, text
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/WangRongsheng/XrayGLM (data/); https://github.com/openmedlab/XrayPULSE"


@card(
    "Chest radiographs with reports in Chinese",
    survey="xray_report_zh",
    reference="https://github.com/WangRongsheng/XrayGLM",
    licence="CC BY-NC-SA 4.0 (XrayGLM); the images under Open-i's and MIMIC-CXR's terms",
    languages=("zh",),
    where=OFFICIAL,
    terms="For research, not for commerce; images of MIMIC-CXR need PhysioNet credentials.",
)
def xray_report_zh(path: Path) -> Iterator[Example]:
    """The pairs in the order of the files; every report was translated by a model (reliability `generated`).

    `path` is a JSON file or a folder of such: an array of img, prompt, label, or image_id and caption under
    `annotations`. Images lie in the folder or in Xray/ there. The image is a group. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", official=OFFICIAL):
        version, count = release(file.parent, "public"), 0
        for record in records(file, ("*",), ("annotations", "*")):
            row, where = record.value, f"{file}:{record.line}"
            if not isinstance(row, dict):
                raise BadFormat("an image and its report were expected", where=where)
            count += 1
            name = text(row, "img", where) if "img" in row else f"{row.get('image_id', '')}.png"
            said = text(row, "label" if "img" in row else "caption", where)
            asked = text(row, "prompt", where, needed=False)
            image = media(file.parent, name.split("/Xray/")[-1], "xray_report_zh", version, where, places=("Xray", ""))
            id = f"{file.stem}:{count}"
            labels = (("split", split_of(file)),) if split_of(file) else ()
            origin = Origin("xray_report_zh", version, id, reliability="generated")
            yield Example(
                id, Question(asked, media=(image,), language="zh"), Answer(said), (f"image:{name}",), (), labels, origin
            )
        if not count:
            raise BadFormat("an array of img, prompt and label, or annotations, was expected", where=f"{file}:1")
