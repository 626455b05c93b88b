"""What stands together is counted, with statistics that are right."""

from __future__ import annotations

import pytest

from probatum.annotators.cooccurrence import cooccurrence, g2, npmi
from probatum.store.reader import Store
from probatum.types import Mention, Relation


def related(found: list[Mention | Relation]) -> list[tuple[str, str, str, bool]]:
    return [(each.subject, each.predicate, each.object, each.negated) for each in found if isinstance(each, Relation)]


def test_what_stands_together_is_counted(drugs: Store) -> None:
    text = "Cisplatin was given. Hearing loss came. Cisplatin and hearing loss were noted. Lithium was not used."
    (told,) = [each for each in cooccurrence(drugs)(text) if isinstance(each, Relation)]
    assert (told.subject, told.object) == ("MESH:D002945", "DOID:2")
    assert dict(told.qualifiers) == {"sentences": "1", "npmi": "1.000", "g2": "5.55"}
    wide = related(cooccurrence(drugs, within="text")(text))
    assert ("MESH:D008094", "biolink:occurs_together_in_literature_with", "DOID:2", False) in wide


def test_the_statistics_by_hand() -> None:
    assert npmi(0, 5, 5, 100) == -1.0 and npmi(100, 100, 100, 100) == 1.0
    assert npmi(10, 20, 50, 100) == pytest.approx(0.0) and npmi(5, 5, 5, 100) == pytest.approx(1.0)
    assert g2(10, 20, 50, 100) == pytest.approx(0.0)
    assert g2(10, 10, 10, 20) == pytest.approx(27.7259, abs=1e-4)  # 2 * 20 * ln 2
