"""PubMed Abstracts in The Pile: what BioMedLM learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._pile import OFFICIAL, pile
from probatum.naming import card
from probatum.types import Example


@card(
    "PubMed Abstracts in The Pile",
    survey="pile_pubmed_abstracts",
    reference="doi:10.48550/arXiv.2101.00027",
    licence="MIT (code); of each text its own",
    languages=("en",),
    where=OFFICIAL,
    terms="Each text under its own terms.",
)
def pile_pubmed_abstracts(path: Path) -> Iterator[Example]:
    """The texts of the set `PubMed Abstracts`, in the layout of `the_pile`; those of others are left out.

    Raises `NeedsFile` and `BadFormat`.
    """
    return pile(path, "pile_pubmed_abstracts", "PubMed Abstracts")
