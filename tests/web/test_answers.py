"""What a page makes of an answer: sentences, support, conflicts, the drawing, tables."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest

from probatum.store.reader import Store
from probatum.types import Answer, Candidate, Evidence, Origin, Passage, Patient, Question, Reason, Relation
from probatum.web import answers, diagnoses, drawing, references, tables
from probatum.web.markup import short, with_ids
from probatum.web.memory import Memory

ORIGIN = Origin("hpo", "2025-01-16", "r1", "PCS", ("PMID:1",))
TEXT = "Gout hurts. It is treated with rest."


def claim(subject: str, object: str, *, negated: bool = False) -> Evidence:
    return Evidence(
        Relation(subject, "biolink:has_phenotype", object, ORIGIN, negated), f"{subject}: {object}", 1.0, "graph"
    )


def quotation(start: int, end: int) -> Evidence:
    passage = Passage("p#1", TEXT, "What is gout?", "en", ORIGIN, about=("D:1",))
    return Evidence(passage, TEXT[start:end], 1.0, "bm25", start, end)


EVIDENCE = (claim("D:1", "HP:1"), claim("D:1", "HP:1", negated=True), quotation(0, 11))


def test_sentences_end_with_their_marks_or_with_their_line() -> None:
    text = "Features:\nD: HP one, PCS [1]; seen by none [2]\n“Gout hurts.” [3] More is said.\n"
    first, second, third, fourth = answers.claims(Answer(text=text, evidence=EVIDENCE))
    assert (first.number, first.pieces[0].text) == (0, "Features:")
    assert [piece.marks for piece in second.pieces] == [(1,), (2,)]
    assert (second.number, second.support) == (1, "record")
    assert (third.number, third.support) == (2, "verbatim")
    assert (fourth.number, fourth.support) == (3, "none")


def test_a_mark_without_words_is_no_sentence() -> None:
    assert answers.claims(Answer(text=" [3].\n[3]", evidence=EVIDENCE)) == ()


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("“Gout hurts.” [3]", "verbatim"),
        ("“Gout hurt.” [3]", "cited"),  # one letter less is no quotation
        ("D: HP one [1]", "record"),
        ("Gout hurts. [9]", "none"),
        ("Gout hurts. [3][9]", "none"),  # one mark that leads nowhere spoils the sentence
        ("Gout hurts.", "none"),
    ],
)
def test_support_is_what_the_sources_bear(text: str, support: str) -> None:
    (found,) = answers.claims(Answer(text=text, evidence=EVIDENCE))
    assert found.support == support


def test_opposite_claims_stand_side_by_side() -> None:
    assert answers.conflicts(EVIDENCE) == (((1,), (2,)),)
    assert answers.conflicts(EVIDENCE[:1]) == ()


def test_a_copy_bears_its_references() -> None:
    with Store() as store:
        shown = answers.shown(Answer(text="Gout hurts. [1]", evidence=EVIDENCE[2:]), store, "en")
        none = answers.shown(Answer(abstained="off-topic: nothing is about it"), store, "en")
    assert shown.plain == "Gout hurts. [1]\n\n[1] What is gout?. hpo 2025-01-16. r1. PCS. PMID:1.\n"
    assert (none.code, none.abstained) == ("off-topic", "nothing is about it")


def test_a_drawing_has_at_most_150_nodes_that_do_not_cover_each_other() -> None:
    facts = [claim("D:1", f"HP:{n}").fact for n in range(400)] + [
        claim("D:2", f"HP:{n}").fact for n in range(0, 400, 3)
    ]
    drawn = drawing.draw(facts, str, lambda _: "")
    assert len(drawn.nodes) == drawing.MOST
    assert drawn.left_out == 402 - drawing.MOST
    for column in {node.x for node in drawn.nodes}:
        rows = sorted(node.y for node in drawn.nodes if node.x == column)
        assert all(after - before >= drawing.ROW - 1 for before, after in pairwise(rows))
    assert all(
        node.x >= 0 and node.x + drawing.BOX <= drawn.width and 0 < node.y < drawn.height for node in drawn.nodes
    )


def test_a_drawing_puts_subjects_left_and_ends_circles() -> None:
    circle = [claim("A:1", "A:2").fact, claim("A:2", "A:1").fact, quotation(0, 4).fact]
    drawn = drawing.draw(circle, str, lambda _: "")
    assert {node.id for node in drawn.nodes} == {"A:1", "A:2", "p#1", "D:1"}
    place = {node.id: node.x for node in drawn.nodes}
    assert place["p#1"] < place["D:1"]
    assert drawing.draw([], str, lambda _: "").nodes == ()


def test_names_are_cut_by_their_width() -> None:
    assert drawing.shortened("肝脾肿大", 8) == "肝脾肿大"
    assert drawing.shortened("肝脾肿大伴贫血", 8) == "肝脾肿…"
    assert drawing.shortened("short") == "short"


@pytest.mark.parametrize(
    ("weight", "said"),
    [(2.4849, "×12"), (0.01, "≈1"), (-0.01, "≈1"), (-1.6094, "÷5"), (0.405, "×1.5"), (-900.0, "÷485165195")],
)
def test_likelihood_ratios_are_said_as_factors(weight: float, said: str) -> None:
    assert diagnoses.ratio(weight) == said


@pytest.mark.parametrize(
    ("score", "said"),
    [(0.9999, "> 99%"), (0.5, "50.0%"), (0.0001, "< 0.1%"), (0.0, "< 0.1%"), (7.25, "7.25"), (-3.0, "-3")],
)
def test_scores_are_said_as_people_read_them(score: float, said: str) -> None:
    assert diagnoses.percent(score) == said


def test_the_questions_are_those_that_tell_most() -> None:
    ask = [Reason("ask", f"HP:{n}", f"q{n}", n / 10) for n in range(9)]
    with Store() as store:
        ranked = diagnoses.diagnoses(
            [Candidate("OMIM:1", "one", 0.5, tuple(ask)), Candidate("OMIM:2", "two", 0.4, tuple(ask[:1]))], store, "en"
        )
    assert [why.concept for why, _ in diagnoses.questions(ranked)] == [f"HP:{n}" for n in (8, 7, 6, 5, 4, 3)]


def test_a_table_never_becomes_a_formula() -> None:
    text = tables.table(("a", "b"), [("=1+1", "-2"), ("@x", "plain, with comma")])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["'=1+1", "'-2"], ["'@x", "plain, with comma"]]


def test_references_lead_where_their_owners_say() -> None:
    assert references.reference("PMID:123").address == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert references.reference("https://example.org/a").address == "https://example.org/a"
    assert references.reference('PMID:"><script>').address == ""
    assert references.reference("javascript:alert(1)").address == ""


def test_ids_are_set_apart_and_everything_is_escaped() -> None:
    assert with_ids("<b> (HP:0001250)") == '&lt;b&gt; <span class="id">(HP:0001250)</span>'
    assert short("a" * 64) == "aaaaaaaa"
    assert short("2025-01-16") == "2025-01-16"


def test_the_memory_holds_few_answers_and_none_about_a_person() -> None:
    memory = Memory(2)
    keys = [("content", "quoted", Question(text)) for text in "abc"]
    for key in keys:
        memory.keep(key, Answer(text=key[2].text))
        memory.recall(keys[0])
    assert [memory.recall(key) is not None for key in keys] == [True, False, True]
    about = ("content", "quoted", Question("d", patient=Patient(notes=("a note",))))
    memory.keep(about, Answer())
    assert memory.recall(about) is None
