"""The scripted model says its lines in order, remembers what it was asked, and never makes one up."""

from __future__ import annotations

import math

import pytest

from probatum.errors import ModelFailed
from probatum.models.scripted import scripted
from probatum.types import Request


def test_lines_in_their_order_then_no_more() -> None:
    model = scripted(says=("one", "two words"))
    request = Request((("user", "say something now"),))
    assert [model(request).text, model(request).text] == ["one", "two words"]
    with pytest.raises(ModelFailed, match="2 lines; line 3"):
        model(request)


def test_a_function_sees_the_request_and_choices_get_likelihoods() -> None:
    model = scripted(says=lambda request: request.messages[-1][1][-1])
    reply = model(Request((("system", "pick"), ("user", "A or B")), choices=("A", "B")))
    assert (reply.text, reply.chances, reply.tokens_in, reply.tokens_out) == ("B", (-math.inf, 0.0), 4, 1)
    assert not model.leaves_host and scripted(leaves_host=True).leaves_host
