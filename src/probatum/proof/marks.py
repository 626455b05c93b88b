"""Holds an answer against the store: a mark must point at a stored fact, a quotation must stand in its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from probatum.ledger import cases
from probatum.proof.grades import weakest
from probatum.proof.judging import Judgement, judged
from probatum.proof.orders import order_in
from probatum.proof.witnesses import Sight
from probatum.store.reader import Store
from probatum.store.wording import in_words, in_words_with_source
from probatum.text.sentences import sentences
from probatum.types import Answer, Evidence, Passage, Relation, Step, Verdict

LANGUAGES = ("en", "zh")  # in which relations are worded
WORDINGS = (in_words, in_words_with_source)
_RUN = re.compile(r"((?:\s*\[\d{1,4}(?:\s*[,，、]\s*\d{1,4})*\])+)([.。]*)")
_QUOTED = re.compile("“([^“”]*)”")
_BETWEEN = " ;；,，.。:："  # what may stand between two claims of a line
_HIDDEN = "\x00"  # stands for a character of a quotation, where marks and sentence ends do not count


@dataclass(frozen=True, slots=True)
class _Claim:
    """A stretch of an answer with the numbers of the evidence that it cites."""

    said: str  # without the marks
    closing: str  # the full stop behind the marks
    numbers: tuple[int, ...]
    line: int
    begins: bool  # whether it is the first of its line
    start: int  # span in the answer's text, marks and full stop included
    end: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """How an answer's text is read: where the claim before a run of marks begins, and how it stands."""

    begins: Callable[[str], int]
    judge: Callable[[_Claim, Sequence[Evidence], Sight], Judgement]
    closings: bool  # whether a full stop may stand behind the marks


def checked(answer: Answer, store: Store, sight: Sight | None = None) -> Answer:
    """The answer without what its sources do not bear out, as `judging.judged` finds; `sight` is what that looks with.

    A sentence goes where it has no mark, where a mark points at no evidence or at evidence that the store does not
    hold so, and where it is judged anything but supported. What stays is renumbered and has its verdict; the trace
    says what went, and why.
    """
    return _checked(answer, sight or Sight(store), _PROSE)


def verbatim(answer: Answer, store: Store) -> Answer:
    """As `checked`, for answers that only copy: all that is said must stand word for word in the cited evidence."""
    return _checked(answer, Sight(store), _COPY)


def verdicts(answer: Answer, sight: Sight) -> tuple[Verdict, ...]:
    """How each sentence of an answer stands on what it cites, in the order of the text; nothing is taken out."""
    fallen = _fallen(answer, sight)
    claims = _claims(answer, _PROSE)
    return tuple(
        _verdict(claim, answer.evidence, _judged(claim, answer.evidence, fallen, _PROSE, sight)) for claim in claims
    )


def proved(answer: Answer, sight: Sight, policy: str = "drop") -> Answer:
    """The answer with a verdict on each sentence, under a policy for those that are not supported.

    `drop` takes them out (`checked`), `mark` leaves them with their verdict, `abstain` gives no answer where there is
    one (`only_supported`).
    """
    if policy == "drop":
        return checked(answer, sight.store, sight)
    return only_supported(answer, sight) if policy == "abstain" else replace(answer, verdicts=verdicts(answer, sight))


def only_supported(answer: Answer, sight: Sight) -> Answer:
    """The answer, or, where one of its sentences is not supported, a refusal that keeps the trace (`unsupported`)."""
    found = verdicts(answer, sight)
    wrong = next((each for each in found if each.support != "supported"), None)
    if wrong is None or answer.abstained:
        return replace(answer, verdicts=found)
    steps = [Step("proof", f"{each.support}: {each.why}: {_said(answer, each)}") for each in found if each.why]
    why = f"unsupported: a sentence of the answer is not borne out by its sources ({wrong.why})"
    return Answer(abstained=why, trace=(*answer.trace, *steps))


def _said(answer: Answer, verdict: Verdict) -> str:
    return answer.text[verdict.start : verdict.end].strip()[:120]


