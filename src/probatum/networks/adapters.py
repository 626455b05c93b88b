"""Small sets of weights that are trained in the place of a whole model, in the layout of peft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import Kit, needed

KINDS = ("full", "lora", "prompt", "p-tuning", "prefix")


def adapted(kit: Kit, adapter: Mapping[str, Any] | None, *, seed: int = 0) -> Kit:
    """The kit whose model trains an adapter alone; without one, or of kind full, the kit as it is.

    `adapter`: kind (lora, prompt, p-tuning, prefix, full) with lora's rank, alpha, dropout, targets (names of layers or
    'all-linear'), parameters (weights that are no layer: a mixture's experts) and saved (layers trained whole beside
    it), or the others' tokens (virtual ones). The base's weights stay as they are, bit for bit. What is random in an
    adapter's beginning comes from `seed`, and nothing else is drawn by it. Raises `BadPlan`.
    """
    said = dict(adapter or {"kind": "full"})
    kind = said.pop("kind", "lora")
    if kind not in KINDS:
        raise BadPlan(f"there is no adapter {kind!r}", mend=f"one of: {', '.join(KINDS)}")
    if kind == "full":
        return kit
    peft = needed("peft")
    task = "CAUSAL_LM" if kit.objective == "causal" else None
    if kit.objective == "sequence-to-sequence" and kind != "lora":
        raise BadPlan(
            f"an adapter of kind {kind} needs a model that reads and writes in one", mend="kind lora, or full"
        )
    if kind == "lora":
        config = peft.LoraConfig(
            r=int(said.pop("rank", 8)),
            lora_alpha=float(said.pop("alpha", 16)),
            lora_dropout=float(said.pop("dropout", 0.0)),
            target_modules=_targets(said.pop("targets", "all-linear")),
            target_parameters=said.pop("parameters", None) or None,
            modules_to_save=said.pop("saved", None) or None,
            fan_in_fan_out=kit.family == "gpt2",  # whose layers hold their weights the other way round
            task_type=task,
        )
    else:
        makers = {
            "prompt": peft.PromptTuningConfig,
            "p-tuning": peft.PromptEncoderConfig,
            "prefix": peft.PrefixTuningConfig,
        }
        inner = {"encoder_hidden_size": int(said.pop("hidden", 64))} if kind == "p-tuning" else {}
        config = makers[kind](num_virtual_tokens=int(said.pop("tokens", 16)), task_type=task, **inner)
    if said:
        raise BadPlan(f"an adapter of kind {kind} has no {', '.join(sorted(said))}")
    torch = needed("torch")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return replace(kit, model=peft.get_peft_model(kit.model, config))


def _targets(given: Any) -> Any:
    return given if isinstance(given, str) else list(given)


def merged(kit: Kit) -> Kit:
    """The kit with lora's weights added into the base's; another kind cannot be merged: `BadPlan`."""
    if not hasattr(kit.model, "peft_config"):
        return kit
    if not any("lora" in name for name, _ in kit.model.named_parameters()):
        raise BadPlan("only lora can be merged into its base", mend="keep the adapter beside it")
    return replace(kit, model=kit.model.merge_and_unload())


def trainable(kit: Kit) -> tuple[int, int]:
    """(weights that are trained, all weights)."""
    weights = [(weight.numel(), weight.requires_grad) for weight in kit.model.parameters()]
    return sum(number for number, free in weights if free), sum(number for number, _ in weights)
