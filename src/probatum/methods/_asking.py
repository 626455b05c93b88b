"""How methods ask a language model and read what it says: prompts, option letters, JSON, checked citations."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from math import exp, inf
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.models.copyist import copies
from probatum.proof.marks import proved, standing
from probatum.shapes import Retrieve
from probatum.text.choices import Choice, choice
from probatum.text.language import recognise
from probatum.text.sentences import sentences
from probatum.types import Answer, Candidate, Evidence, Pairs, Passage, Patient, Question, Request, Step

Check = Callable[[dict[str, Any]], str]  # what is wrong with a JSON object; empty where nothing is
ASSISTANT = frozenset(
    {"assistant", "doctor", "医生", "助手"}
)  # roles of earlier turns that speak for the answering side
FIELD = re.compile(r"\{(\w+)\}")
MARK = re.compile(r"\[\d+")
MARKS = re.compile(r"\s*\[\d+(?:\s*[,，、]\s*\d+)*\]")


@cache
def _table(name: str) -> Mapping[str, Any]:
    text = resources.files("probatum").joinpath("methods", f"_{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def prompt(table: str, key: str, language: str, **fields: object) -> str:
    """The text `key` (dots lead into tables) of methods/_<table>.toml in a language, its {fields} filled in.

    English where the table has no text in the language. What is filled in is never read for fields again. Raises
    `BadPlan` for a text or a field that is not there.
    """
    entry: Any = _table(table)
    for part in key.split("."):
        entry = entry.get(part) if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or "en" not in entry:
        raise BadPlan(f"there is no text {key!r}", where=f"methods/_{table}.toml")
    text = str(entry.get("zh" if language.startswith("zh") else "en", entry["en"]))
    if strange := sorted(set(FIELD.findall(text)) - set(fields)):
        raise BadPlan(f"the text {key!r} wants {strange[0]!r}", where=f"methods/_{table}.toml")
    return FIELD.sub(lambda found: str(fields[found[1]]), text)


def language_of(question: Question) -> str:
    """The language in which a question is answered: zh or en."""
    return "zh" if (question.language or recognise(question.text)).startswith("zh") else "en"


def has_model(desk: Desk) -> bool:
    """Whether a model that reads and writes is on the desk; the copyist is none."""
    model: Any = desk.model
    while callable(within := getattr(model, "model", None)):  # metered, recorded
        model = within
    return not copies(model)


# --- what is told to the model ---


def fence(texts: Iterable[str]) -> str:
    """The line that fences these texts off: none of them can hold it, since it is made of all of them."""
    whole = hashlib.sha256("\x00".join(texts).encode("utf-8", "replace")).hexdigest()
    return f"=====DATA-{whole[:12]}"


def fenced(evidence: Sequence[Evidence], language: str, *, longest: int = 2_000) -> tuple[str, str]:
    """(the fence, the evidence numbered from 1 between two fences), a passage with its title; cut at `longest`."""
    pieces: list[str] = []
    for number, each in enumerate(evidence, 1):
        title = f"{each.fact.title}: " if isinstance(each.fact, Passage) and each.fact.title else ""
        source = f"{each.origin.source} {each.origin.release}".strip()
        pieces.append(f"[{number}] ({source}) {title}{each.text[:longest]}")
    mark = fence(pieces)
    return mark, "\n".join([prompt("asking", "evidence", language), mark, *pieces, mark])


def messages(
    task: str, question: Question, evidence: Sequence[Evidence] = (), *, options: bool = True, extra: str = ""
) -> Pairs:
    """The messages of one request: the standing system line with the task, earlier turns, evidence and question.

    `extra` stands behind the question; without `options` the question is told without them.
    """
    language = language_of(question)
    mark, data = fenced(evidence, language) if evidence else (fence(()), "")
    system = f"{prompt('asking', 'system', language, fence=mark)}\n\n{task}"
    turns = [("assistant" if role in ASSISTANT else "user", text) for role, text in question.turns]
    asked = "\n\n".join(part for part in (data, told(question, options=options), extra) if part)
    return (("system", system), *turns, ("user", asked))


def told(question: Question, *, options: bool = True) -> str:
    """The question as a model reads it: what was given with it, the patient, the text, the options."""
    language = language_of(question)
    parts = [f"{prompt('asking', 'context', language)}\n{each}" for each in question.context]
    if question.patient is not None and (facts := _patient(question.patient)):
        parts.append(f"{prompt('asking', 'patient', language)} {facts}")
    parts.append(f"{prompt('asking', 'question', language)} {question.text}")
    if options and question.options:
        listed = "\n".join(f"{letter}. {text}" for letter, text in question.options)
        parts.append(f"{prompt('asking', 'options', language)}\n{listed}")
    return "\n\n".join(parts)


def _patient(patient: Patient) -> str:
    """What of a patient bears on an answer, in one line."""
    seen = [
        f"{'' if each.present else 'not '}{each.text or each.concept} {each.value}{each.unit} {each.dose}".strip()
        for each in patient.observations
    ]
    return "; ".join(part for part in (patient.age, patient.sex, *seen, *patient.notes) if part)


def unoptioned(question: Question) -> Question:
    """The question as retrieval sees it: its text alone, without options that would lead the search."""
    return replace(question, options=())


# --- what the model says ---


def say(desk: Desk, request: Request, steps: list[Step], what: str) -> str:
    """What the model writes; the trace gets it as a step named `what`."""
    reply = desk.model(request)
    steps.append(Step(what, reply.text))
    return reply.text


def letter(text: str, options: Pairs, language: str = "") -> Choice:
    """The option that a text chooses (`text.choices.choice`); the rules of both languages hold for either."""
    return choice(text, options)


def ask_letter(desk: Desk, request: Request, steps: list[Step], what: str = "choice") -> tuple[Choice, str]:
    """(the choice, what was written): where no option can be read, the model is asked once more, told what was wrong.

    A model that declines is not asked again. The second text is read alone.
    """
    question, text = request.question, say(desk, request, steps, what)
    read = letter(text, question.options)
    if read.letter or read.how == "abstained":
        return read, text
    language = language_of(question)
    wrong = prompt("asking", "no_letter", language, how=read.how)
    steps.append(Step("unparsed", wrong))
    second = say(desk, again(request, text, wrong), steps, what)
    read = letter(second, question.options)
    if not read.letter and read.how != "abstained":
        steps.append(Step("unparsed", prompt("asking", "no_letter", language, how=read.how)))
    return read, second


def ask_json(
    desk: Desk, request: Request, check: Check | None = None, steps: list[Step] | None = None, what: str = "json"
) -> dict[str, Any] | None:
    """The JSON object that the model writes, asked for once more where it is none or `check` finds fault.

    `request.schema` goes to the server and, in words, to the model. None where the second reply is no better: the
    method abstains with `unparsed`; the trace holds both replies and what was wrong.
    """
    steps = [] if steps is None else steps
    language = language_of(request.question)
    if request.schema and request.messages:
        *before, (role, text) = request.messages
        asked = (role, f"{text}\n\n{prompt('asking', 'json', language, schema=request.schema)}")
        request = replace(request, messages=(*before, asked))
    for turn in range(2):
        text = say(desk, request, steps, what)
        read = json_in(text)
        wrong = prompt("asking", "no_json", language) if read is None else check(read) if check else ""
        if read is not None and not wrong:
            return read
        steps.append(Step("unparsed", wrong))
        if turn == 0:
            request = again(request, text, wrong)
    return None


def again(request: Request, text: str, wrong: str) -> Request:
    """The request with the reply that did not fit and what was wrong; under another seed, lest it be repeated."""
    more = prompt("asking", "again", language_of(request.question), why=wrong)
    return replace(request, messages=(*request.messages, ("assistant", text), ("user", more)), seed=request.seed + 1)


def json_in(text: str) -> dict[str, Any] | None:
    """The first JSON object of a text, bare or fenced; None where there is none."""
    at = text.find("{")
    while at >= 0:
        try:
            read, _ = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            at = text.find("{", at + 1)
            continue
        return dict(read)
    return None


def likeliest(
    desk: Desk,
    question: Question,
    task: str,
    evidence: Sequence[Evidence] = (),
    steps: list[Step] | None = None,
    *,
    reasoning: str = "",
) -> tuple[Choice, tuple[Candidate, ...]]:
    """(the option whose letter is likeliest, all options with their chances, likeliest first).

    Chances are the model's likelihoods of the letters, normalised over the options; with `reasoning`, after the model
    has written that. No letter where the model tells no
    likelihoods (how: no-likelihoods) or two options are equally likely (tied).
    """
    steps = [] if steps is None else steps
    letters = tuple(each for each, _ in question.options)
    last = prompt("asking", "only_letter", language_of(question))
    if reasoning:
        said = (*messages(task, question, evidence), ("assistant", reasoning), ("user", last))
    else:
        said = messages(task, question, evidence, extra=last)
    request = Request(said, question, tuple(evidence), choices=letters)
    logs = desk.model(request).chances
    if len(logs) != len(letters) or max(logs, default=-inf) == -inf:
        steps.append(Step("likelihoods", "none were told"))
        return Choice("", 0.0, "no-likelihoods"), ()
    weights = [exp(each - max(logs)) for each in logs]
    chances = [weight / sum(weights) for weight in weights]
    ranked = sorted(zip(question.options, chances, strict=True), key=lambda each: (-each[1], each[0]))
    steps.append(Step("likelihoods", ", ".join(f"{one}: {chance:.4f}" for (one, _), chance in ranked)))
    candidates = tuple(Candidate(one, text, chance) for (one, text), chance in ranked)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return Choice("", ranked[0][1], "tied"), candidates
    return Choice(ranked[0][0][0], ranked[0][1], "likelihood"), candidates


# --- what becomes of it ---


def cited(
    question: Question, text: str, evidence: Sequence[Evidence], desk: Desk, steps: Sequence[Step] = ()
) -> Answer:
    """The written text as an answer, each sentence held against the evidence that it cites (`proof.marks`).

    By the desk's policy what has no mark, cites nothing given, or says what its evidence does not is dropped, and the
    trace says why; or it stays, marked by its verdict; or one such sentence is enough to abstain. Where nothing is left
    the answer abstains with `unsupported`.
    """
    written = Answer(text=text, evidence=tuple(evidence), trace=tuple(steps))
    answer = proved(written, desk.sight, desk.policy)
    if answer.abstained or not answer.text:
        return replace(abstaining("unsupported", language_of(question), answer.trace), choice=answer.choice)
    return answer


def sound(evidence: Sequence[Evidence], desk: Desk, steps: list[Step]) -> list[Evidence]:
    """The evidence that stands in the store as it was found; of the rest the trace says why not."""
    kept: list[Evidence] = []
    for each in evidence:
        if why := standing(each, desk.store):
            steps.append(Step("proof", f"dropped: {why}"))
        else:
            kept.append(each)
    return kept


def abstaining(code: str, language: str, steps: Sequence[Step] = (), why: str = "") -> Answer:
    """An answer that gives none: the reason code, then `why` or the code's own sentence in the language."""
    return Answer(abstained=f"{code}: {why or prompt('asking', f'why.{code}', language)}", trace=tuple(steps))


