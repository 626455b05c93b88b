"""N-Quads are a source: claims with what is said of them, denials, statements of other makers."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.sources.nquads import nquads
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = Origin("nquads", "", "row 1")
    gaucher = Concept("MONDO:0018150", "Gaucher disease", "Disease", at, (Name("戈谢病", "zh"),), xrefs=("ORPHA:355",))
    text = "Glucosylceramide is kept in cells that should split it."
    defined = Passage("MONDO:0018150#definition", text, "Gaucher disease", "en", at, "definition", ("MONDO:0018150",))
    said = (("dose", "60 U/kg"), ("source_release", "own@1"))
    treats = Relation("DRUGBANK:DB00053", "biolink:treats", "MONDO:0018150", Origin("nquads", "", "row 2"), False, said)
    sample = tiny / "sources" / "nquads"
    check_contract("nquads", sample, [gaucher, defined, treats], tmp_path)
    *_, denied, loose, blank = nquads(sample)
    assert isinstance(denied, Relation) and denied.negated and denied.subject == "DRUGBANK:DB00945"
    assert isinstance(loose, Relation) and loose.qualifier("primary_knowledge_source") == "https://example.org/graph"
    assert isinstance(blank, Malformed)
