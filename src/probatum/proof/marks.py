"""Holds an answer against the store: a mark must point at a stored fact, a quotation must stand in its source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from probatum.store.reader import Store
from probatum.store.wording import in_words, in_words_with_source
from probatum.text.sentences import sentences
from probatum.types import Answer, Evidence, Passage, Relation, Step

LANGUAGES = ("en", "zh")  # in which relations are worded
WORDINGS = (in_words, in_words_with_source)
_RUN = re.compile(r"((?:\s*\[\d{1,4}(?:\s*[,，、]\s*\d{1,4})*\])+)([.。]*)")
_QUOTED = re.compile("“([^“”]*)”")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CURIE = re.compile(r"\b[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9_.]*\d\b")
_WORD = re.compile(r"[^\W\d_]+")
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """How an answer's text is read: where the claim before a run of marks begins, and what is wrong with a claim."""

    begins: Callable[[str], int]
    faults: Callable[[_Claim, Sequence[Evidence]], str]
    closings: bool  # whether a full stop may stand behind the marks


def checked(answer: Answer, store: Store) -> Answer:
    """The answer without what does not hold: each sentence needs a mark, its fact in the store, and its figures there.

    A sentence goes where it has no mark, where a mark points at no evidence or at evidence that the store does not
    hold so, where a quotation is not a stretch of a cited passage byte for byte, and where a number, an id or a word
    in look-alike letters stands in none of the cited pieces. What stays is renumbered; the trace says what went, why.
    """
    return _checked(answer, store, _Rule(_sentences_before, _faults_of_prose, closings=True))


def verbatim(answer: Answer, store: Store) -> Answer:
    """As `checked`, for answers that only copy: all that is said must stand word for word in the cited evidence."""
    return _checked(answer, store, _Rule(_whole, _faults_of_copy, closings=False))


def standing(evidence: Evidence, store: Store) -> str:
    """Why a piece of evidence does not hold against the store as it is now; empty where it does."""
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
    if evidence.text not in [word(store, fact, language) for language in LANGUAGES for word in WORDINGS]:
        return f"the words do not say what is stored of {said}"
    return ""


def _same(held: Passage | Relation, fact: Passage | Relation) -> bool:
    """Whether two facts are one; the day on which the file was fetched is no part of it."""
    day = fact.origin.retrieved
    return replace(held, origin=replace(held.origin, retrieved=day)) == fact


def _checked(answer: Answer, store: Store, rule: _Rule) -> Answer:
    if not answer.text:
        return answer
    fallen = {number: why for number, each in enumerate(answer.evidence, 1) if (why := standing(each, store))}
    kept: list[_Claim] = []
    steps: list[Step] = []
    headless = -1  # the line whose first claim fell: what continues it has lost its subject
    for claim in _claims(answer, rule):
        why = _why(claim, answer.evidence, fallen, rule)
        if not why and claim.line == headless and claim.said.lstrip().startswith((";", "；")):
            why = "the claim that it continues was dropped"
        if why:
            steps.append(Step("proof", f"dropped: {why}: {claim.said.strip()[:120]}"))
            headless = headless if any(each.line == claim.line for each in kept) else claim.line
        else:
            kept.append(claim)
    return _rewritten(answer, kept, steps)


def _why(claim: _Claim, evidence: Sequence[Evidence], fallen: dict[int, str], rule: _Rule) -> str:
    if not claim.numbers:
        return "no mark"
    if missing := [number for number in claim.numbers if not 1 <= number <= len(evidence)]:
        return f"[{missing[0]}] points at nothing"
    if wrong := [fallen[number] for number in claim.numbers if number in fallen]:
        return wrong[0]
    return rule.faults(claim, [evidence[number - 1] for number in claim.numbers])


def _rewritten(answer: Answer, kept: Sequence[_Claim], steps: list[Step]) -> Answer:
    cited = sorted({number for claim in kept for number in claim.numbers})
    new = {number: place for place, number in enumerate(cited, 1)}
    lines: dict[int, str] = {}
    for claim in kept:
        said = claim.said.rstrip() if claim.line in lines else claim.said.strip().lstrip(_BETWEEN)
        if claim.line in lines and said[:1].isalnum() and said[:1].isascii():
            said = f" {said}"  # the sentence that stood before it, with the space, is gone
        marks = " ".join(f"[{new[number]}]" for number in claim.numbers)
        lines[claim.line] = lines.get(claim.line, "") + f"{said} {marks}{claim.closing}"
    steps.append(Step("proof", f"{len(kept)} of {len(kept) + len(steps)} claims hold"))
    unsupported = None if kept else "unsupported: nothing that was written stands in the stored sources"
    return replace(
        answer,
        text="\n".join(lines.values()),
        evidence=tuple(answer.evidence[number - 1] for number in cited),
        abstained=answer.abstained or unsupported,
        trace=(*answer.trace, *steps),
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
                yield _Claim(text[place:begins], "", (), number, place == at)
            cited = dict.fromkeys(int(each) for each in re.findall(r"\d+", run[1]))
            closing = run[2] if rule.closings else ""
            yield _Claim(text[begins:marks], closing, tuple(cited), number, begins == at)
            place = at + run.end()
        if text[place:end].strip():
            yield _Claim(text[place:end], "", (), number, place == at)
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


def _quotations(said: str, cited: Sequence[Evidence]) -> tuple[list[str], str]:
    """The quotations in a claim and the rest of it; a cited piece quoted whole may hold quotation marks of its own."""
    found: list[str] = []
    for each in sorted(cited, key=lambda piece: -len(piece.text)):
        if isinstance(each.fact, Passage) and f"“{each.text}”" in said:
            found.append(each.text)
            said = said.replace(f"“{each.text}”", " ")
    found += [inner[1] for inner in _QUOTED.finditer(said)]
    return found, _QUOTED.sub(" ", said)


def _faults_of_prose(claim: _Claim, cited: Sequence[Evidence]) -> str:
    quotations, rest = _quotations(claim.said, cited)
    if why := _altered(quotations, cited):
        return why
    known = "\n".join(each.text for each in cited)
    for pattern, what in ((_CURIE, "id"), (_NUMBER, "number")):
        there = set(pattern.findall(known))
        if strange := [each for each in pattern.findall(rest) if each not in there]:
            return f"the {what} {strange[0]} stands in none of the cited pieces"
    if strange := [word for word in _WORD.findall(rest) if _is_mixed(word) and word not in known]:
        return f"the word {strange[0]!r} is written with letters of another alphabet"
    if any(unicodedata.category(letter) == "Cf" and letter not in known for letter in rest):
        return "it holds invisible characters that the cited pieces do not"
    return ""


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


def _altered(quotations: list[str], cited: Sequence[Evidence]) -> str:
    sources = [each.fact.text if isinstance(each.fact, Passage) else each.text for each in cited]
    wrong = [each for each in quotations if not each.strip() or not any(each in source for source in sources)]
    return f"the quotation {wrong[0][:60]!r} stands in no cited source" if wrong else ""


def _is_mixed(word: str) -> bool:
    """Whether a word is written with look-alikes: Cyrillic and the like, or Latin and Greek letters joined."""
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    return bool(alphabets & {"CYRILLIC", "CHEROKEE", "ARMENIAN"}) or {"LATIN", "GREEK"} <= alphabets
