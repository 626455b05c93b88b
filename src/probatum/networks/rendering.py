"""How an example becomes the text that a model reads, which of it is learnt, and how it is cut to length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import END
from probatum.types import Example, Question

SUPERVISE = ("answers", "last", "all")
_PLACE = re.compile(r"\{text\}|\{context\}")
_UNBOUNDED = 1 << 30
IGNORED = -100  # the label of a token that is not learnt


@dataclass(frozen=True, slots=True)
class Template:
    """What stands around the turns of a text; {text} and {context} are filled in."""

    name: str
    system: str = ""  # once, at the beginning
    asked: str = "<|patient|>{text}"
    context: str = "{context}\n"  # before what is asked, where there is some
    together: str = ""  # instead of both, where there is some
    answer: str = "<|doctor|>"  # before each answer
    between: str = ""  # behind each answer but the last
    end: str = END  # behind each answer
    supervised_end: bool = True  # whether the end is learnt with the answer


_TASK = "Below is an instruction that describes a task"
_PAIRED = "paired with an input that provides further context"
_WRITE = "Write a response that appropriately completes the request."
TEMPLATES = {
    each.name: each
    for each in (
        Template("roles"),
        Template("plain", asked="{text}", answer=""),
        Template(
            "alpaca",
            asked="### Instruction:\n{text}\n\n",
            context="### Input:\n{context}\n\n",
            answer="### Response:\n",
        ),
        Template(  # as its authors trained with it, to the byte: the answer stands right behind the colon
            "stanford-alpaca",
            asked=f"{_TASK}. {_WRITE}\n\n### Instruction:\n{{text}}\n\n",
            together=f"{_TASK}, {_PAIRED}. {_WRITE}\n\n### Instruction:\n{{text}}\n\n### Input:\n{{context}}\n\n",
            answer="### Response:",
        ),
        Template("zh-dialogue", asked="病人：{text}\n", answer="医生：", between="\n"),
        Template("zh-question-answer", asked="<问>：{text}\n", answer="<答>：", between="\n"),
        Template("user-assistant", asked="User:{text}\n", answer="Assistant:", between="\n"),
        Template("question-answer", asked="Question: {text}\n", context="Context: {context}\n", answer="Answer: "),
        Template(
            "chatml",
            asked="<|im_start|>user\n{text}<|im_end|>\n",
            answer="<|im_start|>assistant\n",
            between="\n",
            end="<|im_end|>",
        ),
    )
}


def template_of(name: str | Template) -> Template:
    """The template of a name; raises `BadPlan`."""
    if isinstance(name, Template):
        return name
    if name not in TEMPLATES:
        raise BadPlan(f"there is no template {name!r}", mend=f"one of: {', '.join(TEMPLATES)}")
    return TEMPLATES[name]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text, and whether an answer's words stand in it."""

    text: str
    answers: bool


def segments(example: Example, template: Template) -> list[list[Segment]]:
    """The turns of an example, each a question with its answer; the last answer is the gold one."""
    turns = [_turn(text, answer, "", template) for text, answer in _earlier(example.question)]
    context = "\n".join(example.question.context)
    last = _turn(_asked(example.question), example.answer.text or example.answer.choice, context, template)
    whole = [*turns, last]
    if template.between:
        whole = [[*turn, Segment(template.between, False)] for turn in whole[:-1]] + [whole[-1]]
    return whole


def prompt(question: Question, template: Template) -> str:
    """The text up to where the answer begins."""
    turns = [_turn(text, answer, "", template) for text, answer in _earlier(question)]
    last = _turn(_asked(question), "", "\n".join(question.context), template)[:1]
    between = template.between
    return template.system + "".join(
        "".join(part.text for part in turn) + (between if turn is not last else "") for turn in [*turns, last]
    )


