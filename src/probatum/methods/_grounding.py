"""Answers that stand on evidence: snippets of what was found, a model's marked text checked, or the evidence copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._asked import Asked, asked_of
from probatum.methods._choosing import TITLED, relations_for, sentences_for
from probatum.methods._cite import quoted_with_marks
from probatum.store.words import Words, terms
from probatum.text.choices import Choice
from probatum.text.sentences import sentences
from probatum.types import Answer, Candidate, Evidence, Passage, Question, Relation, Request, Step

SNIPPET = 1_000  # characters: the length to which MedRAG cuts its corpora
BORNE = 0.6  # share of an option's words, by rarity, that a piece of evidence must hold to speak for it
LINES, QUOTED, COVERED = 12, 5, 0.6  # of a copied answer: claims, sentences, share of the subject (as `quoted`)
Retrieved = list[Evidence]


def found_for(question: Question, desk: Desk, keep: int) -> Retrieved:
    """What the desk's retriever finds for the question without its options, less what an evaluation withholds."""
    found = desk.retrieve(asking.unoptioned(question), keep)
    return [each for each in found if not (isinstance(each.fact, Relation) and desk.withheld.hides(each.fact))]


def snippets(text: str, desk: Desk, found: Iterable[Evidence], keep: int, *, longest: int = SNIPPET) -> Retrieved:
    """The first `keep` pieces of what was found; of a long passage the sentences around that which fits `text` best."""
    asked = asked_of(Question(text), desk)
    return [_cut(each, asked, longest) for each, _ in zip(found, range(keep), strict=False)]


def _cut(evidence: Evidence, asked: Asked, longest: int) -> Evidence:
    fact = evidence.fact
    if not isinstance(fact, Passage) or len(evidence.text) <= longest:
        return evidence
    spans, first = _best(fact, asked)
    last = first
    while True:
        after = last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= longest
        before = first > 0 and spans[last][1] - spans[first - 1][0] <= longest
        if not after and not before:
            break
        last, first = (last + 1, first) if after else (last, first - 1)
    start, end = spans[first][0], min(spans[last][1], spans[first][0] + longest)
    return replace(evidence, text=fact.text[start:end], start=start, end=end)


def _best(passage: Passage, asked: Asked) -> tuple[list[tuple[int, int]], int]:
    """(the spans of a passage's sentences, the place of the first that holds most of the subject)."""
    spans = sentences(passage.text, passage.language) or [(0, len(passage.text))]
    shares = [asked.share(set(terms(passage.text[start:end]))) for start, end in spans]
    return spans, shares.index(max(shares))


def is_beside(question: Question, desk: Desk, found: Iterable[Evidence]) -> bool:
    """Whether nothing that was found is about the subject: no piece holds its words or a concept that it names.

    Of a question with options the case is the subject, of one with turns what was said before: neither is judged.
    """
    if question.options or question.turns:
        return False
    asked = asked_of(question, desk)
    for each in found:
        fact = each.fact
        title, about = (fact.title, fact.about) if isinstance(fact, Passage) else ("", (fact.subject, fact.object))
        if asked.links.keys() & set(about) or asked.share(set(terms(f"{title} {each.text}"))) >= TITLED:
            return False
    return bool(asked.words)


# --- with a model ---


