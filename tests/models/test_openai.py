"""A model server that answers, streams, drips, lies, breaks off and refuses: a real one, on this machine."""

from __future__ import annotations

import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from model_server import Server, delta, said, stream, whole

from probatum.errors import ModelFailed, NeedsFile
from probatum.models.openai import openai
from probatum.types import Request

ASK = Request((("system", "Be brief."), ("user", "Hello?")), temperature=0.5, seed=7, longest=20, stop=("\n\n",))


def test_a_streamed_reply_and_what_was_asked(model_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBATUM_MODEL_KEY", "secret")
    usage = {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}
    model_server.handle = lambda h, _: stream(h, delta("你好"), delta(", there"), delta("", "stop"), usage, "[DONE]")
    model = openai(url=model_server.url, model="small", seconds=5, price_in=2.0, price_out=3.0)
    reply = model(ASK)
    assert (reply.text, reply.tokens_in, reply.tokens_out, reply.ended) == ("你好, there", 9, 4, "stop")
    asked = model_server.asked[0]
    assert (asked["path"], asked["key"], asked["model"]) == ("/v1/chat/completions", "Bearer secret", "small")
    assert asked["messages"][1] == {"role": "user", "content": "Hello?"} and asked["stop"] == ["\n\n"]
    assert (asked["temperature"], asked["seed"], asked["max_tokens"]) == (0.5, 7, 20)
    assert not model.leaves_host
    assert reply.cost == pytest.approx((9 * 2 + 4 * 3) / 1e6)
    assert "secret" not in repr(model)


def test_a_reply_in_one_piece_that_was_cut_by_length(model_server: Server) -> None:
    body = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "length"}], "usage": None}
    model_server.handle = lambda h, _: whole(h, 200, body)
    reply = openai(url=model_server.url, seconds=5)(ASK)
    assert (reply.text, reply.ended, reply.tokens_in) == ("Hi", "length", 0)


def test_likelihoods_of_choices_and_json_by_schema(model_server: Server) -> None:
    tops = [{"token": " B", "logprob": -0.2}, {"token": "A", "logprob": -1.7}, {"token": "A ", "logprob": -1.5}]
    told = {
        "choices": [
            {"message": {"content": "B"}, "finish_reason": "stop", "logprobs": {"content": [{"top_logprobs": tops}]}}
        ]
    }
    model_server.handle = lambda h, _: whole(h, 200, told)
    model = openai(url=model_server.url, seconds=5)
    assert model(Request((("user", "?"),), choices=("A", "B", "C"))).chances == (-1.5, -0.2, -math.inf)
    assert model_server.asked[0]["top_logprobs"] == 20 and model_server.asked[0]["max_tokens"] == 1


def test_json_that_does_not_fit_is_asked_for_once_more_with_what_was_wrong(model_server: Server) -> None:
    schema = '{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}'
    asked = Request((("user", "?"),), schema=schema, seed=3)
    replies = iter(['{"m": 1}', 'Here:\n```json\n{"n": 4}\n```', "no", '{"n": "x"}'])
    model_server.handle = lambda h, _: whole(h, 200, said(next(replies)))
    model = openai(url=model_server.url, seconds=5)
    reply = model(asked)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ('{"n": 4}', 10, 4)
    assert model_server.asked[0]["response_format"]["json_schema"]["schema"] == json.loads(schema)
    assert model_server.asked[1]["messages"][1]["content"] == '{"m": 1}' and model_server.asked[1]["seed"] == 4
    assert model_server.asked[1]["messages"][2]["content"].startswith("the reply lacks 'n'")
    with pytest.raises(ModelFailed, match=r"twice no JSON that fits: the reply\.n must be of type integer"):
        model(asked)
    assert "no JSON" in model_server.asked[3]["messages"][2]["content"] and len(model_server.asked) == 4


def test_calls_of_functions_come_in_pieces(model_server: Server) -> None:
    def piece(*calls: dict[str, Any], ended: str | None = None) -> dict[str, Any]:
        return {"choices": [{"delta": {"tool_calls": list(calls)}, "finish_reason": ended}]}

    model_server.handle = lambda h, _: stream(
        h,
        piece({"index": 0, "function": {"name": "bmi", "arguments": '{"kg"'}}),
        piece({"index": 0, "function": {"arguments": ": 70}"}}, {"index": 1, "function": {"name": "age"}}),
        piece(ended="tool_calls"),
    )
    tools = '[{"name": "bmi", "description": "", "parameters": {"type": "object"}}]'
    reply = openai(url=model_server.url, seconds=5)(Request((("user", "?"),), tools=tools))
    assert (reply.text, reply.calls) == ("", (("bmi", '{"kg": 70}'), ("age", "")))
    assert model_server.asked[0]["tools"][0] == {"type": "function", "function": json.loads(tools)[0]}


