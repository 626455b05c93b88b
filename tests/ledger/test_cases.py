"""Cases are kept with consent alone, found again by likeness, and gone to the last byte when consent is withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadPlan, NeedsConsent
from probatum.ledger.cases import FILE, agree, cases, preferences, rate, remember, similar, withdraw
from probatum.types import Answer, Evidence, Origin, Passage, Question

DAY = "2026-01-05"
COUGH = Question("My child coughs at night, what helps?", language="en")


def kept(folder: Path, person: str, question: Question, text: str, rating: int) -> str:
    case = remember(folder, person, question, Answer(text=text), DAY)
    return rate(folder, case.id, rating).id


def test_consent_comes_first(tmp_path: Path) -> None:
    with pytest.raises(NeedsConsent, match="not agreed"):
        remember(tmp_path, "p1", COUGH, Answer(text="Honey."), DAY)
    agree(tmp_path, "p1", DAY)
    passage = Passage("t1", "Honey helps.", "", "en", Origin("texts", "1", "t1"))
    answer = Answer(text="Honey helps [1].", evidence=(Evidence(passage, passage.text, 1.0, "bm25", 0, 12),))
    case = remember(tmp_path, "p1", COUGH, answer, DAY)
    assert remember(tmp_path, "p1", COUGH, answer, DAY) == case and cases(tmp_path) == [case]
    assert case.cites == ("texts t1",) and case.rating == 0 and "p1" not in repr(case)
    for bad in (Question("I am Mr. Smith, born 3.4.1970"), Question("Call me: 13812345678")):
        with pytest.raises(BadPlan, match="identify"):
            remember(tmp_path, "p1", bad, answer, DAY)
    with pytest.raises(BadPlan, match="abstained"):
        remember(tmp_path, "p1", COUGH, Answer(abstained="no-evidence: none"), DAY)


def test_what_is_withdrawn_is_gone_exactly(tmp_path: Path) -> None:
    one, both = tmp_path / "one", tmp_path / "both"
    for folder, people in ((one, ("p1",)), (both, ("p1", "p2"))):
        for person in people:
            agree(folder, person, DAY)
            kept(folder, person, Question(f"What helps {person} against hiccups?"), f"secret of {person}", 5)
    assert withdraw(both, "p2") == 1 and withdraw(both, "p2") == 0
    assert cases(both) == cases(one)
    assert b"secret of p2" not in (both / FILE).read_bytes() and b"secret of p1" in (both / FILE).read_bytes()
    with pytest.raises(NeedsConsent):
        remember(both, "p2", COUGH, Answer(text="Honey."), DAY)


def test_like_cases_in_both_languages(tmp_path: Path) -> None:
    agree(tmp_path, "p1", DAY)
    honey = kept(tmp_path, "p1", COUGH, "Honey helps.", 5)
    kept(tmp_path, "p1", Question("How is a broken arm treated?"), "A cast.", 5)
    kept(tmp_path, "p1", Question("My child coughs all night"), "Nothing helps.", 1)
    night = kept(tmp_path, "p1", Question("孩子夜间咳嗽怎么办？", language="zh"), "可以喝点蜂蜜水。", 4)
    kept(tmp_path, "p1", Question("手臂骨折如何治疗？", language="zh"), "石膏固定。", 4)
    assert [case.id for case, _ in similar(tmp_path, "What helps my child who coughs?", 3)] == [honey]
    assert [case.id for case, _ in similar(tmp_path, "我的孩子夜间总是咳嗽", 3)] == [night]
    assert similar(tmp_path, "Is Gaucher disease inherited?", 3) == []
    assert similar(tmp_path / "none", "cough", 3) == []


def test_ratings_become_preferences(tmp_path: Path) -> None:
    agree(tmp_path, "p1", DAY)
    kept(tmp_path, "p1", COUGH, "Honey helps.", 5)
    kept(tmp_path, "p1", COUGH, "Nothing helps.", 1)
    kept(tmp_path, "p1", COUGH, "Wait.", 3)
    kept(tmp_path, "p1", Question("How is a broken arm treated?"), "A cast.", 5)
    (pair,) = preferences(tmp_path)
    assert pair.answer.text == "Honey helps." and [each.text for each in pair.rejected] == ["Nothing helps."]
    with pytest.raises(BadPlan, match="rating"):
        rate(tmp_path, pair.id.removeprefix("case:"), 6)
    with pytest.raises(BadPlan, match="no case"):
        rate(tmp_path, "x", 3)
    with pytest.raises(BadPlan, match="nobody"):
        agree(tmp_path, " ", DAY)
