"""Vectors of texts for clients of OpenAI's interface: those of the dense retriever, where its encoder is installed."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from probatum.errors import NeedsExtra, NeedsFile
from probatum.retrievers.dense import encoder
from probatum.text.chinese import has_han
from probatum.web import compatible as shapes
from probatum.web.problems import Problem, invalid
from probatum.web.reception import Here, as_json

router = APIRouter(prefix="/v1", responses=shapes.ERRORS, tags=["OpenAI-shaped"])
MODELS = ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "probatum")
WIDTH = 384


@router.post("/embeddings", response_model=shapes.VectorsBody, summary="Vectors of English texts")
async def embeddings(body: shapes.EmbeddingsBody, reception: Here) -> Response:
    """One vector of 384 numbers and length 1 for each text; 501 where the encoder is not installed."""
    if body.model not in MODELS:
        raise Problem(404, "model_not_found", f"there is no encoder {body.model!r} here", f"use {MODELS[0]}")
    if body.dimensions not in (None, WIDTH):
        raise invalid(f"dimensions: the vectors have {WIDTH}")
    texts = [body.input] if isinstance(body.input, str) else body.input
    if any(has_han(text) for text in texts):
        raise invalid("input: the encoder reads English only; a vector of a Chinese text would mean nothing")

    def made() -> dict[str, Any]:
        try:
            encode = encoder()
        except (NeedsExtra, NeedsFile) as error:
            raise Problem(501, error.code, error.what, error.mend) from error
        vectors, read = encode(texts), encode.tokens(texts)
        data = [
            {"object": "embedding", "index": index, "embedding": _written(vector, body.encoding_format)}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": read, "total_tokens": read}
        return {"object": "list", "data": data, "model": MODELS[0], "usage": usage}

    return as_json(await reception.long(lambda _: made()))


def _written(vector: Any, form: str | None) -> list[float] | str:
    if form == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")
    return [float(each) for each in vector]
