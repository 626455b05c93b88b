"""The answer that needs no language model: the best supported sentences and relations, word for word, each with its mark."""

from __future__ import annotations

from collections.abc import Sequence

from probatum.desk import Desk
from probatum.methods._asked import Asked, asked_of
from probatum.methods._choosing import relations_for, sentences_for
from probatum.methods._cite import abstaining, quoted_with_marks
from probatum.naming import card
from probatum.types import Answer, Evidence, Question, Relation, Step


@card("Quoted answer", languages=("en", "zh"))
def quoted(
    question: Question, desk: Desk, *, keep: int = 60, lines: int = 12, sentences: int = 5, covered: float = 0.6
) -> Answer:
    """At most `lines` assertions of the knowledge graph and `sentences` quoted sentences that answer the question.

    It abstains with a reason code where they do not: `no-question`, `no-concept` (nothing named in the question is
    known), `off-topic` (no stored text holds the share `covered` of the question's words, by rarity), `no-evidence`
    (the subject is known, but nothing stored answers what is asked of it), `unsupported` (nothing stood the check).
    """
    asked = asked_of(question, desk.store)
    if not asked.words:
        return abstaining("no-question", "nothing is asked" if asked.language != "zh" else "没有提出问题")
    found = [evidence for evidence in desk.retrieve(question, keep) if not _withheld(evidence, desk)]
    relations = relations_for(asked, found, lines if asked.wants_relations else lines // 2)
    passages = sentences_for(asked, found, sentences, covered)
    chosen = [*relations, *passages] if asked.wants_relations else [*passages, *relations]
    steps = [
        Step("asked", f"aspects: {', '.join(asked.aspects) or 'any'}; named: {', '.join(asked.links) or 'nothing'}"),
        Step("found", f"{len(found)} facts; {len(relations)} claims and {len(passages)} sentences answer"),
    ]
    if not chosen:
        return abstaining(*_why(asked, found), trace=steps)
    return quoted_with_marks(question, chosen, desk, steps)


def _withheld(evidence: Evidence, desk: Desk) -> bool:
    return isinstance(evidence.fact, Relation) and desk.withheld.hides(evidence.fact)


def _why(asked: Asked, found: Sequence[Evidence]) -> tuple[str, str]:
    """The reason code and its sentence, in the language of the question."""
    if asked.links and found:
        code, english, chinese = "no-evidence", "its subject is known, but nothing stored answers this", "已知其主题，但没有可回答的证据"
    elif found:
        code, english, chinese = "off-topic", "no stored text is about what the question names", "现有资料与问题主题无关"
    else:
        code, english, chinese = "no-concept", "nothing that the question names is known here", "问题中没有已知的概念"
    return code, chinese if asked.language == "zh" else english
