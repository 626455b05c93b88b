"""Names of drugs in a text: from every source that names them, each under that source's own id."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum import verbs
from probatum.annotators.dictionary import DRUGS, KINDS
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Mention, Name, Origin, Question, Release

TEXT = "Metformina was stopped; paracetamol and Examplinib (Trialib) were given for gout."


def facts() -> list[Fact]:
    here = Origin("own", "1", "row")
    return [
        Release("own", "1", "CC0-1.0", "0" * 64),
        Concept("DRUGBANK:DB1", "Metformin", "Drug", here, (Name("Metformina", "en", "exact"),)),
        Concept("MESH:D2", "Acetaminophen", "ChemicalEntity", here, (Name("Paracetamol", "en", "exact"),)),
        Concept("CHEBI:3", "examplinib", "SmallMolecule", here, (Name("Trialib", "en", "related"),)),
        Concept("DOID:4", "gout", "Disease", here),
    ]


def found(store: Store, **settings: object) -> list[tuple[str, str]]:
    said = verbs.annotate(store, TEXT, **settings)
    return [(each.text, each.concept) for each in said if isinstance(each, Mention)]


def test_drugs_count_where_no_kind_is_chosen(tmp_path: Path) -> None:
    write(tmp_path, facts())
    with Store(tmp_path) as store:
        assert found(store, kinds=()) == [
            ("Metformina", "DRUGBANK:DB1"),
            ("paracetamol", "MESH:D2"),
            ("Examplinib", "CHEBI:3"),
            ("Trialib", "CHEBI:3"),
            ("gout", "DOID:4"),
        ]
        assert found(store) == found(store, kinds=KINDS) == [("gout", "DOID:4")]
        assert [id for _, id in found(store, kinds=DRUGS)] == ["DRUGBANK:DB1", "MESH:D2", "CHEBI:3", "CHEBI:3"]


@pytest.mark.shared
def test_free_sources_name_drugs_and_say_what_they_treat(shared: Path, tmp_path: Path) -> None:
    for source, folder in (
        ("pharmacotherapydb", "pharmacotherapydb"),
        ("cpic", "api-captures/cpic"),
        ("openfda", "api-captures/openfda"),
        ("medline", "pubmed-medline"),
    ):
        verbs.ingest(tmp_path, source, shared / folder)
    with Store(tmp_path) as store:
        text = "Metformin, clopidogrel, Keytruda and imatinib."
        said = {
            (each.text, each.concept) for each in verbs.annotate(store, text, kinds=()) if isinstance(each, Mention)
        }
        assert {
            ("Metformin", "DRUGBANK:DB00331"), ("clopidogrel", "RXCUI:32968"), ("imatinib", "DRUGBANK:DB00619"),
        } <= said  # fmt: skip
        assert any(text == "Keytruda" and concept.startswith("SPL:") for text, concept in said)
        # one substance under the ids of RxNorm, the FDA and MeSH, joined by what maps them and not by its name
        same = store.same("RXCUI:32968")
        assert {"RXCUI:32968", "UNII:A74586SNO7"} <= set(same)
        answer = verbs.ask(store, Question("What does metformin treat?"))
        assert "Metformin: treats type 2 diabetes mellitus (DOID:9352), evidence DM" in answer.text
        assert all(verdict.support == "supported" for verdict in answer.verdicts)
