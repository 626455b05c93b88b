"""Statements held against the graph: claims, classification, ids, denials, what is not known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asked_desks import code, desk_with

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods.stated import stated
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Question, Relation, Release

TRUTH = (("A", "True"), ("B", "False"))
ALPHA, KIND, WHOLE, GENE = "MONDO:0000001", "MONDO:0000002", "MONDO:0000003", "HGNC:1"


def facts() -> Iterator[Fact]:
    def origin(at: str) -> Origin:
        return Origin("own", "1", at)

    yield Release("own", "1", "CC0-1.0", "0" * 64)
    yield Concept(ALPHA, "alpha disease", "Disease", origin("a"), (Name("甲病", "zh"),))
    yield Concept(KIND, "storage disorder", "Disease", origin("k"))
    yield Concept(WHOLE, "metabolic disorder", "Disease", origin("w"), (Name("代谢病", "zh"),))
    yield Concept(GENE, "GENEA", "Gene", origin("g"))
    yield Relation(ALPHA, "biolink:subclass_of", KIND, origin("1"))
    yield Relation(KIND, "biolink:subclass_of", WHOLE, origin("2"))
    yield Relation(GENE, "biolink:gene_associated_with_condition", ALPHA, origin("3"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("stated")
    write(folder, facts())
    with Store(folder) as store:
        yield desk_with(store)


@pytest.mark.parametrize(
    ("text", "letter", "cited"),
    [
        ("alpha disease associates Gene GENEA", "A", 1),
        ("alpha disease is not associated with Gene GENEA", "B", 1),
        ("alpha disease is a metabolic disorder", "A", 2),
        ("alpha disease is not a metabolic disorder", "B", 2),
        ("Disease ontology identifier for alpha disease is MONDO:0000001", "A", 0),
        ("甲病是代谢病", "A", 2),
    ],
)
def test_what_the_graph_says(desk: Desk, text: str, letter: str, cited: int) -> None:
    answer = stated(Question(text, TRUTH), desk)
    assert answer.choice == letter and len(answer.evidence) == cited


def test_what_is_not_found_is_not_known(desk: Desk) -> None:
    asked = Question("metabolic disorder associates Gene GENEA", TRUTH)
    assert code(stated(asked, desk)) == "no-evidence"
    assert stated(asked, desk, unknown="false").choice == "B"
    assert code(stated(Question("nothing is here", TRUTH), desk)) == "no-entity"
    assert code(stated(Question("alpha disease", (("A", "x"), ("B", "y"))), desk)) == "no-options"
    with pytest.raises(BadPlan):
        stated(asked, desk, unknown="maybe")
