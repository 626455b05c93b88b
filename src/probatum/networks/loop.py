"""One training loop for every stage: a stage shapes the batches and gives the loss, the loop does the rest."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import needed

Batch = Mapping[str, Any]  # tensors by name
Loss = Callable[[Any, Batch], Any]  # (model, batch) -> a scalar tensor
Collate = Callable[[Sequence[Any]], Batch]
Weigh = Callable[[Batch], int]  # of how many terms a batch's loss is the mean
Heard = Callable[[int, int, float], None]  # (step, of how many, loss)


class Listener:
    """A listener that is told, before each step, how many tokens were seen by then."""

    tokens = 0

    def __call__(self, step: int, total: int, loss: float) -> None:
        """Hears of a step."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast is trained; names and defaults are those that recipes use."""

    rate: float = 1e-3  # peak learning rate
    epochs: float = 1.0
    steps: int = 0  # above 0: so many optimiser steps instead of epochs
    batch: int = 8  # sequences a step and device
    accumulate: int = 1  # batches of a step: its loss is the mean over the terms of them all, on all devices
    schedule: str = "linear"  # linear, cosine, constant, constant_with_warmup ...
    warmup: float = 0.0  # share of the steps
    decay: float = 0.0  # weight decay
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    clip: float = 1.0  # largest norm of the gradient
    seed: int = 0
    precision: str = "fp32"  # fp32, bf16 or fp16
    patience: int = 0  # evaluations without a better loss after which it stops; 0: never
    every: int = 0  # steps from checkpoint to checkpoint; 0: none are kept
    checkpointing: bool = False  # activations are computed again instead of kept
    order: str = "shuffled"  # shuffled anew each epoch, or given: the items in their order


@dataclass(frozen=True, slots=True)
class Trained:
    """What a course came to."""

    losses: tuple[float, ...]  # of each optimiser step
    evaluations: tuple[tuple[int, float], ...]  # (step, loss on the held-out items)
    steps: int
    seconds: float
    tokens: int  # that were seen on all devices, padding apart
    peak_mb: float  # of the process's memory, or of the card's where there is one
    course: Mapping[str, Any] = field(default_factory=dict)


def rows(batch: Batch) -> int:
    """The rows of a batch: the terms of a loss that is a mean over them."""
    return len(next(iter(batch.values())))


def fit(
    model: Any,
    items: Sequence[Any],
    collate: Collate,
    loss: Loss,
    course: Course,
    *,
    weigh: Weigh = rows,
    held_out: Sequence[Any] = (),
    folder: Path | None = None,
    heard: Heard | None = None,
) -> Trained:
    """Trains the model in place and says what came of it.

    A step's loss is the mean over all terms of its batches, accumulated ones and those of other devices too: `weigh`
    says how many a batch has. Looking at held-out items changes nothing of the training.

    With `folder` checkpoints are kept there (`course.every`), and a call that was broken off goes on at the last of
    them to the same losses, bit for bit on a CPU. Raises `NeedsExtra`.
    """
    if not items:
        raise BadPlan("there is nothing to learn from", mend="are there examples, and is `longest` enough?")
    transformers, torch = needed("transformers"), needed("torch")
    transformers.set_seed(course.seed)
    transformers.utils.logging.disable_progress_bar()
    with TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        trainer = _loop(transformers, loss, weigh)(
            model=model,
            args=_arguments(transformers, course, place, bool(held_out)),
            train_dataset=list(items),
            eval_dataset=list(held_out) or None,
            data_collator=collate,
        )
        trainer.model_accepts_loss_kwargs = True  # our loss is told the terms of all accumulated batches
        watch = _watch(transformers, heard, trainer)
        trainer.add_callback(watch)
        trainer.remove_callback(transformers.PrinterCallback)
        if held_out and course.patience:
            trainer.add_callback(transformers.EarlyStoppingCallback(course.patience))
        start = time.perf_counter()
        trainer.train(resume_from_checkpoint=bool(folder and any(folder.glob("checkpoint-*"))))
        seconds = time.perf_counter() - start
    logged = trainer.state.log_history
    peak = torch.cuda.max_memory_allocated() / 2**20 if torch.cuda.is_available() else resident_mb()
    return Trained(
        losses=tuple(float(entry["loss"]) for entry in logged if "loss" in entry),
        evaluations=tuple((int(entry["step"]), float(entry["eval_loss"])) for entry in logged if "eval_loss" in entry),
        steps=int(trainer.state.global_step),
        seconds=seconds,
        tokens=int(trainer.accelerator.reduce(torch.tensor(trainer.tokens, device=trainer.args.device), "sum")),
        peak_mb=peak,
        course=asdict(course),
    )


