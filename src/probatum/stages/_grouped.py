"""What rloo and grpo share: several answers to each question, each judged beside the others, and no critic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from probatum.errors import BadPlan
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard
from probatum.networks.reinforcing import group_judged, group_loss
from probatum.networks.rendering import Template, template_of
from probatum.networks.rollout import said_logs
from probatum.stages._online import Round, Score, answered, chosen, gone_on, kept
from probatum.types import Example

GROUPED: Mapping[str, Any] = {
    "group": 4, "longest": 64, "rounds": 10, "batch": 16, "minibatch": 8, "passes": 1, "rate": 1e-5, "seed": 0,
    "temperature": 1.0, "leash": 0.05, "clip": 0.2,
}  # fmt: skip


def learned(
    kind: str,
    kit: Kit,
    examples: Sequence[Example],
    given: Mapping[str, Any],
    *,
    template: str | Template,
    score: Score | None,
    adapter: dict[str, Any] | None,
    folder: Path | None,
    heard: Heard | None,
) -> Kit:
    """The kit after `rounds` rounds, in each of which it draws `batch` answers, `group` to a question."""
    torch, told = needed("torch"), _told(kind, given)
    kit = kit if kit.reference is not None else kit.with_reference()
    with torch.random.fork_rng():
        torch.manual_seed(told["seed"])
        working = adapted(kit, adapter, seed=told["seed"])
    weights = [each for each in working.model.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=told["rate"], weight_decay=0.0)
    networks = {"policy": working.model}
    state = gone_on(folder, networks, optimiser)
    history = [Round(**each) for each in state.get("history", ())]
    draw = {"template": template_of(template), "score": score}
    draw |= {name: told[name] for name in ("longest", "temperature")}
    for number in range(int(state.get("round", 0)), told["rounds"]):
        chance = np.random.default_rng((told["seed"], number))  # each round draws its own numbers
        asked = chosen(examples, told["batch"] // told["group"], chance)
        with torch.random.fork_rng():
            torch.manual_seed(int(chance.integers(2**31)))
            rollout = answered(working, [each.question for each in asked for _ in range(told["group"])], draw)
            history.append(_round(kind, (working, optimiser), rollout, told, chance))
        if heard:
            heard(number + 1, told["rounds"], history[-1].loss)
        if folder:
            kept(folder, networks, optimiser, {"round": number + 1, "history": [asdict(each) for each in history]})
    working.model.eval()
    return working.after(kind, tuple(history))


def _told(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(given) - set(GROUPED)):
        raise BadPlan(f"{kind} has no setting {unknown[0]!r}", mend=f"the settings are: {', '.join(GROUPED)}")
    told = {**GROUPED, **given}
    if told["group"] < 2 or told["batch"] % told["group"]:
        wrong = f"a batch of {told['batch']} answers is not made of groups of {told['group']}, at least 2 each"
        raise BadPlan(wrong, mend="a batch that is a multiple of group")
    return told


def _round(
    kind: str, learner: tuple[Kit, Any], rollout: Mapping[str, Any], told: Mapping[str, Any], chance: Any
) -> Round:
    torch = needed("torch")
    kit, optimiser = learner
    found = group_judged(rollout, kind, told["group"], told["leash"])
    seen: list[tuple[float, float, float]] = []
    for _ in range(told["passes"]):
        for rows in torch.as_tensor(chance.permutation(told["batch"])).split(told["minibatch"]):
            part = {name: rollout[name][rows] for name in ("tokens", "mask")} | {"before": rollout["before"]}
            mine = {name: value[rows] for name, value in found.items() if name != "apart"}
            now = said_logs(kit.model, part, told["temperature"])
            loss, clipped, ratio = group_loss(mine, now, kind, told["clip"], told["leash"])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(optimiser.param_groups[0]["params"], 1.0)
            optimiser.step()
            seen.append((float(loss.detach()), float(clipped), float(ratio.detach())))
    losses, clips, ratios = zip(*seen, strict=True)
    return Round(
        reward=float(rollout["scores"].mean()),
        divergence=float(found["apart"]),
        leash=float(told["leash"]),
        loss=float(np.mean(losses)),
        clipped=float(np.mean(clips)),
        first_ratio=ratios[0],
        first_clipped=clips[0],
        finished=float(rollout["finished"].float().mean()),
    )
