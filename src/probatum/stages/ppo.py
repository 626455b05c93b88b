"""Proximal policy optimisation: the model draws answers, a reward says what they are worth, a leash holds it near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard
from probatum.networks.reinforcing import actor_critic_loss, held_leash, judged
from probatum.networks.rendering import Template, template_of
from probatum.networks.rollout import critic_of, said_logs
from probatum.stages._online import Round, Score, answered, chosen, gone_on, kept
from probatum.types import Example

SETTINGS: Mapping[str, Any] = {
    "leash": 0.05, "estimate": "k1", "gamma": 1.0, "trace": 0.95, "missing": 0.0, "whiten": False,
    "clip": 0.2, "clip_value": 0.2, "value_weight": 0.1, "target": 0.0, "horizon": 10_000.0,
}  # fmt: skip


@card("Proximal policy optimisation", survey="3.1.1", reference="doi:10.48550/arXiv.1707.06347")
def ppo(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    score: Score | None = None,
    longest: int = 64,
    rounds: int = 10,
    batch: int = 16,
    minibatch: int = 8,
    passes: int = 4,
    rate: float = 1e-5,
    temperature: float = 1.0,
    seed: int = 0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **settings: Any,
) -> Kit:
    """The kit after learning answers that score high; its last course is a tuple of `Round`.

    In each of `rounds` it draws `batch` answers of at most `longest` tokens to the examples' questions and learns from
    them in `passes`, `minibatch` at a time. What they are worth says the kit's reward model, or `score`. Settings:
    leash (weight of the divergence from the reference; with `target` above 0 adapted, by `horizon`), estimate, gamma,
    trace, missing (taken off what came to no end), whiten (rewards), clip, clip_value, value_weight. With `folder` each
    round is kept, and a call that was broken off goes on there to the same weights, bit for bit on a CPU.
    Raises `BadPlan`.
    """
    torch = needed("torch")
    told = _told(settings)
    working, critic, optimiser = _begun(kit, adapter, rate, seed)
    networks = {"policy": working.model, "critic": critic}
    state = gone_on(folder, networks, optimiser)
    history = [Round(**each) for each in state.get("history", ())]
    leash = float(state.get("leash", told["leash"]))
    draw = {"template": template_of(template), "longest": longest, "temperature": temperature, "score": score}
    for number in range(int(state.get("round", 0)), rounds):
        chance = np.random.default_rng((seed, number))  # each round draws its own numbers: going on needs no others
        questions = [each.question for each in chosen(examples, batch, chance)]
        with torch.random.fork_rng():
            torch.manual_seed(int(chance.integers(2**31)))
            rollout = answered(working, questions, draw)
            critic.eval()
            with torch.no_grad():
                rollout["values"] = critic(rollout)
            came = _learned(
                (working, critic), optimiser, rollout, {**told, "leash": leash}, (passes, minibatch, chance)
            )
        history.append(replace(came, leash=leash))
        if told["target"] > 0:
            leash = held_leash(leash, came.divergence, told["target"], batch, told["horizon"])
        if heard:
            heard(number + 1, rounds, came.loss)
        if folder:
            then = {"round": number + 1, "leash": leash, "history": [asdict(each) for each in history]}
            kept(folder, networks, optimiser, then)
    working.model.eval()
    return working.after("ppo", tuple(history))


def _told(settings: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(settings) - set(SETTINGS)):
        raise BadPlan(f"ppo has no setting {unknown[0]!r}", mend=f"the settings are: {', '.join(SETTINGS)}")
    return {**SETTINGS, **settings}


def _begun(kit: Kit, adapter: dict[str, Any] | None, rate: float, seed: int) -> tuple[Kit, Any, Any]:
    """(kit with its reference and its adapter, critic, optimiser of both)."""
    torch = needed("torch")
    kit = kit if kit.reference is not None else kit.with_reference()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        critic = critic_of(kit)
        working = adapted(kit, adapter, seed=seed)
    weights = [each for model in (working.model, critic) for each in model.parameters() if each.requires_grad]
    return working, critic, torch.optim.AdamW(weights, lr=rate, weight_decay=0.0)


def _learned(
    networks: tuple[Kit, Any],
    optimiser: Any,
    told: dict[str, Any],
    settings: Mapping[str, Any],
    how: tuple[int, int, Any],
) -> Round:
    """Learns from one rollout; networks stay as in use (no dropout), so that nothing differs before the first step."""
    torch = needed("torch")
    kit, critic = networks
    found = judged(told, settings)
    passes, minibatch, chance = how
    seen: list[tuple[float, float, float]] = []
    for _ in range(passes):
        order = torch.as_tensor(chance.permutation(len(told["tokens"])))
        for rows in order.split(minibatch):
            part = {name: told[name][rows] for name in ("tokens", "mask")} | {"before": told["before"]}
            mine = {name: value[rows] for name, value in found.items() if name != "apart"}
            now, values = said_logs(kit.model, part, told["temperature"]), critic(part)
            loss, _, _, clipped, ratio = actor_critic_loss(mine, now, values, settings)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([each for group in optimiser.param_groups for each in group["params"]], 1.0)
            optimiser.step()
            seen.append((float(loss.detach()), float(clipped), float(ratio.detach())))
    losses, clips, ratios = zip(*seen, strict=True)
    return Round(
        reward=float(told["scores"].mean()),
        divergence=float(found["apart"]),
        leash=float(settings["leash"]),
        loss=float(np.mean(losses)),
        clipped=float(np.mean(clips)),
        first_ratio=ratios[0],
        first_clipped=clips[0],
        finished=float(told["finished"].float().mean()),
    )
