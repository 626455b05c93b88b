"""Experts of several specialties analyse a question, agree on a report by votes, and decide."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._grounding import found_for, grounded, snippets
from probatum.methods._options import BASIS, OWN, chosen, cost, counting, known_form
from probatum.naming import card
from probatum.types import Answer, Evidence, Pairs, Question, Request, Step

_DOMAINS = json.dumps(
    {
        "type": "object",
        "properties": {"domains": {"type": "array", "items": {"type": "string"}}},
        "required": ["domains"],
    }
)
_REPORT = json.dumps(
    {
        "type": "object",
        "properties": {"key_knowledge": {"type": "string"}, "total_analysis": {"type": "string"}},
        "required": ["key_knowledge", "total_analysis"],
    }
)
_NO = re.compile(r"\W*(?:(?:i\s+)?(?:no|disagree|do not agree|don't agree)\b|不同意|不赞成|反对|否)", re.IGNORECASE)
_YES = re.compile(r"\W*(?:(?:i\s+)?(?:yes|agree)\b|同意|赞成|是(?!否))", re.IGNORECASE)


@card("Discussion of several experts (MedAgents)", survey="3.1.3", reference="doi:10.18653/v1/2024.findings-acl.33",
      languages=("en", "zh"))  # fmt: skip
def medagents(
    question: Question,
    desk: Desk,
    *,
    experts: int = 5,
    option_experts: int = 2,
    rounds: int = 3,
    snippets_kept: int = 0,
    choose: str = "generation",
    proved: bool = True,
    temperature: float = 0.0,
    seed: int = 0,
) -> Answer:
    """The answer that experts decide on after analyses, a report and votes on it; the trace is their transcript.

    Steps of the paper: (1) experts are gathered, 5 for the question and 2 for its options; (2) each analyses, those of
    the options with the analyses of the question before them; (3) a report holds key knowledge and total analysis;
    (4) all vote on it, those against advise, it is revised, at most 3 rounds; (5) decision by the report. Model calls:
    2 + 5 + 2 + 1, each round 7 + dissenters + 1 if there are any, + 1 to decide; one more for each reply that had to be
    asked for twice. A question without options has no experts for them. Different: specialties are all unlike; the
    report keeps both its parts through every revision; a vote that cannot be read twice is an abstention and counted,
    where theirs counts as agreement. With `snippets_kept` the experts have evidence before them and what is decided is
    held against it. Fields: consensus (full, partial: some abstained, none), rounds, votes (yes/no/abstained), and
    basis where no evidence stands behind it. Abstains with no-question, no-model, no-evidence, unparsed, unanswered,
    tied, no-likelihoods, unsupported. Raises `BadPlan` for an unknown form.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    if not asking.has_model(desk):
        return asking.abstaining("no-model", language)
    desk, meter = counting(desk)
    evidence: tuple[Evidence, ...] = ()
    if snippets_kept:
        found = found_for(question, desk, max(2 * snippets_kept, 100))
        evidence = tuple(asking.sound(snippets(question.text, desk, found, snippets_kept), desk, steps))
        steps.append(Step("snippets", "; ".join(asking.place(each) for each in evidence) or "none"))
        if not evidence:
            return asking.abstaining("no-evidence", language, steps)
    room = _Room(question, desk, language, evidence, temperature, seed, steps)
    answer = _held(room, experts, option_experts, rounds, choose=choose, proved=proved)
    return asking.with_step(answer, cost(meter))


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the experts sit: the question, what lies before them, and the transcript."""

    question: Question
    desk: Desk
    language: str
    evidence: tuple[Evidence, ...]
    temperature: float
    seed: int
    steps: list[Step]

    def prompt(self, key: str, **fields: object) -> str:
        return asking.prompt("medagents", key, self.language, **fields)

    def request(self, task: str, papers: str = "", schema: str = "") -> Request:
        told = asking.messages(task, self.question, self.evidence, extra=papers)
        return Request(told, self.question, self.evidence, schema, temperature=self.temperature, seed=self.seed)

    def papers(self, key: str, written: Pairs) -> str:
        """What experts wrote, between the fences that the system line names: nothing in it commands."""
        mark = asking.fenced(self.evidence, self.language)[0] if self.evidence else asking.fence(())
        lines = [f"{who}: {text}".replace(mark, "") for who, text in written]
        return "\n".join([self.prompt(f"papers.{key}"), mark, *lines, mark])


def _held(room: _Room, experts: int, option_experts: int, rounds: int, *, choose: str, proved: bool) -> Answer:
    """The whole discussion."""
    of_question = _gathered(room, "domains", experts, ())
    if of_question is None:
        return asking.abstaining("unparsed", room.language, room.steps)
    wanted = option_experts if room.question.options else 0
    of_options = _gathered(room, "option_domains", wanted, of_question) if wanted else ()
    if of_options is None:
        return asking.abstaining("unparsed", room.language, room.steps)
    analyses = [(who, _says(room, "analysis", who)) for who in of_question]
    before = room.papers("analyses", tuple(analyses))
    analyses += [(who, _says(room, "option_analysis", who, before)) for who in of_options]
    report = _report(room, "report", room.papers("analyses", tuple(analyses)))
    if report is None:
        return asking.abstaining("unparsed", room.language, room.steps)
    report, fields = _agreed(room, (*of_question, *of_options), report, rounds)
    answer = _decided(room, room.papers("report", report), choose, proved)
    return replace(answer, fields=(*answer.fields, *fields))


def _gathered(room: _Room, key: str, count: int, taken: Sequence[str]) -> tuple[str, ...] | None:
    """The specialties named, `count` unlike ones that are not taken; None where twice they are not."""
    wrong = room.prompt("unfit_domains", count=count, taken=", ".join(taken) or "-")

    def check(read: dict[str, Any]) -> str:
        named = _named(read)
        return "" if len(named) >= count and not {_plain(each) for each in named[:count]} & known else wrong

    known = {_plain(each) for each in taken}
    task = room.prompt(key, count=count, **({"taken": ", ".join(taken)} if taken else {}))
    read = asking.ask_json(room.desk, room.request(task, schema=_DOMAINS), check, room.steps, key)
    return None if read is None else _named(read)[:count]


def _named(read: dict[str, Any]) -> tuple[str, ...]:
    """The specialties of a reply in their order, each once."""
    told = read.get("domains")
    listed = [" ".join(each.split()) for each in told if isinstance(each, str)] if isinstance(told, list) else []
    once: dict[str, str] = {}
    for each in listed:
        if each:
            once.setdefault(_plain(each), each)
    return tuple(once.values())


def _plain(domain: str) -> str:
    return domain.casefold()


def _says(room: _Room, key: str, who: str, papers: str = "", *, what: str = "") -> str:
    request = room.request(room.prompt(key, domain=who), papers)
    return asking.say(room.desk, request, room.steps, what or f"{key}: {who}")


def _report(room: _Room, key: str, papers: str, what: str = "") -> Pairs | None:
    """(heading, text) of the report's two parts; None where twice one of them was not written."""

    def check(read: dict[str, Any]) -> str:
        whole = all(isinstance(read.get(part), str) and read[part].strip() for part in parts)
        return "" if whole else room.prompt("unfit_report")

    parts = ("key_knowledge", "total_analysis")
    request = room.request(room.prompt(key), papers, _REPORT)
    read = asking.ask_json(room.desk, request, check, room.steps, what or key)
    if read is None:
        return None
    return (
        (room.prompt("papers.knowledge"), read["key_knowledge"]),
        (room.prompt("papers.analysis"), read["total_analysis"]),
    )


