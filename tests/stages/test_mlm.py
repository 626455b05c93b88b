"""Masked language modelling: which tokens are masked together, how many, and that gaps come to be filled."""

from __future__ import annotations

import pytest
import torch
from training_samples import DOCUMENTS, made

from probatum.errors import BadPlan
from probatum.networks.kit import tiny
from probatum.networks.rendering import IGNORED
from probatum.stages.mlm import Gaps, _batched, _pieces, mlm, units
from probatum.types import Answer, Example, Mention, Question

TEXT = "Marfan syndrome, with ectopia lentis"
SPANS = [(0, 15), (22, 36)]


def encoder(family: str = "bert"):  # type: ignore[no-untyped-def]
    return tiny(family, [each.answer.text for each in DOCUMENTS], width=32)


def test_what_is_masked_together() -> None:
    offsets = [(0, 4), (4, 6), (6, 15), (15, 16), (16, 21), (21, 29), (29, 36)]
    assert units(TEXT, offsets, "tokens") == [(place,) for place in range(7)]
    assert units(TEXT, offsets, "words") == [(0, 1), (2,), (3,), (4,), (5,), (6,)]
    assert units(TEXT, offsets, "entities", SPANS) == [(0, 1, 2), (3,), (4,), (5, 6)]
    chinese = "马凡综合征 是"
    single = [(place, place + 1) for place in range(len(chinese))]
    assert units(chinese, single, "words") == [(0,), (1,), (2,), (3,), (4,), (6,)]
    assert units(chinese, single, "entities", [(0, 5)]) == [(0, 1, 2, 3, 4), (6,)]


def test_gaps_are_whole_units_of_the_share_asked_for() -> None:
    kit = encoder()
    found = (Mention(0, 5, "Fever", "HP:0001945"),)
    example = Example("1", Question(), Answer(DOCUMENTS[3].answer.text, found=found))
    (piece,) = _pieces(example, kit, "entities", 128, None)
    tokens, whole = piece
    torch.manual_seed(0)
    gaps, batch = Gaps(kit.tokenizer, 0.15), _batched([piece], 0)
    counts = {"mask": 0, "kept": 0, "other": 0}
    for _ in range(400):
        ids, labels = gaps.drawn(batch["input_ids"], batch["units"])
        chosen = (labels[0] != IGNORED).nonzero()[:, 0].tolist()
        assert set(chosen) == {place for each in whole if each[0] in chosen for place in each}
        assert [tokens.ids[place] for place in chosen] == labels[0, chosen].tolist()
        wanted = max(1, round(0.15 * sum(map(len, whole))))
        assert wanted <= len(chosen) < wanted + max(map(len, whole))
        for each in whole:
            if each[0] in chosen:
                given = ids[0, list(each)].tolist()
                same = given == [tokens.ids[place] for place in each]
                masked = given == [kit.tokenizer.mask_token_id] * len(each)
                counts["mask" if masked else "kept" if same else "other"] += 1
    total = sum(counts.values())
    assert 0.75 < counts["mask"] / total < 0.85 and 0.05 < counts["kept"] / total < 0.15


@pytest.mark.parametrize("family", ["bert", "ernie"])
def test_gaps_come_to_be_filled(family: str) -> None:
    tuned = mlm(encoder(family), DOCUMENTS, unit="words", longest=64, steps=25, batch=8, rate=1e-2, held_out=0.2)
    losses, ((_, first), *_, (_, last)) = tuned.courses[-1].losses, tuned.courses[-1].evaluations
    assert losses[-1] < 0.8 * losses[0] and last < first and tuned.history == ("mlm",)


def test_a_resumed_course_draws_the_same_gaps(tmp_path) -> None:  # type: ignore[no-untyped-def]
    whole = mlm(encoder(), DOCUMENTS, longest=64, steps=6, batch=8, rate=1e-3).courses[-1].losses
    mlm(encoder(), DOCUMENTS, longest=64, steps=6, batch=8, rate=1e-3, every=3, folder=tmp_path)
    (tmp_path / "checkpoint-6").rename(tmp_path.parent / "last")
    again = mlm(encoder(), DOCUMENTS, longest=64, steps=6, batch=8, rate=1e-3, every=3, folder=tmp_path)
    assert again.courses[-1].losses[-3:] == whole[-3:]


def test_a_decoder_is_refused() -> None:
    with pytest.raises(BadPlan, match="fills no gaps"):
        mlm(made(), DOCUMENTS)
    with pytest.raises(BadPlan, match="not known"):
        mlm(encoder(), DOCUMENTS, unit="letters")
