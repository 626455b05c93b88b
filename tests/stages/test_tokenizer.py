"""A vocabulary grows by the words of a domain: what was learnt stays, rows are means, tied heads stay tied."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import torch
from tokenizers import models
from training_samples import DOCUMENTS, made

from probatum.errors import BadPlan
from probatum.networks import kit as kits
from probatum.networks.vocabularies import further_merges
from probatum.stages.cpt import cpt
from probatum.stages.tokenizer import tokenizer
from probatum.types import Answer, Example, Question

NEW = [Example(str(at), Question(), Answer(f"Quorax soothes glasscough on day {at}, Mädchen 水.")) for at in range(20)]
TEXT = NEW[3].answer.text


def test_merges_by_hand() -> None:
    words = Counter({("a", "b", "c"): 3, ("a", "b"): 2, ("b", "c"): 1, ("x", "y"): 1})
    assert further_merges(words, 9) == [("a", "b"), ("ab", "c")]  # 5, then 3; what was seen once is not merged
    assert further_merges(words, 1) == [("a", "b")]
    assert further_merges(Counter({("a", "a", "a", "a"): 2}), 9) == [("a", "a"), ("aa", "aa")]


@pytest.mark.parametrize("family", ["llama", "gpt2"])  # the heads of the second are tied
def test_it_grows_and_nothing_that_was_learnt_is_lost(family: str, tmp_path: Path) -> None:
    base = kits.tiny(family, [each.answer.text for each in DOCUMENTS], width=32, vocabulary=320)
    before, ids = len(base.tokenizer), base.tokenizer(TEXT)["input_ids"]
    old = base.model.get_input_embeddings().weight.detach().clone()
    kit = tokenizer(base, NEW, vocabulary=before + 12)
    assert len(kit.tokenizer) == before + 12 == kit.model.config.vocab_size and kit.history == ("tokenizer",)
    for token, place in base.tokenizer.get_vocab().items():
        assert kit.tokenizer.get_vocab()[token] == place
    fewer = kit.tokenizer(TEXT)["input_ids"]
    assert len(fewer) < len(ids) and kit.tokenizer.decode(fewer) == TEXT == base.tokenizer.decode(ids)
    rows = kit.model.get_input_embeddings().weight.detach()
    assert torch.equal(rows[:before], old)
    for place in range(before, before + 12):
        cut = base.tokenizer.backend_tokenizer.model.tokenize(kit.tokenizer.convert_ids_to_tokens(place))
        assert torch.allclose(rows[place], old[[each.id for each in cut]].mean(0), atol=1e-6)
    tied = kit.model.get_output_embeddings().weight.data_ptr() == kit.model.get_input_embeddings().weight.data_ptr()
    assert tied == (family == "gpt2")
    kits.save(kit, tmp_path)
    again = kits.load(tmp_path)
    assert again.tokenizer(TEXT)["input_ids"] == fewer
    inputs = torch.tensor([fewer])
    with torch.no_grad():
        assert torch.equal(again.model.eval()(input_ids=inputs).logits, kit.model.eval()(input_ids=inputs).logits)


def test_a_new_one_takes_its_place_and_the_model_goes_on() -> None:
    base = made()
    old, known = base.model.get_input_embeddings().weight.detach().clone(), base.tokenizer.get_vocab()
    kit = tokenizer(base, NEW, vocabulary=300, extended=False)
    assert len(kit.tokenizer) == 300 == kit.model.get_input_embeddings().weight.shape[0]
    assert kit.tokenizer.decode(kit.tokenizer(TEXT)["input_ids"]) == TEXT
    rows = kit.model.get_input_embeddings().weight
    token, place = next((t, p) for t, p in kit.tokenizer.get_vocab().items() if t in known and p != known[t])
    assert torch.equal(rows[place], old[known[token]])
    course = cpt(kit, NEW, longest=64, steps=12, batch=4, rate=5e-3).courses[-1]
    assert course.losses[-1] < course.losses[0] - 0.5


def test_pieces_of_words_cannot_grow() -> None:
    base = made()
    base.tokenizer.backend_tokenizer.model = models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]")  # noqa: S106
    with pytest.raises(BadPlan, match="WordPiece"):
        tokenizer(base, NEW, vocabulary=999)
