"""Answers for clients of OpenAI's interface: the conversation becomes a question, citations stand beside the text."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response, StreamingResponse

from probatum.desk import usage_of
from probatum.errors import ProbatumError
from probatum.knowledge import Knowledge
from probatum.naming import card_of, find, names, plain
from probatum.safety.gate import disclaimer
from probatum.text.language import recognise
from probatum.types import Answer, Passage, Question
from probatum.web import compatible as shapes
from probatum.web.answers import reason
from probatum.web.problems import Problem, invalid, of_error
from probatum.web.reception import Here, Reception, as_json
from probatum.web.words import words

router = APIRouter(prefix="/v1", responses=shapes.ERRORS, tags=["OpenAI-shaped"])
NAME = "probatum"
WORST = ("contradicted", "unsupported", "partial", "supported")
BEAT = 5.0  # seconds between two signs of life of a stream whose answer is still being made
_PIECE = re.compile(r".*?(?:\[\d+\][.。]?\s*)+|.+", re.DOTALL)
BEGUN = int(time.time())


@dataclass(frozen=True, slots=True)
class Completed:
    """One answer, ready to be told."""

    answer: Answer
    text: str
    citations: tuple[dict[str, Any], ...]


@router.post("/chat/completions", response_model=shapes.CompletionBody, summary="Answers a conversation with sources")
async def completions(body: shapes.ChatBody, reception: Here) -> Response:
    """The answer to the last message of the user, its marks [n] counting `citations`; a stream where one is wanted.

    What a client's system prompt wishes is told to a language model as a wish, under the house's own rules; every
    sentence is held against its sources as ever. A stream begins when the answer is made and held against them.
    """
    method, question = method_of(body.model, reception), question_of(body.messages)
    task = asyncio.ensure_future(reception.long(lambda kb: completed(reception, kb, body, method, question)))
    if not body.stream:
        return as_json(_whole(body, await task))
    done, _ = await asyncio.wait({task}, timeout=0.2)
    if done:
        task.result()  # what is wrong with a request is told by its status, not in a stream
    return StreamingResponse(_streamed(body, task), media_type="text/event-stream")


@router.get("/models", response_model=shapes.ModelsBody, summary="The names that `model` may bear")
async def models() -> Response:
    """`probatum`, and one name a method."""
    return as_json({"object": "list", "data": [_model(id) for id in _ids()]})


@router.get("/models/{id:path}", response_model=shapes.ModelBody, summary="One of these names")
async def model(id: Annotated[str, Path(min_length=1, max_length=200)]) -> Response:
    """The name, where it is known."""
    if id not in _ids():
        raise _unknown(id)
    return as_json(_model(id))


def method_of(model: str, reception: Reception) -> str:
    """The method that a model's name stands for; raises `Problem` 404."""
    first, _, method = model.partition("/")
    if first != NAME or (method and plain(method) not in names("methods")):
        raise _unknown(model)
    return plain(method) or reception.usual


def question_of(messages: Sequence[shapes.MessageBody]) -> Question:
    """The last message of the user as a question, those before it as its turns, system prompts as wishes."""
    said = [(each.role, _text(each)) for each in messages]
    asked = [place for place, (role, text) in enumerate(said) if role == "user" and text]
    if not asked:
        raise invalid("messages: there is none of the user with a text")
    text = said[asked[-1]][1]
    turns = tuple((role, each) for role, each in said[: asked[-1]] if role in ("user", "assistant") and each)
    wishes = [each for role, each in said if role in ("system", "developer") and each]
    language = "zh" if recognise(text) == "zh" else ""
    wish = words(language or "en")["client_wishes"]
    return Question(text, turns=turns, context=tuple(f"{wish} {each}" for each in wishes), language=language)


def completed(
    reception: Reception, kb: Knowledge, body: shapes.ChatBody, method: str, question: Question
) -> list[Completed]:
    """The `n` answers; they differ where the method takes a seed."""
    known = inspect.signature(find("methods", method)).parameters
    found = []
    for number in range(body.n or 1):
        wanted = {"temperature": body.temperature, "seed": (body.seed or 0) + number}
        settings = {name: value for name, value in wanted.items() if name in known and value is not None}
        answer = reception.answer(kb, question, method, writer=reception.writer, settings=settings)
        found.append(Completed(answer, told(answer, question.language or "en"), citations(kb, answer)))
    return found


def told(answer: Answer, language: str) -> str:
    """The text of an answer; where there is none, why, and whom to turn to instead where that is urgent."""
    code, why = reason(answer.abstained or "")
    if not why:
        return answer.text
    said = why if code in {"referred", "refused"} else f"{words(language)['no_evidence']}: {why}"
    return f"{said}\n{answer.text}" if answer.text else said


