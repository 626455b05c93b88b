"""What was recorded is said again to the byte; what was not is not invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from probatum.errors import BadFormat, ModelFailed, NeedsFile
from probatum.models.copyist import copyist
from probatum.models.replay import hash_of, recording, replay
from probatum.models.scripted import scripted
from probatum.types import Question, Request

ASK = Request((("user", "质问"),), temperature=0.7, seed=3)


def test_a_recording_is_replayed_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "exchanges.jsonl"
    model = recording(scripted(says=("first", "second", "other")), file)
    said = [model(ASK), model(ASK), model(replace(ASK, seed=4))]
    again = replay(file=str(file))
    assert [again(ASK), again(replace(ASK, seed=4)), again(ASK), again(ASK)] == [said[0], said[2], said[1], said[1]]
    with pytest.raises(ModelFailed, match="no reply was recorded"):
        again(replace(ASK, seed=5))


def test_the_hash_sees_all_that_a_reply_depends_on() -> None:
    others = [
        replace(ASK, messages=(("system", "质问"),)), replace(ASK, schema="{}"), replace(ASK, choices=("A",)),
        replace(ASK, temperature=0.0), replace(ASK, longest=9), replace(ASK, stop=("x",)),
    ]  # fmt: skip
    assert len({hash_of(each) for each in (ASK, *others)}) == 7
    assert hash_of(replace(ASK, question=Question("other"))) == hash_of(ASK)  # only the messages reach the model
    assert hash_of(Request(question=Question("a"))) != hash_of(Request(question=Question("b")))


def test_what_is_no_recording_is_said(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        replay()
    for text in ("{", "[]", '{"request": "x"}', '{"request": "x", "reply": {"nothing": 1}}'):
        (tmp_path / "bad").write_text(text)
        with pytest.raises(BadFormat, match="not a recorded exchange"):
            replay(file=str(tmp_path / "bad"))
    assert not recording(copyist(), tmp_path / "x").leaves_host
