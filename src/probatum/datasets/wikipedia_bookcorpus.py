"""Wikipedia and BookCorpus: general texts that are read before or beside medical ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import chosen, files, sound, text
from probatum.formats.encoded import text_lines
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin

PARTS = ("all", "wikipedia", "bookcorpus")

OFFICIAL = "https://huggingface.co/datasets/wikimedia/wikipedia"


@card(
    "Wikipedia and BookCorpus",
    survey="wikipedia_bookcorpus",
    reference="doi:10.48550/arXiv.1506.06724",
    licence="CC BY-SA 3.0 (Wikipedia); none (BookCorpus)",
    languages=("en",),
    where=OFFICIAL,
    terms="Wikipedia with attribution; the books belong to their authors.",
)
def wikipedia_bookcorpus(path: Path, part: str = "all") -> Iterator[Example]:
    """A document for each article (its title first), and one for each book; the set is a label.

    `path` is a folder. Wikipedia: JSON or JSONL of id, url, title, text. BookCorpus: texts of a sentence a line, one
    a book. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    patterns = {"wikipedia": ("*.json", "*.jsonl"), "bookcorpus": ("*.txt",), "all": ("*.json", "*.jsonl", "*.txt")}
    for file in files(path, *patterns[wanted], official=OFFICIAL):
        if file.suffix == ".txt":
            id = f"bookcorpus/{file.stem}"
            said = "\n".join(line.strip() for _, line in text_lines(file) if line.strip())
            yield document(id, said, Origin("wikipedia_bookcorpus", "bookcorpus", id), "en", set="bookcorpus")
            continue
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            title, url = text(row, "title", where), text(row, "url", where, needed=False)
            id = f"wikipedia/{row.get('id', line)}"
            said = f"{title}\n{text(row, 'text', where)}"
            yield document(id, said, Origin("wikipedia_bookcorpus", "wikipedia", url or id), "en", set="wikipedia")
