"""An agent that perceives a question, remembers, plans typed steps over tools and methods, acts, observes, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadFormat, BadPlan
from probatum.methods import _asking as asking
from probatum.methods._acting import METHODS, TOOLS, Act, Bench, act_of
from probatum.methods._cite import quoted_with_marks
from probatum.methods._genes import asked as of_genes
from probatum.naming import card
from probatum.store.linking import concepts_in
from probatum.tools.calculators import asked_for
from probatum.types import Answer, Mention, Question, Request, Step

SCORERS = ("words", "model")
_SCHEMA = (
    '{"type": "object", "properties": {"action": {"enum": ["tool", "method", "remember", "answer"]}}, '
    '"required": ["action"]}'
)
_CUES = (  # the words of a question that ask for a look-up, and the tool
    ("interactions", re.compile(r"interact|together with|combin|相互作用|合用|同时服用", re.IGNORECASE)),
    ("trials", re.compile(r"\btrials?\b|临床试验", re.IGNORECASE)),
    ("guidelines", re.compile(r"guideline|recommend|指南|推荐", re.IGNORECASE)),
)


@card("Agent: perceive, remember, plan, act, observe", survey="3.1.3", reference="doi:10.48550/arXiv.2210.03629",
      languages=("en", "zh"))  # fmt: skip
def agent(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    rounds: int = 6,
    tools: tuple[str, ...] = TOOLS,
    methods: tuple[str, ...] = METHODS,
    answers: str = "",
    line: str = "recorded",
) -> Answer:
    """An answer out of what its steps found, with the evidence of the store and the addresses that it looked up.

    As the survey's figure: (1) perceive: language, concepts named, what is known of the patient; (2) remember: earlier
    turns and the notes that it takes; (3) plan: one typed JSON step at a time, over the tools and methods named in the
    settings; (4) act: the step is carried out by code; (5) observe: what came of it goes into the next plan; until it
    answers or `rounds` are used up. What a model writes is read as JSON and looked up by name: nothing of it is run,
    used as an address or taken from what was retrieved. With `scorer = "words"` the plan is laid by rules. Each
    sentence of an answer that cites is held against what it cites. The trace holds every step, plan and result whole:
    the same question, desk and record give the same answer to the byte. Abstains: nothing-found, rounds, unparsed,
    unsupported, no-model.
    """
    if scorer not in SCORERS or rounds < 1:
        raise BadPlan(f"scorer = {scorer!r}, rounds = {rounds}", mend=f"scorer: {', '.join(SCORERS)}; rounds from 1")
    bench = Bench(desk, question, tools, methods, answers, line)
    language = asking.language_of(question)
    bench.steps.append(Step("perceive", perceived(question, desk, language)))
    bench.notes += [f"{role}: {text}" for role, text in question.turns]
    bench.steps.append(Step("remember", "; ".join(bench.notes) or "nothing"))
    if scorer == "words":
        return _by_words(bench, language, rounds)
    if not asking.has_model(desk):
        return asking.abstaining("no-model", language, bench.steps)
    return _by_model(bench, language, rounds)


def perceived(question: Question, desk: Desk, language: str) -> str:
    """What a question brings: its language, the concepts that it names, the kinds of what is known of the patient."""
    named = [each.concept for each in desk.annotate(question.text) if isinstance(each, Mention)]
    patient = question.patient
    kinds = sorted({each.kind for each in patient.observations}) if patient else []
    told = [part for part in ("age" if patient and patient.age else "", patient.sex if patient else "", *kinds) if part]
    return f"language {language}; concepts {', '.join(dict.fromkeys(named)) or '-'}; patient {', '.join(told) or '-'}"


def planned(bench: Bench) -> Iterator[Act]:
    """The plan that rules lay for a question: calculator, genes, look-ups by cue words, then the quoted answer."""
    text = bench.question.text
    if asked_for(text) and "clinical_calculators" in bench.methods:
        yield Act("method", "clinical_calculators", (("text", text),), thought="a calculator is named")
        return
    if of_genes(text) and "genegpt" in bench.methods:
        yield Act("method", "genegpt", (("text", text),), thought="it asks of a gene")
    named = [text[link.start : link.end] for link in concepts_in(bench.desk.store, text) if link.weight == 1.0]
    for tool, cue in _CUES:
        if tool not in bench.tools or not cue.search(text):
            continue
        names = list(dict.fromkeys(named))
        if tool == "interactions" and len(names) > 1:
            yield Act("tool", tool, (("drug", names[0]), ("other", names[1])), thought="two drugs are named")
        elif tool == "trials" and names:
            yield Act("tool", tool, (("condition", names[0]),), thought="trials are asked for")
        elif tool == "guidelines" and names:
            yield Act("tool", tool, (("topic", names[0]),), thought="recommendations are asked for")
    if "quoted" in bench.methods:
        yield Act("method", "quoted", (("text", text),), thought="what the store says")


def _by_words(bench: Bench, language: str, rounds: int) -> Answer:
    """The rules' plan, until a step finds something."""
    for act in list(planned(bench))[:rounds]:
        bench.steps.append(Step("plan", f"{act.thought}: {act.said}"))
        said = bench.observed(act)
        if said.startswith(("refused: ", "abstained: missing-inputs")):
            if said.startswith("abstained"):  # what a calculator still needs is the answer: it is asked for
                return Answer(abstained=said.removeprefix("abstained: "), trace=tuple(bench.steps))
            continue
        if not said.startswith("abstained: ") and said != "nothing was found":
            break
    else:
        return _nothing(bench, language, "nothing-found")
    if bench.evidence:
        return quoted_with_marks(bench.question, bench.evidence, bench.desk, bench.steps)
    return _with_sources(bench, bench.found[-1], language)


