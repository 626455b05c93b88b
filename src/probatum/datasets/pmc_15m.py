"""PMC-15M: figures with their captions and the sentences that speak of them, built out of PMC's article packages."""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from probatum.datasets._files import chosen, files
from probatum.datasets._images import KINDS
from probatum.errors import BadFormat
from probatum.formats.jats import Article, Float, articles
from probatum.formats.reading import BROKEN, MEMBER, whole
from probatum.naming import card
from probatum.text.sentences import sentences
from probatum.types import Answer, Candidate, Example, Media, Origin, Question

OFFICIAL = "https://pmc.ncbi.nlm.nih.gov/tools/openftlist/"
PARTS = ("captions", "mentions")
_ENDS = ("", ".jpg", ".png", ".tif", ".gif")
_LABEL = re.compile(r"(?:fig(?:ure)?s?\.?)\s*(\d+)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(\W*\)")

Files = dict[str, bytes]


@card(
    "PMC-15M: figures and captions out of article packages",
    survey="pmc_15m",
    reference="doi:10.48550/arXiv.2303.00915",
    licence="of each article; stated in its file",
    languages=("en",),
    where=OFFICIAL,
    terms="The corpus itself is closed; this builds its pairs from open packages, each under its article's licence.",
)
def pmc_15m(path: Path, part: str = "captions") -> Iterator[Example]:
    """A pair for each captioned figure with a graphic; or (mentions) the sentences that name a figure, to find it by.

    `path` is a package (PMC123.tar.gz with the .nxml and its images), an .nxml or .xml file, or a folder of such.
    captions: the image as media, the caption as gold text; PMCID and PMID are groups. mentions: the sentence is the
    question, gold's candidate is the figure's passage as the source `pmc` names it (PMC:PMC123#figure-1). A graphic
    that is not in the package has no hash. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    for file in files(path, "*.tar.gz", "*.tgz", "*.nxml", "*.xml", official=OFFICIAL):
        for name, data, beside in _articles(file):
            for article in articles(data, name):
                yield from _captions(article, beside, file) if wanted == "captions" else _mentions(article)


def _articles(file: Path) -> Iterator[tuple[str, bytes, Files]]:
    """(place, bytes, the images beside it by name) of each article of a file."""
    if not file.name.endswith((".tar.gz", ".tgz")):
        images = {each.name: whole(each) for each in file.parent.iterdir() if each.suffix.lower() in {".jpg", *KINDS}}
        yield str(file), whole(file), images
        return
    texts: Files = {}
    images = {}
    try:
        with tarfile.open(file, "r:gz") as package:
            for member in package:
                name = PurePosixPath(member.name).name  # nothing is written, so a name can lead nowhere
                kind = PurePosixPath(name).suffix.lower()
                if not member.isreg() or member.size > MEMBER:
                    continue
                if kind in {".nxml", ".xml", ".jpg", ".jpeg", *KINDS} and (stream := package.extractfile(member)):
                    (texts if kind in {".nxml", ".xml"} else images)[name] = stream.read()
    except (*BROKEN, tarfile.TarError, OSError) as error:
        raise BadFormat(f"not a whole article package: {error}", where=str(file)) from error
    if not texts:
        raise BadFormat("a package without an article (.nxml)", where=str(file))
    for name, data in sorted(texts.items()):
        yield f"{file}/{name}", data, images


def _captions(article: Article, beside: Files, file: Path) -> Iterator[Example]:
    papers = _papers(article)
    for number, figure in enumerate((each for each in article.floats if each.kind == "figure"), 1):
        if not figure.caption or not figure.files:
            continue
        id = f"{article.pmc or file.name}:{figure.id or number}"
        said = (("label", figure.label), ("licence", article.licence))
        yield Example(
            id, Question(media=tuple(_media(name, beside, article) for name in figure.files), language="en"),
            Answer(figure.caption), papers, labels=tuple((key, value) for key, value in said if value),
            origin=Origin("pmc_15m", article.published, id, references=papers),
        )  # fmt: skip


def _mentions(article: Article) -> Iterator[Example]:
    figures: dict[str, tuple[str, Float]] = {}
    for number, each in enumerate(article.floats, 1):
        if each.kind == "figure" and each.caption and (found := _LABEL.match(each.label)):
            figures.setdefault(found[1], (f"#figure-{number}", each))
    id, papers = next(iter(_papers(article)), ""), _papers(article)
    for section in article.sections:
        for start, end in sentences(section.text, "en"):
            said = section.text[start:end]
            numbers = {found[1] for found in _LABEL.finditer(said)} & set(figures)
            for shown in numbers if len(numbers) == 1 and id else ():  # one that names two tells of neither
                place, figure = figures[shown]
                gold = Answer(candidates=(Candidate(f"{id}{place}", figure.label, 1.0),))
                at = f"{id}:{section.id or 'body'}:{start}:{shown}"
                # the label itself would find its caption by a number
                asked = Question(" ".join(_BRACKETS.sub(" ", _LABEL.sub(" ", said)).split()), language="en")
                yield Example(
                    f"{at}:{hashlib.sha256(said.encode()).hexdigest()[:8]}", asked, gold, papers,
                    origin=Origin("pmc_15m", article.published, at, references=papers),
                )  # fmt: skip


def _papers(article: Article) -> tuple[str, ...]:
    said = (f"PMC:{article.pmc}" if article.pmc else "", f"PMID:{article.pmid}" if article.pmid else "")
    return tuple(filter(None, said))


def _media(name: str, beside: Files, article: Article) -> Media:
    plain = PurePosixPath(name.replace("\\", "/")).name
    found = next((f"{plain}{end}" for end in _ENDS if f"{plain}{end}" in beside), "")
    hashed = hashlib.sha256(beside[found]).hexdigest() if found else ""
    kind = KINDS.get(PurePosixPath(found or plain).suffix.lower(), "image/jpeg")
    return Media(kind, hashed, Origin("pmc_15m", article.licence, found or plain))
