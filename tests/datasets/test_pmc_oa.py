"""PMC-OA: a pair for each captioned figure, with PMID and PMCID; graphics are looked for beside the article alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from probatum.datasets.pmc_oa import pmc_oa
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_pairs(tiny: Path) -> None:
    first, second, third = pmc_oa(tiny / "datasets/pmc_oa")
    assert (first.id, first.answer.text) == ("PMC9000001:F1", "A clear lung.")
    assert first.groups == ("PMC:PMC9000001", "PMID:90000011") and dict(first.labels)["label"] == "Figure 1"
    assert first.question.media[0].sha256 == hashlib.sha256(b"own image").hexdigest()
    assert (second.question.media[0].kind, second.question.media[0].sha256) == ("image/png", "")
    assert third.question.media[0].origin is not None and third.question.media[0].origin.at == "own-3"


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(pmc_oa(tmp_path))
    for text in ("<article>", "<other/>", '<!DOCTYPE a [<!ENTITY b "c">]><article>&b;</article>'):
        (tmp_path / "x.nxml").write_text(text)
        with pytest.raises(BadFormat, match=r"x\.nxml"):
            list(pmc_oa(tmp_path))


@pytest.mark.shared
def test_the_figures_of_six_real_articles(shared: Path) -> None:
    found = list(pmc_oa(shared / "pmc-oa-nxml"))
    assert len(found) == len({each.id for each in found}) == 15
    assert all(each.answer.text and each.question.media and len(each.groups) == 2 for each in found)
    assert len({each.groups for each in found}) == 5  # one article has no figure
