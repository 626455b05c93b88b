"""SPOKE: exports of its database and KG-RAG's contexts."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Passage

F = Facts("spoke")
GAUCHER, FABRY = "DOID:1926", "DOID:14499"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    text = (
        "Disease Gaucher's disease associates Gene GBA1. "
        "Compound Imiglucerase treats Disease Gaucher's disease."
    )  # fmt: skip
    at = F.origin(f"{GAUCHER}#context")
    pinned: list[Fact] = [
        F.concept(GAUCHER, "Gaucher's disease", "Disease"),
        Passage(at.at, text, "Gaucher's disease", "en", at, "document", (GAUCHER,)),
    ]
    empty = read("spoke", tiny / "sources/spoke")[2]  # the row without a context, in quarantine
    pinned += [empty, F.concept(FABRY, "Fabry disease", "Disease")]
    check_contract("spoke", tiny / "sources/spoke", pinned, tmp_path)


def test_edges_keep_their_properties_and_trials_are_no_treatment(tiny: Path) -> None:
    facts = read("spoke", tiny / "sources/spoke/export.jsonl")
    trial = "INCHIKEY:LXBIFEVIBLOUGU-DPYQTVNSSA-N"
    assert claims(facts) == {
        ("DRUGBANK:DB00053", "biolink:treats", GAUCHER, False),
        (trial, "biolink:in_clinical_trials_for", GAUCHER, False),
        ("NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER, False),
        (GAUCHER, "biolink:has_phenotype", "MESH:D013163", False),
    }
    gene = claim_of(facts, "NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER)
    assert gene.origin.references == ("PMID:1", "PMID:2") and gene.qualifier("primary_source") == "DISEASES|OMIM"
    assert claim_of(facts, GAUCHER, "biolink:has_phenotype", "MESH:D013163").qualifier("cooccur") == "12"
    assert refused(facts) == [("export.jsonl", 9)]


def test_the_csv_export_says_the_same_way(tiny: Path) -> None:
    facts = read("spoke", tiny / "sources/spoke/export.csv")
    assert claims(facts) == {
        ("UniProtKB:P06280", "biolink:related_to", FABRY, False),
        ("UniProtKB:P06280", "biolink:participates_in", "spoke:Pathway/PC7_1", False),
    }
    assert not passages(facts)


def test_the_vocabulary_names_diseases(tiny: Path) -> None:
    facts = read("spoke", tiny / "sources/spoke/vocabulary.csv")
    pompe = concepts(facts)["DOID:3211"]
    assert (pompe.name, pompe.kind) == ("Pompe disease", "Disease")
    assert refused(facts) == [("vocabulary.csv", 3)]


@pytest.mark.shared
def test_the_vocabulary_of_kg_rag(shared: Path) -> None:
    facts = read("spoke", shared / "kg-rag-biomixqa/disease_name_with_id.csv")
    told = concepts(facts)
    assert told["DOID:0080936"].name == "serum amyloid A amyloidosis" and told["DOID:0080936"].kind == "Disease"
    assert len(told) == 6_274 and len(refused(facts)) == 32  # rows without an id


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="Neo4j export"):
        read("spoke", tmp_path)
