"""Hetionet's tables and JSON."""

import json
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.sources._relations import readings

F = Facts("hetionet")
EDGES = {
    ("DRUGBANK:DB00053", "biolink:treats", "DOID:1926", False),
    ("NCBIGene:2629", "biolink:gene_associated_with_condition", "DOID:1926", False),
    ("NCBIGene:2629", "biolink:regulates", "NCBIGene:1", False),
    ("NCBIGene:2629", "biolink:participates_in", "hetionet:Pathway/PC7_1", False),
}


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        F.concept("DOID:1926", "Gaucher's disease", "Disease"),
        F.concept("NCBIGene:2629", "GBA", "Gene"),
        F.concept("DRUGBANK:DB00053", "Imiglucerase", "Drug"),
    ]
    check_contract("hetionet", tiny / "sources/hetionet", pinned, tmp_path)


def test_edges_by_their_kinds(tiny: Path) -> None:
    facts = read("hetionet", tiny / "sources/hetionet")
    assert claims(facts) == EDGES
    assert refused(facts) == [("hetionet-v1.0-nodes.tsv", 6), ("hetionet-v1.0-edges.sif", 6)]


def test_the_json_says_the_same_and_more(tmp_path: Path) -> None:
    def edge(subject: list[object], verb: str, object: list[object], direction: str = "both", **data: object) -> object:
        return {"source_id": subject, "target_id": object, "kind": verb, "direction": direction, "data": data}

    disease, gene = ["Disease", "DOID:1926"], ["Gene", 2629]
    graph = {
        "metanode_kinds": ["Gene"],
        "nodes": [
            {"kind": "Gene", "identifier": 2629, "name": "GBA", "data": {}},
            {"kind": "Gene"},
        ],
        "edges": [
            edge(["Compound", "DB00053"], "treats", disease, sources=["PharmacotherapyDB"], pubmed_ids=[1, 2]),
            edge(disease, "associates", gene, license="CC BY 4.0"),
            edge(gene, "regulates", ["Gene", 1], "forward"),
            edge(gene, "participates", ["Pathway", "PC7_1"]),
            edge(gene, "dreams", disease),
        ],
    }  # fmt: skip
    (tmp_path / "hetionet-v1.0.json").write_text(json.dumps(graph), encoding="utf-8")
    facts = read("hetionet", tmp_path)
    assert claims(facts) == EDGES and concepts(facts)["NCBIGene:2629"].name == "GBA"
    treats = claim_of(facts, "DRUGBANK:DB00053", "biolink:treats", "DOID:1926")
    assert treats.origin.references == ("PMID:1", "PMID:2")
    assert treats.qualifier("primary_source") == "PharmacotherapyDB"
    assert [line for _, line in refused(facts)] == [1, 1]


def test_another_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadFormat, match="nodes and edges"):
        read("hetionet", tmp_path)


@pytest.mark.shared
def test_the_real_nodes_and_metagraph(shared: Path) -> None:
    lines = (shared / "hetionet/metaedges.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split("\t")[1] for line in lines} == set(readings("hetionet"))  # every kind of edge is known
    facts = read("hetionet", shared / "hetionet")
    assert len(facts) == len(concepts(facts)) == 47_031
