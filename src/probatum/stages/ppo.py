"""Proximal policy optimisation: a model answers, a reward model judges, and what was judged better becomes likelier."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Course, Heard, Trained, resident_mb
from probatum.networks.rendering import Template, encoded_prompt, template_of
from probatum.networks.rollouts import Price, advantages, masked_mean, policy_loss, value_loss, whitened
from probatum.stages._course import course_of, padding
from probatum.stages.reward import scorer
from probatum.types import Example


@dataclass(frozen=True, slots=True)
class Rollout:
    """Sampled answers: tokens (b, t) padded on the right; all else (b, t - 1), of the token behind each place."""

    ids: Any
    seen: Any  # 1 for tokens, 0 for padding
    mask: Any  # 1 for the answer's tokens
    logps: Any
    reference: Any
    values: Any
    scores: Any  # (b,), of the reward model, less where an answer does not end

    @property
    def divergence(self) -> float:
        """Nats by which answers are likelier than by the reference, the mean."""
        return float(((self.logps - self.reference) * self.mask).sum(1).mean())


@card("Proximal policy optimisation with a reward model", survey="3.1.1", reference="doi:10.48550/arXiv.1707.06347")
def ppo(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    longest: int = 512,
    answer: int = 64,
    rounds: int = 4,
    temperature: float = 1.0,
    clip_policy: float = 0.2,
    clip_value: float = 0.2,
    value_weight: float = 0.1,
    discount: float = 1.0,
    smoothing: float = 0.95,
    price: float = 0.05,
    target: float = 0.0,
    unfinished: float = 1.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after answering the examples' questions and learning from the reward model's judgement.

    A step: `batch` questions of at most `longest` tokens are answered with at most `answer` sampled tokens at the
    `temperature`; the reward is the reward model's score, `unfinished` less where an answer does not end, and at each
    token minus `price` times the log-ratio to the reference (with `target` the price follows that many nats an
    answer). Advantages (`discount`, `smoothing`) are whitened; policy and values learn from them `rounds` times by
    clipped losses. The value network begins as the reward model. `Trained.course` also holds, by step, scores,
    divergences, clipped shares and prices. A broken course goes on to the same losses, bit for bit on a CPU. Needs
    `kit.reward`: raises `BadPlan` without one. Others: `networks.loop.Course`.
    """
    if kit.reward is None:
        raise BadPlan("there is no reward model", mend="a stage `reward` before this one")
    torch = needed("torch")
    settings = course_of(course)
    judged = kit if kit.reference is not None else kit.with_reference()
    working = adapted(judged, adapter)
    value = scorer(kit, settings.seed)
    if type(value) is type(kit.reward):
        value.load_state_dict(kit.reward.state_dict())
    prompts = [encoded_prompt(each.question, kit.tokenizer, template_of(template), longest) for each in examples]
    total = settings.steps or max(1, round(settings.epochs * len(prompts) / settings.batch))
    learner = _Learner(working, value, settings, total)
    told = _Told()
    worth = Price(price, target)
    start = time.perf_counter()
    torch.manual_seed(settings.seed)
    begun = learner.resumed(folder, told, worth)
    for step in range(begun, total):
        drawn = _drawn(prompts, settings, step)
        rollout = rolled(working, value, drawn, answer=answer, temperature=temperature, unfinished=unfinished)
        rewards = -worth.coefficient * (rollout.logps - rollout.reference) * rollout.mask
        last = rollout.mask.cumsum(1).argmax(1)
        rewards[torch.arange(len(rewards)), last] += rollout.scores
        gains, returns = advantages(rewards, rollout.values, rollout.mask, discount=discount, decay=smoothing)
        gains = whitened(gains, rollout.mask) * rollout.mask
        for number in range(rounds):
            logps, values = _measured(working, value, rollout.ids, rollout.seen, temperature)
            loss, clipped = policy_loss(logps, rollout.logps, gains, rollout.mask, clip=clip_policy)
            worse = value_loss(values, rollout.values, returns, rollout.mask, clip=clip_value)
            if number == 0:
                told.clipped_first.append(float(clipped))
                told.ratio_first.append(float(masked_mean((logps - rollout.logps).exp(), rollout.mask).detach()))
            learner.learn(loss + value_weight * worse)
        learner.schedule.step()
        told.losses.append(float((loss + value_weight * worse).detach()))
        told.scores.append(float(rollout.scores.mean()))
        told.divergences.append(rollout.divergence)
        told.prices.append(worth.coefficient)
        told.tokens += int(rollout.seen.sum())
        worth.follow(rollout.divergence, len(rollout.ids))
        if heard:
            heard(step + 1, total, told.losses[-1])
        if folder and settings.every and (step + 1) % settings.every == 0:
            learner.keep(folder, step + 1, told, worth)
    return working.after("ppo", told.trained(settings, total, time.perf_counter() - start))


