"""Past cases that were rated good stand behind what the store says, cited as cases, until they are withdrawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from asked_desks import code, desk_with

from probatum import verbs
from probatum.desk import Desk
from probatum.ledger.cases import agree, rate, remember, withdraw
from probatum.methods.case_memory import case_memory
from probatum.proof.marks import verdicts
from probatum.store.reader import Store
from probatum.types import Answer, Passage, Question

OPEN = Question("How is Gaucher disease type 1 treated?")


def remembering(store: Store, folder: str) -> Desk:
    return replace(desk_with(store), cases=Path(folder))


def filled(folder: Path) -> str:
    for person, asked, said in (
        ("p1", "How is Gaucher disease treated in a child?", "The infusions were given at home [3]."),
        ("p2", "戈谢病怎么治疗？", "在家输注酶制剂。"),
    ):
        agree(folder, person, "2026-01-05")
        question = Question(asked, language="zh" if person == "p2" else "en")
        rate(folder, remember(folder, person, question, Answer(text=said), "2026-01-05").id, 5)
    return str(folder)


def test_a_like_case_is_cited_behind_the_store(small: Store, tmp_path: Path) -> None:
    memory = filled(tmp_path)
    answer = case_memory(OPEN, remembering(small, memory))
    last, fact = answer.text.splitlines()[-1], answer.evidence[-1].fact
    assert isinstance(fact, Passage) and fact.id.startswith("case:") and fact.origin.source == "cases"
    assert last == f"In a past case like this one: “The infusions were given at home.” [{len(answer.evidence)}]"
    assert answer.evidence[0].origin.source == "texts" and answer.fields[0][1].startswith(fact.id)
    chinese = case_memory(Question("戈谢病如何治疗？"), remembering(small, memory))
    assert "在过去相似的病例中：“在家输注酶制剂。”" in chinese.text
    withdraw(tmp_path, "p1")
    assert "past case" not in case_memory(OPEN, remembering(small, memory)).text


def test_no_case_and_no_fact(small: Store, tmp_path: Path) -> None:
    nothing = case_memory(Question("Who painted the Mona Lisa?"), remembering(small, filled(tmp_path)))
    assert code(nothing) == "no-case"
    assert code(case_memory(Question("Who painted the Mona Lisa?"), desk_with(small))) == "no-case"


def test_asked_the_way_everybody_asks(small: Store, tmp_path: Path) -> None:
    memory = filled(tmp_path)
    for question in (OPEN, Question("戈谢病如何治疗？", language="zh")):
        answer = verbs.ask(small, question, "case_memory", memory=memory)
        (last,) = [each for each in answer.verdicts if len(answer.evidence) in each.marks]
        assert last.support == "supported", last
        assert {each.support for each in answer.verdicts} == {"supported"}
        assert "case_memory" in {each.found_by for each in answer.evidence}
    alone = verbs.ask(small, OPEN, "case_memory")
    assert alone.abstained is None and all(each.found_by != "case_memory" for each in alone.evidence)


def test_a_case_that_was_withdrawn_or_never_was_bears_nothing_out(small: Store, tmp_path: Path) -> None:
    memory = filled(tmp_path)
    answer = verbs.ask(small, OPEN, "case_memory", memory=memory)
    sight = remembering(small, memory).sight
    assert {each.support for each in verdicts(answer, sight)} == {"supported"}
    withdraw(tmp_path, "p1")
    gone = verdicts(answer, sight)[-1]
    assert gone.support == "unsupported" and gone.why.startswith("not-stored: there is no passage case:")
    case = answer.evidence[-1]
    assert isinstance(case.fact, Passage)
    said = "It was cured at once."
    forged = replace(case, fact=replace(case.fact, text=said), text=said, end=len(said))
    filled(tmp_path)
    false = replace(answer, text=f"“{said}” [1]", evidence=(forged,))
    assert verdicts(false, sight)[0].why.startswith("not-stored: the passage case:")
