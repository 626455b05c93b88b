"""A language model of this computer: a checkpoint's folder, or what training made, answers without any server."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from threading import Lock
from typing import Any

from probatum.errors import BadPlan, ModelFailed, ReplyUnusable
from probatum.formats.json_schema import fault
from probatum.naming import card
from probatum.networks import heads
from probatum.networks.heads import Head
from probatum.networks.kit import Kit, beside, load, needed
from probatum.networks.rendering import Template, prompt, template_of
from probatum.shapes import LanguageModel
from probatum.types import Question, Reply, Request

_SPEAKERS = {"assistant": "doctor", "user": "patient"}


@card("Local checkpoint", survey="3.1.1", languages=("en", "zh"))
def local(*, model: str = "", adapter: str = "", template: str = "roles") -> LanguageModel:
    """A model that answers from a folder in Hugging Face's layout, on this computer alone.

    `model` is the folder, `adapter` one of peft on top of it; `template` stands around the turns where the tokenizer
    brings no chat template of its own. Raises `BadPlan`, `NeedsFile`, `NeedsExtra`.
    """
    if not model:
        raise BadPlan("the local model needs a folder", mend="--set model=FOLDER, with config.json and *.safetensors")
    if (Path(model) / heads.FILES[0]).is_file():
        return answering(heads.load(Path(model)))
    kit = load(Path(model))
    if adapter:
        kit = beside(kit, Path(adapter))
    return answering(kit, template=template)


def answering(kit: Kit, *, template: str | Template = "roles") -> LanguageModel:
    """A kit as a model that answers, by words or by the head that it has; `BadPlan` for one made to fill gaps."""
    if isinstance(kit.model, Head):
        return _Chooses(kit.model)
    if kit.objective == "masked":
        raise BadPlan(f"{kit.family} reads and writes nothing", mend="a causal or sequence-to-sequence model")
    return _Local(kit, template_of(template))


@dataclass(slots=True)
class _Local:
    """A kit and how it is asked. Threads may share it; they take turns."""

    kit: Kit
    template: Template
    _turns: Lock = field(default_factory=Lock)

    @property
    def leaves_host(self) -> bool:
        """Never: the model runs in this process."""
        return False

    def __call__(self, request: Request) -> Reply:
        """The reply; greedy at temperature 0, else drawn by the request's seed. Raises `ModelFailed`."""
        if request.tools:
            raise ModelFailed("a local model calls no functions", mend="a model behind a server")
        start = time.perf_counter()
        with self._turns:
            self.kit.model.eval()
            asked = self._told(request)
            reply = self._weighed(request, asked) if request.choices else self._written(request, asked)
        if request.schema:
            reply = _fitting(reply, request.schema)
        return replace(reply, seconds=time.perf_counter() - start)

    def _told(self, request: Request) -> list[int]:
        tokenizer = self.kit.tokenizer
        messages = [(role, text) for role, text in request.messages if text] or [("user", request.question.text)]
        if getattr(tokenizer, "chat_template", None):
            said = [{"role": role, "content": text} for role, text in messages]
            text = tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=True)
            return list(tokenizer(text, add_special_tokens=False)["input_ids"])
        system = "".join(f"{text}\n" for role, text in messages if role == "system")
        spoken = [(_SPEAKERS.get(role, role), text) for role, text in messages if role != "system"] or [("patient", "")]
        question = Question(spoken[-1][1], turns=tuple(spoken[:-1]))
        text = prompt(question, replace(self.template, system=self.template.system + system))
        head = [] if tokenizer.bos_token_id is None else [int(tokenizer.bos_token_id)]
        return head + list(tokenizer(text, add_special_tokens=False)["input_ids"])

    def _weighed(self, request: Request, asked: Sequence[int]) -> Reply:
        """The summed log-probability of each choice behind the question."""
        torch = needed("torch")
        chances = []
        for choice in request.choices:
            said = self.kit.tokenizer(choice, add_special_tokens=False)["input_ids"]
            self._room(len(asked) + len(said))
            with torch.no_grad():
                logs = self._logits(asked, said).float().log_softmax(-1)
            chances.append(float(sum(logs[place, token] for place, token in enumerate(said))))
        best = max(range(len(chances)), key=chances.__getitem__)
        return Reply(request.choices[best], tuple(chances), len(asked), 1)

    def _logits(self, asked: Sequence[int], said: Sequence[int]) -> Any:
        """What is foretold at each place of `said`: (its length, vocabulary)."""
        torch, model = needed("torch"), self.kit.model
        if self.kit.objective == "sequence-to-sequence":
            begin = model.config.decoder_start_token_id
            return model(
                input_ids=torch.tensor([list(asked)], device=model.device),
                decoder_input_ids=torch.tensor([[begin, *said[:-1]]], device=model.device),
            ).logits[0]
        whole = torch.tensor([[*asked, *said]], device=model.device)
        logits = model(input_ids=whole, attention_mask=torch.ones_like(whole)).logits[0]
        return logits[len(logits) - len(said) - 1 : -1]  # virtual tokens of an adapter stand before the text

    def _room(self, length: int) -> int:
        """Tokens that still fit behind so many; raises `ModelFailed` where not one does."""
        config = self.kit.model.config
        longest = getattr(config, "max_position_embeddings", 0) or getattr(config, "n_positions", 0)
        if not longest or self.kit.objective == "sequence-to-sequence":
            return 1 << 30
        if length > longest:
            raise ReplyUnusable(
                f"{length} tokens are asked and the model reads {longest}", mend="less evidence, a shorter question"
            )
        return int(longest) - length

    def _written(self, request: Request, asked: Sequence[int]) -> Reply:
        torch, transformers = needed("torch"), needed("transformers")
        model, tokenizer = self.kit.model, self.kit.tokenizer
        room = self._room(len(asked) + 1) + 1
        before = 1 if self.kit.objective == "sequence-to-sequence" else len(asked)
        ids = torch.tensor([list(asked)], device=model.device)
        # no top-k and no top-p: what is drawn is drawn from the model's own distribution
        drawn = {"do_sample": True, "temperature": request.temperature, "top_k": 0, "top_p": 1.0}
        stops = [_stopping(transformers, torch, tokenizer, request.stop, before)] if request.stop else None
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(request.seed)
            out = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=min(request.longest, room),
                max_time=request.seconds or None,
                eos_token_id=self._ends(),
                pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
                stopping_criteria=stops,
                **(drawn if request.temperature > 0 else {"do_sample": False}),
            )
        new = out[0, before:].tolist()
        ended = "stop" if new and new[-1] in self._ends() else "length"
        text = tokenizer.decode(new, skip_special_tokens=True)
        cut = min((text.find(each) for each in request.stop if each in text), default=-1)
        text, ended = (text[:cut], "stop") if cut >= 0 else (text, ended)
        if not text.strip():
            raise ReplyUnusable("the model's reply is empty")
        return Reply(text, (), len(asked), len(new), ended=ended)

    def _ends(self) -> list[int]:
        tokenizer = self.kit.tokenizer
        told = tokenizer(self.template.end, add_special_tokens=False)["input_ids"] if self.template.end else []
        own = [] if tokenizer.eos_token_id is None else [int(tokenizer.eos_token_id)]
        stands = getattr(self.kit.model.generation_config, "eos_token_id", None) or []  # of a folder made to be served
        own += [stands] if isinstance(stands, int) else [int(each) for each in stands]
        return sorted({*own, *(told if len(told) == 1 else ())})  # an end of several tokens is no end by its first


