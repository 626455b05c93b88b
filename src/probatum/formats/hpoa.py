"""Reads what the Human Phenotype Ontology says of diseases and genes: phenotype.hpoa and genes_to_phenotype.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from probatum.formats.ontology import release_in
from probatum.formats.reading import QUOTED, lines
from probatum.formats.tables import tab_separated
from probatum.types import Malformed

_OLD = ("DatabaseID", "DiseaseName", "Qualifier", "HPO_ID", "Reference", "Evidence", "Onset", "Frequency", "Sex",
        "Modifier", "Aspect", "Biocuration")  # fmt: skip
_NEW = ("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
        "modifier", "aspect", "biocuration")  # fmt: skip
_GENES = ("ncbi_gene_id", "gene_symbol", "hpo_id", "frequency", "disease_id")
_DISEASE = re.compile(r"[A-Za-z]+:\S+")
_TERM = re.compile(r"HP:\d{7}")
_TERMS = re.compile(r"(?:HP:\d{7}(?:;HP:\d{7})*)?")
FREQUENCY = re.compile(r"(?:\d{1,6}/\d{1,6}|\d{1,3}(?:\.\d{1,6})?%|HP:\d{7})?")
ASPECTS = frozenset("PICMH")  # phenotype, inheritance, clinical course, modifier, past history


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row of phenotype.hpoa, every cell as written."""

    disease: str
    name: str
    negated: bool  # the qualifier NOT
    term: str
    references: tuple[str, ...]
    evidence: str
    onset: str
    frequency: str  # n/m, per cent or a term's id
    sex: str
    modifier: str
    aspect: str
    biocuration: str


@dataclass(frozen=True, slots=True)
class GeneRow:
    """One row of genes_to_phenotype.txt: a gene, a term, and the disease by way of which they belong together."""

    gene: str  # NCBIGene:n
    symbol: str
    term: str
    frequency: str
    disease: str
    line: int


def annotations(path: Path) -> Iterator[Annotation | Malformed]:
    """The rows of a phenotype.hpoa file in its order, each checked; a row that breaks the format is `Malformed`.

    Reads the header of today and that of releases before 2023. Raises `BadFormat` where there is neither.
    """
    columns = _OLD if _old(path) else _NEW
    for row in tab_separated(path, columns, comment="#"):
        if isinstance(row, Malformed):
            yield row
            continue
        disease, name, no, term, reference, code, onset, frequency, sex, modifier, aspect, curator = row[1]
        wrong = _wrong(disease, name, no, term, code, onset, frequency, modifier, aspect)
        if wrong:
            yield Malformed(path.name, row[0], wrong, "\t".join(row[1])[:QUOTED])
            continue
        references = tuple(part for part in reference.split(";") if part) if ";" in reference else (reference,)
        yield Annotation(disease, name, bool(no), term, references if reference else (), code, onset, frequency, sex,
                         modifier, aspect, curator)  # fmt: skip


def release(path: Path) -> str:
    """The release that the comment '#version:' (before 2023 '#date:') names; empty where there is none."""
    for line in lines(path):
        if isinstance(line, Malformed) or not line[1].startswith("#"):
            break
        if line[1].startswith(("#version:", "#date:")):
            return release_in(line[1].partition(":")[2])
    return ""


def gene_rows(path: Path) -> Iterator[GeneRow | Malformed]:
    """The rows of genes_to_phenotype.txt in its order, each checked; a row that breaks the format is `Malformed`.

    A frequency of '-' means that none is known and comes out empty.
    """
    for row in tab_separated(path, _GENES):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (gene, symbol, term, frequency, disease) = row
        frequency = "" if frequency == "-" else frequency
        gene = gene.removeprefix("NCBIGene:")
        if not (gene.isascii() and gene.isdigit() and symbol and _TERM.fullmatch(term) and _DISEASE.fullmatch(disease)):
            wrong = "a gene number, a symbol, a term's id and a disease's id were expected"
        elif not FREQUENCY.fullmatch(frequency):
            wrong = f"{frequency!r} is no frequency (n/m, per cent or a term's id)"
        else:
            yield GeneRow(f"NCBIGene:{gene}", symbol, term, frequency, disease, number)
            continue
        yield Malformed(path.name, number, wrong, "\t".join(row[1])[:QUOTED])


def _old(path: Path) -> bool:
    for line in lines(path):
        if isinstance(line, Malformed) or not line[1].startswith("#"):
            return False
        if line[1].startswith("#DatabaseID"):
            return True
    return False


def _wrong(
    disease: str, name: str, no: str, term: str, code: str, onset: str, frequency: str, modifier: str, aspect: str
) -> str:
    if not _TERM.fullmatch(term):
        return f"{term!r} is no term's id (HP:0000000)"
    if not _DISEASE.fullmatch(disease) or not name:
        return f"{disease!r} {name!r}: a disease needs an id (OMIM:000000) and a name"
    if no not in ("", "NOT"):
        return f"{no!r} is no qualifier (NOT or empty)"
    if aspect not in ASPECTS:
        return f"{aspect!r} is no aspect (P, I, C, M or H)"
    if not code:
        return "a row needs an evidence code"
    if not FREQUENCY.fullmatch(frequency):
        return f"{frequency!r} is no frequency (n/m, per cent or a term's id)"
    if not _TERMS.fullmatch(onset) or not _TERMS.fullmatch(modifier):
        return "onset and modifier must be terms' ids"
    return ""
