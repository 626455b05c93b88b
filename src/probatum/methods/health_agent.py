"""A conversational health agent: it picks data and analyses for a person's question and replies in their language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods import _asking as asking
from probatum.naming import card, find
from probatum.text.normal import fold
from probatum.text.sentences import sentences
from probatum.types import Answer, Evidence, Observation, Question, Request, Step

SCORERS, PLANS = ("words", "model"), ("react", "strategies")
KNOWLEDGE, LOOK_UP, DONE = "knowledge", "look_up", "done"
STRATEGIES = 3
ANALYSES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "mean": fmean, "latest": lambda values: values[-1], "lowest": min, "highest": max,
    "trend": lambda values: values[-1] - values[0],
}  # fmt: skip
_CUES = (
    ("mean", r"average|mean|平均"), ("trend", r"trend|chang|rising|falling|better|worse|变化|趋势|升高|下降"),
    ("lowest", r"lowest|minimum|最低"), ("highest", r"highest|maximum|最高"), ("latest", r"."),
)  # fmt: skip
_WORRY = re.compile(r"worr|afraid|scared|anxious|担心|害怕|焦虑", re.IGNORECASE)
_REFERENCE = re.compile(r"\{(result:\d+)\}")
_STEP = (
    '{"type": "object", "properties": {"source": {"type": "string"}, "analysis": {"type": "string"}}, '
    '"required": ["source", "analysis"]}'
)
_THREE = (
    '{"type": "object", "properties": {"strategies": {"type": "array"}, "chosen": {"type": "integer"}}, '
    '"required": ["strategies", "chosen"]}'
)


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing that was measured, in the order told; known to a plan by its reference alone."""

    reference: str  # data:1
    name: str
    unit: str
    values: tuple[float, ...]


@dataclass(slots=True)
class _Visit:
    """One question with the data behind it and what came of the steps."""

    question: Question
    desk: Desk
    series: tuple[Series, ...]
    language: str
    steps: list[Step] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)  # result:1 -> words
    origins: dict[str, tuple[str, str]] = field(default_factory=dict)  # result:1 -> (series' name, data:1 mean)
    evidence: list[Evidence] = field(default_factory=list)

    def prompt(self, key: str, **fields: object) -> str:
        return asking.prompt("health_agent", key, self.language, **fields)

    @property
    def names(self) -> str:
        return "; ".join(
            f"{each.reference} {each.name} ({len(each.values)}, {each.unit or '-'})" for each in self.series
        )


@card("Conversational health agent (openCHA)", survey="3.1.3", reference="doi:10.48550/arXiv.2310.02374",
      languages=("en", "zh"))  # fmt: skip