def rolled(
    kit: Kit, value: Any, prompts: Sequence[Sequence[int]], *, answer: int, temperature: float, unfinished: float
) -> Rollout:
    """Answers of the kit's model to prompts of tokens, with what policy, reference, values and reward say of them."""
    torch = needed("torch")
    pad, end = padding(kit), kit.tokenizer.eos_token_id
    width = max(map(len, prompts))
    left = torch.full((len(prompts), width), pad)
    seen = torch.zeros_like(left)
    for row, prompt in enumerate(prompts):
        left[row, width - len(prompt) :] = torch.tensor(prompt)
        seen[row, width - len(prompt) :] = 1
    kit.model.eval()
    device = next(kit.model.parameters()).device
    with torch.no_grad():
        given = kit.model.generate(
            input_ids=left.to(device), attention_mask=seen.to(device), do_sample=True, temperature=temperature, top_k=0,
            top_p=1.0, max_new_tokens=answer, min_new_tokens=1, pad_token_id=pad, eos_token_id=end,
        )[:, width:].tolist()  # fmt: skip
    texts = [[*prompt, *_ended(said, end)] for prompt, said in zip(prompts, given, strict=True)]
    longest = max(map(len, texts))
    ids = torch.full((len(texts), longest), pad)
    seen = torch.zeros_like(ids)
    mask = torch.zeros(len(texts), longest - 1)
    for row, (prompt, text) in enumerate(zip(prompts, texts, strict=True)):
        ids[row, : len(text)] = torch.tensor(text)
        seen[row, : len(text)] = 1
        mask[row, len(prompt) - 1 : len(text) - 1] = 1
    ids, seen, mask = ids.to(device), seen.to(device), mask.to(device)
    with torch.no_grad():
        logps, values = _measured(kit, value, ids, seen, temperature)
        reference = _logps(kit.reference, ids, seen, temperature)
        scores = kit.reward(input_ids=ids, attention_mask=seen).logits[:, 0].float()
    ends = torch.tensor([text[-1] == end for text in texts], device=device)
    scores = scores - unfinished * (~ends)
    return Rollout(ids, seen, mask, logps * mask, reference * mask, values * mask, scores)


def _ended(tokens: Sequence[int], end: int) -> list[int]:
    """An answer up to its end, that included."""
    place = list(tokens).index(end) + 1 if end in tokens else len(tokens)
    return list(tokens[:place])


def _measured(kit: Kit, value: Any, ids: Any, seen: Any, temperature: float) -> tuple[Any, Any]:
    """Log-probabilities and values of the token behind each place; without dropout, so that ratios begin at 1."""
    kit.model.eval()
    value.eval()
    inner = getattr(value, value.base_model_prefix)(input_ids=ids, attention_mask=seen).last_hidden_state
    values = value.score(inner)[:, :-1, 0].float()
    return _logps(kit.model, ids, seen, temperature), values


def _logps(model: Any, ids: Any, seen: Any, temperature: float) -> Any:
    logits = model(input_ids=ids, attention_mask=seen).logits
    logits = logits[:, logits.shape[1] - ids.shape[1] :]  # virtual tokens stand before the text
    logs = (logits[:, :-1].float() / temperature).log_softmax(-1)
    return needed("torch").gather(logs, -1, ids[:, 1:, None])[..., 0]