def standing(evidence: Evidence, store: Store, remembered: Path | None = None) -> str:
    """Why a piece of evidence does not hold against the store as it is now; empty where it does.

    A past case is held against the memory of cases in the folder `remembered`, by default that of the store.
    """
    if isinstance(evidence.fact, Passage) and evidence.fact.origin.source == cases.SOURCE:
        held = cases.case(remembered or store.path, evidence.fact.id.partition(":")[2])
        return _passage_standing(evidence, evidence.fact, cases.as_passage(held) if held else None)
    if isinstance(evidence.fact, Passage):
        return _passage_standing(evidence, evidence.fact, store.passage(evidence.fact.id))
    return _claim_standing(evidence, evidence.fact, store)


def _passage_standing(evidence: Evidence, fact: Passage, held: Passage | None) -> str:
    if held is None:
        return f"there is no passage {fact.id}"
    if not _same(held, fact):
        return f"the passage {fact.id} reads otherwise"
    if not 0 <= evidence.start < evidence.end <= len(held.text):
        return f"the span {evidence.start}-{evidence.end} lies outside {fact.id}"
    if held.text[evidence.start : evidence.end] != evidence.text:
        return f"the quotation does not stand at {evidence.start}-{evidence.end} of {fact.id}"
    return ""


def _claim_standing(evidence: Evidence, fact: Relation, store: Store) -> str:
    said = f"{fact.subject} {fact.predicate} {fact.object}"
    if not any(_same(held, fact) for held in store.relations(fact.subject, fact.predicate, fact.object)):
        return f"the store holds no such claim of {said}"
    if not any(evidence.text == word(store, fact, language) for language in LANGUAGES for word in WORDINGS):
        return f"the words do not say what is stored of {said}"
    return ""


def _same(held: Passage | Relation, fact: Passage | Relation) -> bool:
    """Whether two facts are one; the day on which the file was fetched is no part of it."""
    day = fact.origin.retrieved
    return replace(held, origin=replace(held.origin, retrieved=day)) == fact


def _checked(answer: Answer, sight: Sight, rule: _Rule) -> Answer:
    if not answer.text:
        return answer
    fallen = _fallen(answer, sight)
    kept: list[tuple[_Claim, Judgement]] = []
    steps: list[Step] = []
    headless = -1  # the line whose first claim fell: what continues it has lost its subject
    for claim in _claims(answer, rule):
        found = _judged(claim, answer.evidence, fallen, rule, sight)
        why = found.why
        if not why and claim.line == headless and claim.said.lstrip().startswith((";", "；")):
            why = "the claim that it continues was dropped"
        if why:
            steps.append(Step("proof", f"dropped: {why}: {claim.said.strip()[:120]}"))
            headless = headless if any(each.line == claim.line for each, _ in kept) else claim.line
        else:
            kept.append((claim, found))
    return _rewritten(answer, kept, steps)


def _fallen(answer: Answer, sight: Sight) -> dict[int, str]:
    """The evidence that does not hold against the store, by its number, with the reason."""
    return {
        number: why
        for number, each in enumerate(answer.evidence, 1)
        if (why := standing(each, sight.store, sight.cases))
    }


def _judged(
    claim: _Claim, evidence: Sequence[Evidence], fallen: dict[int, str], rule: _Rule, sight: Sight
) -> Judgement:
    if not claim.numbers:
        return Judgement("unsupported", "no-mark: no mark")
    if missing := [number for number in claim.numbers if not 1 <= number <= len(evidence)]:
        return Judgement("unsupported", f"no-source: [{missing[0]}] points at nothing")
    if wrong := [fallen[number] for number in claim.numbers if number in fallen]:
        return Judgement("unsupported", f"not-stored: {wrong[0]}")
    return rule.judge(claim, [evidence[number - 1] for number in claim.numbers], sight)


def _verdict(claim: _Claim, evidence: Sequence[Evidence], found: Judgement, marks: Sequence[int] = ()) -> Verdict:
    cited = [evidence[number - 1] for number in claim.numbers if 1 <= number <= len(evidence)]
    return Verdict(claim.start, claim.end, found.support, found.why, tuple(marks or claim.numbers), weakest(cited))