def _by_model(bench: Bench, language: str, rounds: int) -> Answer:
    """The loop: the model plans the next step, code takes it."""
    task = asking.prompt("agent", "task", language, rounds=rounds, listed="\n".join(bench.listed()))

    def fault(read: dict[str, Any]) -> str:
        try:
            act_of(read)
        except BadFormat as error:
            return str(error)
        return ""

    for _ in range(rounds):
        told = asking.messages(task, bench.question, extra=_so_far(bench, language))
        request = Request(told, bench.question, tuple(bench.evidence), _SCHEMA)
        read = asking.ask_json(bench.desk, request, fault, bench.steps, "plan")
        if read is None:
            return asking.abstaining("unparsed", language, bench.steps)
        act = act_of(read)
        if act.action == "answer":
            return _answered(bench, act.text, language)
        bench.observed(act)
    return _nothing(bench, language, "rounds")


def _so_far(bench: Bench, language: str) -> str:
    """What was remembered, done and observed, between fences."""
    done = [step.said for step in bench.steps if step.what in {"act", "observe"}]
    mark = asking.fence([*bench.notes, *done])
    notes = [asking.prompt("agent", "notes", language), *bench.notes] if bench.notes else []
    body = [asking.prompt("agent", "so_far", language), mark, *notes, *done, mark] if done or notes else []
    return "\n".join([*body, asking.prompt("agent", "next", language)])


def _answered(bench: Bench, text: str, language: str) -> Answer:
    """A model's answer: held against the evidence where it has some, else with the addresses that it looked up."""
    if asking.declines(text):
        return asking.abstaining("unanswered", language, bench.steps)
    if not bench.evidence:
        return _with_sources(bench, text, language)
    answer = asking.cited(bench.question, text, bench.evidence, bench.desk, bench.steps)
    return replace(answer, fields=(*answer.fields, *_fields(bench)))


def _with_sources(bench: Bench, text: str, language: str) -> Answer:
    told = asking.prompt("agent", "sources", language, sources=", ".join(bench.sources))
    whole = f"{text}\n{told}" if bench.sources else text
    return Answer(whole, fields=_fields(bench), trace=tuple(bench.steps))


def _fields(bench: Bench) -> tuple[tuple[str, str], ...]:
    basis = "tools" if bench.sources or bench.found else "model"
    notes, sources = [("note", each) for each in bench.notes], [("source", each) for each in bench.sources]
    return (("basis", basis), *notes, *sources)


def _nothing(bench: Bench, language: str, code: str) -> Answer:
    return asking.abstaining(code, language, bench.steps, asking.prompt("agent", f"why.{code}", language))
