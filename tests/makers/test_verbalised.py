"""Facts become text word for word, with every claim behind it and the source's own reliability."""

from __future__ import annotations

from collections import Counter

import pytest
from asked_desks import desk_with

from probatum.errors import BadPlan
from probatum.makers.verbalised import verbalised
from probatum.store.reader import Store
from probatum.store.wording import in_words


def test_documents_and_questions(small: Store) -> None:
    desk, counts = desk_with(small), Counter[str]()
    documents = list(verbalised(desk, counts=counts))
    assert [each.id for each in documents] == ["OMIM:154700", "OMIM:230800", "ORPHA:77259"] and counts["kept"] == 3
    for each in documents:
        lines = [in_words(small, piece.fact) for piece in each.answer.evidence]  # type: ignore[arg-type]
        assert each.answer.text == "\n".join(lines) and not each.question.text
        assert each.origin is not None and each.origin.reliability == "curated"
    questions = list(verbalised(desk, form="question"))
    assert questions[0].question.text == "What does own say of Marfan syndrome: has phenotype?"
    assert len(questions) == 4 and list(verbalised(desk, form="question")) == questions
    chinese = list(verbalised(desk, kind="Gene", language="zh", form="question"))
    assert chinese[0].question.text.startswith("关于GBA1")


def test_drawn_with_the_seed(small: Store) -> None:
    desk = desk_with(small)
    drawn = [[each.id for each in verbalised(desk, most=2, seed=seed)] for seed in range(6)]
    assert all(len(each) == 2 for each in drawn) and len({tuple(each) for each in drawn}) > 1
    with pytest.raises(BadPlan, match="form"):
        list(verbalised(desk, form="poem"))
    with pytest.raises(BadPlan, match="language"):
        list(verbalised(desk, language="es"))
