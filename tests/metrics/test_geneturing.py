"""The published rule, case by case."""

from __future__ import annotations

import pytest

from probatum.metrics.geneturing import geneturing, points_of
from probatum.types import Answer


def gold(task: str, key: str) -> Answer:
    return Answer(text=key, fields=(("task", task),))


@pytest.mark.parametrize(
    ("task", "key", "said", "points"),
    [
        ("Gene alias", "PSMB10", "Answer: PSMB10", 1.0),
        ("Gene alias", "PSMB10", "The symbol is PSMB10", 0.0),
        ("Gene disease association", "A1, B2", "B2, C3", 0.5),
        ("Gene disease association", "A1", "A12", 0.0),
        ("Disease gene location", "1q22, 2p11", "2p11, 1q22", 1.0),
        ("Gene location", "chr8", "It lies on 8", 1.0),
        ("SNP location", "chr13", "chr13", 1.0),
        ("SNP location", "chr13", "chr1", 0.0),
        ("Human genome DNA aligment", "chr7:1-9", "chr7:1-9", 1.0),
        ("Human genome DNA aligment", "chr7:1-9", "chr7:2-9", 0.5),
        ("Human genome DNA aligment", "chr7:1-9", "chr8:1-9", 0.0),
        ("Multi-species DNA aligment", "worm", "Caenorhabditis elegans", 1.0),
        ("Protein-coding genes", "TRUE", "Yes", 1.0),
        ("Protein-coding genes", "NA", "No", 1.0),
    ],
)
def test_points(task: str, key: str, said: str, points: float) -> None:
    assert points_of(gold(task, key), Answer(text=said)) == points


def test_the_mean_over_tasks_and_what_people_judge() -> None:
    pairs = [
        (gold("Gene alias", "A"), Answer(text="A [1]", fields=(("answer", "A"),))),
        (gold("Gene alias", "A"), Answer(text="A", abstained="no-record: none")),
        (gold("SNP location", "chr1"), Answer(text="1")),
        (gold("SNP gene function", "ncRNA"), Answer(text="ncRNA")),
    ]
    scores = geneturing(pairs)
    assert set(scores) == {"geneturing", "geneturing_gene_alias", "geneturing_snp_location"}
    assert scores["geneturing_gene_alias"].value == 0.5 and scores["geneturing_gene_alias"].empty == 1
    assert scores["geneturing"].value == 0.75 and scores["geneturing"].n == 3
    assert geneturing([]) == {}
