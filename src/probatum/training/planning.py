"""Says before anything starts what will run: tokens, steps, memory and time, measured on a short probe."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from probatum.naming import find
from probatum.networks.adapters import adapted, trainable
from probatum.networks.kit import Kit, needed
from probatum.plans.recipes import TrainingStage, fields_of, known_of
from probatum.training.running import split_pairs
from probatum.training.settling import mixed, settings_of
from probatum.types import Example

PROBE = 4  # steps that are tried: one half measures memory, the other time
SAMPLE = 256  # examples that are tried on, at most
_STATE = 8  # bytes that AdamW keeps a trained weight: two moments of 32 bits


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What one stage will take."""

    id: str
    settings: Mapping[str, Any]
    assumed: tuple[str, ...]  # fields that no source tells: the stage's own default stands in
    examples: int
    tokens: int  # of the examples, gone through once
    steps: int
    trained_weights: int
    all_weights: int
    memory: Mapping[str, int]  # bytes: weights, gradients, optimiser, activations, and their total
    seconds: float  # all steps together


class _Enough(Exception):
    """Ends a probe."""


@dataclass(slots=True)
class _Probe:
    """What is seen of a few steps."""

    steps: int
    total: int = 0
    done: int = 0
    live: int = 0
    peak: int = 0
    begun: float = 0.0
    seconds: float = 0.0

    @property
    def measuring(self) -> bool:
        """Whether memory is measured now; it costs time, so time is measured after it."""
        return self.done < (self.steps + 1) // 2

    def heard(self, step: int, total: int, loss: float) -> None:
        """One step is over."""
        measured = self.measuring
        self.done, self.total = self.done + 1, total
        if measured and not self.measuring:
            self.begun = time.perf_counter()
        elif not measured:
            self.seconds = (time.perf_counter() - self.begun) / (self.done - (self.steps + 1) // 2)
        if self.done >= self.steps or step >= total:
            raise _Enough


def planned(
    stages: Sequence[TrainingStage], data: Mapping[str, Sequence[Example]], kit: Kit, *, seed: int = 0
) -> list[StagePlan]:
    """What each stage will take on this machine, from a few steps on a copy of the model.

    Steps are those of a sample of 256 examples, in proportion. Memory is what the weights, their gradients, AdamW's
    moments and what is kept for the way back take; the library itself and the allocator's slack come on top.
    """
    learn, _ = split_pairs(stages, data)
    working = replace(kit, model=copy.deepcopy(kit.model))
    found = []
    for number, stage in enumerate(stages, 1):
        examples = mixed(stage, learn, seed)
        settings = settings_of(stage, len(examples))
        few = examples[:SAMPLE]
        called = {"seed": seed, **settings}
        if stage.replay:
            called["replay"] = learn[stage.replay][:SAMPLE]
        trying = replace(working, model=copy.deepcopy(working.model))
        probe, trying = _tried(stage.stage, trying, few, called)
        steps = probe.total if "steps" in settings else -(-probe.total * len(examples) // max(len(few), 1))
        free, whole = trainable(trying)
        weights = sum(each.nbytes for each in trying.model.parameters())
        memory = {
            "weights": weights * (2 if stage.stage in {"ppo", "dpo"} and working.reference is not None else 1),
            "gradients": sum(each.nbytes for each in trying.model.parameters() if each.requires_grad),
            "optimiser": _STATE * free,
            "activations": probe.peak,
        }
        plan = StagePlan(
            id=f"{number}-{stage.stage}",
            settings=settings,
            assumed=tuple(each for each in fields_of(stage) if each not in known_of(stage)),
            examples=len(examples),
            tokens=_tokens(examples, kit),
            steps=steps,
            trained_weights=free,
            all_weights=whole,
            memory=memory | {"total": sum(memory.values())},
            seconds=probe.seconds * steps,
        )
        found.append(plan)
        if stage.stage == "reward" and number < len(stages):  # a later stage asks for a reward model, whichever
            working = find("stages", "reward")(working, few[:4], **{**called, "steps": 1, "held_out": 0.0})
    return found


def _tried(stage: str, kit: Kit, examples: Sequence[Example], called: Mapping[str, Any]) -> tuple[_Probe, Kit]:
    """What was seen, and the kit with the adapter that the stage laid into it."""
    probe = _Probe(PROBE)
    with _measured(probe, kit), suppress(_Enough):
        find("stages", stage)(kit, examples, heard=probe.heard, **called)
    adapter = called.get("adapter") or {}
    # lora's weights now lie within the model; virtual tokens stand beside it
    return probe, kit if adapter.get("kind", "lora") in {"lora", "full"} else adapted(kit, adapter)


@contextmanager
def _measured(probe: _Probe, kit: Kit) -> Iterator[None]:
    """Counts the bytes that autograd keeps for the way back, each storage once, the weights themselves apart."""
    torch = needed("torch")
    weights = {each.untyped_storage().data_ptr() for each in kit.model.parameters()}
    held: dict[int, int] = {}

    class Kept:
        """A tensor that is kept; its bytes count as long as anything holds it."""

        def __init__(self, tensor: Any) -> None:
            self.tensor, storage = tensor, tensor.untyped_storage()
            self.place, self.size = storage.data_ptr(), storage.nbytes()
            if self.place not in held:
                probe.live += self.size
                probe.peak = max(probe.peak, probe.live)
            held[self.place] = held.get(self.place, 0) + 1

        def __del__(self) -> None:
            held[self.place] -= 1
            if not held[self.place]:
                del held[self.place]
                probe.live -= self.size

    def keep(tensor: Any) -> Any:
        if not probe.measuring or tensor.untyped_storage().data_ptr() in weights:
            return tensor
        return Kept(tensor)

    def give(kept: Any) -> Any:
        return kept.tensor if isinstance(kept, Kept) else kept

    with torch.autograd.graph.saved_tensors_hooks(keep, give):
        yield


def _tokens(examples: Sequence[Example], kit: Kit) -> int:
    """The tokens of all that the examples say, templates apart."""
    texts = [
        text
        for each in examples
        for text in (
            *(said for _, said in each.question.turns),
            *each.question.context,
            each.question.text,
            *(said for _, said in each.question.options),
            each.answer.text or each.answer.choice,
            *(worse.text for worse in each.rejected[:1]),
        )
        if text
    ]
    return sum(len(ids) for ids in kit.tokenizer(texts, add_special_tokens=False)["input_ids"]) if texts else 0
