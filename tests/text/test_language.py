"""Recognising the language of short clinical texts."""

import pytest

from probatum.text.chinese import has_han, tokens
from probatum.text.language import recognise


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What are the symptoms of gout?", "en"),
        ("short stature", "en"),
        ("", "en"),
        ("患者有肝脾肿大", "zh"),
        ("患者 CT 和 MRI 未见异常", "zh"),
        ("¿Cuáles son los síntomas de la gota?", "es"),
        ("el paciente tiene fiebre y tos", "es"),
        ("The Chinese term is 癫痫 and it is used in the clinic", "en"),
    ],
)
def test_language(text, language):
    assert recognise(text) == language


def test_chinese_tokens_are_overlapping_pairs():
    assert tokens("癫痫发作 type 2，热") == ["癫痫", "痫发", "发作", "type", "2", "热"]
    assert has_han("a癫") and not has_han("café")
