"""Answers only what lies within its knowledge, and checks each relation that it states against the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._grounding import copied, found_for, grounded, snippets
from probatum.methods._options import known_form
from probatum.methods._scope import scope
from probatum.methods._triples import Verdict, names_both, stated, told, verdict
from probatum.naming import card
from probatum.proof.marks import checked, proved, verbatim
from probatum.store.wording import called, in_words
from probatum.text.sentences import sentences
from probatum.types import Answer, Evidence, Question, Relation, Step

EXPLAINED = 3  # nodes that are explained in plain language
_ATTRIBUTE = "biolink:has_attribute"
_MARKED = re.compile(r"\[(\d+)\]")


@card("Information filtering", survey="3.2.3", languages=("en", "zh"))
def filtered(
    question: Question,
    desk: Desk,
    *,
    threshold: float = 0.5,
    sources: tuple[str, ...] = (),
    snippets_kept: int = 32,
    drop: bool = True,
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """A cited answer whose relations the graph has been asked about; the fields tell what it said of each.

    Steps: (1) in scope or not: the share of the question's subject that the knowledge (of `sources`, or all) covers
    must reach `threshold` (`_scope.threshold_for` finds it on a development set); (2) what is out of scope is refused
    with its score; (3) retrieve; (4) answer from that; (5) extract triples from the answer; (6) match each to the
    graph: supported, contradicted, disputed (claims on both sides) or unknown; a sentence that states a contradicted
    one falls, unless `drop` is off; unknown ones stay, flagged; (7) explain the nodes in plain words: their stored
    definitions, or what they are said to do, quoted. Fields: (state, triple with its records). Without a model the
    evidence is copied and triples are read by rule. Abstains with no-question, out-of-scope, no-evidence, no-concept,
    off-topic, unparsed, unanswered, tied, no-likelihoods, unsupported, contradicted (nothing else was said).
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    score = scope(question, desk, sources)
    steps.append(Step("scope", f"{score:.4f}, threshold {threshold:.4f}"))
    if score < threshold:
        why = asking.prompt("filtered", "scope", language, score=f"{score:.2f}", threshold=f"{threshold:.2f}")
        return asking.abstaining("out-of-scope", language, steps, why)
    found = [each for each in found_for(question, desk, 100) if not sources or each.origin.source in sources]
    steps.append(Step("retrieved", f"{len(found)} pieces for: {question.text}"))
    if asking.has_model(desk):
        kept = snippets(question.text, desk, found, snippets_kept)
        task = asking.prompt("filtered", "answer", language)
        answer = grounded(question, desk, kept, steps, task=task, choose=choose, proved=proved, seed=seed)
    else:
        answer = copied(question, desk, found, steps)
    if answer.abstained or not answer.text:
        return answer
    more: list[Step] = []
    verdicts = [verdict(triple, desk) for triple in stated(question, answer, desk, more, seed)]
    more += [Step(each.state, f"{each.triple.words}; {len(each.claims)} claims") for each in verdicts]
    answer = replace(answer, fields=told(verdicts), trace=(*answer.trace, *more))
    if drop:
        answer = _without_contradicted(answer, verdicts, desk, language)
    return answer if answer.abstained else _explained(answer, verdicts, desk, language)


def _without_contradicted(answer: Answer, verdicts: Sequence[Verdict], desk: Desk, language: str) -> Answer:
    """The answer less the sentences that state what the graph contradicts."""
    wrong = [each.triple for each in verdicts if each.state == "contradicted"]
    if not wrong:
        return answer
    lines: list[str] = []
    steps: list[Step] = []
    for line in answer.text.split("\n"):
        spans = [line[start:end] for start, end in sentences(line)]
        kept = [said for said in spans if not any(names_both(said, triple) for triple in wrong)]
        steps += [Step("contradicted", f"dropped: {said[:120]}") for said in spans if said not in kept]
        lines += [" ".join(kept)] if kept else []
    if not lines:
        refused = asking.abstaining("contradicted", language, (*answer.trace, *steps))
        return replace(refused, fields=answer.fields)
    if not steps:
        return answer
    left = replace(answer, text="\n".join(lines), trace=(*answer.trace, *steps))
    return proved(left, desk.sight, desk.policy)  # renumbers what is left


def _explained(answer: Answer, verdicts: Sequence[Verdict], desk: Desk, language: str) -> Answer:
    """The answer with the plain words that the store has for the nodes of its triples, cited like all else."""
    nodes = dict.fromkeys(
        id for each in verdicts if each.state in {"supported", "disputed"}
        for id in (*each.triple.subjects, *each.triple.objects)
    )  # fmt: skip
    lines: list[str] = []
    evidence: list[Evidence] = []
    for id in nodes:
        made = next(_plain(id, answer, desk, language), None)
        if made is not None and len(lines) < EXPLAINED:
            number = len(answer.evidence) + len(evidence) + 1
            lines.append(_MARKED.sub(f"[{number}]", made.text))
            evidence += made.evidence
    step = Step("explained", "; ".join(lines) or "the store has no plain words for them")
    text = "\n".join([answer.text, *lines])
    return replace(answer, text=text, evidence=(*answer.evidence, *evidence), trace=(*answer.trace, step))


def _plain(id: str, answer: Answer, desk: Desk, language: str) -> Iterator[Answer]:
    """Checked one-line explanations of a node that the answer does not hold yet: a definition, then what it does."""
    said = {each.fact for each in answer.evidence}
    for same in desk.store.same(id):
        for passage in desk.store.passages(about=same, kind="definition"):
            if passage not in said and "“" not in passage.text and not _MARKED.search(passage.text):
                piece = Evidence(passage, passage.text, 1.0, "filtered", 0, len(passage.text))
                text = f"{called(desk.store, id, language)}: “{passage.text}” [1]"
                yield from _holding(checked(Answer(text, evidence=(piece,)), desk.store, desk.sight))
        for claim in desk.store.relations(same, _ATTRIBUTE):
            if claim not in said and not claim.negated and not desk.withheld.hides(claim):
                yield from _holding(_copy(claim, desk, language))


def _copy(claim: Relation, desk: Desk, language: str) -> Answer:
    piece = Evidence(claim, in_words(desk.store, claim, language), 1.0, "filtered")
    return verbatim(Answer(f"{piece.text} [1]", evidence=(piece,)), desk.store)


def _holding(answer: Answer) -> Iterator[Answer]:
    if not answer.abstained and answer.evidence:
        yield answer
