"""What a tagger sees: every letter of the text belongs to a token, and each token to its neighbours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probatum.networks.features import described, tokens_of


@given(st.text(max_size=60))
def test_tokens_are_the_text_without_its_spaces(text: str) -> None:
    found = [token for sentence in tokens_of(text) for token in sentence]
    assert all(text[token.start : token.end] == token.text for token in found)
    assert "".join(token.text for token in found) == "".join(text.split())


def test_features_say_shape_affixes_neighbours_and_what_a_dictionary_knows() -> None:
    (tokens,) = tokens_of("alpha-Methyldopa 5 mg")
    rows = described(tokens, ["", "", "B-Drug", "", ""])
    assert {"greek", "shape=aa", "joined-after", "w1=-", "k2=B-Drug"} <= set(rows[0])
    assert {"shape=Aa", "pre3=met", "suf4=dopa", "joined-before", "k0=B-Drug", "w-1w0=- methyldopa"} <= set(rows[2])
    assert "shape=0" in rows[3] and "w2=<>" in rows[3]


def test_each_han_character_is_a_token() -> None:
    (tokens,) = tokens_of("口服VitC 5mg治胃溃疡", "zh")
    assert [token.text for token in tokens] == ["口", "服", "VitC", "5", "mg", "治", "胃", "溃", "疡"]
    assert [(token.start, token.end) for token in tokens][2:4] == [(2, 6), (7, 8)]
