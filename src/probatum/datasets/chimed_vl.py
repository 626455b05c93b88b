"""ChiMed-VL: images of medical articles with captions and questions in Chinese, translated by a language model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._conversations import conversation
from probatum.datasets._files import chosen, files, sound
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://huggingface.co/datasets/williamliu/ChiMed-VL"
PARTS = ("alignment", "instruction")


@card(
    "ChiMed-VL",
    survey="chimed_vl",
    reference="doi:10.48550/arXiv.2310.17956",
    licence="none stated; the articles of PubMed Central under their own",
    languages=("zh", "en"),
    where=OFFICIAL,
    terms="For research; the figures under the licence of each article.",
)
def chimed_vl(path: Path, part: str = "alignment") -> Iterator[Example]:
    """The conversations of one part: alignment (image and caption) or instruction (questions and answers).

    `path` is a JSON file of LLaVA's layout (id, image, conversations with from and value), or a folder in which the
    files of a part have its name in theirs; images in images/ there. The last turn is gold. All texts were translated
    by a model (reliability `generated`). The image is a group. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    patterns = (f"*{wanted}*.json*", f"*{wanted.title()}*.json*")
    for file in files(path, *patterns, official=OFFICIAL):
        for line, row in sound(objects(file), file):
            yield conversation(row, file, line, "chimed_vl", wanted, language="zh")