def citations(kb: Knowledge, answer: Answer) -> tuple[dict[str, Any], ...]:
    """What the marks of an answer point at, in their order."""
    if not answer.text:
        return ()
    licences = {(one.source, one.version): one.licence for one in kb.store.releases()}
    found = []
    for number, piece in enumerate(answer.evidence, 1):
        origin = piece.origin
        verdicts = {each.support for each in answer.verdicts if number in each.marks}
        found.append(
            {
                "number": number, "source": origin.source, "release": origin.release, "at": origin.at,
                "licence": licences.get((origin.source, origin.release), ""), "quote": piece.text,
                "title": piece.fact.title if isinstance(piece.fact, Passage) else "",
                "references": list(origin.references),
                "verdict": next((each for each in WORST if each in verdicts), None),
            }
        )  # fmt: skip
    return tuple(found)


def _text(message: shapes.MessageBody) -> str:
    if isinstance(message.content, list):
        if strange := [part.type for part in message.content if part.type not in ("text", "input_text")]:
            raise invalid(f"messages: only text is read here, no {strange[0]!r}")
        return "\n".join(part.text for part in message.content).strip()
    return (message.content or "").strip()


def _ids() -> list[str]:
    return [NAME, *(f"{NAME}/{name}" for name in names("methods") if hasattr(find("methods", name), "card"))]


def _model(id: str) -> dict[str, Any]:
    method = id.partition("/")[2]
    title = card_of(find("methods", method)).title if method else "Probatum"
    return {"id": id, "object": "model", "created": BEGUN, "owned_by": NAME, "title": title}


def _unknown(model: str) -> Problem:
    return Problem(404, "model_not_found", f"there is no model {model!r} here", "GET /v1/models lists them")


def _shared(body: shapes.ChatBody, found: Sequence[Completed], object: str) -> dict[str, Any]:
    first = found[0].answer
    seal = hashlib.sha256(repr((body.model, first.knowledge, [each.text for each in found])).encode()).hexdigest()
    return {"id": f"chatcmpl-{seal[:24]}", "object": object, "created": int(time.time()), "model": body.model}


def _usage(found: Sequence[Completed]) -> dict[str, int]:
    taken = [usage_of(each.answer) for each in found]
    tokens_in, tokens_out = sum(each[1] for each in taken), sum(each[2] for each in taken)
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }


def _besides(found: Sequence[Completed]) -> dict[str, Any]:
    first = found[0].answer
    said = {"knowledge": first.knowledge, "abstained": first.abstained, "disclaimer": _disclaimed(first)}
    return {"citations": found[0].citations, **said}


def _disclaimed(answer: Answer) -> str:
    return disclaimer(recognise(answer.text or answer.abstained or ""))


def _whole(body: shapes.ChatBody, found: Sequence[Completed]) -> dict[str, Any]:
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": each.text, "refusal": None, "citations": each.citations},
            "finish_reason": "stop",
            "logprobs": None,
        }
        for index, each in enumerate(found)
    ]
    return {**_shared(body, found, "chat.completion"), "choices": choices, "usage": _usage(found), **_besides(found)}


async def _streamed(body: shapes.ChatBody, task: asyncio.Future[list[Completed]]) -> AsyncIterator[bytes]:
    """The events of a stream: pieces that end with their marks, then a last one with the citations."""
    while not (await asyncio.wait({task}, timeout=BEAT))[0]:
        yield b": the answer is being made\n\n"
    try:
        found = task.result()
    except (Problem, ProbatumError) as error:
        yield _event(shapes.fault(error if isinstance(error, Problem) else of_error(error)))
        return
    shared = _shared(body, found, "chat.completion.chunk")
    for index, each in enumerate(found):
        pieces = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in _PIECE.findall(each.text))]
        for piece in pieces:
            yield _event(shared | {"choices": [{"index": index, "delta": piece, "finish_reason": None}]})
        last = {"index": index, "delta": {}, "finish_reason": "stop"}
        yield _event(shared | {"choices": [last], "citations": each.citations} | _standing(each.answer))
    if body.stream_options and body.stream_options.include_usage:
        yield _event(shared | {"choices": [], "usage": _usage(found), **_besides(found)})
    yield b"data: [DONE]\n\n"


def _standing(answer: Answer) -> dict[str, Any]:
    return {
        "knowledge": answer.knowledge,
        "abstained": answer.abstained,
        "verdicts": [asdict(v) for v in answer.verdicts],
        "disclaimer": _disclaimed(answer),
    }


def _event(said: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(said, ensure_ascii=True, separators=(',', ':'))}\n\n".encode()