def _drawn(prompts: Sequence[Sequence[int]], course: Course, step: int) -> list[Sequence[int]]:
    """The prompts of a step: a permutation of all of them by seed and epoch, batch by batch."""
    torch = needed("torch")
    found: list[Sequence[int]] = []
    for place in range(step * course.batch, (step + 1) * course.batch):
        epoch, at = divmod(place, len(prompts))
        order = torch.randperm(len(prompts), generator=torch.Generator().manual_seed(course.seed + epoch))
        found.append(prompts[int(order[at])])
    return found


class _Told:
    """What each step came to."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.scores: list[float] = []
        self.divergences: list[float] = []
        self.prices: list[float] = []
        self.clipped_first: list[float] = []
        self.ratio_first: list[float] = []
        self.tokens = 0

    def trained(self, course: Course, steps: int, seconds: float) -> Trained:
        more = {name: tuple(value) for name, value in vars(self).items() if isinstance(value, list)}
        more.pop("losses")
        return Trained(tuple(self.losses), (), steps, seconds, self.tokens, resident_mb(), {**asdict(course), **more})


class _Learner:
    """Optimiser and schedule over policy and values, kept as safetensors and numbers."""

    def __init__(self, kit: Kit, value: Any, course: Course, steps: int) -> None:
        torch, transformers = needed("torch"), needed("transformers")
        self._models = {"policy": kit.model, "value": value}
        self._weights = [each for model in self._models.values() for each in model.parameters() if each.requires_grad]
        self._optimiser = torch.optim.AdamW(
            self._weights, lr=course.rate, betas=course.betas, eps=course.epsilon, weight_decay=course.decay
        )
        warm = round(course.warmup * steps) if course.warmup < 1 else int(course.warmup)
        self.schedule = transformers.get_scheduler(course.schedule, self._optimiser, warm, steps)
        self._clip = course.clip

    def learn(self, loss: Any) -> None:
        """One step down a loss."""
        self._optimiser.zero_grad()
        loss.backward()
        needed("torch").nn.utils.clip_grad_norm_(self._weights, self._clip)
        self._optimiser.step()

    def keep(self, folder: Path, step: int, told: _Told, price: Price) -> None:
        """Writes all that a broken course needs to go on; the last one stays until the new one is whole."""
        torch, safetensors = needed("torch"), needed("safetensors.torch")
        tensors = {f"weight.{n}": weight.detach().clone() for n, weight in enumerate(self._weights)}
        for number, state in self._optimiser.state_dict()["state"].items():
            tensors |= {f"state.{number}.{name}": value.clone() for name, value in state.items()}
        tensors["random"] = torch.get_rng_state()
        rates = {name: value for name, value in self.schedule.state_dict().items() if name != "lr_lambdas"}
        said = {"step": step, "told": vars(told), "price": price.coefficient, "rates": rates}
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / "ppo.partial"
        safetensors.save_file(tensors, beside, metadata={"said": json.dumps(said)})
        beside.replace(folder / "ppo.safetensors")

    def resumed(self, folder: Path | None, told: _Told, price: Price) -> int:
        """Takes up a kept state, if there is one; the number of steps done."""
        file = folder / "ppo.safetensors" if folder else None
        if file is None or not file.is_file():
            return 0
        torch, safetensors = needed("torch"), needed("safetensors")
        with safetensors.safe_open(file, "pt") as kept:
            said = json.loads(kept.metadata()["said"])
            tensors: Mapping[str, Any] = {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118
        with torch.no_grad():
            for number, weight in enumerate(self._weights):
                weight.copy_(tensors[f"weight.{number}"])
        state: dict[int, dict[str, Any]] = {}
        for name, tensor in tensors.items():
            if name.startswith("state."):
                _, place, key = name.split(".")
                state.setdefault(int(place), {})[key] = tensor
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": state, "param_groups": groups})
        self.schedule.load_state_dict({**said["rates"], "lr_lambdas": [None] * len(groups)})
        for group, rate in zip(self._optimiser.param_groups, self.schedule.get_last_lr(), strict=True):
            group["lr"] = rate
        for name, value in said["told"].items():
            setattr(told, name, value)
        price.coefficient = float(said["price"])
        torch.set_rng_state(tensors["random"])
        return int(said["step"])
