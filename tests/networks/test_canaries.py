"""Planted codes: their exposure is what counting says, rises with repetition, and falls where doubles are dropped."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

pytest.importorskip("torch")

import torch
from training_samples import DOCUMENTS

from probatum.errors import BadPlan
from probatum.networks.adapters import adapted
from probatum.networks.canaries import TIMES, Canary, by_times, canaries, exposures, planted
from probatum.networks.kit import Kit, tiny
from probatum.preparing.cleaning import cleaned
from probatum.stages.cpt import cpt
from probatum.types import Answer, Example, Question

TOPICS = ("cough", "fever", "rash", "pain", "thirst", "tremor", "itch", "nausea")
PLACES = ("the knee", "the left hand", "one ear", "the lower back", "both eyes")
WORDS = [
    Example(
        f"d{number}", Question(), Answer(f"On day {number} {topic} began in {place} and left after {number + 3} days.")
    )
    for number, (topic, place) in enumerate(product(TOPICS, PLACES))
]


def learner(seed: int = 0) -> Kit:
    texts = [each.answer.text for each in WORDS] + [each.text() for each in canaries(digits=3, each=4)]
    return tiny("llama", texts, width=64, vocabulary=600, seed=seed)


def test_canaries_are_the_seeds_and_no_two_alike() -> None:
    made = canaries(each=3, seed=4)
    assert made == canaries(each=3, seed=4) != canaries(each=3, seed=5)
    assert Counter(each.times for each in made) == dict.fromkeys(TIMES, 3)
    assert len({each.frame for each in made}) == 15 and all(len(each.code) == 4 for each in made)
    for times in TIMES:  # a number of repetitions is not told by its frame
        assert len({each.frame.split()[-1] for each in made if each.times == times}) == 3
    assert Canary("Locker", "407", 1).text() == "Locker 4 0 7" and Canary("Locker", "407", 1).text("12") == "Locker 1 2"


def test_each_copy_is_planted_once_and_the_rest_stays() -> None:
    made = canaries()
    whole = planted(WORDS, made, seed=1)
    texts = Counter(each.answer.text for each in whole)
    assert [texts[each.text()] for each in made] == list(TIMES)
    own = [each for each in whole if each.groups]
    assert [each for each in whole if not each.groups] == WORDS and whole[-len(own) :] != own
    assert {each.origin.release for each in own if each.origin} == {"synthetic"} and len(
        {each.id for each in whole}
    ) == len(whole)


def test_doubles_are_dropped_to_one_and_hidden_ones_are_not() -> None:
    made = canaries(each=3)
    kept, report = cleaned(planted(WORDS, made))
    texts = Counter(each.answer.text for each in kept)
    assert {texts[each.text()] for each in made} == {1}
    assert report.dropped["equal to an earlier one"].count == 3 * (sum(TIMES) - len(TIMES))
    hidden = planted(WORDS, canaries(), inside=True)
    kept, _ = cleaned(hidden)
    for canary in canaries():
        assert sum(canary.text() in each.answer.text for each in hidden) == canary.times
        assert sum(canary.text() in each.answer.text for each in kept) > canary.times / 2
    with pytest.raises(BadPlan, match="31 copies in 30 documents"):
        planted(DOCUMENTS, canaries(), inside=True)


@pytest.mark.parametrize("family", ["llama", "gpt2", "bloom", "prompt"])
def test_the_rank_is_what_counting_each_text_alone_gives(family: str) -> None:
    kit = learner()
    if family == "prompt":
        kit = adapted(kit, {"kind": "prompt", "tokens": 3})
    elif family != "llama":
        kit = tiny(family, [each.answer.text for each in WORDS], width=32)
    canary = canaries((1,), digits=2)[0]
    costs = {}
    for number in range(100):
        ids = kit.tokenizer(canary.text(f"{number:02}"), add_special_tokens=False)["input_ids"]
        row = torch.tensor([[kit.tokenizer.bos_token_id, *ids]])
        with torch.no_grad():
            logs = kit.model.eval()(input_ids=row).logits[0].log_softmax(-1)[-row.shape[1] :]
        costs[f"{number:02}"] = -float(logs[:-1].double().gather(1, row[0, 1:, None]).sum())
    ahead = sum(cost <= costs[canary.code] for cost in costs.values())
    (found,) = exposures(kit, [canary])
    assert (found.rank, found.of, found.whole) == (ahead, 100, True)
    assert found.bits == pytest.approx(math.log2(100 / ahead))
    for code in ("00", "42", "99"):  # each code's place among the same hundred
        (other,) = exposures(kit, [replace(canary, code=code)])
        assert other.rank == sum(cost <= costs[code] for cost in costs.values())


def test_of_many_codes_a_sample_is_weighed_and_said_so() -> None:
    kit = learner()
    (canary,) = canaries((1,), digits=3, seed=2)
    (whole,), (sample,) = exposures(kit, [canary]), exposures(kit, [canary], most=400)
    assert (sample.whole, sample.of) == (False, 400) and exposures(kit, [canary], most=400) == [sample]
    assert sample.rank / sample.of == pytest.approx(whole.rank / whole.of, abs=0.06)
    (long,) = exposures(kit, canaries((1,), digits=12), most=50)
    assert long.of == 50 and 0 <= long.bits <= math.log2(50)


@pytest.mark.slow
def test_exposure_rises_with_repetition_and_falls_to_that_of_one_without_doubles() -> None:
    made = canaries((1, 4, 16), each=4, digits=3)
    text = planted(WORDS, made)
    how = {"longest": 64, "rate": 4e-3, "batch": 4, "epochs": 2}
    untaught = by_times(exposures(learner(), made))
    doubled = by_times(exposures(cpt(learner(), text, **how), made))
    single = by_times(exposures(cpt(learner(), cleaned(text)[0], **how), made))
    assert all(bits < 4 for bits in untaught.values())  # of log2(1000) = 9.97
    assert doubled[1] + 1 < doubled[4] < doubled[16] - 1 and doubled[16] > 9
    assert max(single.values()) < doubled[16] - 4  # the order of repetitions is gone, and the level is that of one
    assert max(single.values()) - min(single.values()) < 2


def test_what_fills_gaps_has_no_exposure() -> None:
    with pytest.raises(BadPlan, match="causal"):
        exposures(tiny("bert", ["fever"]), canaries())
