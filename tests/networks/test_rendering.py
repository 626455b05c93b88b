"""Examples as texts: what is learnt, what is cut."""

from __future__ import annotations

import pytest

pytest.importorskip("transformers")

from probatum.errors import BadPlan
from probatum.networks.kit import trained_tokenizer
from probatum.networks.rendering import IGNORED, TEMPLATES, encoded, prompt, segments, template_of
from probatum.types import Answer, Example, Question

TURNS = (("patient", "I have a fever."), ("doctor", "Since when?"), ("patient", "Three days."))
DIALOGUE = Example("1", Question("And a rash.", turns=(*TURNS, ("doctor", "Any cough?"))), Answer("Please come in."))
TOKENIZER = trained_tokenizer(["I have a fever. Since when? Three days. 患者发热"])


def learnt(example: Example, name: str, **settings: str | int) -> str:
    told = encoded(example, TOKENIZER, TEMPLATES[name], longest=int(settings.pop("longest", 500)), **settings)  # type: ignore[arg-type]
    return TOKENIZER.decode([label for label in told.labels if label != IGNORED])


def test_only_answers_are_learnt() -> None:
    assert learnt(DIALOGUE, "plain") == "Since when?</s>Any cough?</s>Please come in.</s>"
    assert learnt(DIALOGUE, "plain", supervise="last") == "Please come in.</s>"
    assert "I have a fever." in learnt(DIALOGUE, "plain", supervise="all")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_prompt_is_the_text_up_to_the_answer(name: str) -> None:
    template = template_of(name)
    whole = template.system + "".join(part.text for turn in segments(DIALOGUE, template) for part in turn)
    assert whole == prompt(DIALOGUE.question, template) + "Please come in." + template.end


def test_the_oldest_whole_turns_go_first() -> None:
    full = encoded(DIALOGUE, TOKENIZER, TEMPLATES["plain"], longest=500)
    told = encoded(DIALOGUE, TOKENIZER, TEMPLATES["plain"], longest=len(full.ids) - 1)
    assert TOKENIZER.decode(told.ids) == "<s>Three days.Any cough?</s>And a rash.Please come in.</s>"
    assert len(encoded(DIALOGUE, TOKENIZER, TEMPLATES["plain"], longest=5).ids) == 5


def test_options_context_and_choice() -> None:
    exam = Example("1", Question("Which?", (("A", "iron"), ("B", "zinc")), ("A case.",)), Answer(choice="B"))
    told = prompt(exam.question, TEMPLATES["alpaca"])
    assert told == "### Input:\nA case.\n\n### Instruction:\nWhich?\nA. iron\nB. zinc\n\n### Response:\n"
    assert learnt(exam, "alpaca") == "B</s>"


def test_unknown_ways_are_refused() -> None:
    with pytest.raises(BadPlan, match="template"):
        template_of("none")
    with pytest.raises(BadPlan, match="supervise"):
        encoded(DIALOGUE, TOKENIZER, TEMPLATES["plain"], longest=9, supervise="some")
