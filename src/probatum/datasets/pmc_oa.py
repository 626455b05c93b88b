"""PMC-OA: the figures of open-access articles with their captions, out of the articles themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files
from probatum.formats.jats import Article, Float, articles
from probatum.formats.reading import whole
from probatum.naming import card
from probatum.types import Answer, Example, Media, Origin, Question

OFFICIAL = "https://pmc.ncbi.nlm.nih.gov/tools/openftlist/"
_KINDS = {".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff", ".gif": "image/gif"}
_ENDS = ("", ".jpg", ".png", ".tif", ".gif")


@card(
    "PMC-OA: figures and captions of PubMed Central's open-access subset",
    survey="pmc_oa",
    reference="doi:10.48550/arXiv.2303.07240",
    licence="of each article; stated in its file",
    languages=("en",),
    where=OFFICIAL,
    terms="The licence of each article; it stands in the label `licence`.",
)
def pmc_oa(path: Path) -> Iterator[Example]:
    """A pair for each captioned figure with a graphic: the image as the question's media, the caption as gold text.

    `path` is one article (.nxml, .xml) or a folder of unpacked packages; a graphic that does not lie beside its article
    has no hash. The article's PMCID and PMID are groups and references. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.nxml", "*.xml", official=OFFICIAL):
        for article in articles(whole(file), str(file)):
            for number, figure in enumerate((each for each in article.floats if each.kind == "figure"), 1):
                if figure.caption and figure.files:
                    yield _pair(article, figure, number, file)


def _pair(article: Article, figure: Float, number: int, file: Path) -> Example:
    id = f"{article.pmc or file.stem}:{figure.id or number}"
    papers = tuple(
        filter(None, (f"PMC:{article.pmc}" * bool(article.pmc), f"PMID:{article.pmid}" * bool(article.pmid)))
    )
    media = tuple(_media(name, file.parent, article.licence) for name in figure.files)
    labels = tuple((key, said) for key, said in (("label", figure.label), ("licence", article.licence)) if said)
    origin = Origin("pmc_oa", article.published, id, references=papers)
    return Example(
        id, Question(media=media, language=article.language), Answer(figure.caption), papers, (), labels, origin
    )


def _media(name: str, folder: Path, licence: str) -> Media:
    plain = name.replace("\\", "/").rpartition("/")[2]  # a graphic is looked for beside its article and nowhere else
    image = next((each for end in _ENDS if (each := folder / f"{plain}{end}").is_file()), None) if plain else None
    hashed = hashlib.sha256(whole(image)).hexdigest() if image else ""
    kind = _KINDS.get((image.suffix if image else Path(plain).suffix).lower(), "image/jpeg")
    return Media(kind, hashed, Origin("pmc_oa", licence, image.name if image else plain))
