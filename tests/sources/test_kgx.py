"""Any KGX folder is a source: provenance kept, older files read, and what a store writes comes back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_contract import check_contract

from probatum.errors import NeedsFile
from probatum.sources.kgx import kgx
from probatum.store.kgx import export
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation, Release


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    said = (
        ("agent_type", "manual_agent"),
        ("aggregator_knowledge_source", "infores:own-a"),
        ("aggregator_knowledge_source", "infores:own-b"),
        ("category", "biolink:ChemicalToDiseaseOrPhenotypicFeatureAssociation"),
        ("knowledge_level", "knowledge_assertion"),
        ("primary_knowledge_source", "infores:own-curators"),
    )
    at = Origin("kgx", "", "MONDO:0018150")
    gaucher = Concept(
        "MONDO:0018150", "Gaucher disease", "Disease", at,
        (Name("glucocerebrosidase deficiency", scope="exact"), Name("cerebroside storage", scope="related")),
        xrefs=("OMIMPS:230800", "ORPHA:355"),
    )  # fmt: skip
    text = "A storage disorder of the enzyme that splits glucosylceramide."
    defined = Passage("MONDO:0018150#definition", text, "Gaucher disease", "en", at, "definition", ("MONDO:0018150",))
    drug = Concept(
        "DRUGBANK:DB00053", "Imiglucerase", "Drug", Origin("kgx", "", "drugbank:DB00053"), xrefs=("RXCUI:25",)
    )
    check_contract("kgx", tiny / "sources" / "kgx", [gaucher, defined, drug], tmp_path)
    claims = [fact for fact in kgx(tiny / "sources" / "kgx") if isinstance(fact, Relation)]
    assert claims[0].qualifiers == said and claims[0].origin.references == ("PMID:9000001", "PMID:9000002")
    assert [claim.origin.reliability for claim in claims] == ["curated", "curated", "extracted", "generated"]
    assert claims[1].qualifier("frequency") == "19/20" and claims[1].qualifier("onset") == "HP:0011463"
    assert claims[2].qualifier("score") == "0.71"
    assert (claims[3].predicate, claims[3].negated) == ("biolink:treats", True)


def test_a_folder_without_tables_is_told_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="nodes"):
        list(kgx(tmp_path))


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)
ID = st.from_regex(r"(HP|MONDO|OMIM):[0-9]{7}", fullmatch=True)
NAME = st.builds(Name, TEXT, st.sampled_from(["en", "zh"]), st.sampled_from(["exact", "broad"]), st.just("") | TEXT)
SAID = st.dictionaries(
    st.sampled_from(["frequency", "onset", "sex", "disease", "comment", "study"]), TEXT | st.just("3/7")
)
REFERENCES = st.lists(st.from_regex(r"PMID:[0-9]{1,8}", fullmatch=True), max_size=2).map(tuple)
AT = st.builds(lambda at, code, refs: Origin("own", "1", at, code, refs), TEXT, st.just("") | TEXT, REFERENCES)
CONCEPT = st.builds(
    Concept, ID, TEXT, st.sampled_from(["Disease", "PhenotypicFeature"]), AT, st.lists(NAME, max_size=3).map(tuple),
    alternatives=st.lists(ID, max_size=2).map(tuple), xrefs=st.lists(ID, max_size=2).map(tuple), obsolete=st.booleans(),
)  # fmt: skip
CLAIM = st.builds(
    Relation, ID, st.sampled_from(["biolink:treats", "biolink:has_phenotype"]), ID, AT, st.booleans(),
    SAID.map(lambda said: tuple(sorted(said.items()))),
)  # fmt: skip


@settings(max_examples=12)
@given(concepts=st.lists(CONCEPT, max_size=3, unique_by=lambda each: each.id), claims=st.lists(CLAIM, max_size=4))
def test_what_a_store_writes_comes_back_whole(
    tmp_path_factory: pytest.TempPathFactory, concepts: list[Concept], claims: list[Relation]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    write(folder / "one", [Release("own", "1", "CC0", "0" * 64), *concepts, *claims])
    with Store(folder / "one") as store:
        export(store, folder / "first")
    facts = list(kgx(folder / "first"))
    assert not any(isinstance(fact, Malformed) for fact in facts)
    write(folder / "two", facts)
    with Store(folder / "one") as one, Store(folder / "two") as two:
        assert [_plain(each) for each in two.concepts()] == [_plain(each) for each in one.concepts()]
        assert sorted(map(_said, two.relations())) == sorted(map(_said, one.relations()))
        export(two, folder / "second")
    without = ("provided_by", "id")  # who said it is now this graph; an edge's id is made of its source
    for name in ("nodes.tsv", "edges.tsv"):
        first, second = (sorted(_rows(folder / place / name, without)) for place in ("first", "second"))
        assert first == second


def _plain(each: Concept) -> tuple[object, ...]:
    return each.id, each.name, each.kind, each.names, each.alternatives, each.xrefs, each.obsolete, each.origin.at


def _said(claim: Relation) -> tuple[object, ...]:
    brought = {"agent_type", "category", "knowledge_level", "primary_knowledge_source", "source_release"}
    own = tuple(pair for pair in claim.qualifiers if pair[0] not in brought)
    at = claim.origin
    return claim.subject, claim.predicate, claim.object, claim.negated, own, at.at, at.evidence, at.references


def _rows(path: Path, without: tuple[str, ...]) -> list[tuple[str, ...]]:
    header, *rows = (line.split("\t") for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))
    keep = [
        place for place, name in enumerate(header) if not (name in without and (name != "id" or "object" in header))
    ]
    return [tuple(row[place] for place in keep) for row in rows]


@pytest.mark.shared
def test_a_published_graph_of_older_layout_is_read(shared: Path) -> None:
    facts = list(kgx(shared / "mondo" / "mondo-rare_edges.tsv"))
    claims = [fact for fact in facts if isinstance(fact, Relation)]
    assert len(claims) == 29913 and not any(isinstance(fact, Malformed) for fact in facts)
    assert claims[0].qualifier("primary_knowledge_source") == "mondo-rare.json"
    assert claims[0].qualifier("original_predicate") == "rdfs:subClassOf"
