"""Makes ppo_reference.json: what trl 1.12.0's experimental PPO reckons on a frozen rollout.

Its reckoning stands in the middle of one long method; those very lines are taken out of the installed source and run on
tensors drawn here. Run with the folder of that package: `PYTHONPATH=FOLDER python make_ppo_reference.py`.
"""

from __future__ import annotations

import inspect
import json
import textwrap
from pathlib import Path
from types import SimpleNamespace

import torch
from trl.experimental.ppo import ppo_trainer

SOURCE = inspect.getsource(ppo_trainer.PPOTrainer.train).splitlines()


def lines(first: str, last: str) -> str:
    """The source from the line that begins so to the line that begins so."""
    start = next(at for at, line in enumerate(SOURCE) if line.strip().startswith(first))
    end = next(at for at in range(start, len(SOURCE)) if SOURCE[at].strip().startswith(last))
    return textwrap.dedent("\n".join(SOURCE[start : end + 1]))


def reckoned(seed: int, whiten: bool, estimate: str) -> dict[str, object]:
    """Inputs and outputs of one rollout of 6 answers with 7 places."""
    torch.manual_seed(seed)
    b, t, eos = 6, 7, 2
    ends = torch.tensor([6, 3, 5, 0, 6, 2])
    responses = torch.full((b, t), 9)
    for row, end in enumerate(ends.tolist()):
        if row not in (0, 4):
            responses[row, end] = eos
    policy, reference = -torch.rand(b, t) * 3, -torch.rand(b, t) * 3
    values, scores = torch.randn(b, t), torch.randn(b)
    now, new_values = policy + 0.3 * torch.randn(b, t), values + 0.4 * torch.randn(b, t)
    told = {"policy": policy, "reference": reference, "values": values, "scores": scores, "ends": ends}
    told |= {"finished": (responses == eos).any(1), "now": now, "new_values": new_values}
    inputs = {name: value.tolist() for name, value in told.items()}
    args = SimpleNamespace(missing_eos_penalty=1.5, kl_estimator=estimate, kl_coef=0.07, whiten_rewards=whiten)
    args.gamma, args.lam, args.cliprange, args.cliprange_value, args.vf_coef = 0.97, 0.9, 0.2, 0.25, 0.15
    space = dict(vars(ppo_trainer)) | {
        "args": args, "self": SimpleNamespace(args=args, processing_class=SimpleNamespace(eos_token_id=eos)),
        "postprocessed_responses": responses, "responses": responses, "sequence_lengths": ends.clone(),
        "logprobs": policy.clone(), "ref_logprobs": reference.clone(), "values": values.clone(),
        "scores": scores.clone(),
    }  # fmt: skip
    exec(lines("contain_eos_token = ", "advantages = torch.masked_fill"), space)  # noqa: S102 - the point of it
    mask, mask1 = space["padding_mask"], space["padding_mask_p1"]
    space |= {
        "micro_batch_inds": torch.arange(b), "mb_advantage": space["advantages"], "mb_logprobs": space["logprobs"],
        "mb_return": space["returns"], "mb_values": space["values"],
        "new_logprobs": now.masked_fill(mask, ppo_trainer.INVALID_LOGPROB), "vpred": new_values.masked_fill(mask1, 0),
    }  # fmt: skip
    exec(lines("vpredclipped = ", "loss = pg_loss"), space)  # noqa: S102
    exec(lines("pg_clipfrac = ", ")"), space)  # noqa: S102
    names = ("rewards", "advantages", "returns", "loss", "pg_loss", "vf_loss", "pg_clipfrac")
    settings = {"leash": 0.07, "estimate": estimate, "gamma": 0.97, "trace": 0.9, "missing": 1.5, "whiten": whiten}
    settings |= {"clip": 0.2, "clip_value": 0.25, "value_weight": 0.15}
    return {"told": inputs, "settings": settings, "found": {name: space[name].tolist() for name in names}}


if __name__ == "__main__":
    cases = [reckoned(0, False, "k1"), reckoned(1, True, "k3")]
    Path(__file__).with_name("ppo_reference.json").write_text(json.dumps({"trl": "1.12.0", "cases": cases}) + "\n")
