"""Writes examples for other tools: one JSON object a line, ShareGPT conversations, Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from probatum.errors import NeedsExtra
from probatum.types import Example

_GROUP = 1_000  # rows that are written at once
_ROLES = {"system": "system", "doctor": "gpt", "assistant": "gpt"}  # whoever else speaks asks


def json_line(example: Example) -> str:
    """An example whole, as one line of JSON with the names of its fields."""
    return json.dumps(asdict(example), ensure_ascii=False)


def conversation(example: Example) -> dict[str, Any] | None:
    """An example as ShareGPT has it: id and turns of system, human and gpt, the last by gpt; None without an answer.

    The context and the options stand in the last question; turns of one side that follow each other are one.
    """
    said = example.answer.text or example.answer.choice
    if not said:
        return None
    asked = "\n".join(f"{letter}. {text}" for letter, text in example.question.options)
    last = "\n\n".join(filter(None, (*example.question.context, example.question.text, asked)))
    turns: list[dict[str, str]] = []
    told = [(_ROLES.get(role, "human"), text) for role, text in example.question.turns]
    for role, text in (*told, *((("human", last),) if last else ()), ("gpt", said)):
        if turns and turns[-1]["from"] == role:
            turns[-1]["value"] += f"\n{text}"
        else:
            turns.append({"from": role, "value": text})
    return {"id": example.id, "conversations": turns}


def parquet(examples: Iterable[Example], path: Path) -> int:
    """Writes a Parquet file of flat columns and gives the number of rows; lists and pairs stand as JSON texts.

    Raises `NeedsExtra` without pyarrow.
    """
    try:
        import pyarrow  # noqa: PLC0415 - heavy, and wanted here alone
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise NeedsExtra("Parquet is written by pyarrow", mend='pip install "probatum[data]"') from error
    schema = pyarrow.schema([(name, pyarrow.string()) for name in _COLUMNS])
    rows, count = iter(examples), 0
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while group := [_flat(each) for each in islice(rows, _GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def croissant(name: str, said: dict[str, str], sha256: str) -> str:
    """A Croissant 1.0 description (JSON-LD) of the file NAME.jsonl, whose lines are those of `json_line`."""
    file = {
        "@type": "cr:FileObject", "@id": f"{name}.jsonl", "name": f"{name}.jsonl", "contentUrl": f"{name}.jsonl",
        "encodingFormat": "application/jsonlines", "sha256": sha256,
    }  # fmt: skip
    fields = [
        {
            "@type": "cr:Field", "@id": f"examples/{column}", "name": column, "dataType": "sc:Text",
            "source": {"fileObject": {"@id": file["@id"]}, "extract": {"jsonPath": path}},
        }
        for column, path in _PATHS.items()
    ]  # fmt: skip
    record_set = {"@type": "cr:RecordSet", "@id": "examples", "name": "examples", "field": fields}
    context = {
        "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
        "field": "cr:field", "recordSet": "cr:recordSet", "source": "cr:source", "extract": "cr:extract",
        "fileObject": "cr:fileObject", "jsonPath": "cr:jsonPath", "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    }  # fmt: skip
    whole = {
        "@context": context, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": name,
        **said, "distribution": [file], "recordSet": [record_set],
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=2)


_PATHS = {"id": "$.id", "question": "$.question.text", "answer": "$.answer.text", "choice": "$.answer.choice"}
_COLUMNS = (*_PATHS, "options", "context", "turns", "labels", "groups")


def _flat(example: Example) -> dict[str, str]:
    def texts(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    asked, gold = example.question, example.answer
    row = {"id": example.id, "question": asked.text, "answer": gold.text, "choice": gold.choice}
    lists = {"options": asked.options, "context": asked.context, "turns": asked.turns}
    lists |= {"labels": example.labels, "groups": example.groups}
    return row | {name: texts(value) for name, value in lists.items()}


def conversations(examples: Iterable[Example]) -> Iterator[str]:
    """The lines of a ShareGPT file; what has no answer is left out."""
    for example in examples:
        if (made := conversation(example)) is not None:
            yield json.dumps(made, ensure_ascii=False)
