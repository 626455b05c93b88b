"""Examples become records of the three stages; what gives none is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadPlan
from probatum.formats.stage_files import plain_text, stage_lines, write_stage
from probatum.types import Answer, Example, Question

DOCUMENT = Example("d", Question(), Answer("Thumbs have joints."))
TALK = Example("t", Question("Very.", turns=(("patient", "Tight."), ("doctor", "How?"))), Answer("Take it off."))
LIKED = Example("p", Question("Socks?"), Answer("One pair."), rejected=(Answer("Three."), Answer("Ten.")))


def test_records_of_each_stage(tmp_path: Path) -> None:
    every = [DOCUMENT, DOCUMENT, TALK, LIKED]
    assert plain_text(TALK) == "Tight.\nHow?\nVery.\nTake it off."
    texts = [json.loads(line)["text"] for line in stage_lines(every, "cpt")]
    assert texts == ["Thumbs have joints.", plain_text(TALK), "Socks?\nOne pair."]
    assert [json.loads(line)["id"] for line in stage_lines(every, "sft")] == ["t", "p"]
    assert [json.loads(line)["rejected"] for line in stage_lines(every, "dpo")] == ["Three.", "Ten."]
    assert write_stage(every, "dpo", tmp_path / "dpo.jsonl") == len((tmp_path / "dpo.jsonl").read_text().splitlines())
    with pytest.raises(BadPlan, match="cpt, sft, dpo"):
        list(stage_lines(every, "ppo"))
