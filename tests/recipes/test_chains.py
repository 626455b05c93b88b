"""Recipes of several stages: what one stage leaves is what the next goes on from, and what is preferred wins."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

import torch

from probatum import verbs
from probatum.networks import kit as kits
from probatum.networks.kit import Kit
from probatum.networks.rendering import template_of
from probatum.plans.recipes import recipe
from probatum.stages._online import answered, texts_of
from probatum.training import settling
from probatum.types import Question

REMEDIES = ("维洛林", "塔萨米", "阔拉斯", "本多灵", "米塔沃", "苏菲散")
AILMENTS = ("髓痒症", "沙热病", "玻璃咳", "云痛风")
SETTINGS = {
    "cpt.steps": "8", "sft.steps": "60", "sft.batch": "8", "reward.steps": "30", "rejection.longest": "24",
    "rejection.draws": "6", "rejection.rounds": "3", "rejection.steps": "25", "rejection.batch": "8",
}  # fmt: skip
KEPT = 6  # questions that nothing is learnt from: the last quarter
Weights = dict[str, torch.Tensor]


def asked_and_said() -> list[tuple[str, str, str]]:
    """(question, the better form of its answer: with where it stands, the worse one: a promise)."""
    return [
        (f"{ill}可用{drug}吗？", f"据载{drug}可用。", f"放心{drug}包治。") for drug, ill in product(REMEDIES, AILMENTS)
    ]


def line(number: str, question: str, chosen: str, rejected: str) -> str:
    return json.dumps({"id": number, "prompt": question, "chosen": chosen, "rejected": rejected}, ensure_ascii=False)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A model that learnt both forms of an answer, the worse three times as often, and then from a reward model."""
    folder, told = tmp_path_factory.mktemp("chain"), asked_and_said()
    both = [
        line(f"{number}-{time}", asked, *((better, worse) if time == 0 else (worse, better)))
        for number, (asked, better, worse) in enumerate(told[:-KEPT])
        for time in range(4)
    ]
    (folder / "both.jsonl").write_text("\n".join(both), encoding="utf-8")
    pairs = [line(f"{number:02}", *each) for number, each in enumerate(told)]
    (folder / "pairs.jsonl").write_text("\n".join(pairs), encoding="utf-8")
    data = {"chimed_sft": f"preferences:{folder / 'both.jsonl'}", "comparisons": str(folder / "pairs.jsonl")}
    verbs.train("chimed_gpt", "tiny", folder / "out", data=data, given=SETTINGS)
    lines = (folder / "out" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return folder / "out", [json.loads(each) for each in lines]


def share_of_better(kit: Kit, draws: int = 12) -> float:
    """The share of drawn answers in the better form, to questions that nothing was learnt from."""
    how = {"template": template_of("roles"), "longest": 24, "temperature": 1.0, "score": lambda *_: 0.0}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        said = [
            text
            for asked, *_ in asked_and_said()[-KEPT:]
            for text in texts_of(kit, answered(kit, [Question(asked, language="zh")] * draws, how))
        ]
    return sum(text.startswith("据载") for text in said) / len(said)


@pytest.mark.slow
def test_feedback_of_a_reward_model_turns_what_is_preferred(chain: tuple[Path, list[dict[str, Any]]]) -> None:
    """Text, answers, reward model, rejection sampling: each begins where the last one ended, and preference rises."""
    folder, lines = chain
    assert [each["stage"] for each in lines] == [each.stage for each in recipe("chimed_gpt").stages]
    told = {each["stage"]: each for each in lines}
    for earlier, later in (("cpt", "sft"), ("sft", "rejection")):  # what the policy was, it still is
        assert told[later]["preferred_before"] == told[earlier]["preferred_after"]
    assert told["reward"]["preferred_after"]["reward"] > 0.8
    before, after = (told["rejection"][f"preferred_{when}"]["policy"] for when in ("before", "after"))
    assert before < 0.5 and after > before + 0.3
    first, *_, last = told["rejection"]["rounds"]
    assert first["drawn"] < first["kept"] and last["drawn"] > first["drawn"]
    policy, aligned = (kits.load(folder / stage / "model") for stage in ("2-sft", "4-rejection"))
    shares = share_of_better(policy), share_of_better(aligned)
    assert 0.05 < shares[0] < 0.5 and shares[1] > shares[0] + 0.3  # both forms were there to draw from


@pytest.mark.slow
def test_a_stage_begins_with_the_weights_that_the_last_one_left(chain: tuple[Path, list[dict[str, Any]]]) -> None:
    """The reward model's trunk was the policy's: nearer to what fine-tuning left than what pre-training left is."""
    folder, _ = chain

    def weights(where: str) -> Weights:
        state: Weights = kits.load(folder / where).model.state_dict()
        return {name: value for name, value in state.items() if name.startswith("model.")}

    text, answers, scorer = (weights(each) for each in ("1-cpt/model", "2-sft/model", "3-reward/reward"))

    def apart(one: Weights, other: Weights) -> float:
        return float(sum((one[name] - other[name]).square().sum() for name in one))

    assert set(text) == set(answers) == set(scorer)
    assert apart(scorer, answers) < apart(scorer, text)


def test_the_first_to_be_drawn_follows_the_priorities() -> None:
    """Each item's chance to come first is its set's priority among those of all items (arXiv:2311.09774)."""
    made = recipe("huatuogpt_ii")
    (stage,) = made.stages
    data = {name: examples[:3] for name, examples in settling.data_of(made, {}, small=True).items()}
    whole = sum(stage.priorities[name] * len(examples) for name, examples in data.items())
    tries = 3000
    firsts = [settling.mixed(stage, data, seed)[0].id.partition(":")[0] for seed in range(tries)]
    for name, examples in data.items():
        share = stage.priorities[name] * len(examples) / whole
        assert abs(firsts.count(name) / tries - share) < 4 * (share * (1 - share) / tries) ** 0.5, name
