"""BLEU against golden values and against sacrebleu and NLTK on random pairs."""

from __future__ import annotations

import random

import pytest
from golden import golden, seeded, texts, tokens

from probatum.errors import BadPlan
from probatum.metrics._tokens import tokeniser
from probatum.metrics.bleu import bleu
from probatum.types import Answer


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_every_tokeniser_gives_sacrebleus_numbers(part: str) -> None:
    wanted = {name: value for name, value in golden(part)["sacrebleu"].items() if isinstance(value, dict)}
    assert len(wanted) >= 3
    for name, value in wanted.items():
        cut, _, small = name.partition("_")
        scores = bleu(texts(part), tokens=cut, case="lc" if small else "mixed")
        for n in range(1, 5):
            assert scores[f"bleu-{n}"].value == pytest.approx(value[f"BLEU-{n}"], abs=1e-6), name


@pytest.mark.parametrize("part", ["text_en", "text_zh"])
def test_nltks_and_the_captioning_codes_numbers(part: str) -> None:
    wanted, pairs = golden(part)["nltk_bleu_on_tokens"], tokens(part)
    corpus = bleu(pairs, tokens="none", smoothing="none", style="nltk")
    first = bleu(pairs, tokens="none", smoothing="epsilon", style="nltk", level="sentences")
    third = bleu(pairs, tokens="none", smoothing="exp", style="nltk", level="sentences")
    coco = bleu(pairs, tokens="none", style="coco")
    for n in range(1, 5):
        name = f"bleu-{n}"
        assert corpus[name].value / 100 == pytest.approx(wanted[f"corpus_BLEU-{n}_method0"], abs=1e-6)
        assert first[name].value / 100 == pytest.approx(wanted[f"mean_sentence_BLEU-{n}_method1"], abs=1e-6)
        assert third[name].value / 100 == pytest.approx(wanted[f"mean_sentence_BLEU-{n}_method3"], abs=1e-6)
        captions = golden(part)["pycocoevalcap_on_tokens"]["BLEU-1..4_corpus"][n - 1]
        assert coco[name].value / 100 == pytest.approx(captions, abs=1e-6)


@pytest.mark.parametrize("chinese", [False, True])
def test_500_random_pairs_as_sacrebleu(chinese: bool) -> None:
    sacrebleu = pytest.importorskip("sacrebleu")
    pairs, cut = seeded(500, chinese=chinese), "char" if chinese else "13a"
    scores = bleu(pairs)
    assert f"tok:{cut}" in scores["bleu-4"].signature
    for n in range(1, 5):
        oracle = sacrebleu.BLEU(tokenize=cut, max_ngram_order=n)
        wanted = oracle.corpus_score([given.text for _, given in pairs], [[gold.text for gold, _ in pairs]]).score
        assert scores[f"bleu-{n}"].value == pytest.approx(wanted, abs=1e-6)


def test_empty_outputs_count_zero_and_are_told() -> None:
    pairs = [(Answer(text="no known allergies"), Answer(text="no known allergies")), (Answer(text="fever"), Answer())]
    score = bleu(pairs, level="sentences", smoothing="none")["bleu-1"]
    assert score.value == pytest.approx(50) and score.empty == 1 and score.n == 2
    assert bleu([])["bleu-1"].value == 0


def test_the_interval_holds_the_value_and_narrows_with_more_pairs() -> None:
    few, many = bleu(seeded(20))["bleu-1"], bleu(seeded(400))["bleu-1"]
    for score in (few, many):
        assert score.low is not None and score.high is not None and score.low < score.value < score.high
    assert (many.high or 0) - (many.low or 0) < (few.high or 0) - (few.low or 0)


@pytest.mark.parametrize("settings", [{"smoothing": "much"}, {"level": "page"}, {"tokens": "runes"}])
def test_an_unknown_variant_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(BadPlan):
        bleu(seeded(2), **settings)  # type: ignore[arg-type]


def test_our_13a_is_sacrebleus() -> None:
    module = pytest.importorskip("sacrebleu.tokenizers.tokenizer_13a")
    oracle, ours, chance = module.Tokenizer13a(), tokeniser("13a"), random.Random(1)
    for _ in range(20_000):
        text = "".join(chance.choice("ab 12.,-'()/&<;:é中\n.. ,,") for _ in range(chance.randint(0, 14)))
        assert ours(text) == oracle(text.rstrip()).split(), text
