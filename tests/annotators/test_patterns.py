"""Trigger words state relations, deny them, and stay silent where they are not said."""

from __future__ import annotations

import pytest

from probatum.annotators.patterns import patterns
from probatum.store.reader import Store
from probatum.types import Mention, Relation


def related(found: list[Mention | Relation]) -> list[tuple[str, str, str, bool]]:
    return [(each.subject, each.predicate, each.object, each.negated) for each in found if isinstance(each, Relation)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cisplatin-induced hearing loss was seen.", [("MESH:D002945", "biolink:causes", "DOID:2", False)]),
        ("Hearing loss due to the cisplatin was seen.", [("MESH:D002945", "biolink:causes", "DOID:2", False)]),
        ("Nifedipine for the treatment of headache.", [("MESH:D009543", "biolink:treats", "DOID:4", False)]),
        ("Lithium did not cause tremor.", [("MESH:D008094", "biolink:causes", "DOID:3", True)]),
        ("Lithium was given; whereas tremor came from elsewhere.", []),
        ("Headache and lithium.", []),
    ],
)  # fmt: skip
def test_trigger_words_state_relations(drugs: Store, text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    found = [each for each in related(patterns(drugs)(text)) if not each[3] or each in expected]
    assert [each for each in found if each in expected or not expected] == expected
