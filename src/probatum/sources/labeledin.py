"""LabeledIn: which drugs are labelled for which diseases, as experts marked it in the labels themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats.labeledin import Marked, labels, marked
from probatum.formats.reading import digest
from probatum.naming import card, card_of
from probatum.sources._files import named, shown
from probatum.sources._pages import files_of, said
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "Public domain (work of the United States Government)"
OFFICIAL = "https://github.com/dhimmel/indications/tree/gh-pages/labeledin/download"
ROWS, TEXTS = "LabeledIn_Structured_Results.txt", "LabeledIn_annotated_XML.txt"
VERSION = "2014-09-04"  # the only release, by its README


@card(
    "LabeledIn",
    reference="PMC:PMC4260997",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="Free for all; the makers ask to be cited (Khare, Li, Lu, J Biomed Inform 2014;52:448-56).",
)
def labeledin(path: Path | None = None) -> Iterator[Fact]:
    """Ingredients (RxNorm) that treat diseases (UMLS) by their label, and the labels' sections on indications.

    A claim's record is the label (its set id in DailyMed); the drugs of the label with dose form and strength are
    parts of it. Names of diseases are the words that were marked, the commonest first. `path` is the folder with the
    two files, or the file of rows alone. Raises `NeedsFile`, `BadFormat`.
    """
    files = _files(path)
    sha256 = digest(files)
    yield Release("labeledin", VERSION, LICENCE, sha256, tuple(shown(file) for file in files), published=VERSION)
    ingredients: dict[str, str] = {}
    words: dict[str, Counter[str]] = {}
    for each in labels(files[0]):
        if isinstance(each, Malformed):
            yield each
            continue
        here, drug = f"SPL:{each.spl}", f"RXCUI:{each.ingredient}"
        ingredients[each.spl] = drug
        at = Origin("labeledin", VERSION, each.spl, "expert annotation")
        yield Relation(here, "biolink:has_active_ingredient", drug, at)
        for product in each.drugs:
            yield Relation(here, "biolink:has_part", f"RXCUI:{product}", at, qualifiers=(("aspect", "product"),))
        for cui in each.indications:
            words.setdefault(cui, Counter())
            claim = said([("original_predicate", "indication"), ("jurisdiction", "US")])
            yield Relation(drug, "biolink:treats", f"UMLS:{cui}", at, qualifiers=claim)
    for file in files[1:]:
        for text in marked(file):
            if isinstance(text, Malformed):
                yield text
                continue
            for cui, mention in text.mentions:
                words.setdefault(cui, Counter())[mention.casefold()] += 1
            yield _passage(text, ingredients.get(text.spl, ""))
    for cui in sorted(words):
        yield _disease(cui, words[cui])


def _files(path: Path | None) -> list[Path]:
    found = files_of("labeledin", path, (".txt",), card_of(labeledin))
    if path is not None and path.is_file():
        return [path]
    folders = list(dict.fromkeys(file.parent for file in found))
    rows, texts = named(folders, ROWS), named(folders, TEXTS)
    if rows is None:
        raise NeedsFile(f"no {ROWS} beside {found[0]}", mend=f"get it from {OFFICIAL} ({LICENCE})")
    return [rows, *([texts] if texts else [])]


def _passage(text: Marked, drug: str) -> Passage:
    about = (f"SPL:{text.spl}", *([drug] if drug else ()), *(f"UMLS:{cui}" for cui, _ in text.mentions))
    return Passage(
        id=f"labeledin:{text.id}",
        text=text.text,
        title=f"Indications and usage (label {text.spl})",
        language="en",
        origin=Origin("labeledin", VERSION, f"{text.spl}#indications"),
        about=tuple(dict.fromkeys(about)),
        qualifiers=(("jurisdiction", "US"), ("section", "indications and usage")),
    )


def _disease(cui: str, words: Counter[str]) -> Concept:
    names = sorted(words, key=lambda name: (-words[name], name))
    first, *others = names or [f"UMLS:{cui}"]
    synonyms = tuple(Name(name, "en", "related") for name in sorted(others))  # words of labels, not terms
    return Concept(f"UMLS:{cui}", first[:1].upper() + first[1:], "Disease", Origin("labeledin", VERSION, cui), synonyms)