def test_no_more_requests_are_under_way_than_allowed(model_server: Server) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def slowly(handler: BaseHTTPRequestHandler, _: object) -> None:
        nonlocal at_once, most
        with lock:
            at_once, most = at_once + 1, max(most, at_once + 1)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        whole(handler, 200, said("Yes"))

    model_server.handle = slowly
    model = openai(url=model_server.url, seconds=10, at_once=2)
    with ThreadPoolExecutor(8) as pool:
        assert [each.text for each in pool.map(model, [ASK] * 8)] == ["Yes"] * 8
    assert most == 2
    model_server.handle = lambda *_: time.sleep(1)
    narrow = openai(url=model_server.url, seconds=0.3, at_once=1)
    with ThreadPoolExecutor(2) as pool:
        failed = [pool.submit(narrow, ASK).exception() for _ in range(2)]
    assert all(isinstance(each, ModelFailed) for each in failed)


def test_a_request_may_leave_it_less_time(model_server: Server) -> None:
    model_server.handle = lambda *_: time.sleep(60)
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        openai(url=model_server.url, seconds=30)(Request((("user", "?"),), seconds=0.3))
    assert time.monotonic() - began < 30  # and not 60


def test_what_passes_is_tried_again(model_server: Server) -> None:
    def busy_once(handler: BaseHTTPRequestHandler, _: object) -> None:
        if len(model_server.asked) == 1:
            whole(handler, 429, {"error": "busy"}, Retry_After="0")
        else:
            stream(handler, delta("Now", "stop"))

    model_server.handle = busy_once
    assert openai(url=model_server.url, seconds=5)(ASK).text == "Now"
    model_server.handle = lambda h, _: whole(h, 400, {"error": "no such model"})
    with pytest.raises(ModelFailed, match="answered 400"):
        openai(url=model_server.url, seconds=5)(ASK)
    assert len(model_server.asked) == 3  # a refusal is not asked again


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((delta("half"),), "cut off"),
        ((delta("", "stop"),), "empty"),
        (("{garbage",), "no JSON"),
        ((json.dumps({"error": {"message": "out of memory"}}),), "out of memory"),
        (("[]",), "error"),
        (('{"choices": "abc"}',), "what is no reply"),
        (('{"choices": [{"delta": {"tool_calls": 7}}]}',), "what is no reply"),
    ],
)
def test_what_is_no_reply_is_not_taken_for_one(model_server: Server, events: tuple[object, ...], said: str) -> None:
    model_server.handle = lambda h, _: stream(h, *events)
    with pytest.raises(ModelFailed, match=said):
        openai(url=model_server.url, seconds=5, tries=1)(ASK)


def test_a_server_that_drips_or_never_ends_is_left_in_time(model_server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler, _: object) -> None:
        stream(handler)
        for _ in range(2_000):
            handler.wfile.write(b"data: " + json.dumps(delta("x")).encode() + b"\n\n")
            time.sleep(0.05)

    def silent(_: BaseHTTPRequestHandler, __: object) -> None:
        time.sleep(60)

    def stalls(handler: BaseHTTPRequestHandler, _: object) -> None:
        stream(handler, delta("x"))
        time.sleep(60)

    for handle in (drip, silent, stalls):
        model_server.handle = handle
        began = time.monotonic()
        with pytest.raises(ModelFailed):
            openai(url=model_server.url, seconds=0.5)(ASK)
        assert time.monotonic() - began < 30


def test_an_endless_reply_is_cut(model_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probatum.models.openai.LARGEST", 1000)
    model_server.handle = lambda h, _: whole(h, 200, b" " * 5000)
    with pytest.raises(ModelFailed, match=r"no end|longer than"):
        openai(url=model_server.url, seconds=5, tries=1)(ASK)


def test_only_the_named_server_is_reached(model_server: Server) -> None:
    model_server.handle = lambda h, _: whole(h, 302, {}, Location="http://127.0.0.1:1/v1")
    with pytest.raises(ModelFailed, match="302"):
        openai(url=model_server.url, seconds=2)(ASK)
    for url in ("", "ftp://x", "http://example.org/v1", "https://user:pass@example.org/", "nonsense"):
        with pytest.raises(NeedsFile):
            openai(url=url)
    assert openai(url="https://api.example.org/v1").leaves_host
    assert openai(url="http://10.0.0.7:8000/v1").leaves_host
