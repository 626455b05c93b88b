"""A language model behind any server that speaks the OpenAI protocol: vLLM, Ollama, llama.cpp, or a cloud."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore
from typing import Any

from probatum.errors import BadPlan, ModelFailed, NeedsFile, ReplyUnusable
from probatum.formats.fetch import Incoming, NamedServer
from probatum.formats.json_schema import fault
from probatum.naming import card
from probatum.shapes import LanguageModel
from probatum.types import Reply, Request

LARGEST = 4 << 20  # bytes of one reply; an endless stream ends here, or when its time is up
OK = 200
TOLD = 20  # alternatives whose likelihood a server tells at most
_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})


@card(
    "OpenAI-shaped server",
    reference="https://platform.openai.com/docs/api-reference/chat",
    languages=("en", "zh"),
)
def openai(
    *,
    url: str = "",
    model: str = "",
    seconds: float = 60.0,
    tries: int = 3,
    at_once: int = 4,
    price_in: float = 0.0,
    price_out: float = 0.0,
) -> LanguageModel:
    """A model at `url` (as http://127.0.0.1:8000/v1); also PROBATUM_MODEL_URL and PROBATUM_MODEL_NAME.

    A key is read from PROBATUM_MODEL_KEY alone and is never written anywhere. At most `at_once` requests are under way.
    A reply is had within `seconds` altogether, turns, tries and waiting included (429 and 5xx are tried again, a
    server's Retry-After being heeded), or `ModelFailed` is raised; a reply that is cut off, empty, or endless is never
    taken for one. JSON is asked for by `response_format`; a reply that does not fit its schema is asked for once more,
    with what was wrong. Likelihoods of choices are read from the alternatives of the first token, -inf where a choice
    is not among them. Prices are of a million tokens. Raises `NeedsFile` without an address.
    """
    base = url or os.environ.get("PROBATUM_MODEL_URL", "")
    if not base:
        raise NeedsFile(
            "no model server is named", mend="PROBATUM_MODEL_URL, or --model-set url=http://127.0.0.1:8000/v1"
        )
    if tries < 1 or at_once < 1 or seconds <= 0:
        raise BadPlan("tries, at_once and seconds must be above 0", where="models/openai")
    name = model or os.environ.get("PROBATUM_MODEL_NAME", "")
    server = NamedServer(base, key=os.environ.get("PROBATUM_MODEL_KEY", ""))
    return _Server(server, name, seconds, tries, (price_in, price_out), BoundedSemaphore(at_once))


@dataclass(frozen=True, slots=True)
class _Server:
    """A server, the model asked for there, and how long to wait. Threads may share it."""

    server: NamedServer
    model: str
    seconds: float
    tries: int
    prices: tuple[float, float] = (0.0, 0.0)  # of a million tokens in and out
    turns: BoundedSemaphore = field(default_factory=BoundedSemaphore)

    @property
    def leaves_host(self) -> bool:
        """Whether the server is another computer."""
        return not self.server.is_here

    def __call__(self, request: Request) -> Reply:
        """The server's reply."""
        began = time.monotonic()
        until = began + min(self.seconds, request.seconds or self.seconds)
        if not self.turns.acquire(timeout=max(until - began, 0.0)):
            raise ModelFailed("the model server is busy with other requests", where=self.server.base, mend=_LOOK)
        try:
            reply = self._had(request, until)
            if request.schema:
                reply = self._fitting(request, reply, until)
        finally:
            self.turns.release()
        cost = (reply.tokens_in * self.prices[0] + reply.tokens_out * self.prices[1]) / 1e6
        return replace(reply, seconds=time.monotonic() - began, cost=cost)

    def _had(self, request: Request, until: float) -> Reply:
        for turn in range(1, self.tries + 1):
            try:
                with self.server.post("chat/completions", self._asked(request), until=until) as answer:
                    if answer.status == OK:
                        return _reply(answer, request, until)
                    wait, why = _wait(answer, turn), f"it answered {answer.status}"
                    if answer.status not in _AGAIN:
                        raise ModelFailed(f"the model server refused: {why}", where=answer.url, mend=_mend(answer))
            except ConnectionError as error:
                wait, why = 0.2 * 2.0**turn, str(error)
            if turn == self.tries or time.monotonic() + wait >= until:
                break
            time.sleep(wait)
        raise ModelFailed(f"the model server gave no reply: {why}", where=self.server.base, mend=_LOOK)

    def _fitting(self, request: Request, reply: Reply, until: float) -> Reply:
        """The reply as JSON that fits the schema; asked for once more where it is none."""
        text, wrong = _as_json(reply.text, request.schema)
        if not wrong:
            return replace(reply, text=text)
        more = (("assistant", reply.text), ("user", f"{wrong}. Write one JSON object that fits the schema, no more."))
        again = self._had(replace(request, messages=(*request.messages, *more), seed=request.seed + 1), until)
        text, wrong = _as_json(again.text, request.schema)
        if wrong:
            raise ReplyUnusable(f"the model's reply is twice no JSON that fits: {wrong}", where=self.server.base)
        tokens_in, tokens_out = reply.tokens_in + again.tokens_in, reply.tokens_out + again.tokens_out
        return replace(again, text=text, tokens_in=tokens_in, tokens_out=tokens_out)

    def _asked(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": role, "content": text} for role, text in request.messages],
            "temperature": request.temperature,
            "seed": request.seed,
            "max_tokens": 1 if request.choices else request.longest,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.choices:
            body |= {"logprobs": True, "top_logprobs": TOLD}
        if request.schema:
            schema = {"name": "reply", "schema": json.loads(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if request.tools:
            body["tools"] = [{"type": "function", "function": each} for each in json.loads(request.tools)]
        return body


_LOOK = "see whether the server runs and the address is right; the answer without a model stands meanwhile"


def _as_json(text: str, schema: str) -> tuple[str, str]:
    """(the first JSON object of a text that may stand between fences, what is wrong with it)."""
    at = text.find("{")
    try:
        value, end = json.JSONDecoder().raw_decode(text, max(at, 0))
    except (ValueError, RecursionError) as error:
        return "", f"this is no JSON: {error}"
    return text[max(at, 0) : end], fault(value, json.loads(schema))


def _reply(answer: Incoming, request: Request, until: float) -> Reply:
    """The reply that a stream of events, or one JSON object, tells."""
    text: list[str] = []
    ended = ""
    usage: Any = {}
    told: list[Any] = []
    calls: dict[int, list[str]] = {}
    try:
        for event in _events(answer, until):
            usage = event.get("usage") or usage
            for choice in event.get("choices") or ():
                part = choice.get("delta") or choice.get("message") or {}
                said = part.get("content")
                text.append(said if isinstance(said, str) else "")
                _called(part.get("tool_calls") or (), calls)
                ended = choice.get("finish_reason") or ended
                told = told or ((choice.get("logprobs") or {}).get("content") or [])[:1]
        chances = _chances(told, request.choices)
        counted = usage if isinstance(usage, Mapping) else {}
        tokens = int(counted.get("prompt_tokens") or 0), int(counted.get("completion_tokens") or 0)
    except (AttributeError, TypeError, ValueError) as error:  # JSON, but nothing of this protocol
        raise ModelFailed(f"the model server sent what is no reply: {error}", where=answer.url) from error
    whole = "".join(text)
    if not ended:
        raise ModelFailed("the model's reply was cut off", where=answer.url, mend=_LOOK)
    if not whole.strip() and not request.choices and not calls:
        raise ReplyUnusable("the model's reply is empty", where=answer.url, mend=_LOOK)
    return Reply(
        whole,
        chances,
        *tokens,
        ended="length" if ended == "length" else "stop",
        calls=tuple((name, arguments) for name, arguments in calls.values()),
    )


def _called(told: Any, calls: dict[int, list[str]]) -> None:
    """Adds what a piece of a stream tells of calls: the name once, the arguments bit by bit."""
    for place, each in enumerate(told):
        function = each.get("function") or {}
        call = calls.setdefault(int(each.get("index", place)), ["", ""])
        call[0] += str(function.get("name") or "")
        call[1] += str(function.get("arguments") or "")


def _events(answer: Incoming, until: float) -> Iterator[dict[str, Any]]:
    size = 0
    lines: list[str] = []
    streamed = "text/event-stream" in answer.kind
    for line in _lines(answer, until):
        size += len(line)
        if size > LARGEST:
            raise ReplyUnusable(f"the model's reply is longer than {LARGEST:,} bytes", where=answer.url)
        if not streamed:
            lines.append(line)
        elif line.startswith("data:") and line[5:].strip() != "[DONE]":
            yield _object(line[5:], answer)
    if lines:
        yield _object("\n".join(lines), answer)


def _lines(answer: Incoming, until: float) -> Iterator[str]:
    """The lines of a body, as long as there is time: a server that drips is not waited for byte by byte."""
    rest, size = b"", 0
    for block in answer.blocks:
        size += len(block)
        if time.monotonic() > until or size > LARGEST:
            raise ModelFailed("the model's reply came to no end in time", where=answer.url, mend=_LOOK)
        *whole, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
    if rest:
        yield rest.decode("utf-8", "replace")


def _object(text: str, answer: Incoming) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelFailed(f"the model server sent what is no JSON: {text[:80]!r}", where=answer.url) from error
    if not isinstance(value, dict) or value.get("error"):
        raise ModelFailed(f"the model server sent an error: {text[:200]}", where=answer.url)
    return value


def _chances(told: list[Any], choices: tuple[str, ...]) -> tuple[float, ...]:
    """The likelihood of each choice among the alternatives of the first token; the best where several spell it."""
    alternatives = (told[0].get("top_logprobs") or []) if told else []
    best: dict[str, float] = {}
    for each in alternatives:
        spelled, value = str(each.get("token", "")).strip(), float(each.get("logprob", -math.inf))
        best[spelled] = max(value, best.get(spelled, -math.inf))
    return tuple(best.get(choice, -math.inf) for choice in choices)


def _wait(answer: Incoming, turn: int) -> float:
    return float(answer.retry_after) if answer.retry_after.isdigit() else 0.2 * 2.0**turn


def _mend(answer: Incoming) -> str:
    return "see to the key (PROBATUM_MODEL_KEY)" if answer.status in {401, 403} else "see to the name of the model"