def resident_mb() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _loop(transformers: Any, loss: Loss, weigh: Weigh) -> Any:
    class Loop(transformers.Trainer):  # type: ignore[misc]
        """transformers' loop with our loss."""

        tokens = 0

        def get_batch_samples(self, epoch_iterator: Any, num_batches: int, device: Any) -> tuple[list[Batch], Any]:
            """The batches of a step, and of how many terms its loss is the mean, on all devices together."""
            batches, _ = super().get_batch_samples(epoch_iterator, num_batches, device)
            terms = needed("torch").tensor(sum(map(weigh, batches)), device=device)
            return batches, self.accelerator.reduce(terms, "sum").clamp(min=1)

        def evaluate(self, *given: Any, **named: Any) -> Any:
            """What held-out items say; a loader draws a number at its start, which the training would miss."""
            with needed("torch").random.fork_rng():
                return super().evaluate(*given, **named)

        def compute_loss(
            self, model: Any, inputs: Batch, return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            """The loss of the stage, by its share in the step; held-out items are not counted as tokens seen."""
            if model.training:
                # of packed rows the attention mask says who sees whom, not what is there
                mask = inputs.get("real", inputs.get("attention_mask", inputs.get("mask")))
                self.tokens += int(mask.sum()) if mask is not None else 0
            value = loss(model, inputs)
            if num_items_in_batch is not None:  # of several devices the mean is taken after this
                value = value * (weigh(inputs) * self.accelerator.num_processes / num_items_in_batch)
            return (value, {}) if return_outputs else value

        def prediction_step(self, model: Any, inputs: Batch, *_: Any, **__: Any) -> tuple[Any, None, None]:
            """The loss alone."""
            with needed("torch").no_grad():
                return self.compute_loss(model, self._prepare_inputs(inputs)).detach(), None, None

    return Loop


def _arguments(transformers: Any, course: Course, folder: Path, evaluated: bool) -> Any:
    torch = needed("torch")
    kept = {"save_strategy": "steps", "save_steps": course.every} if course.every else {"save_strategy": "no"}
    if evaluated:
        every = {"eval_strategy": "steps", "eval_steps": course.every} if course.every else {"eval_strategy": "epoch"}
        kept |= every | ({"load_best_model_at_end": True, "metric_for_best_model": "loss"} if course.patience else {})
        if course.patience and not course.every:
            kept["save_strategy"] = "epoch"
    return transformers.TrainingArguments(
        output_dir=str(folder),
        learning_rate=course.rate,
        num_train_epochs=course.epochs,
        max_steps=course.steps or -1,
        per_device_train_batch_size=course.batch,
        per_device_eval_batch_size=course.batch,
        gradient_accumulation_steps=course.accumulate,
        lr_scheduler_type=course.schedule,
        warmup_steps=course.warmup,
        weight_decay=course.decay,
        adam_beta1=course.betas[0],
        adam_beta2=course.betas[1],
        adam_epsilon=course.epsilon,
        max_grad_norm=course.clip,
        seed=course.seed,
        data_seed=course.seed,
        train_sampling_strategy="sequential" if course.order == "given" else "random",
        bf16=course.precision == "bf16",
        fp16=course.precision == "fp16",
        use_cpu=not torch.cuda.is_available(),
        activation_checkpointing=course.checkpointing,
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        **kept,
    )


def _watch(transformers: Any, heard: Heard | None, trainer: Any) -> Any:
    class Watch(transformers.TrainerCallback):  # type: ignore[misc]
        """Tells the listener each step's loss; transformers' own printing stays silent."""

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
            if heard and logs and "loss" in logs:
                if isinstance(heard, Listener):
                    heard.tokens = trainer.tokens
                heard(state.global_step, state.max_steps, float(logs["loss"]))

    return Watch()