def grounded(
    question: Question,
    desk: Desk,
    evidence: Sequence[Evidence],
    steps: list[Step],
    *,
    task: str = "",
    extra: str = "",
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """The model's answer from numbered evidence, each sentence held against what it cites, with options the letter.

    A text of which nothing is borne out is asked for once more, told so, and then abstained on (`unsupported`); so is a
    choice, unless `proved` is off: then the letter stands alone. The likelihood form tells the letters' chances with
    the evidence before them, and the checked text beside them.
    """
    language = asking.language_of(question)
    kept = asking.sound(evidence, desk, steps)
    if not kept:
        return asking.abstaining("no-evidence", language, steps)
    written = task or asking.prompt("grounding", "answer", language)
    marked = asking.prompt("asking", "marked", language)
    by_letter = asking.prompt("asking", "by_letter", language) if question.options and choose == "generation" else ""
    more = "\n\n".join(part for part in (extra, marked, by_letter) if part)
    request = Request(asking.messages(written, question, kept, extra=more), question, tuple(kept), seed=seed)
    text, read = _written(question, desk, request, steps, bool(by_letter))
    answer = _checked(question, text, kept, desk, steps)
    if answer.abstained and not asking.declines(text) and not (by_letter and not read.letter):
        wrong = asking.prompt("grounding", "unfit", language)
        steps = [*answer.trace, Step("unsupported", wrong)]
        text, read = _written(question, desk, asking.again(request, text, wrong), steps, bool(by_letter))
        answer = _checked(question, text, kept, desk, steps)
    candidates: tuple[Candidate, ...] = ()
    if question.options and choose == "likelihood":
        told: list[Step] = []
        read, candidates = asking.likeliest(desk, question, written, kept, told)
        answer = replace(answer, trace=(*answer.trace, *told))
    if not question.options:
        declined = answer.abstained and asking.declines(text)
        return asking.abstaining("unanswered", language, answer.trace) if declined else answer
    return _chosen(language, replace(answer, candidates=candidates), read, proved)


def _written(
    question: Question, desk: Desk, request: Request, steps: list[Step], by_letter: bool
) -> tuple[str, Choice]:
    if by_letter:
        read, text = asking.ask_letter(desk, request, steps, "answer")
        return text, read
    return asking.say(desk, request, steps, "answer"), Choice()


def _checked(question: Question, text: str, evidence: Sequence[Evidence], desk: Desk, steps: Sequence[Step]) -> Answer:
    """The text, less the line that only names the letter, held against the evidence."""
    lines = [line for line in text.splitlines() if asking.MARK.search(line) or not _only_chooses(line, question)]
    return asking.cited(question, "\n".join(lines), evidence, desk, steps)


def on_evidence(question: Question, answer: Answer, evidence: Sequence[Evidence], desk: Desk) -> Answer:
    """A voted answer, its text held against the evidence; without a sentence that it bears out no choice is given."""
    steps = [step for step in answer.trace if step.what != "basis"]
    checked = _checked(question, answer.text, evidence, desk, steps)
    read = Choice(answer.choice, 1.0, "votes")
    return _chosen(asking.language_of(question), replace(checked, candidates=answer.candidates), read, proved=True)


def _only_chooses(line: str, question: Question) -> bool:
    return bool(question.options) and asking.letter(line, question.options).how in {"told", "alone", "boxed", "leading"}


def _chosen(language: str, answer: Answer, read: Choice, proved: bool) -> Answer:
    """The answer with its choice, or the refusal that fits."""
    candidates = answer.candidates
    if not read.letter:
        return replace(asking.unread(read, language, answer.trace), candidates=candidates)
    if answer.abstained and proved:
        steps = (*answer.trace, Step("choice", f"{read.letter}, not given: nothing that was written bears it out"))
        return replace(asking.abstaining("unsupported", language, steps), candidates=candidates)
    if answer.abstained:
        answer = Answer(candidates=candidates, trace=answer.trace)
    return replace(answer, choice=read.letter)


# --- without a model ---


def copied(question: Question, desk: Desk, found: Sequence[Evidence], steps: list[Step]) -> Answer:
    """The evidence that answers, word for word, chosen as the quoted answer chooses; with options the one it bears out.

    Of options none is taken where no evidence holds its words or two are borne out alike (code `tied`).
    """
    language = asking.language_of(question)
    asked = asked_of(question, desk)
    if not asked.words:
        return asking.abstaining("no-question", language, steps)
    relations = relations_for(asked, found, LINES if asked.wants_relations else LINES // 2)
    passages = sentences_for(asked, found, QUOTED, COVERED)
    pieces = [*relations, *passages] if asked.wants_relations else [*passages, *relations]
    steps.append(Step("copied", f"{len(relations)} claims and {len(passages)} sentences answer"))
    if not question.options:
        if not pieces:
            why = "no-evidence" if asked.links else "off-topic"
            return asking.abstaining(why if found else "no-concept", language, steps)
        return quoted_with_marks(question, pieces, desk, steps)
    ranked = borne_out(question, pieces or found, asked.index)
    steps.append(Step("options", ", ".join(f"{each.id}: {each.score:.4f}" for each in ranked)))
    if not ranked or not ranked[0].score:
        return replace(asking.abstaining("no-evidence", language, steps), candidates=ranked)
    if len(ranked) > 1 and ranked[0].score == ranked[1].score:
        return replace(asking.abstaining("tied", language, steps), candidates=ranked)
    bearing = pieces or [each for each in found if _holds(each, ranked[0].name, asked.index) >= BORNE][:QUOTED]
    answer = quoted_with_marks(asking.unoptioned(question), quotable(bearing, asked), desk, steps)
    return replace(answer, choice="" if answer.abstained else ranked[0].id, candidates=ranked)


def quotable(pieces: Sequence[Evidence], asked: Asked) -> Retrieved:
    """The pieces, of a whole passage the sentence that fits the question best."""
    cut: Retrieved = []
    for each in pieces:
        if isinstance(each.fact, Passage) and (each.start, each.end) == (0, len(each.fact.text)):
            spans, best = _best(each.fact, asked)
            start, end = spans[best]
            cut.append(replace(each, text=each.fact.text[start:end], start=start, end=end))
        else:
            cut.append(each)
    return cut


def borne_out(question: Question, pieces: Sequence[Evidence], index: Words) -> tuple[Candidate, ...]:
    """The options by how well the pieces hold their words: the sum over the pieces of share / rank, best first."""
    scored = []
    for letter, text in question.options:
        shares = [(rank, _holds(each, text, index)) for rank, each in enumerate(pieces, 1)]
        scored.append(Candidate(letter, text, sum(share / rank for rank, share in shares if share >= BORNE)))
    return tuple(sorted(scored, key=lambda each: (-each.score, each.id)))


def _holds(piece: Evidence, text: str, index: Words) -> float:
    """Which share of a text's words, by rarity, a piece holds; a claim that denies holds nothing."""
    if isinstance(piece.fact, Relation) and piece.fact.negated:
        return 0.0
    wanted = {term: index.rarity(term) for term in terms(text)}
    title = piece.fact.title if isinstance(piece.fact, Passage) else ""
    held = set(terms(f"{title} {piece.text}"))
    whole = sum(wanted.values())
    return sum(value for term, value in wanted.items() if term in held) / whole if whole else 0.0
