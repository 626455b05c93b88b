"""Answers questions about genes by calls of the NCBI's web services, from recorded answers or over the guarded line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from probatum.desk import Desk
from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.methods import _asking as asking
from probatum.methods._genes import asked, looked_up, stored
from probatum.naming import card
from probatum.tools.ncbi import call_of, ncbi
from probatum.types import Answer, Evidence, Question, Request, Step

SCORERS = ("words", "model")
_CALL = re.compile(r"\[\s*(https?://[^\]\s]+)\s*\]\s*-+>?")
_ANSWER = re.compile(r"^\W*(?:Answer|答案)\s*[:：]\s*(.+)$", re.MULTILINE)


@card("GeneGPT", survey="3.1.3", reference="doi:10.1093/bioinformatics/btae075", languages=("en", "zh"))
def genegpt(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    calls: int = 10,
    answers: str = "",
    record: str = "",
    line: str = "recorded",
) -> Answer:
    """The bare answer (field `answer`) with the calls, or the claims of the store, that it was read from.

    As the paper: (1) the model gets the documentation of E-utilities and BLAST and demonstrations; (2) it writes until
    it calls: an address in brackets, an arrow; (3) the call is carried out and the answer, at most 10,000 characters,
    appended; (4) so on until a line "Answer:" or 10 calls. Here an address is taken apart into a typed call of two
    hosts and five functions and put together anew; one that stands in an answer heard before is refused, so that no
    text which was retrieved can lead a call; answers come from a record (`answers`), from the NCBI with `line =
    "live"` alone. With `scorer = "words"` the kinds of question of GeneTuring and GeneHop are known by their words and
    answered by the same calls; what no record answers is looked for in the store. The trace holds each call and its
    answer. Abstains: not-genes, no-record, no-model, unparsed, unanswered.
    """
    if scorer not in SCORERS or calls < 1:
        raise BadPlan(f"scorer = {scorer!r}, calls = {calls}", mend=f"scorer: {', '.join(SCORERS)}; calls from 1")
    bench = _Bench(calls, answers, record, line)
    language = asking.language_of(question)
    if scorer == "model":
        return _by_model(question, desk, bench) if asking.has_model(desk) else _none("no-model", language, bench)
    one = asked(question.text)
    if one is None:
        return _none("not-genes", language, bench)
    bench.steps.append(Step("asked", f"{one.kind}: {one.of}"))
    try:
        text = looked_up(one, bench.carried_out)
    except (NeedsFile, BadFormat) as error:
        bench.steps.append(Step("no record", error.what))
        text = ""
    if text:
        return _answered(text, bench)
    text, evidence = stored(one, desk.store)
    evidence = asking.sound(evidence, desk, bench.steps)
    if not text or not evidence:
        return _none("no-record", language, bench)
    bench.steps.append(Step("store", f"{len(evidence)} claims"))
    return _answered(text, bench, evidence)


@dataclass(slots=True)
class _Bench:
    """Where calls are carried out, counted and written down."""

    most: int
    answers: str
    record: str
    line: str
    steps: list[Step] = field(default_factory=list)
    made: list[str] = field(default_factory=list)  # addresses
    heard: list[str] = field(default_factory=list)

    def carried_out(self, call: dict[str, str]) -> str:
        """The answer to a call; raises `NeedsFile` where there is none, `BadFormat` for a misfit or one too many."""
        if len(self.made) >= self.most:
            raise BadFormat(f"more than {self.most} calls")
        result = ncbi(dict(call), answers=self.answers, record=self.record, line=self.line)
        self.made.append(result.reference)
        self.steps += [Step("call", result.reference), Step("heard", str(result.value))]
        self.heard.append(str(result.value))
        return str(result.value)

    def followed(self, url: str) -> str:
        """The answer to an address that a model wrote; raises as `carried_out`, and for one that it was fed."""
        if any(url in text for text in self.heard):
            raise BadFormat("that address stands in an answer that was retrieved")
        return self.carried_out(call_of(url))


def _by_model(question: Question, desk: Desk, bench: _Bench) -> Answer:
    """The paper's loop: write, call, append, go on."""
    language = asking.language_of(question)
    task = asking.prompt("genegpt", "task", language, calls=bench.most)
    request = Request(asking.messages(task, question), question, stop=("->",))
    misread = 0
    for _ in range(bench.most + 3):
        reply = desk.model(request)
        text = reply.text + ("->" if reply.text.rstrip().endswith("]") else "")
        bench.steps.append(Step("written", text))
        called, final = _CALL.search(text), _ANSWER.search(text)
        if final and (called is None or final.start() < called.start()):
            return _answered(final[1].strip(), bench) if bench.made else _own(final[1].strip(), bench)
        if called is None:
            if asking.declines(text):
                return _none("unanswered", language, bench)
            misread += 1
            if misread > 1:
                break
            wrong = asking.prompt("genegpt", "no_answer", language)
            bench.steps.append(Step("unparsed", wrong))
            request = asking.again(request, text, wrong)
            continue
        told = _told(called[1], bench, language)
        before = text[: called.end()]
        request = replace(request, messages=(*request.messages, ("assistant", before), ("user", told)))
    return _none("unparsed", language, bench)


def _told(url: str, bench: _Bench, language: str) -> str:
    """What a model is told of its call: the answer between fences, or why there is none."""
    try:
        heard = bench.followed(url)
    except (BadFormat, NeedsFile) as error:
        bench.steps.append(Step("refused", f"{url}: {error.what}"))
        why = asking.prompt("genegpt", "refused", language, why=error.what)
        spent = len(bench.made) >= bench.most
        return f"{why}\n{asking.prompt('genegpt', 'spent', language)}" if spent else why
    mark = asking.fence([heard])
    return "\n".join([asking.prompt("genegpt", "heard", language), mark, heard, mark])


def _answered(text: str, bench: _Bench, evidence: list[Evidence] | None = None) -> Answer:
    """An answer with its sources: marks for claims of the store, addresses for calls."""
    pieces = tuple(evidence or ())
    marks = "".join(f" [{number}]" for number in range(1, len(pieces) + 1))
    sources = tuple(("source", url) for url in dict.fromkeys(bench.made)) if not pieces else ()
    return Answer(f"{text}{marks}", fields=(("answer", text), *sources), evidence=pieces, trace=tuple(bench.steps))


def _own(text: str, bench: _Bench) -> Answer:
    bench.steps.append(Step("basis", "the model's own words: no call was made"))
    return Answer(text, fields=(("answer", text), ("basis", "model")), trace=tuple(bench.steps))


def _none(code: str, language: str, bench: _Bench) -> Answer:
    own = code in {"no-record", "not-genes"}
    why = asking.prompt("genegpt", f"why.{code}", language) if own else ""
    return asking.abstaining(code, language, bench.steps, why)
