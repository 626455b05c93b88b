"""Search expansion: a heading finds what is indexed under narrower ones."""

from __future__ import annotations

from pathlib import Path

from probatum.sources.mesh import mesh
from probatum.store.explosion import exploded, passages_under
from probatum.store.graph import Graph
from probatum.store.linking import concepts_in
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Origin, Passage, Release

ARTICLES = {
    "PMID:1": ("Bone pain in adults", ("MESH:D005776",)),
    "PMID:2": ("Storage and the nervous system", ("MESH:D020140",)),
    "PMID:3": ("A sugar-lowering biguanide", ("MESH:D008687",)),
    "PMID:4": ("A family with too little saposin C", ("MESH:C999901",)),
    "PMID:5": ("Two storage diseases compared", ("MESH:D005776", "MESH:D000795")),
}


def laid(tiny: Path, folder: Path) -> Store:
    """The tiny headings and five articles under them."""
    write(folder, mesh(tiny / "sources/mesh"))
    texts = (
        Passage(id, f"{title}.", title, "en", Origin("articles", "1", id), about=about)
        for id, (title, about) in ARTICLES.items()
    )
    write(folder, (Release("articles", "1", "ours", "0" * 64), *texts))
    return Store(folder)


def test_a_question_for_a_heading_finds_what_stands_under_narrower_ones(tiny: Path, tmp_path: Path) -> None:
    with laid(tiny, tmp_path / "kb") as store:
        named = [link.concept for link in concepts_in(store, "What is known of lysosomal storage diseases?")]
        assert "MESH:D016464" in named
        documents = [each.id for each in passages_under(store, ["MESH:D016464"]) if each.kind == "document"]
        assert documents == ["PMID:2", "PMID:5", "PMID:1", "PMID:4"]  # by distance, then by heading; no biguanide
        assert not [each for each in store.passages(about="MESH:D016464") if each.kind == "document"]


def test_narrower_headings_then_what_maps_to_them(tiny: Path, tmp_path: Path) -> None:
    with laid(tiny, tmp_path / "kb") as store:
        graph = Graph.open(store)
        assert exploded(graph, ["MESH:D013106"]) == ["MESH:D013106", "MESH:D000795", "MESH:D005776", "MESH:C999901"]
        assert exploded(graph, ["MESH:D013106", "MESH:D005776", "nothing:1"])[:3] == [
            "MESH:D013106",
            "MESH:D005776",
            "nothing:1",
        ]
        assert exploded(graph, ["MESH:D016464"], most=2) == ["MESH:D016464", "MESH:D020140"]
