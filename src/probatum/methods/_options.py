"""Multiple choice as every method does it: by a letter that is written, by likelihood, or by votes over samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from probatum.desk import Budget, Desk, Metered
from probatum.errors import BadPlan
from probatum.methods import _asking as asking
from probatum.text.choices import Choice
from probatum.types import Answer, Candidate, Evidence, Question, Request, Step

FORMS = ("generation", "likelihood")
TIES = ("abstain", "likelier")  # what becomes of a vote without a majority
BASIS = (("basis", "model"),)  # an answer's field: the model's own knowledge, no evidence behind it
OWN = "the model's own knowledge; nothing of it was checked"


def unready(question: Question, desk: Desk) -> str:
    """The code of what is wanting for a vote of models on options: a question, a model, options; else empty."""
    if not question.text.strip():
        return "no-question"
    if not asking.has_model(desk):
        return "no-model"
    return "" if question.options else "no-options"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice among the options, and what was written on the way."""

    read: Choice
    text: str
    candidates: tuple[Candidate, ...] = ()


def known_form(choose: str) -> None:
    """Raises `BadPlan` for a form of multiple choice that does not stand."""
    if choose not in FORMS:
        raise BadPlan(f"choose = {choose!r} is not known here", mend=f"one of: {', '.join(FORMS)}")


def chosen(
    question: Question,
    desk: Desk,
    task: str,
    steps: list[Step],
    *,
    choose: str = FORMS[0],
    evidence: Sequence[Evidence] = (),
    extra: str = "",
    reasons: bool = True,
    temperature: float = 0.0,
    seed: int = 0,
    what: str = "choice",
) -> Chosen:
    """The model's choice: read out of what it writes, or its likeliest letter (after reasoning, where it `reasons`)."""
    last = asking.prompt("asking", "by_letter", asking.language_of(question))
    by_letter = choose == "generation"
    if by_letter or reasons:
        more = "\n\n".join(part for part in (extra, last if by_letter else "") if part)
        told = asking.messages(task, question, evidence, extra=more)
        request = Request(told, question, tuple(evidence), temperature=temperature, seed=seed)
        if by_letter:
            return Chosen(*asking.ask_letter(desk, request, steps, what))
        text = asking.say(desk, request, steps, what)
    else:
        text = ""
    read, candidates = asking.likeliest(desk, question, task, evidence, steps, reasoning=text)
    return Chosen(read, text, candidates)


def unaided(
    question: Question, desk: Desk, name: str, *, choose: str, reasons: bool, temperature: float, seed: int
) -> Answer:
    """What the model says by itself to the prompt of a method; with `reasons` it writes steps before the answer."""
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    if not asking.has_model(desk):
        return asking.abstaining("no-model", language)
    task = asking.prompt(name, "task", language)
    if question.options:
        made = chosen(
            question,
            desk,
            task,
            steps,
            choose=choose,
            reasons=reasons,
            temperature=temperature,
            seed=seed,
            what="thought" if reasons else "choice",
        )
        if not made.read.letter:
            return asking.unread(made.read, language, steps)
        return Answer(made.text, made.read.letter, BASIS, made.candidates, trace=(*steps, Step("basis", OWN)))
    request = Request(asking.messages(task, question), question, temperature=temperature, seed=seed)
    text = asking.say(desk, request, steps, "thought" if reasons else "answer")
    if asking.declines(text):
        return asking.abstaining("unanswered", language, steps)
    return Answer(text, fields=BASIS, trace=(*steps, Step("basis", OWN)))


def counting(desk: Desk) -> tuple[Desk, Metered]:
    """The desk with a meter of its own before the model; what may leave the host is decided by the one behind it."""
    meter = Metered(desk.model, Budget(), leaves="all")
    return replace(desk, model=meter), meter


def cost(meter: Metered) -> Step:
    """What the method took, as the last step of its trace."""
    tokens = f"tokens in {meter.tokens_in}, out {meter.tokens_out}"
    return Step("cost", f"calls {meter.calls}, {tokens}, {meter.seconds:.1f} s")


def by_votes(
    question: Question, desk: Desk, votes: Sequence[Chosen], steps: list[Step], *, ties: str, task: str
) -> Answer:
    """The option with most votes, as an answer; a vote without a letter is counted as an abstention, never as a letter.

    Votes by likelihood are averaged instead. Ties: `abstain` (code tied), or `likelier`: of those that tie, the one
    whose letter the model finds likelier.
    """
    language = asking.language_of(question)
    averaged = any(vote.candidates for vote in votes)
    best, candidates = _averaged(question, votes) if averaged else _counted(question, votes)
    told = ", ".join(f"{each.id}: {each.score:.4g}" for each in candidates if each.score) or "none"
    steps.append(Step("votes", f"{told}; without a letter: {sum(not vote.read.letter for vote in votes)}"))
    if len(best) > 1 and ties == "likelier":
        likelier, _ = asking.likeliest(desk, replace(question, options=_only(question, best)), task, (), steps)
        best = [likelier.letter] if likelier.letter else best
    if len(best) != 1:
        declined = all(vote.read.how == "abstained" for vote in votes)
        how = "tied" if best else "abstained" if declined else votes[0].read.how if averaged else "unparsed"
        return replace(asking.unread(Choice("", 0.0, how), language, steps), candidates=candidates)
    speaking = next((vote.text for vote in votes if vote.read.letter == best[0]), "")
    steps.append(Step("basis", OWN))
    return Answer(speaking, best[0], BASIS, candidates, trace=tuple(steps))


def _only(question: Question, letters: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(option for option in question.options if option[0] in letters)


def _counted(question: Question, votes: Sequence[Chosen]) -> tuple[list[str], tuple[Candidate, ...]]:
    best, counts = asking.plurality(vote.read.letter for vote in votes)
    texts = dict(question.options)
    called = {each: " + ".join(texts.get(one, "") for one in each) for each, _ in counts}
    return best, tuple(Candidate(each, called[each], int(count) / len(votes)) for each, count in counts)


def _averaged(question: Question, votes: Sequence[Chosen]) -> tuple[list[str], tuple[Candidate, ...]]:
    told = [vote for vote in votes if vote.candidates]
    means = {letter: 0.0 for letter, _ in question.options}
    for vote in told:
        for each in vote.candidates:
            means[each.id] += each.score / len(told)
    texts = dict(question.options)
    ranked = sorted(means.items(), key=lambda each: (-each[1], each[0]))
    best = [letter for letter, mean in ranked if mean == ranked[0][1]]
    return best, tuple(Candidate(letter, texts[letter], mean) for letter, mean in ranked)
