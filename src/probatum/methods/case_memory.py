"""Answers with what helped in past cases that are like this one, beside what the store says."""

from __future__ import annotations

from dataclasses import replace

from probatum.desk import Desk
from probatum.ledger.cases import as_passage, similar
from probatum.methods import _asking as asking
from probatum.naming import card, find
from probatum.types import Answer, Evidence, Question, Step

_SAID = {"en": "In a past case like this one: “{text}” [{mark}]", "zh": "在过去相似的病例中：“{text}” [{mark}]"}


@card("Memory of past dialogues and cases", survey="3.2.2", languages=("en", "zh"))
def case_memory(question: Question, desk: Desk, *, keep: int = 2, least: float = 0.25) -> Answer:
    """What the store quotes on the question, then the answers of cases like it that were rated good, word for word.

    Learning from history as the survey draws it: dialogues are kept with consent and rated (`ledger.cases`), the best
    of them are found again for a new question and cited as evidence `case:ID`, with the day and the sources that they
    had; what a person withdraws is gone from the next answer on. A case is a precedent and no proof: it stands behind
    the store's own evidence and is marked as what it is. The memory is the desk's, by default the one beside the
    store (`memory` of `ask` names another folder). Marks of a kept answer, which point at another list, are left out.

    Abstains: no-case (neither the store nor a case answers).
    """
    language, steps = asking.language_of(question), list[Step]()
    found = similar(desk.cases or desk.store.path, question.text, keep, least=least)
    told = "; ".join(f"case:{case.id} {score:.3f} rated {case.rating}" for case, score in found)
    steps.append(Step("cases", told or "none is like it"))
    quoted: Answer = find("methods", "quoted")(question, replace(desk, model=find("models", "copyist")()))
    steps += quoted.trace
    if not found and quoted.abstained:
        why = "既无相似病例，知识库也没有答案" if language == "zh" else "neither a past case nor the store answers it"
        return asking.abstaining("no-case", language, steps, why)
    facts = [(as_passage(case), score) for case, score in found]
    pieces = [Evidence(fact, fact.text, score, "case_memory", 0, len(fact.text)) for fact, score in facts]
    first = len(quoted.evidence) + 1
    lines = [_SAID[language].format(text=piece.text, mark=mark) for mark, piece in enumerate(pieces, first)]
    text = "\n".join(part for part in (quoted.text, *lines) if part)
    fields = tuple(("case", f"case:{case.id} of {case.day}; {', '.join(case.cites) or '-'}") for case, _ in found)
    return replace(
        quoted, text=text, evidence=(*quoted.evidence, *pieces), abstained=None, fields=fields, trace=tuple(steps)
    )
