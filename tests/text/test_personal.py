"""What would identify a person is seen; what would not is left alone."""

from __future__ import annotations

import pytest

from probatum.text.personal import identifying


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write to a.b@clinic.example", "e-mail"),
        ("call (555) 010-0199 today", "telephone"),
        ("电话13800138000", "telephone"),
        ("SSN 078-05-1120", "social security number"),
        ("身份 11010519491231002X", "resident identity number"),
        ("MRN: 00412345", "record number"),
        ("住院号：ZY204511", "record number"),
        ("DOB 12/03/1957", "date of birth"),
        ("出生日期：1957年", "date of birth"),
        ("Mrs. Holloway has a cough", "name"),
        ("姓名：王小明", "name"),
    ],
)
def test_it_is_seen(text: str, what: str) -> None:
    assert [found for *_, found in identifying(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "A man of 57 years with HbA1c 8.2% took 500 mg twice daily for 10-14 days.",
        "OMIM:230800, PMID:12345678, HP:0001250; 3 of 7 patients; 2025-01-16",
        "患者男，57岁，咳嗽3天，体温38.5℃。",
        "Creatinine 1.2 mg/dL; blood pressure 120/80; born at term.",
        "What is the treatment of Fabry disease?",
    ],
)
def test_it_is_left_alone(text: str) -> None:
    assert identifying(text) == []
