"""What stages share that learn from answers which the model draws: scores, rounds, going on after a stop."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import Kit, needed
from probatum.networks.rollout import drawn, questions_of, said_logs
from probatum.types import Example, Question

Score = Callable[[Question, str], float]  # what an answer is worth


def scores_of(kit: Kit, told: Mapping[str, Any], questions: Sequence[Question], score: Score | None) -> Any:
    """The reward of each drawn answer (b,): by `score`, else the kit's reward model. Raises `BadPlan` without one."""
    torch = needed("torch")
    if score is not None:
        said = texts_of(kit, told)
        return torch.tensor([float(score(each, text)) for each, text in zip(questions, said, strict=True)])
    if kit.reward is None:
        raise BadPlan("nothing says what an answer is worth", mend="the stage reward before it, or score=...")
    kit.reward.eval()
    found = []
    for tokens, mask in zip(told["tokens"], told["mask"], strict=True):  # one by one: padding on the left is no text
        ids = tokens[mask.bool()][None]
        with torch.no_grad():
            found.append(kit.reward(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0, 0].float())
    return torch.stack(found)


def answered(kit: Kit, questions: Sequence[Question], how: Mapping[str, Any]) -> dict[str, Any]:
    """Answers drawn to questions, what policy and reference (if there is one) held of them (b, t), and scores (b,).

    `how`: template, longest (tokens), temperature, score. Others as `networks.rollout.drawn`.
    """
    torch = needed("torch")
    asked = questions_of(kit, questions, how["template"])
    end = kit.tokenizer(how["template"].end, add_special_tokens=False)["input_ids"]
    last = int(end[0]) if len(end) == 1 else int(kit.tokenizer.eos_token_id)
    told = dict(drawn(kit, asked, end=last, longest=how["longest"], temperature=how["temperature"]))
    with torch.no_grad():
        told["policy"] = said_logs(kit.model, told, how["temperature"])
        if kit.reference is not None:
            told["reference"] = said_logs(kit.reference, told, how["temperature"])
    return {**told, "scores": scores_of(kit, told, questions, how["score"]), "temperature": how["temperature"]}


def chosen(examples: Sequence[Example], count: int, chance: Any) -> list[Example]:
    """So many examples by chance, none twice as long as there are enough."""
    return [examples[place] for place in chance.choice(len(examples), count, replace=count > len(examples))]


def texts_of(kit: Kit, told: Mapping[str, Any]) -> list[str]:
    """The drawn answers as text."""
    said = told["tokens"][:, int(told["before"]) :]
    return [str(each) for each in kit.tokenizer.batch_decode(said, skip_special_tokens=True)]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of drawing and learning came to, means over its answers."""

    reward: float
    divergence: float  # from the reference, summed over an answer
    leash: float  # weight of the divergence in this round
    loss: float
    clipped: float  # share of the places that were clipped
    first_ratio: float  # of the first minibatch: 1 where nothing has moved
    first_clipped: float  # of the first minibatch: 0 where nothing has moved
    finished: float  # share of the answers that came to their end


def kept(folder: Path, networks: Mapping[str, Any], optimiser: Any, state: Mapping[str, Any]) -> None:
    """Writes networks, optimiser and state so that `gone_on` finds them; the state last, so that it stands for all."""
    torch, safetensors = needed("torch"), needed("safetensors.torch")
    folder.mkdir(parents=True, exist_ok=True)
    name = f"round-{state['round']}"
    tensors = {
        f"{part}/{key}": value.detach().clone().contiguous()
        for part, network in networks.items()
        for key, value in network.state_dict().items()
    }
    for place, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser/{place}/{key}": torch.as_tensor(value).clone() for key, value in moments.items()}
    safetensors.save_file(tensors, folder / f"{name}.safetensors")
    aside = folder / "state.part"
    aside.write_text(json.dumps({**state, "file": f"{name}.safetensors"}), encoding="utf-8")
    aside.replace(folder / "state.json")
    for old in folder.glob("round-*.safetensors"):
        if old.name != f"{name}.safetensors":
            old.unlink()


def gone_on(folder: Path | None, networks: Mapping[str, Any], optimiser: Any) -> dict[str, Any]:
    """The state that `kept` wrote, with networks and optimiser set to it; empty where there is none."""
    if folder is None or not (folder / "state.json").is_file():
        return {}
    state: dict[str, Any] = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    tensors = needed("safetensors.torch").load_file(folder / state["file"])
    for part, network in networks.items():
        own = {key.removeprefix(f"{part}/"): value for key, value in tensors.items() if key.startswith(f"{part}/")}
        network.load_state_dict(own)
    moments: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser/"):
            _, place, name = key.split("/")
            moments.setdefault(int(place), {})[name] = value
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})
    return state
