"""What a store knows leaves it in the formats of others and comes back whole: N-Quads, SSSOM, OBO graphs, SPARQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probatum.errors import BadFormat
from probatum.formats import obographs as graphs
from probatum.formats.nquads import Quad, line, quads
from probatum.formats.ontology import Term
from probatum.naming import find
from probatum.store.exchange import mappings, obographs
from probatum.store.rdf import export, sparql
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

AT = Origin("own", "1", "row", "E1", ("PMID:1", "https://example.org/a"))
MANUAL = (("confidence", "0.9"), ("mapping_justification", "semapv:ManualMappingCuration"), ("mapping_tool", "hands"))


def facts() -> list[Fact]:
    return [
        Release("own", "1", "CC0-1.0", "0" * 64),
        Concept("MONDO:1", "Fabry disease", "Disease", Origin("own", "1", "MONDO:1"),
                (Name("Anderson\t\"Fabry\"", "en", "exact"), Name("法布雷病", "zh")), ("MONDO:0",), xrefs=("UMLS:C1",)),
        Concept("MONDO:2", "storage disease", "Disease", Origin("own", "1", "MONDO:2"), obsolete=True),
        Passage("MONDO:1#definition", "A storage\ndisease.", "Fabry", "en", Origin("own", "1", "d"), "definition",
                ("MONDO:1",)),
        Relation("DRUGBANK:DB1", "biolink:treats", "MONDO:1", AT, False, (("dose", "1 mg/kg"), ("study", "a \\ b"))),
        Relation("DRUGBANK:DB2", "biolink:treats", "MONDO:1", Origin("own", "1", "x", reliability="extracted"), True),
        Relation("MONDO:1", "biolink:subclass_of", "MONDO:2", AT),
        Relation("MONDO:1", "skos:exactMatch", "OMIM:1", Origin("own", "1", "m"), False, MANUAL),
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    write(tmp_path / "kb", facts())
    return Store(tmp_path / "kb")


def plain(claim: Relation) -> tuple[object, ...]:
    said = tuple(pair for pair in claim.qualifiers if pair[0] != "source_release")
    at = claim.origin
    ends = claim.subject, claim.predicate, claim.object, claim.negated
    return *ends, said, at.at, at.evidence, set(at.references), at.reliability


def test_n_quads_come_back_as_the_same_knowledge(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    with store:
        assert export(store, file) == len(file.read_text(encoding="utf-8").splitlines())
        wanted = [plain(claim) for claim in store.relations()]
        concepts = [(c.id, c.name, c.kind, c.names, c.alternatives, c.xrefs, c.obsolete) for c in store.concepts()]
    again = list(find("sources", "nquads")(file))
    assert not any(isinstance(fact, Malformed) for fact in again)
    write(tmp_path / "two", again)
    with Store(tmp_path / "two") as two:
        assert [plain(claim) for claim in two.relations()] == wanted
        assert [
            (c.id, c.name, c.kind, c.names, c.alternatives, c.xrefs, c.obsolete) for c in two.concepts()
        ] == concepts
        assert {claim.qualifier("source_release") for claim in two.relations()} == {"own@1"}
        assert [each.text for each in two.passages(kind="definition")] == ["A storage\ndisease."]


def test_sparql_answers_over_claims_and_what_is_said_of_them(store: Store) -> None:
    pytest.importorskip("pyoxigraph", reason='needs: pip install "probatum[rdf]"')
    query = """PREFIX b: <https://w3id.org/biolink/vocab/> PREFIX r: <https://bioregistry.io/>
        SELECT ?drug ?dose WHERE { GRAPH ?claim { ?drug b:treats r:MONDO:1 }
        ?claim <urn:probatum:qualifier:dose> ?dose }""".replace("r:MONDO:1", "<https://bioregistry.io/MONDO:1>")
    with store:
        assert list(sparql(store, query)) == [{"drug": "https://bioregistry.io/DRUGBANK:DB1", "dose": "1 mg/kg"}]
        assert list(sparql(store, "ASK { ?x <https://w3id.org/biolink/vocab/treats> ?y }")) == [{"answer": "true"}]
        with pytest.raises(BadFormat, match="query"):
            list(sparql(store, "SELECT nonsense"))


def test_mappings_leave_as_sssom_and_come_back(store: Store, tmp_path: Path) -> None:
    with store:
        assert mappings(store, tmp_path / "m.sssom.tsv") == 1
    _, back = find("sources", "sssom")(tmp_path / "m.sssom.tsv")
    assert isinstance(back, Relation) and (back.subject, back.object) == ("MONDO:1", "OMIM:1")
    assert {pair for pair in back.qualifiers if pair[0] != "mapping_source"} == set(MANUAL)
    assert back.qualifier("mapping_source") == "own@1"


def test_an_obo_graph_holds_names_definitions_and_hierarchy(store: Store, tmp_path: Path) -> None:
    with store:
        assert obographs(store, tmp_path / "g.json") == 2
    one, two = graphs.terms(tmp_path / "g.json")
    assert isinstance(one, Term) and isinstance(two, Term)
    assert (one.id, one.name, one.is_a, one.definition) == (
        "MONDO:1",
        "Fabry disease",
        ("MONDO:2",),
        "A storage\ndisease.",
    )
    assert [name.text for name in one.synonyms] == ['Anderson\t"Fabry"'] and one.alternatives == ("MONDO:0",)
    assert two.obsolete


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
IRI = st.from_regex(r"urn:[a-z0-9:/#%]{1,12}", fullmatch=True)
QUAD = st.one_of(
    st.builds(Quad, IRI, IRI, IRI, st.just("") | IRI),
    st.builds(
        lambda s, p, o, g, tag: Quad(s, p, o, g, True, tag),
        IRI, IRI, TEXT, IRI, st.sampled_from(["", "en", "zh-Hans"]),
    ),
)  # fmt: skip


@settings(max_examples=30)
@given(found=st.lists(QUAD, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, found: list[Quad]) -> None:
    path = tmp_path_factory.mktemp("nq") / "x.nq"
    path.write_text("".join(f"{line(quad)}\n" for quad in found), encoding="utf-8", newline="\n")
    assert [each[1] for each in quads(path) if not isinstance(each, Malformed)] == found
