"""Makes group_reference.json: what trl 1.12.0 reckons of groups (RLOO, GRPO) and single answers (KTO).

Its reckoning stands in the middle of long methods; those very lines are taken out of the installed source and run on
tensors drawn here. Run with the folder of that package: `PYTHONPATH=FOLDER python make_group_reference.py`.
"""

from __future__ import annotations

import inspect
import json
import textwrap
from pathlib import Path
from types import SimpleNamespace

import torch
from torch.nn import functional
from trl.trainer import grpo_trainer, kto_trainer, rloo_trainer

GROUP, BETA, CLIP = 3, 0.05, 0.2


def lines(source: str, first: str, last: str, after: str = "") -> str:
    """The source from the line that begins so (behind the line `after`) to the line that begins so."""
    told = source.splitlines()
    start = next((at for at, line in enumerate(told) if after and line.strip().startswith(after)), 0)
    start = next(at for at in range(start, len(told)) if told[at].strip().startswith(first))
    end = next(at for at in range(start, len(told)) if told[at].strip().startswith(last))
    return textwrap.dedent("\n".join(told[start : end + 1]))


def rollout(seed: int) -> dict[str, torch.Tensor]:
    """6 answers with 7 places, two groups of three."""
    torch.manual_seed(seed)
    policy = -torch.rand(6, 7) * 3
    return {
        "policy": policy, "reference": -torch.rand(6, 7) * 3, "now": policy + 0.2 * torch.randn(6, 7),
        "scores": torch.randn(6), "ends": torch.tensor([6, 3, 5, 0, 6, 2]),
    }  # fmt: skip


def rloo(told: dict[str, torch.Tensor]) -> dict[str, object]:
    mask = (torch.arange(7)[None] <= told["ends"][:, None]).int()
    one = SimpleNamespace(beta=BETA, normalize_advantages=False, epsilon_low=CLIP, epsilon_high=CLIP)
    space = dict(vars(rloo_trainer)) | {
        "self": one, "rewards": told["scores"].clone(), "num_generations": GROUP, "gather": lambda each: each,
        "old_per_token_logps": told["policy"], "ref_per_token_logps": told["reference"], "completion_mask": mask,
    }  # fmt: skip
    source = inspect.getsource(rloo_trainer.RLOOTrainer)
    exec(lines(source, "if self.beta != 0.0:", "advantages = torch.nan_to_num", "# Include the KL penalty"), space)  # noqa: S102
    space |= {"per_token_logps": told["now"], "inputs": {"old_logps": (told["policy"] * mask).sum(1)}}
    space["inputs"]["advantages"] = space["advantages"]
    exec(lines(source, "logps = (per_token_logps", "loss = per_sequence_loss.mean"), space)  # noqa: S102
    return {"advantages": space["advantages"].tolist(), "loss": space["loss"].item()}


def grpo(told: dict[str, torch.Tensor]) -> dict[str, object]:
    mask = (torch.arange(7)[None] <= told["ends"][:, None]).int()
    grouped = told["scores"].view(-1, GROUP)
    space = dict(vars(grpo_trainer)) | {
        "self": SimpleNamespace(
            beta=BETA, epsilon_low=CLIP, epsilon_high=CLIP, scale_rewards="group", loss_type="grpo",
            args=SimpleNamespace(delta=None, use_bias_correction_kl=False), current_gradient_accumulation_steps=1,
        ),
        "rewards": told["scores"], "mean_grouped_rewards": grouped.mean(1).repeat_interleave(GROUP),
        "std_rewards": grouped.std(1).repeat_interleave(GROUP), "log_importance_weights": told["now"] - told["policy"],
        "per_token_logps": told["now"], "inputs": {"ref_per_token_logps": told["reference"]},
        "mask": mask, "mode": "train",
    }  # fmt: skip
    source = inspect.getsource(grpo_trainer.GRPOTrainer)
    exec(lines(source, "advantages = rewards - mean_grouped", "advantages = advantages /"), space)  # noqa: S102
    flat, space["advantages"] = space["advantages"], space["advantages"].unsqueeze(1)
    exec(lines(source, "coef_1 = torch.exp(log_importance", "per_token_kl = per_token_kl"), space)  # noqa: S102
    exec(lines(source, "coef_2 = torch.clamp(coef_1", "per_token_loss = -torch.min"), space)  # noqa: S102
    space["per_token_loss"] = space["per_token_loss"] + BETA * space["per_token_kl"]
    exec(lines(source, "loss = ((per_token_loss * mask)", "loss = ((per_token_loss"), space)  # noqa: S102
    return {"advantages": flat.tolist(), "loss": space["loss"].item()}


def kto(seed: int) -> dict[str, object]:
    torch.manual_seed(seed)
    policy, reference, other, theirs = (-torch.rand(6) * 20 for _ in range(4))
    liked = torch.tensor([True, False, True, True, False, False])
    one = SimpleNamespace(
        calculate_KL=True, beta=0.1, loss_type="kto", desirable_weight=1.2, undesirable_weight=0.8,
        accelerator=SimpleNamespace(gather_for_metrics=lambda each: each, device="cpu"),
    )  # fmt: skip
    space = dict(vars(kto_trainer)) | {
        "self": one, "F": functional, "KL_logps": other, "ref_KL_logps": theirs, "chosen_logps": policy[liked],
        "rejected_logps": policy[~liked], "ref_chosen_logps": reference[liked], "ref_rejected_logps": reference[~liked],
    }  # fmt: skip
    source = inspect.getsource(kto_trainer.KTOTrainer._compute_loss)
    told = lines(source, "if self.calculate_KL:", "rejected_losses = torch.Tensor", "ref_rejected_logps = ref_comp")
    exec(told, space)  # noqa: S102
    losses = torch.cat((1.2 * space["chosen_losses"], 0.8 * space["rejected_losses"]))
    inputs = {"policy": policy, "reference": reference, "other": other, "theirs": theirs, "liked": liked}
    return {"told": {name: each.tolist() for name, each in inputs.items()}, "loss": losses.mean().item()}


if __name__ == "__main__":
    drawn = [rollout(seed) for seed in (0, 1)]
    made = {
        "trl": "1.12.0",
        "settings": {"group": GROUP, "leash": BETA, "clip": CLIP},
        "rollouts": [{name: each.tolist() for name, each in told.items()} for told in drawn],
        "rloo": [rloo(told) for told in drawn],
        "grpo": [grpo(told) for told in drawn],
        "kto": [kto(seed) for seed in (2, 3)],
    }
    Path(__file__).with_name("group_reference.json").write_text(json.dumps(made) + "\n")
