"""PharmacotherapyDB: which drug modifies a disease, which eases its symptoms, which does neither, by physicians."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from probatum.formats.reading import QUOTED
from probatum.formats.tables import tab_separated
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed

INDICATIONS = ("doid_id", "drugbank_id", "disease", "drug", "category", "n_curators", "n_resources")
MAPPING = ("rxnorm_id", "fdasrs_id")
_UNII = re.compile(r"[0-9A-Z]{10}")
# The three categories (doi:10.6084/m9.figshare.3103054): disease-modifying, symptomatic, non-indication.
CATEGORIES = {
    "DM": Reading("biolink:treats"),
    "SYM": Reading("biolink:ameliorates_condition"),
    "NOT": Reading("biolink:treats", negated=True),
}


@card(
    "PharmacotherapyDB",
    reference="https://doi.org/10.6084/m9.figshare.3103054",
    licence="CC0 1.0",
    languages=("en",),
    where="https://github.com/dhimmel/indications (catalog/indications.tsv)",
    terms="Free to use; DrugBank's ids are used as identifiers only.",
)
def pharmacotherapydb(path: Path | None = None) -> Iterator[Fact]:
    """The facts of indications.tsv: drugs, diseases, and each pair's category as a claim; NOT is a denial of treats.

    Of rxcui-unii-map.tsv, where it stands beside, the ids that RxNorm and the FDA's register of substances give to one
    substance: an exactMatch where neither id has another partner, else a closeMatch.

    The category is the claim's evidence code, `curators` the number of physicians who looked at the pair, `resources`
    the number of databases that list it. `path` is the file or a folder above it. The release is the sha256 of the
    file. Raises `NeedsFile`, `BadFormat`.
    """
    found = files_of("pharmacotherapydb", path, (".tsv",), card_of(pharmacotherapydb))
    maps = [file for file in found if "rxcui-unii-map" in file.name]
    files = [file for file in found if file.name.startswith("indications.")] or found[: 0 if maps else 1]
    begun = release("pharmacotherapydb", card_of(pharmacotherapydb), [*files, *maps])
    yield begun
    telling = Telling(begun)
    for file in files:
        yield from _indications(telling, file)
    for file in maps:
        yield from _mappings(telling, file)


def _indications(telling: Telling, file: Path) -> Iterator[Fact]:
    for row in tab_separated(file, INDICATIONS):
        if isinstance(row, Malformed):
            yield row
            continue
        disease, drug, disease_name, drug_name, category, *counts = (cell.strip() for cell in row[1])
        meant = CATEGORIES.get(category)
        if meant is None or not disease.startswith("DOID:") or not drug.startswith("DB"):
            wanted = "a DOID, a DrugBank id and one of DM, SYM, NOT were expected"
            yield Malformed(file.name, row[0], wanted, "\t".join(row[1])[:QUOTED])
            continue
        drug = f"DRUGBANK:{drug}"
        yield from telling.first(disease, disease_name, "Disease")
        yield from telling.first(drug, drug_name, "Drug")
        yield telling.claim(
            drug,
            category,
            disease,
            meant,
            f"{drug} {disease}",
            evidence=category,
            qualifiers=zip(("curators", "resources"), counts, strict=True),
        )


def _mappings(telling: Telling, file: Path) -> Iterator[Fact]:
    pairs: list[tuple[str, str]] = []
    for row in tab_separated(file, MAPPING):
        if isinstance(row, Malformed):
            yield row
            continue
        rxcui, unii = (cell.strip() for cell in row[1])
        if rxcui.isdecimal() and _UNII.fullmatch(unii):
            pairs.append((f"RXCUI:{rxcui}", f"UNII:{unii}"))
        else:
            yield Malformed(file.name, row[0], "an RxNorm id and a UNII were expected", "\t".join(row[1])[:QUOTED])
    times = Counter(id for pair in pairs for id in pair)
    why = (("mapping_justification", "semapv:DatabaseCrossReference"),)
    for one, other in pairs:
        alone = times[one] == times[other] == 1
        meant = Reading("skos:exactMatch" if alone else "skos:closeMatch")
        yield telling.claim(one, "", other, meant, f"{one} {other}", qualifiers=why)
