"""The JSON of interfaces shaped like OpenAI's: what is taken, what is given, and errors as their clients read them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from probatum.web.problems import Problem

MOST_MESSAGES = 200
LONGEST = 50_000  # characters of one message


class Loose(BaseModel):
    """What a client may send; what is not known here is passed over, as clients of many servers expect."""

    model_config = ConfigDict(extra="ignore")


class PartBody(Loose):
    """A part of a message; only text is read."""

    type: Annotated[str, Field(max_length=64)]
    text: Annotated[str, Field(max_length=LONGEST)] = ""


class MessageBody(Loose):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=LONGEST)] | Annotated[list[PartBody], Field(max_length=64)] | None = None


class StreamOptions(Loose):
    """What a stream holds besides."""

    include_usage: bool | None = False


class ChatBody(Loose):
    """A request for a completion; `temperature` and `seed` reach the methods that have them."""

    model: Annotated[str, Field(min_length=1, max_length=120, description="probatum, or probatum/METHOD")]
    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=4)] | None = 1
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None


class CitationBody(BaseModel):
    """What a mark [n] of the text points at."""

    number: int
    source: str
    release: str
    at: str = Field(description="record, span or address within the release")
    licence: str
    quote: str = Field(description="the words of the source, or its record in words")
    title: str
    references: list[str]
    verdict: str | None = Field(description="the weakest verdict on the sentences that cite it; null where none was")


class SaidBody(BaseModel):
    """The assistant's message."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None
    citations: list[CitationBody]


class ChoiceBody(BaseModel):
    """One answer."""

    index: int
    message: SaidBody
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageBody(BaseModel):
    """Tokens of a language model; zeros where none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionBody(BaseModel):
    """A completion; `citations` are those of the first choice."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChoiceBody]
    usage: UsageBody
    citations: list[CitationBody]
    knowledge: str = Field(description="hash of the knowledge that was answered from")
    abstained: str | None = Field(description="why there is no answer, where there is none")


class ModelBody(BaseModel):
    """A name that `model` may bear."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "probatum"


class ModelsBody(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


class EmbeddingsBody(Loose):
    """Texts whose vectors are wanted."""

    model: Annotated[str, Field(min_length=1, max_length=120)]
    input: (
        Annotated[str, Field(min_length=1, max_length=LONGEST)]
        | Annotated[list[Annotated[str, Field(min_length=1, max_length=LONGEST)]], Field(min_length=1, max_length=256)]
    )
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: Annotated[int, Field(ge=1)] | None = None


class VectorBody(BaseModel):
    """One vector: numbers, or in base64 their little-endian 32-bit floats."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class ReadBody(BaseModel):
    """How much was read."""

    prompt_tokens: int
    total_tokens: int


class VectorsBody(BaseModel):
    """The vectors in the order of the texts."""

    object: Literal["list"] = "list"
    data: list[VectorBody]
    model: str
    usage: ReadBody


class FaultBody(BaseModel):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorBody(BaseModel):
    """An error as these clients read it."""

    error: FaultBody


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": "What went wrong, with a stable `code`"}
    for status in (400, 404, 413, 422, 429, 500, 501, 502, 503)
}


def fault(problem: Problem) -> dict[str, Any]:
    """A problem in the shape of an OpenAI error."""
    kind = {404: "not_found_error", 429: "rate_limit_error"}.get(problem.status_code, "invalid_request_error")
    if problem.status_code >= 500:
        kind = "server_error"
    said = f"{problem.detail} ({problem.mend})" if problem.mend else problem.detail
    return {"error": {"message": said, "type": kind, "param": None, "code": problem.code}}


def refused(problem: Problem) -> Response:
    """The response that tells a problem; what a client sent wrong is 400, as these clients expect."""
    status = 400 if problem.status_code == 422 else problem.status_code
    text = json.dumps(fault(problem), ensure_ascii=True)
    return Response(text, status, problem.headers, media_type="application/json")
