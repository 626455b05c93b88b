"""The MeSH source: headings under headings, entry terms with their scope, supplementary records, actions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.formats.curies import curie
from probatum.formats.tables import tab_separated
from probatum.sources.mesh import mesh
from probatum.sources.umls import umls
from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation, Release

AT = ("mesh", "2026")


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny release that a test may change."""
    return Path(shutil.copytree(tiny / "sources/mesh", tmp_path / "mesh"))


def concepts(folder: Path) -> dict[str, Concept]:
    return {fact.id: fact for fact in mesh(folder) if isinstance(fact, Concept)}


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    name = "Congenital, Hereditary, and Neonatal Diseases and Abnormalities"
    pinned = (
        Concept("MESH:D009358", name, "Disease", Origin(*AT, "D009358")),
        Concept(
            "MESH:D030342",
            "Genetic Diseases, Inborn",
            "Disease",
            Origin(*AT, "D030342"),
            names=(Name("Inborn Genetic Diseases", "en", "exact", "permuted"),),
        ),
        Concept("MESH:D008661", "Metabolism, Inborn Errors", "Disease", Origin(*AT, "D008661")),
    )
    check_contract("mesh", tiny / "sources/mesh", pinned, tmp_path)


def test_entry_terms_have_the_scope_of_their_concept(tiny: Path) -> None:
    gaucher = concepts(tiny / "sources/mesh")["MESH:D005776"]
    assert gaucher.names == (
        Name("Disease, Gaucher", "en", "exact", "permuted"),
        Name("Glucocerebrosidase Deficiency", "en", "exact", ""),
        Name("Non-Neuronopathic Gaucher Disease", "en", "narrow", ""),
        Name("Gaucher Splenomegaly", "en", "related", ""),
    )


def test_a_heading_is_a_kind_of_what_stands_above_it(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", mesh(tiny / "sources/mesh"))
    with Store(tmp_path / "kb") as store:
        (claim,) = store.relations("MESH:D005776", "biolink:subclass_of")
        assert claim.object == "MESH:D013106" and claim.origin.at == "D005776 C16.320.565.595.554.825.400"
        graph = Graph.open(store)
        assert graph.ancestors("MESH:D005776")[:2] == ["MESH:D013106", "MESH:D020140"]
        assert graph.descendants("MESH:D013106") == ["MESH:D000795", "MESH:D005776"]
        (definition,) = store.passages(about="MESH:D016464")
        assert definition.kind == "definition" and definition.text.startswith("Inborn faults")


def test_kinds_follow_the_trees_and_the_class_of_a_supplement(tiny: Path) -> None:
    kinds = {id: each.kind for id, each in concepts(tiny / "sources/mesh").items()}
    assert kinds["MESH:D008687"] == "ChemicalEntity" and kinds["MESH:D007004"] == "OntologyClass"
    assert kinds["MESH:C551994"] == "ChemicalEntity" and kinds["MESH:C999901"] == "Disease"
    assert kinds["MESH:Q000188"] == "OntologyClass"


def test_supplementary_records_map_to_headings_and_substances_have_actions(tiny: Path) -> None:
    facts = list(mesh(tiny / "sources/mesh"))
    mapped = [each for each in facts if isinstance(each, Relation) and each.predicate == "skos:broadMatch"]
    assert [(each.subject, each.object, each.qualifiers) for each in mapped] == [
        ("MESH:C551994", "MESH:D011720", (("original_predicate", "preferred_mapped_to"),)),
        ("MESH:C551994", "MESH:D011725", (("original_predicate", "mapped_to"),)),
        (
            "MESH:C999901",
            "MESH:D005776",
            (("comment", "with qualifier MESH:Q000188"), ("original_predicate", "preferred_mapped_to")),
        ),
    ]
    actions = [each for each in facts if isinstance(each, Relation) and each.predicate == "biolink:has_chemical_role"]
    # the descriptor and the list of actions say the same of metformin: one claim
    assert [(each.subject, each.object) for each in actions] == [
        ("MESH:D008687", "MESH:D007004"),
        ("MESH:C551994", "MESH:D047428"),
        ("MESH:D008687", "MESH:D007004"),
    ]
    assert actions[0] == actions[2]
    xalkori = concepts(tiny / "sources/mesh")["MESH:C551994"]
    assert xalkori.names == (Name("Xalkori", "en", "exact", "trade_name"),) and xalkori.xrefs == ("UNII:53AH36668S",)


def test_the_last_year_counts_and_one_file_stands_alone(folder: Path) -> None:
    shutil.copy(folder / "desc2026.xml", folder / "desc2025.xml")
    release = next(mesh(folder))
    assert isinstance(release, Release) and (release.version, release.published) == ("2026", "2026-01-01")
    assert release.files == ("desc2026.xml", "qual2026.xml", "supp2026.xml", "pa2026.xml")
    alone = list(mesh(folder / "qual2026.xml"))
    assert [each.id for each in alone if isinstance(each, Concept)] == ["MESH:Q000188", "MESH:Q000628"]
    assert any(isinstance(each, Relation) and each.object == "MESH:Q000628" for each in alone)


def test_gaps_in_the_trees_are_put_aside(folder: Path) -> None:
    file = folder / "desc2026.xml"
    text = file.read_text(encoding="utf-8").replace("C16.320.565.595.554.825<", "C16.320.565.595.554.825.400<")
    file.write_text(text, encoding="utf-8")
    aside = [each.reason for each in mesh(folder) if isinstance(each, Malformed)]
    assert aside[0] == "the tree number C16.320.565.595.554.825.400 is that of D013106"
    assert aside[1:] == ["nothing stands at the tree number above"] * 2


def test_a_set_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desc2026.xml").write_text("<DescriptorRecordSet/>", encoding="utf-8")
    with pytest.raises(BadFormat, match="no record"):
        list(mesh(tmp_path))


@pytest.mark.shared
def test_published_mappings_lead_from_heading_to_metathesaurus(shared: Path, tiny: Path) -> None:
    """Two mapping tables of Mondo give one disease for the heading and for the CUI that our two samples hold."""

    def mapped(name: str) -> dict[str, str]:
        rows = tab_separated(shared / "mondo" / name, ("subject_id", "object_id"), "#")
        return {curie(row[1][1]): row[1][0] for row in rows if not isinstance(row, Malformed)}

    headings, concepts_of_umls = mapped("mondo_exactmatch_mesh.sssom.tsv"), mapped("mondo_exactmatch_umls.sssom.tsv")
    said = {fact.id: fact for fact in umls(tiny / "sources/umls") if isinstance(fact, Concept)}
    held = concepts(tiny / "sources/mesh")
    for cui, heading in (("UMLS:C0017205", "MESH:D005776"), ("UMLS:C0002986", "MESH:D000795")):
        assert heading in held and heading in said[cui].xrefs
        assert concepts_of_umls[cui] == headings[heading]


def test_scope_notes_are_definitions(tiny: Path) -> None:
    notes = [fact for fact in mesh(tiny / "sources/mesh") if isinstance(fact, Passage)]
    assert {note.kind for note in notes} == {"definition"} and len(notes) == 5
