"""The KGX tables hold every assertion, and give back the claims that went in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import StoreRefused
from probatum.store.kgx import EDGE_COLUMNS, NODE_COLUMNS, export
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Passage, Relation, Release

AT = Origin("hpo", "1", "r1", "PCS", ("PMID:1", "OMIM:2"))
HAS = "biolink:has_phenotype"


def facts() -> list[Fact]:
    def claim(
        subject: str, predicate: str, object: str, *told: tuple[str, str], negated: bool = False, code: str = "PCS"
    ) -> Relation:
        return Relation(subject, predicate, object, Origin("hpo", "1", "r", code, AT.references), negated, told)

    return [
        Release("hpo", "1", "free", "00"),
        Concept(
            "HP:2", "Cough\tdry", "PhenotypicFeature", AT,
            (Name("Tussis|dry", scope="exact"), Name("咳嗽", "zh")), xrefs=("UMLS:C1",),
        ),
        Concept("OMIM:1", "Disease one", "Disease", AT),
        Concept("NCBIGene:7", "GENE7", "Gene", AT),
        Concept("HP:9", "Old cough", "PhenotypicFeature", AT, obsolete=True),
        Passage("HP:2#definition", "A sudden\nexpulsion of air.", "Cough", "en", AT, "definition", ("HP:2",)),
        claim("OMIM:1", HAS, "HP:2", ("frequency", "3/7"), ("sex", "MALE")),
        claim("OMIM:1", HAS, "HP:2", ("frequency", "45%"), ("onset", "HP:0003577")),
        claim("OMIM:1", HAS, "HP:2", ("frequency", "HP:0040281"), code="IEA"),
        claim("OMIM:1", HAS, "HP:2", ("biocuration", 'HPO:me[2020-01-01]\t"odd"'), ("frequency", "now and then")),
        claim("OMIM:1", HAS, "HP:2", negated=True),
        claim("HP:2", "biolink:subclass_of", "HP:1", code=""),
        claim("NCBIGene:7", HAS, "HP:2", ("disease", "OMIM:1"), code=""),
        claim("NCBIGene:7", "biolink:gene_associated_with_condition", "OMIM:1", code=""),
        claim("OMIM:1", "biolink:has_mode_of_inheritance", "HP:6", code="TAS"),
    ]  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    header, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def claims(folder: Path) -> set[Relation]:
    """The claims that a reader of the table makes of it."""
    found = set()
    for row in table(folder / "edges.tsv"):
        source, _, release = row["source_release"].partition("@")
        references = tuple(part.replace("%7C", "|") for part in row["publications"].split("|") if part)
        origin = Origin(source, release, row["source_record"], row["evidence_code"], references)
        told = tuple((name, value) for name, value in json.loads(row["source_qualifiers"]))
        found.add(Relation(row["subject"], row["predicate"], row["object"], origin, row["negated"] == "true", told))
    return found


def test_parsed_back_it_is_the_same_knowledge(tmp_path: Path) -> None:
    write(tmp_path / "kb", facts())
    with Store(tmp_path / "kb") as store:
        done = export(store, tmp_path / "out")
        first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        export(store, tmp_path / "out")
    assert (done.nodes, done.edges) == (6, 9)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
    assert claims(tmp_path / "out") == {fact for fact in facts() if isinstance(fact, Relation)}


def test_the_tables_speak_biolink(tmp_path: Path) -> None:
    write(tmp_path / "kb", facts())
    with Store(tmp_path / "kb") as store:
        export(store, tmp_path)
    nodes = {row["id"]: row for row in table(tmp_path / "nodes.tsv")}
    assert list(nodes["HP:2"]) == NODE_COLUMNS
    assert nodes["HP:2"] == {
        "id": "HP:2", "category": "biolink:PhenotypicFeature", "name": "Cough dry", "synonym": "Tussis%7Cdry",
        "description": "A sudden expulsion of air.", "translation": "zh:咳嗽", "xref": "UMLS:C1", "deprecated": "",
        "provided_by": "infores:hpo-annotations", "alternative_id": "", "replaced_by": "", "consider": "",
        "publications": "PMID:1|OMIM:2", "evidence_code": "PCS", "source_record": "r1",
        "source_names": '[["Tussis|dry","en","exact",""],["咳嗽","zh","label",""]]',
    }  # fmt: skip
    assert nodes["HP:9"]["deprecated"] == "true"
    assert nodes["HP:1"]["category"] == nodes["HP:6"]["category"] == "biolink:NamedThing"
    edges = table(tmp_path / "edges.tsv")
    assert list(edges[0]) == EDGE_COLUMNS
    assert {(row["subject"], row["predicate"], row["category"]) for row in edges} == {
        ("OMIM:1", HAS, "biolink:DiseaseToPhenotypicFeatureAssociation"),
        ("NCBIGene:7", HAS, "biolink:GeneToPhenotypicFeatureAssociation"),
        ("NCBIGene:7", "biolink:gene_associated_with_condition", "biolink:GeneToDiseaseAssociation"),
        ("HP:2", "biolink:subclass_of", "biolink:Association"),
        (
            "OMIM:1",
            "biolink:has_mode_of_inheritance",
            "biolink:DiseaseOrPhenotypicFeatureToGeneticInheritanceAssociation",
        ),
    }
    told = "knowledge_level agent_type negated frequency_qualifier has_count has_total has_percentage".split()
    assert sorted(" ".join(row[name] or "-" for name in told) for row in edges) == [
        "knowledge_assertion automated_agent false HP:0040281 - - -",
        "knowledge_assertion manual_agent false - - - -",
        "knowledge_assertion manual_agent false - - - -",
        "knowledge_assertion manual_agent false - - - -",
        "knowledge_assertion manual_agent false - - - 45",
        "knowledge_assertion manual_agent false - 3 7 -",
        "knowledge_assertion manual_agent true - - - -",
        "not_provided not_provided false - - - -",
        "not_provided not_provided false - - - -",
    ]
    assert {row["primary_knowledge_source"] for row in edges} == {"infores:hpo-annotations"}


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Store() as store, pytest.raises(StoreRefused, match="may write"):
        export(store, tmp_path / "file")
