"""Concepts of two vocabularies that bear one name are proposed to people; nothing is joined by that alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadPlan
from probatum.formats import sssom as tables
from probatum.sources.sssom import sssom
from probatum.store.joining import clusters_of
from probatum.store.proposing import LEXICAL, proposed
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Relation, Release


def drugs() -> Iterator[Fact]:
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    said = {
        "page:imatinib": ("Imatinib", "Drug", ("Gleevec",)),
        "page:insulin": ("insulin", "Drug", ()),
        "page:abc": ("ABC", "Drug", ()),
        "page:gout": ("imatinib mesylate", "Disease", ()),
        "page:aspirin": ("aspirin", "Drug", ()),
        "page:nothing": ("unheard of", "Drug", ()),
        "DRUGBANK:DB1": ("imatinib", "Drug", ("gleevec", "imatinib mesylate")),
        "DRUGBANK:DB2": ("Insulin", "Drug", ()),
        "DRUGBANK:DB3": ("Insulin human", "Drug", ("INSULIN",)),
        "DRUGBANK:DB4": ("abc", "Drug", ()),
        "DRUGBANK:DB5": ("Aspirin", "Drug", ()),
    }
    for id, (name, kind, others) in said.items():
        yield Concept(id, name, kind, Origin("own", "1", id), tuple(Name(other, "en", "exact") for other in others))
    why = (("mapping_justification", "semapv:ManualMappingCuration"),)
    yield Relation("page:aspirin", "skos:exactMatch", "DRUGBANK:DB5", Origin("own", "1", "m"), False, why)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "kb", drugs())
    return tmp_path / "kb"


def test_one_name_of_one_concept_each_is_proposed_and_what_is_unclear_is_counted(folder: Path) -> None:
    with Store(folder) as store:
        found = proposed(store, "page", "drugbank", kind="Drug")
        (mapping,) = found.mappings
        assert (mapping.subject, mapping.predicate, mapping.object) == (
            "page:imatinib",
            "skos:exactMatch",
            "DRUGBANK:DB1",
        )
        assert mapping.justification == LEXICAL and mapping.said("match_string") == "gleevec|imatinib"
        assert mapping.said("subject_match_field") == "oboInOwl:hasExactSynonym|rdfs:label"
        # insulin is two there; ABC is too short; aspirin is joined by a curated mapping
        assert (found.ambiguous, found.joined, found.alone) == (1, 1, 2)
        assert len(proposed(store, "page", "DRUGBANK", kind="Drug", again=True).mappings) == 2
        assert proposed(store, "page", "DRUGBANK").ambiguous == 3  # the disease shares a synonym with imatinib
        with pytest.raises(BadPlan, match="one vocabulary"):
            proposed(store, "page", "Page")


def test_a_proposal_joins_nothing_until_somebody_judged_it(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "drugs.sssom.tsv"
    words = ["--kb", str(folder), "kb", "match", "page", "DRUGBANK", "--kind", "Drug", "--out", str(file), "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and '"proposed": 1' in done.output
    (row,) = tables.mappings(file)
    assert isinstance(row, tables.Mapping) and row.said("object_label") == "imatinib"
    write(folder, sssom(file))
    with Store(folder) as store:
        assert [claim.origin.source for claim in store.relations(subject="page:imatinib")] == ["sssom"]
        assert clusters_of(store).same("page:imatinib") == ("page:imatinib",)
    judged = tmp_path / "judged.sssom.tsv"
    judged.write_text(file.read_text(encoding="utf-8").replace(LEXICAL, "semapv:MappingReview"), encoding="utf-8")
    write(folder, sssom(judged))
    with Store(folder) as store:
        assert set(clusters_of(store).same("page:imatinib")) == {"page:imatinib", "DRUGBANK:DB1"}
