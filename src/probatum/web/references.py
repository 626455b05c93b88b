"""Publications and records by their CURIE: where a reader finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The addresses that the owners of these identifiers give in the Bioregistry (https://bioregistry.io).
ADDRESSES = {
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "OMIM": "https://omim.org/entry/{}",
    "ORPHA": "https://www.orpha.net/en/disease/detail/{}",
    "HP": "https://hpo.jax.org/browse/term/HP:{}",
    "DECIPHER": "https://www.deciphergenomics.org/syndrome/{}",
    "DOI": "https://doi.org/{}",
    "NCBIGene": "https://www.ncbi.nlm.nih.gov/gene/{}",
}
_PLAIN = re.compile(r"[A-Za-z0-9_./()-]{1,100}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: its id, and its address where one is known (else empty)."""

    id: str
    address: str


def reference(id: str) -> Reference:
    """The reference of a CURIE, or of a web address."""
    prefix, _, local = id.partition(":")
    pattern = ADDRESSES.get(prefix, "")
    if pattern and _PLAIN.fullmatch(local):
        return Reference(id, pattern.format(local))
    return Reference(id, id if re.fullmatch(r"https?://[^\s\"'<>]{1,500}", id) else "")