def _rewritten(answer: Answer, kept: Sequence[tuple[_Claim, Judgement]], steps: list[Step]) -> Answer:
    cited = sorted({number for claim, _ in kept for number in claim.numbers})
    new = {number: place for place, number in enumerate(cited, 1)}
    text, line = "", -1
    found: list[Verdict] = []
    for claim, judgement in kept:
        goes_on = claim.line == line
        said = claim.said.rstrip() if goes_on else claim.said.strip().lstrip(_BETWEEN)
        if goes_on and said[:1].isalnum() and said[:1].isascii():
            said = f" {said}"  # the sentence that stood before it, with the space, is gone
        text += "" if goes_on or not found else "\n"
        marks = [new[number] for number in claim.numbers]
        start, text = len(text), text + f"{said} {' '.join(f'[{mark}]' for mark in marks)}{claim.closing}"
        moved = replace(claim, start=start, end=len(text))
        found.append(_verdict(moved, answer.evidence, judgement, marks))
        line = claim.line
    steps.append(Step("proof", f"{len(kept)} of {len(kept) + len(steps)} claims hold"))
    unsupported = None if kept else "unsupported: nothing that was written stands in the stored sources"
    return replace(
        answer,
        text=text,
        evidence=tuple(answer.evidence[number - 1] for number in cited),
        abstained=answer.abstained or unsupported,
        trace=(*answer.trace, *steps),
        verdicts=tuple(found),
    )


def _claims(answer: Answer, rule: _Rule) -> Iterator[_Claim]:
    """The stretches of the answer, a line at a time, each up to its marks; what stands without marks stands alone."""
    hidden, text = _with_quotations_hidden(answer), answer.text
    at = 0
    for number, line in enumerate(hidden.split("\n")):
        place, end = at, at + len(line)
        for run in _RUN.finditer(line):
            marks = at + run.start()
            begins = place + rule.begins(hidden[place:marks])
            if text[place:begins].strip():
                yield _Claim(text[place:begins], "", (), number, place == at, place, begins)
            cited = dict.fromkeys(int(each) for each in re.findall(r"\d+", run[1]))
            closing = run[2] if rule.closings else ""
            spans = (begins, at + run.end(1) + len(closing))
            yield _Claim(text[begins:marks], closing, tuple(cited), number, begins == at, *spans)
            place = at + run.end()
        if text[place:end].strip():
            yield _Claim(text[place:end], "", (), number, place == at, place, end)
        at = end + 1


def _whole(before: str) -> int:
    return 0


def _sentences_before(before: str) -> int:
    """Where the last sentence before the marks begins: it is what they stand for."""
    spans = sentences(before)
    return spans[-1][0] if len(spans) > 1 else 0


def _with_quotations_hidden(answer: Answer) -> str:
    """The text, every quotation blotted out: what looks like a mark inside a source's own words is none of ours."""
    text = answer.text
    quotations = sorted({f"“{each.text}”" for each in answer.evidence if isinstance(each.fact, Passage)}, key=len)
    for quotation in reversed(quotations):
        text = text.replace(quotation, _HIDDEN * len(quotation))
    return _QUOTED.sub(lambda found: _HIDDEN * len(found[0]), text)


def _judged_prose(claim: _Claim, cited: Sequence[Evidence], sight: Sight) -> Judgement:
    return judged(claim.said, cited, sight)


def _judged_copy(claim: _Claim, cited: Sequence[Evidence], sight: Sight) -> Judgement:
    why = next(
        (
            f"order: the cited piece speaks to a program ({order})"
            for order in [order_in(each.fact.text) for each in cited if isinstance(each.fact, Passage)]
            if order
        ),
        "",
    ) or _faults_of_copy(claim, cited)
    return Judgement("unsupported", why) if why else Judgement("supported")


def _faults_of_copy(claim: _Claim, cited: Sequence[Evidence]) -> str:
    """Only a whole piece is a copy: half of one may have lost its 'not'. A continuation is what follows the object."""
    said = claim.said.strip().lstrip(_BETWEEN)
    continues = claim.said.startswith("; ") and not claim.begins  # as the copyist joins them
    before = claim.said[: claim.said.find(said)] if said else claim.said
    if before.strip() and not (continues and before == "; "):
        return "it does not begin as a copy does"
    if not claim.begins and not continues:
        return "a piece of its own must begin a line"
    for each in cited:
        if isinstance(each.fact, Passage):
            copies = [] if continues else [f"“{each.text}”"]
        else:
            copies = [each.text.partition(f"({each.fact.object})")[2].lstrip(_BETWEEN) if continues else each.text]
        if said in copies or (not said and continues):
            return ""
    return "it is not a copy of a cited piece"


_PROSE = _Rule(_sentences_before, _judged_prose, closings=True)
_COPY = _Rule(_whole, _judged_copy, closings=False)
