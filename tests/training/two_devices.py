"""What two processes do in test_two_devices: a course over our loop (DDP), or losses over sharded weights (FSDP2)."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import distributed

from probatum.networks.kit import Kit, tiny
from probatum.networks.loop import Course, fit
from probatum.networks.losses import token_loss
from probatum.networks.packing import padded
from probatum.networks.rendering import Tokens
from probatum.stages._course import model_loss, next_tokens

TEXTS = [f"The patient {n} has {'a cough and ' * (n % 5)}a fever of {n * 7} days." for n in range(24)]
STEPS, BATCH, RATE = 5, 8, 1e-2


def made() -> tuple[Kit, list[Tokens], Any]:
    """A small model, texts of many lengths as tokens, and how rows of them are laid."""
    kit = tiny("llama", TEXTS, width=32)
    ids = [tuple(kit.tokenizer(text)["input_ids"]) for text in TEXTS]
    return kit, [Tokens(each, each) for each in ids], partial(padded, pad=0)


def course(devices: int) -> dict[str, Any]:
    """The losses, tokens and weights of a course whose batches are dealt to so many devices."""
    kit, items, collate = made()
    settings = Course(steps=STEPS, batch=BATCH // devices, rate=RATE, schedule="constant")
    told = fit(kit.model, items, collate, model_loss(token_loss), settings, weigh=next_tokens)
    return {"losses": told.losses, "tokens": told.tokens, "weights": _listed(kit.model.state_dict())}


def sharded() -> dict[str, Any]:
    """The losses and weights of plain steps; where there are processes, each holds its shard of every weight."""
    kit, items, collate = made()
    rank, world = (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)
    if world > 1:
        from torch.distributed.fsdp import fully_shard

        for layer in kit.model.model.layers:
            fully_shard(layer)
        fully_shard(kit.model)
    optimiser = torch.optim.AdamW(kit.model.parameters(), lr=RATE)
    losses = []
    for step in range(STEPS):
        whole = [items[(BATCH * step + place) % len(items)] for place in range(BATCH)]
        mine = collate(whole[rank * BATCH // world : (rank + 1) * BATCH // world])
        terms = next_tokens(mine) / next_tokens(collate(whole))
        value = model_loss(token_loss)(kit.model, mine) * terms * world  # gradients are averaged over processes
        value.backward()
        optimiser.step()
        optimiser.zero_grad()
        told = value.detach() / world
        if world > 1:
            distributed.all_reduce(told)
        losses.append(float(told))
    weights = {name: each.full_tensor() if world > 1 else each for name, each in kit.model.state_dict().items()}
    held = sum(each.to_local().numel() if world > 1 else each.numel() for each in kit.model.parameters())
    return {"losses": losses, "held": held, "weights": _listed(weights)}


def _listed(weights: dict[str, Any]) -> dict[str, list[float]]:
    return {name: each.detach().flatten().tolist() for name, each in weights.items()}


if __name__ == "__main__":
    what, out = sys.argv[1], Path(sys.argv[2])
    torch.set_num_threads(1)
    if what == "sharded":
        distributed.init_process_group("gloo")
    made_of = sharded() if what == "sharded" else course(2)
    rank = distributed.get_rank()
    out.with_name(f"{out.name}.{rank}").write_text(json.dumps(made_of), encoding="utf-8")
    distributed.destroy_process_group()
