"""Answers that a model draws while it learns, how likely it held each word, and what a critic expects of them."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from probatum.networks.kit import Kit, needed
from probatum.networks.rendering import Template, prompt
from probatum.types import Question


def questions_of(kit: Kit, questions: Sequence[Question], template: Template) -> tuple[Any, Any]:
    """(tokens, mask) of questions up to where the answer begins, padded on the left: (b, p) each."""
    torch, tokenizer = needed("torch"), kit.tokenizer
    head = [] if tokenizer.bos_token_id is None else [int(tokenizer.bos_token_id)]
    told = [head + list(tokenizer(prompt(each, template), add_special_tokens=False)["input_ids"]) for each in questions]
    width = max(len(each) for each in told)
    ids = torch.full((len(told), width), int(tokenizer.pad_token_id))
    mask = torch.zeros_like(ids)
    for row, each in enumerate(told):
        ids[row, width - len(each) :] = torch.tensor(each)
        mask[row, width - len(each) :] = 1
    return ids, mask


def drawn(kit: Kit, asked: tuple[Any, Any], *, end: int, longest: int, temperature: float) -> Mapping[str, Any]:
    """Answers drawn from the model's own distribution: tokens, mask (b, p + t), ends, finished (b,), before = p.

    `ends` is the place of the last token within the answer. The state of torch's random numbers is the caller's.
    """
    torch = needed("torch")
    ids, mask = (each.to(kit.model.device) for each in asked)
    pad = int(kit.tokenizer.pad_token_id)
    kit.model.eval()
    with torch.no_grad():
        whole = kit.model.generate(
            input_ids=ids, attention_mask=mask, max_new_tokens=longest, do_sample=True, temperature=temperature,
            top_k=0, top_p=1.0, eos_token_id=end, pad_token_id=pad,
        )  # fmt: skip
    said = whole[:, ids.shape[1] :]
    over = (said == end).int()
    finished = over.any(1)
    ends = torch.where(finished, over.argmax(1), said.shape[1] - 1)
    places = torch.arange(said.shape[1], device=said.device)[None] <= ends[:, None]
    whole = torch.cat([ids, torch.where(places, said, pad)], 1)
    seen = torch.cat([mask, places.to(mask.dtype)], 1)
    return {"tokens": whole, "mask": seen, "ends": ends, "finished": finished, "before": ids.shape[1]}


def said_logs(model: Any, told: Mapping[str, Any], temperature: float = 1.0) -> Any:
    """The log-probability of each token of the answers, (b, t)."""
    torch, before = needed("torch"), int(told["before"])
    logits = model(**_seen(model, told)).logits
    logits = logits[:, logits.shape[1] - told["tokens"].shape[1] :][:, before - 1 : -1].float() / temperature
    return torch.gather(logits.log_softmax(-1), -1, told["tokens"][:, before:, None]).squeeze(-1)


def _seen(model: Any, told: Mapping[str, Any]) -> Mapping[str, Any]:
    mask = told["mask"]
    seen = {"input_ids": told["tokens"], "attention_mask": mask}
    body = model.get_base_model() if hasattr(model, "get_base_model") else model
    if "position_ids" in inspect.signature(body.forward).parameters:  # what stands on the left counts no places
        seen["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)
    return seen


def critic_of(kit: Kit) -> Any:
    """A network that foretells an answer's reward at each of its tokens, from the body of the kit's policy.

    Its head starts at nought: untrained it expects nothing.
    """
    torch = needed("torch")
    given = kit.model.get_base_model() if hasattr(kit.model, "get_base_model") else kit.model
    # a policy that is adapted shares its body with the adapter's layers; both learn in the copy
    body = copy.deepcopy(getattr(given, given.base_model_prefix))
    config = given.config
    width = int(getattr(config, "hidden_size", 0) or config.n_embd)

    class Critic(torch.nn.Module):  # type: ignore[misc, name-defined]
        """The body with a head of one output on each token."""

        def __init__(self) -> None:
            super().__init__()
            self.body, self.head = body, torch.nn.Linear(width, 1)
            torch.nn.init.zeros_(self.head.weight)
            torch.nn.init.zeros_(self.head.bias)

        def forward(self, told: Mapping[str, Any]) -> Any:
            """What is expected before each token of the answers, (b, t)."""
            hidden = self.body(**_seen(self.body, told)).last_hidden_state
            return self.head(hidden)[:, int(told["before"]) - 1 : -1, 0]

    critic = Critic()
    for weight in critic.parameters():
        weight.requires_grad_(True)
    return critic.to(given.device)
