"""Reads what the Human Phenotype Ontology says of diseases and genes: phenotype.hpoa and genes_to_phenotype.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from probatum.formats.ontology import release_in
from probatum.formats.reading import QUOTED, lines
from probatum.formats.tables import tab_separated
from probatum.text import frequency
from probatum.types import Malformed

_OLD = ("DatabaseID", "DiseaseName", "Qualifier", "HPO_ID", "Reference", "Evidence", "Onset", "Frequency", "Sex",
        "Modifier", "Aspect", "Biocuration")  # fmt: skip
_NEW = ("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
        "modifier", "aspect", "biocuration")  # fmt: skip
_GENES = ("ncbi_gene_id", "gene_symbol", "hpo_id", "frequency", "disease_id")
_DISEASE = re.compile(r"[A-Za-z]+:\S+")
_TERM = re.compile(r"HP:\d{7}")
_TERMS = re.compile(r"HP:\d{7}(?:;HP:\d{7})*")
_GENE = re.compile(r"(?:NCBIGene:)?\d{1,12}", re.ASCII)
ASPECTS = frozenset("PICMH")  # phenotype, inheritance, clinical course, modifier, past history


class Annotation(NamedTuple):
    """One row of phenotype.hpoa, every cell as written."""

    disease: str
    name: str
    qualifier: str  # NOT or empty
    term: str
    reference: str  # one or several, with ';' between them
    evidence: str
    onset: str
    frequency: str  # n/m, per cent or a term's id
    sex: str
    modifier: str
    aspect: str
    biocuration: str


class GeneRow(NamedTuple):
    """One row of genes_to_phenotype.txt: a gene, a term, and the disease by way of which they belong together."""

    gene: str  # NCBIGene:n
    symbol: str
    term: str
    frequency: str
    disease: str
    line: int


def disease_rows(path: Path, passed: int = 0) -> Iterator[Annotation | Malformed]:
    """The rows of a phenotype.hpoa file in its order, each checked; a row that breaks the format is `Malformed`.

    Without the first `passed` of them. Reads the header of today and that of releases before 2023. Raises `BadFormat`
    where there is neither.
    """
    columns = _OLD if _old(path) else _NEW
    for row in tab_separated(path, columns, comment="#", passed=passed):
        if isinstance(row, Malformed):
            yield row
            continue
        found = Annotation(*row[1])
        if wrong := _wrong(found):
            yield Malformed(path.name, row[0], wrong, "\t".join(row[1])[:QUOTED])
        else:
            yield found


def release(path: Path) -> str:
    """The release that the comment '#version:' (before 2023 '#date:') names; empty where there is none."""
    for line in lines(path):
        if isinstance(line, Malformed) or not line[1].startswith("#"):
            break
        if line[1].startswith(("#version:", "#date:")):
            return release_in(line[1].partition(":")[2])
    return ""


def gene_rows(path: Path, passed: int = 0) -> Iterator[GeneRow | Malformed]:
    """The rows of genes_to_phenotype.txt in its order, each checked; a row that breaks the format is `Malformed`.

    Without the first `passed` of them. A frequency of '-' means that none is known and comes out empty.
    """
    for row in tab_separated(path, _GENES, passed=passed):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (gene, symbol, term, often, disease) = row
        often = "" if often == "-" else often
        if not (_is_gene(gene) and symbol and _is_term(term) and _is_disease(disease)):
            wrong = "a gene number, a symbol, a term's id and a disease's id were expected"
        elif not _is_frequency(often):
            wrong = f"{often!r} is no frequency (n/m, per cent or a term's id)"
        else:
            yield GeneRow(f"NCBIGene:{gene.removeprefix('NCBIGene:')}", symbol, term, often, disease, number)
            continue
        yield Malformed(path.name, number, wrong, "\t".join(row[1])[:QUOTED])


def _old(path: Path) -> bool:
    for line in lines(path):
        if isinstance(line, Malformed) or not line[1].startswith("#"):
            return False
        if line[1].startswith("#DatabaseID"):
            return True
    return False


# cells repeat from row to row: each is looked at once, not 271,702 times
_CELLS = 1 << 16


@lru_cache(_CELLS)
def _is_term(cell: str) -> bool:
    return bool(_TERM.fullmatch(cell))


@lru_cache(_CELLS)
def _is_disease(cell: str) -> bool:
    return bool(_DISEASE.fullmatch(cell))


@lru_cache(_CELLS)
def _is_frequency(cell: str) -> bool:
    try:
        frequency.read(cell)
    except ValueError:
        return False
    return True


@lru_cache(_CELLS)
def _is_gene(cell: str) -> bool:
    return bool(_GENE.fullmatch(cell))


def _wrong(row: Annotation) -> str:
    if not _is_term(row.term):
        return f"{row.term!r} is no term's id (HP:0000000)"
    if not _is_disease(row.disease) or not row.name:
        return f"{row.disease!r} {row.name!r}: a disease needs an id (OMIM:000000) and a name"
    if row.qualifier not in ("", "NOT") or row.aspect not in ASPECTS or not row.evidence:
        return "a qualifier NOT or none, an aspect of P, I, C, M, H and an evidence code were expected"
    if not _is_frequency(row.frequency):
        return f"{row.frequency!r} is no frequency (n/m, per cent or a term's id)"
    if (row.onset and not _TERMS.fullmatch(row.onset)) or (row.modifier and not _TERMS.fullmatch(row.modifier)):
        return "onset and modifier must be terms' ids"
    return ""
