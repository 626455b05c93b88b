"""DrugBank: what drugs are, how they work, what they meet in the body, and which of them disturb each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from probatum.formats.drugbank_xml import Drug, drugs, release
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card, card_of
from probatum.sources._drugbank import classes, interaction, partner_facts, processes, products, xref
from probatum.sources._files import shown
from probatum.sources._pages import files_of, said
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "DrugBank academic licence, CC BY-NC 4.0 (https://go.drugbank.com/legal)"
# ISO 639-1 of the languages that DrugBank names in full
_LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "italian": "it", "spanish": "es", "latin": "la", "swedish": "sv",
    "japanese": "ja", "polish": "pl", "portuguese": "pt", "russian": "ru", "turkish": "tr", "iso": "en",
}  # fmt: skip


@card(
    "DrugBank",
    survey="drugbank",
    reference="https://doi.org/10.1093/nar/gkad976",
    licence=LICENCE,
    languages=("en",),
    where="https://go.drugbank.com/releases/latest",
    terms="Non-commercial use only; the full database is given out on request, and must not be passed on.",
    gated=True,
)
def drugbank(path: Path | None = None) -> Iterator[Fact]:
    """The facts of one release of the full database (XML by drugbank.xsd 5.1, plain, .gz or its .zip).

    Drugs with names, brands, foreign ids; the long texts as passages with their sections and references; interactions
    with the sentence as `comment`, and which drug affects which where it is told in DrugBank's fixed words; targets,
    enzymes, carriers and transporters with actions and publications; pathways, metabolism, classes. Passages on food
    bear the section `food-interactions`. `path` is the file or its folder. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("drugbank", path, (".xml",), card_of(drugbank))
    sha256 = digest(files)
    version = release(files[0]) or sha256
    yield Release("drugbank", version, LICENCE, sha256, tuple(shown(file) for file in files))
    seen: set[Concept] = set()  # classes, proteins and pathways come again with every drug: some ten thousand in all
    for file in files:
        for drug in drugs(file):
            if isinstance(drug, Malformed):
                yield drug
                continue
            for fact in _facts(drug, file, version):
                if isinstance(fact, Concept) and fact.kind != "Drug":
                    if fact in seen:
                        continue
                    seen.add(fact)
                yield fact


def _facts(drug: Drug, file: Path, version: str) -> Iterator[Fact]:
    @lru_cache(maxsize=256)
    def origin(at: str, references: tuple[str, ...] = ()) -> Origin:
        return Origin("drugbank", version, at, references=references)

    yield _concept(drug, origin(drug.id, drug.references))
    yield from _passages(drug, version)
    yield from _interactions(drug, file, version)
    for partner in drug.partners:
        yield from partner_facts(drug.id, partner, origin)
    yield from classes(drug, origin)
    yield from products(drug, origin)
    yield from processes(drug, origin)


def _concept(drug: Drug, origin: Origin) -> Concept:
    names = [Name(text, _language(language), "exact", coder) for text, language, coder in drug.synonyms]
    names += [Name(brand, "en", "narrow", "brand") for brand in drug.brands]
    xrefs = [xref(resource, identifier) for resource, identifier in drug.xrefs if identifier]
    xrefs += [f"{prefix}:{value}" for prefix, value in (("CAS", drug.cas), ("UNII", drug.unii)) if value]
    return Concept(
        id=f"DRUGBANK:{drug.id}",
        name=drug.name,
        kind="Drug",
        origin=origin,
        names=tuple(dict.fromkeys(name for name in names if name.text != drug.name or name.kind)),
        alternatives=tuple(f"DRUGBANK:{other}" for other in drug.others),
        xrefs=tuple(sorted(set(xrefs))),
    )


def _language(written: str) -> str:
    """The first of the languages that a synonym is marked with ("english/french") as a tag; undetermined: und."""
    first = written.partition("/")[0].strip().lower()
    return _LANGUAGES.get(first, "und" if first else "en")


def _passages(drug: Drug, version: str) -> Iterator[Passage]:
    about = (f"DRUGBANK:{drug.id}",)
    texts = [(each.section, each.section.replace("-", " "), each.text, each.references) for each in drug.texts]
    many = len(drug.food) > 1
    for number, advice in enumerate(drug.food, 1):
        texts.append(("food-interactions", f"food interactions{f' ({number})' if many else ''}", advice, ()))
    for section, words, text, references in texts:
        place = f"{drug.id}#{section}" + (f"-{words[19:-1]}" if words.endswith(")") else "")
        if text:
            yield Passage(
                id=f"drugbank:{place}",
                text=text,
                title=f"{drug.name}: {words}",
                language="en",
                origin=Origin("drugbank", version, place, references=references),
                kind="definition" if section == "description" else "document",
                about=about,
                qualifiers=said([("section", section)]),
            )


def _interactions(drug: Drug, file: Path, version: str) -> Iterator[Relation | Malformed]:
    for each in drug.interactions:
        if not each.drug:
            reason = f"an interaction of {drug.id} without the id of the other drug"
            yield Malformed(file.name, drug.line, reason, f"{each.name}: {each.description}"[:QUOTED])
            continue
        yield from interaction(drug, each, Origin("drugbank", version, f"{drug.id} {each.drug}"))