def health_agent(
    question: Question, desk: Desk, *, scorer: str = "words", plan: str = "react", rounds: int = 5
) -> Answer:
    """A personal reply out of analyses of the patient's own data and the store's knowledge, each with its source.

    As the paper: (1) perceive: language, which data there are; (2) plan: typed steps (a source, an analysis), one at a
    time (`react`) or as three strategies with pros and cons of which one is chosen; (3) run: code works the analyses
    and looks knowledge up; (4) the data stay behind references: no value ever stands in a prompt, the reply names
    results as {result:1} and code fills them in; (5) the reply, in the user's language. No code of a model is run, as
    the original does. With `scorer = "words"` the plan is laid and the reply written by rules. Sentences that cite
    knowledge are held against it. Abstains: no-data, no-model, unparsed.
    """
    for name, value, known in (("scorer", scorer, SCORERS), ("plan", plan, PLANS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")
    visit = _Visit(question, desk, series_of(question), asking.language_of(question))
    visit.steps.append(Step("perceive", f"language {visit.language}; data {visit.names or '-'}"))
    if scorer == "model" and not asking.has_model(desk):
        return asking.abstaining("no-model", visit.language, visit.steps)
    if not visit.series:
        return _none(visit, "no-data")
    if scorer == "words":
        _run(visit, _ruled(visit))
    elif not (_reacted(visit, rounds) if plan == "react" else _chosen(visit)):
        return asking.abstaining("unparsed", visit.language, visit.steps)
    if not visit.results:
        return _none(visit, "no-data")
    return _replied(visit) if scorer == "model" else _written(visit, [])


def series_of(question: Question) -> tuple[Series, ...]:
    """The numbers that were observed of the patient, by name and unit, in the order told."""
    seen: dict[tuple[str, str], list[float]] = {}
    for each in question.patient.observations if question.patient else ():
        if each.present and re.fullmatch(r"-?\d+(?:\.\d+)?", each.value):
            seen.setdefault((_name(each), each.unit), []).append(float(each.value))
    return tuple(
        Series(f"data:{place}", name, unit, tuple(values))
        for place, ((name, unit), values) in enumerate(seen.items(), 1)
    )


def _name(each: Observation) -> str:
    return each.text or each.concept or each.kind


# --- the plan ---


def _ruled(visit: _Visit) -> list[tuple[str, str]]:
    """The series whose names the question holds, with the analysis of its cue word; then what the store knows."""
    plain = fold(visit.question.text)
    analysis = next(name for name, cue in _CUES if re.search(cue, plain, re.IGNORECASE | re.DOTALL) or name == "latest")
    named = [each.reference for each in visit.series if fold(each.name) in plain]
    steps = [(reference, analysis) for reference in named]
    visit.steps.append(Step("plan", "; ".join(f"{source} {what}" for source, what in steps) or "nothing fits"))
    return [*steps, (KNOWLEDGE, LOOK_UP)] if steps else []


def _reacted(visit: _Visit, rounds: int) -> bool:
    """One step at a time, each result before the next; false where a plan could not be read."""
    for _ in range(rounds):
        read = asking.ask_json(
            visit.desk, _request(visit, "react", _STEP), lambda told: _fault(visit, told), visit.steps, "plan"
        )
        if read is None:
            return False
        if read["analysis"] == DONE:
            break
        _run(visit, [(read["source"], read["analysis"])])
    return True


def _chosen(visit: _Visit) -> bool:
    """Three strategies with pros and cons, and the steps of the one that is chosen."""

    def fault(read: dict[str, Any]) -> str:
        told, chosen = read.get("strategies"), read.get("chosen")
        if not isinstance(told, list) or len(told) != STRATEGIES or chosen not in range(1, STRATEGIES + 1):
            return visit.prompt("unfit", why=f"{STRATEGIES} strategies, one of them chosen")
        for each in told:
            if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in ("pros", "cons")):
                return visit.prompt("unfit", why="pros and cons")
            steps = each.get("steps")
            wrong = (
                [_fault(visit, step) for step in steps if isinstance(step, dict)] if isinstance(steps, list) else [""]
            )
            if not isinstance(steps, list) or len(wrong) != len(steps) or any(wrong):
                return next(filter(None, wrong), visit.prompt("unfit", why="steps"))
        return ""

    read = asking.ask_json(visit.desk, _request(visit, "strategies", _THREE), fault, visit.steps, "plan")
    if read is None:
        return False
    _run(visit, [(step["source"], step["analysis"]) for step in read["strategies"][read["chosen"] - 1]["steps"]])
    return True


def _request(visit: _Visit, form: str, schema: str) -> Request:
    analyses = ", ".join(ANALYSES)
    listed = visit.prompt("data", names=visit.names, results=", ".join(visit.results) or "-")
    task = visit.prompt("task", listed=listed, analyses=analyses, form=visit.prompt(f"form.{form}"))
    return Request(asking.messages(task, _bare(visit.question)), _bare(visit.question), schema=schema)


def _bare(question: Question) -> Question:
    """The question without its patient: what was measured stays behind references."""
    return replace(question, patient=None)


def _fault(visit: _Visit, read: Mapping[str, Any]) -> str:
    step = (read.get("source"), read.get("analysis"))
    if step[1] == DONE or step == (KNOWLEDGE, LOOK_UP):
        return ""
    fits = step[0] in [each.reference for each in visit.series] and step[1] in ANALYSES
    return "" if fits else visit.prompt("unfit", why=f"{str(step[0])[:40]} {str(step[1])[:40]}")


# --- the run ---


def _run(visit: _Visit, plan: Sequence[tuple[str, str]]) -> None:
    for source, analysis in plan:
        if (source, analysis) == (KNOWLEDGE, LOOK_UP):
            visit.steps.append(Step("run", f"knowledge look_up: {_looked_up(visit)} pieces"))
            continue
        series = next(each for each in visit.series if each.reference == source)
        value = ANALYSES[analysis](series.values)
        signed = f"{value:+.4g}" if analysis == "trend" else f"{value:.4g}"
        reference = f"result:{len(visit.results) + 1}"
        words = visit.prompt(f"words.{analysis}", value=signed, unit=series.unit, count=len(series.values)).replace(
            "  ", " "
        )
        visit.results[reference], visit.origins[reference] = words, (series.name, f"{source} {analysis}")
        visit.steps.append(Step("run", f"{source} {analysis} = {reference}: {words}"))


def _looked_up(visit: _Visit) -> int:
    """How many pieces the store quotes for the sentences of the question; they become evidence."""
    plain, text = replace(visit.desk, model=find("models", "copyist")()), visit.question.text
    for start, end in sentences(text):
        quoted: Answer = find("methods", "quoted")(replace(_bare(visit.question), text=text[start:end]), plain)
        visit.evidence += [each for each in quoted.evidence if each not in visit.evidence]
    return len(visit.evidence)


# --- the reply ---


def _replied(visit: _Visit) -> Answer:
    """The model's reply with the results filled in; one that leaves a result out gets it behind."""
    references = ", ".join(f"{{{each}}}" for each in visit.results)
    task = visit.prompt("reply", references=references)
    bare = _bare(visit.question)
    request = Request(asking.messages(task, bare, visit.evidence), bare, tuple(visit.evidence))
    text = asking.say(visit.desk, request, visit.steps, "reply")
    kept: list[str] = []
    said = "\n".join(line for line in text.splitlines() if asking.MARK.search(line))
    if said:
        plain = [line for line in text.splitlines() if not asking.MARK.search(line)]
        cited = asking.cited(bare, said, visit.evidence, visit.desk) if visit.evidence else Answer()
        visit.steps += [step for step in cited.trace if step.what == "proof"]
        text, kept = "\n".join([*plain, cited.text]).strip(), [cited.text]
        visit.evidence = list(cited.evidence)
    strange = sorted(set(_REFERENCE.findall(text)) - set(visit.results))
    visit.steps += [Step("dropped", f"no such result: {each}") for each in strange]
    filled = _REFERENCE.sub(lambda found: visit.results.get(found[1], "-"), text)
    left = [each for each in visit.results if f"{{{each}}}" not in text]
    lines = [filled, *[_line(visit, each) for each in left], visit.prompt("closing")]
    return _finished(visit, "\n".join(line for line in lines if line), bool(kept and kept[0]))


def _written(visit: _Visit, lines: list[str]) -> Answer:
    """The reply by rules: a warm opening, each result with its source, what the store says, the limits."""
    opening = visit.prompt("worried" if _WORRY.search(visit.question.text) else "opening")
    sound = asking.sound(visit.evidence, visit.desk, visit.steps)[:2]
    visit.evidence = sound
    said = [f"“{each.text}” [{place}]" for place, each in enumerate(sound, 1)]
    text = "\n".join([opening, *[_line(visit, each) for each in visit.results], *said, *lines, visit.prompt("closing")])
    return _finished(visit, text, bool(sound))


def _line(visit: _Visit, reference: str) -> str:
    name, source = visit.origins[reference]
    return visit.prompt("result", name=name, words=visit.results[reference], source=source)


def _finished(visit: _Visit, text: str, cites: bool) -> Answer:
    fields = [(reference, f"{source}: {visit.results[reference]}") for reference, (_, source) in visit.origins.items()]
    evidence = tuple(visit.evidence) if cites else ()
    return Answer(text, fields=tuple(fields), evidence=evidence, trace=tuple(visit.steps))


def _none(visit: _Visit, code: str) -> Answer:
    return asking.abstaining(code, visit.language, visit.steps, visit.prompt(f"why.{code}"))