def with_retriever(desk: Desk, search: Retrieve) -> Desk:
    """The desk with another retriever on it."""
    return replace(desk, retrieve=search)


def place(evidence: Evidence) -> str:
    """Where a piece of evidence stands, for a trace: a passage's id and span, or the claim with its record."""
    fact = evidence.fact
    if isinstance(fact, Passage):
        return f"{fact.id} {evidence.start}-{evidence.end}"
    negated = "not " if fact.negated else ""
    return f"{fact.subject} {negated}{fact.predicate} {fact.object} ({fact.origin.source} {fact.origin.at})"


def with_step(answer: Answer, step: Step) -> Answer:
    """The answer with one more step at the end of its trace."""
    return replace(answer, trace=(*answer.trace, step))


def declines(text: str) -> bool:
    """Whether a free text gives no answer: its first sentence says that it cannot, and it cites nothing."""
    first = next(iter(sentences(text)), (0, 0))
    return not MARK.search(text) and choice(text[slice(*first)], ()).how == "abstained"


def unread(read: Choice, language: str, steps: Sequence[Step] = ()) -> Answer:
    """The refusal that fits a choice without a letter: unanswered, tied, no-likelihoods, or unparsed."""
    codes = {"abstained": "unanswered", "tied": "tied", "no-likelihoods": "no-likelihoods"}
    return abstaining(codes.get(read.how, "unparsed"), language, steps)


def plurality(votes: Iterable[str]) -> tuple[list[str], Pairs]:
    """(the most frequent votes, several where they tie; each vote with its count, most frequent first), "" left out."""
    counted: dict[str, int] = {}
    for vote in votes:
        if vote:
            counted[vote] = counted.get(vote, 0) + 1
    ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    best = [vote for vote, count in ranked if count == ranked[0][1]]
    return best, tuple((vote, str(count)) for vote, count in ranked)
