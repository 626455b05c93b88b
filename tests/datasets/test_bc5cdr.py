"""BC5CDR: the text asks, mentions and relations answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.bc5cdr import bc5cdr
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Mention, Relation


def test_three_pinned_examples(tiny: Path) -> None:
    first, second, *_, last = bc5cdr(tiny / "datasets/bc5cdr.BioC.xml")
    assert (first.id, first.groups) == ("9000001", ("PMID:9000001",))
    assert first.answer.found[0] == Mention(0, 10, "Amiodarone", "MESH:D000638", kind="ChemicalEntity")
    said = [(r.subject, r.predicate, r.object) for r in second.answer.found if isinstance(r, Relation)]
    assert said == [("MESH:D009543", "biolink:causes", "MESH:D006261")]
    composite = [(m.start, m.end, m.concept) for m in last.answer.found if isinstance(m, Mention)][:2]
    assert composite == [(0, 23, "MESH:D014786"), (0, 23, "MESH:D034381")]  # the single parts are left out


def test_what_is_not_there_or_broken_is_said(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="BioC"):
        list(bc5cdr(tmp_path))
    shifted = (
        (tiny / "datasets/bc5cdr.BioC.xml").read_text().replace('offset="19" length="11"', 'offset="20" length="11"')
    )
    (tmp_path / "x.BioC.xml").write_text(shifted)
    with pytest.raises(BadFormat, match="does not stand at 20"):
        list(bc5cdr(tmp_path))


@pytest.mark.shared
def test_the_training_part_of_the_corpus(shared: Path) -> None:
    found = list(bc5cdr(shared / "bc5cdr-bioc"))
    assert len(found) == 500
    assert sum(isinstance(each, Relation) for example in found for each in example.answer.found) == 1038
    mentions = [each for example in found for each in example.answer.found if isinstance(each, Mention)]
    assert (
        len(
            {(id(example), m.start, m.end) for example in found for m in example.answer.found if isinstance(m, Mention)}
        )
        == 9385
    )
    assert all(m.concept.startswith("MESH:") or not m.concept for m in mentions)
