"""The answer that needs no language model: the best supported sentences and relations, word for word, with marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probatum.desk import Desk
from probatum.methods._against import against
from probatum.methods._asked import Asked, asked_of
from probatum.methods._choosing import relations_for, sentences_for
from probatum.methods._cite import quoted_with_marks
from probatum.methods._ways import way
from probatum.naming import card
from probatum.store.wording import in_words_with_source
from probatum.types import Answer, Evidence, Question, Relation, Step


@card("Quoted answer", languages=("en", "zh"))
def quoted(
    question: Question, desk: Desk, *, keep: int = 60, lines: int = 12, sentences: int = 5, covered: float = 0.6
) -> Answer:
    """At most `lines` assertions of the knowledge graph and `sentences` quoted sentences that answer the question.

    A text counts as being about the question where a sentence and its title hold the share `covered` of the words that
    carry the question's subject, weighted by rarity. It abstains with a reason code where nothing answers:
    `no-question`, `no-concept` (nothing named in the question is known), `off-topic` (no text is about it),
    `no-evidence` (the subject is known, but nothing stored answers this), `unsupported` (nothing stood the check).
    """
    asked = asked_of(question, desk)
    if not asked.words:
        return _abstaining("no-question", asked, ())
    had = [evidence for evidence in desk.retrieve(question, keep) if not _withheld(evidence, desk)]
    found = [evidence for evidence in had if not _retracted(evidence)]
    relations = relations_for(asked, found, lines if asked.wants_relations else lines // 2)
    path = way(asked, desk)
    told_of = asked.of_first() if path and "mechanism" in asked.aspects else asked
    passages = sentences_for(told_of, found, sentences, covered)
    opposed = against(asked, relations, desk, lines)
    known = [*path, *(each for each in relations if each.fact not in [step.fact for step in path]), *opposed]
    if "word" in asked.beside:
        known = [with_source(each, desk, asked.language) for each in known]
    chosen = [*known, *passages] if asked.wants_relations else [*passages, *known]
    steps = [
        Step("asked", f"aspects: {', '.join(asked.aspects) or 'any'}; named: {', '.join(asked.links) or 'nothing'}"),
        Step("found", f"{len(found)} facts; {len(relations)} claims and {len(passages)} sentences answer"),
    ]
    steps += [Step("dropped", f"{len(had) - len(found)} facts of retracted papers")] if len(had) > len(found) else []
    steps += [Step("path", f"{len(path)} claims join what the question names")] if path else []
    steps += [Step("against", f"{len(opposed)} claims speak against what was found")] if opposed else []
    if not chosen:
        why = "no-evidence" if asked.links else "off-topic"
        return _abstaining(why if had else "no-concept", asked, steps)
    return quoted_with_marks(question, chosen, desk, steps)


def with_source(evidence: Evidence, desk: Desk, language: str) -> Evidence:
    """A claim that says in its text which source says it; a quotation stays as it is."""
    if isinstance(evidence.fact, Relation):
        return replace(evidence, text=in_words_with_source(desk.store, evidence.fact, language))
    return evidence


def _withheld(evidence: Evidence, desk: Desk) -> bool:
    return isinstance(evidence.fact, Relation) and desk.withheld.hides(evidence.fact)


def _retracted(evidence: Evidence) -> bool:
    """Whether a fact rests on a paper that was taken back: nothing is quoted from it."""
    return ("status", "retracted") in evidence.fact.qualifiers


_WHY = {
    "no-question": ("nothing is asked", "没有提出问题"),
    "no-concept": ("nothing that the question names is known here", "问题中没有已知的概念"),
    "off-topic": ("no stored text is about what the question names", "现有资料与问题主题无关"),
    "no-evidence": ("its subject is known, but nothing stored answers this", "已知其主题，但没有可回答的证据"),
}


def _abstaining(code: str, asked: Asked, steps: Sequence[Step]) -> Answer:
    """An answer that gives none: a reason code, then a sentence in the language of the question."""
    return Answer(abstained=f"{code}: {_WHY[code][asked.language == 'zh']}", trace=tuple(steps))