@dataclass(frozen=True, slots=True)
class _Chooses:
    """A head that chooses among a question's options, or the classes that it was taught."""

    head: Head

    @property
    def leaves_host(self) -> bool:
        """Never: the model runs in this process."""
        return False

    def __call__(self, request: Request) -> Reply:
        """The choice in words, with the chances of the request's choices; raises `ModelFailed` where it has none."""
        start = time.perf_counter()
        if self.head.about["kind"] not in {"choice", "classes"}:
            raise ModelFailed(f"a head of kind {self.head.about['kind']} answers no questions in words")
        try:
            answer = self.head(request.question)
        except BadPlan as error:
            raise ModelFailed(error.what) from error
        logs = {each.id: each.score for each in answer.candidates}
        chances = tuple(logs.get(each, -inf) for each in request.choices)
        letter = answer.choice
        if request.choices:
            letter = request.choices[max(range(len(chances)), key=chances.__getitem__)]
        text = letter if request.choices else f"The answer is {letter}."
        return Reply(text, chances, seconds=time.perf_counter() - start)


def _stopping(transformers: Any, torch: Any, tokenizer: Any, stop: Sequence[str], before: int) -> Any:
    class Stop(transformers.StoppingCriteria):  # type: ignore[misc]
        """True once one of the stops stands in what was written."""

        def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
            text = tokenizer.decode(ids[0, before:], skip_special_tokens=True)
            return torch.tensor([any(each in text for each in stop)], device=ids.device)

    return Stop()


def _fitting(reply: Reply, schema: str) -> Reply:
    """The reply cut to its first JSON object; raises `ReplyUnusable` where that does not fit."""
    at = max(reply.text.find("{"), 0)
    try:
        value, end = json.JSONDecoder().raw_decode(reply.text, at)
    except (ValueError, RecursionError) as error:
        raise ReplyUnusable(f"the model's reply is no JSON: {error}") from error
    if wrong := fault(value, json.loads(schema)):
        raise ReplyUnusable(f"the model's reply does not fit: {wrong}")
    return replace(reply, text=reply.text[at:end])