def _turn(text: str, answer: str, context: str, template: Template) -> list[Segment]:
    asked = template.asked.replace("{text}", text) if text else ""
    before = template.context.replace("{context}", context) if context else ""
    if text and context and template.together:
        places = {"{text}": text, "{context}": context}
        before, asked = "", _PLACE.sub(lambda found: places[found[0]], template.together)
    said = [Segment(before + asked + template.answer, False), Segment(answer, True)]
    return [*said, Segment(template.end, template.supervised_end)] if template.end else said


def _asked(question: Question) -> str:
    options = "".join(f"\n{letter}. {text}" for letter, text in question.options)
    return question.text + options


def _earlier(question: Question) -> Iterator[tuple[str, str]]:
    """(what was asked, what was answered) of the earlier turns; turns of one side in a row are one."""
    asked: list[str] = []
    said: list[str] = []
    for role, text in question.turns:
        if role in {"doctor", "assistant"}:
            said.append(text)
            continue
        if said:
            yield "\n".join(asked), "\n".join(said)
            asked, said = [], []
        asked.append(text)
    if asked or said:
        yield "\n".join(asked), "\n".join(said)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as tokens; `labels` are the tokens that are learnt, -100 elsewhere."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]


def encoded(
    example: Example,
    tokenizer: Any,
    template: Template,
    *,
    longest: int,
    supervise: str = "answers",
    keeps: Callable[[str], str] | None = None,
) -> Tokens:
    """The tokens of an example with their labels, at most `longest`: the oldest whole turns go first, then its end.

    `supervise`: answers (every answer), last (the gold answer alone) or all (questions too). `keeps` says what of a
    patient's turn that goes stays: it is laid before the first turn that is left. A text begins with the tokenizer's
    beginning where it has one. Raises `BadPlan`.
    """
    if supervise not in SUPERVISE:
        raise BadPlan(f"supervise = {supervise!r} is not known here", mend=f"one of: {', '.join(SUPERVISE)}")
    if keeps is not None:
        for count in range(len(list(_earlier(example.question))) + 1):
            whole = shortened(example, count, keeps)
            told = encoded(whole, tokenizer, template, longest=_UNBOUNDED, supervise=supervise)
            if len(told.ids) <= longest:
                return told
        return Tokens(told.ids[:longest], told.labels[:longest])
    turns = segments(example, template)
    head = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    head += tokenizer(template.system, add_special_tokens=False)["input_ids"] if template.system else []
    cut = [
        _tokens(turn, tokenizer, supervise == "all", supervise != "last" or place == len(turns) - 1)
        for place, turn in enumerate(turns)
    ]
    while len(cut) > 1 and len(head) + sum(len(ids) for ids, _ in cut) > longest:
        cut.pop(0)
    ids = head + [each for part, _ in cut for each in part]
    labels = (head if supervise == "all" else [IGNORED] * len(head)) + [each for _, part in cut for each in part]
    return Tokens(tuple(ids[:longest]), tuple(labels[:longest]))


def shortened(example: Example, count: int, keeps: Callable[[str], str]) -> Example:
    """The example without its first turns, so many; what `keeps` says of them stands before the first that is left."""
    question, earlier = example.question, list(_earlier(example.question))
    kept = [stays for asked, _ in earlier[:count] if (stays := keeps(asked))]
    left = earlier[count:]
    if left:
        left[0] = ("\n".join((*kept, left[0][0])) if left[0][0] else "\n".join(kept), left[0][1])
    said = [(role, text) for asked, answer in left for role, text in (("patient", asked), ("doctor", answer)) if text]
    text = question.text if left else "\n".join((*kept, question.text))
    return replace(example, question=replace(question, text=text, turns=tuple(said)))


def _tokens(turn: Sequence[Segment], tokenizer: Any, whole: bool, answers: bool) -> tuple[list[int], list[int]]:
    ids: list[int] = []
    labels: list[int] = []
    for part in turn:
        told = tokenizer(part.text, add_special_tokens=False)["input_ids"]
        ids += told
        labels += told if whole or (part.answers and answers) else [IGNORED] * len(told)
    return ids, labels
