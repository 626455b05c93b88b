"""Stems of English words, as the common toolkit has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from probatum.text.stemming import stem


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("infections", "infect"),
        ("studies", "studi"),
        ("dying", "die"),
        ("agreed", "agre"),
        ("as", "as"),
        ("Skies", "sky"),
    ],
)
def test_words(word: str, wanted: str) -> None:
    assert stem(word) == wanted


@pytest.mark.shared
def test_every_word_of_500_abstracts_as_nltk(shared: Path) -> None:
    oracle = pytest.importorskip("nltk.stem.porter").PorterStemmer()
    texts = [file.read_text(encoding="utf-8") for file in sorted((shared / "pubmedqa").rglob("*.json"))]
    words = {word for text in texts for word in re.findall(r"[a-z0-9]+", text.lower())}
    assert len(words) > 1_000
    assert [word for word in words if stem(word) != oracle.stem(word)] == []
