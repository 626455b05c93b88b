"""Tests of difference and intervals against golden values, scipy and statsmodels."""

from __future__ import annotations

import random

import pytest
from golden import golden

from probatum.statistics import benjamini_hochberg, holm, mcnemar, paired, wilson


def test_the_golden_values() -> None:
    wanted = golden("significance")
    first, second = wanted["correct_A"], wanted["correct_B"]
    assert mcnemar(first, second) == (pytest.approx(wanted["mcnemar_exact_p"], abs=1e-6), "mcnemar exact")
    assert wilson(sum(first), len(first)) == pytest.approx(wanted["A_accuracy_CI95_wilson"], abs=1e-6)
    told = paired(first, second)
    assert told.mean == pytest.approx(wanted["paired_diff"]["mean"])
    interval = wanted["paired_bootstrap_20000_percentile_CI95_(tolerance_0.01)"]
    assert (told.low, told.high) == pytest.approx(interval, abs=0.01)
    assert holm(wanted["adjust_holm"]["p"]) == pytest.approx(wanted["adjust_holm"]["adj"], abs=1e-6)
    assert benjamini_hochberg(wanted["adjust_fdr_bh"]["p"]) == pytest.approx(wanted["adjust_fdr_bh"]["adj"], abs=1e-6)


def test_as_statsmodels() -> None:
    table = pytest.importorskip("statsmodels.stats.contingency_tables")
    many = pytest.importorskip("statsmodels.stats.multitest")
    chance = random.Random(4)
    for size in (20, 60, 400):
        first = [chance.random() < 0.7 for _ in range(size)]
        second = [one if chance.random() < 0.6 else chance.random() < 0.5 for one in first]
        pairs = list(zip(first, second, strict=True))
        counts = [[pairs.count((a, b)) for b in (True, False)] for a in (True, False)]
        p, test = mcnemar(first, second)
        oracle = table.mcnemar(counts, exact=test == "mcnemar exact", correction=True)
        assert p == pytest.approx(oracle.pvalue, abs=1e-9)
        ps = [chance.random() ** 3 for _ in range(size)]
        assert holm(ps) == pytest.approx(list(many.multipletests(ps, method="holm")[1]))
        assert benjamini_hochberg(ps) == pytest.approx(list(many.multipletests(ps, method="fdr_bh")[1]))


def test_items_of_one_cluster_are_no_independent_witnesses() -> None:
    first, second = [1.0] * 30 + [0.0] * 10, [0.0] * 20 + [1.0] * 5 + [0.0] * 15
    alone = paired(first, second)
    clustered = paired(first, second, [str(place // 10) for place in range(40)])
    assert clustered.high - clustered.low > alone.high - alone.low and clustered.p > alone.p
    assert paired([], []).n == 0 and paired([1.0], [1.0]).p == 1.0
    assert holm([]) == [] and wilson(0, 0) == (0.0, 1.0)
