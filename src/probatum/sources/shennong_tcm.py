"""The graph of Chinese materia medica that ShenNong-TCM-LLM was made from: herbs, syndromes, tastes, meridians."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.triples import triples
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._triples import told
from probatum.types import Fact

ORDER = ("subject", "object", "relation")  # the file has the relation last


@card(
    "TCM-KG of ShenNong-TCM-LLM",
    survey="tcm_kg_shennong",
    reference="https://github.com/michael-wzhu/ShenNong-TCM-LLM (src/TCM-KG_triples.txt); https://github.com/ywjawmw/TCM_KG",
    licence="none stated",
    languages=("zh",),
    where="https://github.com/michael-wzhu/ShenNong-TCM-LLM, src/TCM-KG_triples.txt",
    terms="No licence is stated in either repository; ask its authors.",
)
def shennong_tcm(path: Path | None = None) -> Iterator[Fact]:
    """The facts of TCM-KG_triples.txt: a line is head, tail, relation (中药, 证候, 治法, 功能, 归经 ...), with tabs.

    The release is the sha256 of the file. The links to modern symptoms (TS_MS) are `skos:closeMatch`, never identity.
    Raises `NeedsFile`.
    """
    files = files_of("shennong_tcm", path, (".txt",), card_of(shennong_tcm))
    begun = release("shennong_tcm", card_of(shennong_tcm), files)
    yield begun
    telling = Telling(begun, language="zh")
    for file in files:
        yield from told(telling, triples(file, ORDER), "shennong")
