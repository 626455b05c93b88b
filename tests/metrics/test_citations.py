"""Shares of supported sentences and of right citations: hand-made cases."""

from __future__ import annotations

import pytest

from probatum.metrics.citations import citations
from probatum.types import Answer, Evidence, Origin, Passage, Verdict

ORIGIN = Origin("s", "1", "p")


def cited(*ids: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(Passage(id_, "text", "title", "en", ORIGIN), "text", 1.0, "bm25") for id_ in ids)


def test_sentences_and_citations() -> None:
    given = Answer(
        text="a. b. c.",
        evidence=cited("p1", "p2"),
        verdicts=(Verdict(0, 2, "supported"), Verdict(3, 5, "partial"), Verdict(6, 8, "contradicted")),
    )
    scores = citations([(Answer(evidence=cited("p1", "p3", "p4")), given), (Answer(), Answer(abstained="none: x"))])
    assert scores["claims_supported"].value == pytest.approx(1 / 3)
    assert scores["claims_unsupported"].value == pytest.approx(1 / 3)
    assert scores["citation_precision"].value == 0.5 and scores["citation_recall"].value == pytest.approx(1 / 3)
    assert scores["claims_supported"].empty == 0