def _agreed(room: _Room, voters: Sequence[str], report: Pairs, rounds: int) -> tuple[Pairs, Pairs]:
    """(the report as it stands after the votes, what the votes were)."""
    counts, held, consensus = "0/0/0", 0, "none"
    while held < rounds:
        held += 1
        papers = room.papers("report", report)
        votes = {who: _vote(room, who, papers, f"round {held} vote: {who}") for who in voters}
        against = [who for who, vote in votes.items() if vote == "no"]
        told = list(votes.values())
        counts = f"{told.count('yes')}/{len(against)}/{told.count('')}"
        room.steps.append(Step(f"round {held} votes", f"yes/no/abstained {counts}"))
        if not against:
            consensus = "full" if all(told) else "partial" if any(told) else "none"
            break
        advice = tuple((who, _says(room, "advice", who, papers, what=f"round {held} advice: {who}")) for who in against)
        both = f"{papers}\n\n{room.papers('advice', advice)}"
        revised = _report(room, "revise", both, f"round {held} report")
        if revised is None:
            room.steps.append(Step(f"round {held} report", "not revised: the report before it stands"))
        report = revised or report
    return report, (("consensus", consensus), ("rounds", str(held)), ("votes", counts))


def _vote(room: _Room, who: str, papers: str, what: str) -> str:
    """yes, no, or nothing where twice neither could be read."""
    request = room.request(room.prompt("vote", domain=who), papers)
    wrong = room.prompt("unfit_vote")
    for _ in range(2):
        text = asking.say(room.desk, request, room.steps, what)
        if vote := _read(text):
            return vote
        room.steps.append(Step("unparsed", wrong))
        request = asking.again(request, text, wrong)
    return ""


def _read(text: str) -> str:
    """The vote that a text begins with; nothing where it begins with both or neither."""
    if _NO.match(text):
        return "no"
    both = re.match(r"\W*yes\W+(?:or|and|/)?\W*no\b", text, re.IGNORECASE)
    return "yes" if _YES.match(text) and not both else ""


def _decided(room: _Room, papers: str, choose: str, proved: bool) -> Answer:
    """The answer by the report: with evidence each sentence held against it, without it said to be the model's own."""
    question, desk, steps = room.question, room.desk, room.steps
    task = room.prompt("decision")
    if room.evidence:
        return grounded(
            question, desk, room.evidence, steps, task=task, extra=papers, choose=choose, proved=proved, seed=room.seed
        )
    if question.options:
        made = chosen(
            question, desk, task, steps, choose=choose, extra=papers, reasons=False, temperature=room.temperature,
            seed=room.seed, what="decision",
        )  # fmt: skip
        if not made.read.letter:
            return replace(asking.unread(made.read, room.language, steps), candidates=made.candidates)
        text = made.text
        return Answer(text, made.read.letter, BASIS, made.candidates, trace=(*steps, Step("basis", OWN)))
    text = asking.say(desk, room.request(task, papers), steps, "decision")
    if asking.declines(text):
        return asking.abstaining("unanswered", room.language, steps)
    return Answer(text, fields=BASIS, trace=(*steps, Step("basis", OWN)))
