"""A value is held against its schema as jsonschema, the reference, holds it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.formats.json_schema import fault

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "names": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "kind": {"enum": ["a", "b"]},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "count": {"type": ["integer", "null"]},
    },
    "required": ["names"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"names": ["x"], "share": 0.5, "kind": "a", "note": None, "count": 3}, ""),
        ([], "the reply must be of type object"),
        ({}, "the reply lacks 'names'"),
        ({"names": []}, "the reply.names must hold at least 1"),
        ({"names": list("abcd")}, "the reply.names must hold at most 3"),
        ({"names": ["x", 1]}, "the reply.names[1] must be of type string"),
        ({"names": ["x"], "share": 2}, "the reply.share must be at most 1"),
        ({"names": ["x"], "share": -1}, "the reply.share must be at least 0"),
        ({"names": ["x"], "share": True}, "the reply.share must be of type number"),
        ({"names": ["x"], "kind": "c"}, "the reply.kind must be one of 'a', 'b'"),
        ({"names": ["x"], "note": 1}, "the reply.note must be of type string"),
        ({"names": ["x"], "count": 1.5}, "the reply.count must be of type integer or null"),
        ({"names": ["x"], "more": 1}, "the reply holds 'more', which is not asked for"),
    ],
)
def test_what_is_wrong_is_said(value: Any, said: str) -> None:
    assert fault(value, SCHEMA) == said


SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, 1.0, 1.5]) | st.sampled_from("abc")
VALUES = st.dictionaries(st.sampled_from([*SCHEMA["properties"], "more"]), SCALARS | st.lists(SCALARS, max_size=4))


@given(VALUES)
def test_it_judges_as_the_reference_does(value: Any) -> None:
    reference = pytest.importorskip("jsonschema", reason="needs: pip install jsonschema")
    assert (fault(value, SCHEMA) == "") == reference.Draft202012Validator(SCHEMA).is_valid(value)
