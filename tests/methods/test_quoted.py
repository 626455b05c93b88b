"""The quoted answer: word for word, marked, checked, silent where nothing fits."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_store import GAUCHER, MARFAN, small_store

from probatum.desk import Desk, Withheld
from probatum.methods.quoted import quoted
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.proof.marks import standing
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Evidence, Origin, Passage, Question, Relation, Release

QUESTIONS = Path(__file__).parents[1] / "golden" / "methods" / "quoted" / "questions.tsv"


def lay(store: Store) -> Desk:
    return Desk(
        store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), find("models", "copyist")()
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with small_store(tmp_path_factory.mktemp("kb")) as store:
        yield lay(store)


def test_features_and_how_frequent_they_are(desk: Desk) -> None:
    answer = quoted(Question("What are the features of Gaucher disease type I and how frequent are they?"), desk)
    assert answer.abstained is None
    assert answer.text.split("\n") == [
        "Gaucher disease type 1: Splenomegaly (HP:0001744), very frequent (80-99%), evidence TAS, ORPHA:77259 [1]; "
        "3 of 7 patients, evidence PCS, PMID:11 [2]; evidence IEA, OMIM:230800 [3]",
        "Gaucher disease, type I: Seizure (HP:0001250), 1 of 20 patients, evidence PCS, PMID:13 [4]",
        "Gaucher disease, type I: not Seizure (HP:0001250), 0 of 9 patients, evidence PCS, PMID:12 [5]",
    ]
    assert [piece.origin.references for piece in answer.evidence] == [
        ("ORPHA:77259",), ("PMID:11",), ("OMIM:230800",), ("PMID:13",), ("PMID:12",),
    ]  # fmt: skip
    assert all(piece.origin.source and piece.origin.release for piece in answer.evidence)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What are the treatments for Gaucher disease type 1?", "“Enzyme replacement is given every two weeks.” [1]"),
        ("What is splenomegaly?", "“A spleen that is larger than it should be.” [1]"),
        ("Which gene is mutated in Gaucher disease type I?",
         "GBA1: gene associated with Gaucher disease, type I (OMIM:230800) [1]"),
        ("How is Gaucher disease type I inherited?",
         "Gaucher disease, type I: mode of inheritance Autosomal recessive inheritance (HP:0000007), evidence PCS, "
         "PMID:15 [1]"),
        ("晶状体异位见于哪些疾病？", "Marfan syndrome：晶状体异位 (HP:0001083)，60%的患者，证据 PCS，PMID:14 [1]"),
        ("Is ectopia lentis a feature of Marfan syndrome?",
         "Marfan syndrome: Ectopia lentis (HP:0001083), 60% of patients, evidence PCS, PMID:14 [1]"),
    ],
)  # fmt: skip
def test_what_answers_comes_first(desk: Desk, question: str, first: str) -> None:
    assert quoted(Question(question), desk).text.split("\n")[0] == first


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "no-question"),
        ("how is it?", "no-question"),
        ("Who won the world cup?", "no-concept"),
        ("How long does a cast of a play hold?", "off-topic"),
        ("What are the treatments for Marfan syndrome?", "no-evidence"),
        ("Is splenomegaly a feature of Marfan syndrome?", "no-evidence"),
        ("谁赢得了世界杯？", "no-concept"),
    ],
)
def test_abstains_with_a_reason_code(desk: Desk, question: str, code: str) -> None:
    answer = quoted(Question(question), desk)
    assert answer.abstained is not None and answer.abstained.startswith(f"{code}: ")
    assert (answer.text, answer.evidence) == ("", ())


def test_a_sentence_with_its_sources_own_marks_is_not_quoted(desk: Desk) -> None:
    answer = quoted(Question("What are the treatments for Gaucher disease type 1?"), desk)
    assert "[3] for more" not in answer.text


def test_withheld_claims_are_not_used(desk: Desk) -> None:
    hidden = replace(desk, withheld=Withheld(frozenset({"PMID:14"}), "any"))
    answer = quoted(Question("Is ectopia lentis a feature of Marfan syndrome?"), hidden)
    assert answer.abstained is not None


def test_a_model_that_invents_is_overruled(desk: Desk) -> None:
    inventor = scripted(says=("It is always fatal [1]. Take 500 mg [7].",))
    question = Question("How is Gaucher disease type I inherited?")
    assert quoted(question, replace(desk, model=inventor)).text == quoted(question, desk).text


def test_evidence_that_the_store_does_not_hold_is_dropped(desk: Desk) -> None:
    def forged(question: Question, keep: int) -> list[Evidence]:
        found = desk.retrieve(question, keep)
        return [replace(piece, text=piece.text.replace("60%", "90%")) for piece in found]

    answer = quoted(Question("Is ectopia lentis a feature of Marfan syndrome?"), replace(desk, retrieve=forged))
    assert "90%" not in answer.text
    assert answer.abstained is not None
    assert any("the words do not say what is stored" in step.said for step in answer.trace)


def test_the_same_every_time(desk: Desk) -> None:
    question = Question("features of Gaucher disease type I")
    assert quoted(question, desk) == quoted(question, lay(desk.store))


def every_piece_stands(answer: Answer, store: Store) -> bool:
    for piece in answer.evidence:
        passage = piece.fact
        if isinstance(passage, Passage) and f"“{piece.text}”" not in answer.text:
            return False
        if standing(piece, store):
            return False
    return True


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("real")
    for name in ("hpo", "medquad"):
        write(folder, find("sources", name)(shared / name))
    with Store(folder) as store:
        yield lay(store)


@pytest.mark.shared
@pytest.mark.slow
def test_questions_in_and_out_of_scope(real: Desk) -> None:
    with QUESTIONS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    answered = {"answer": 0, "abstain": 0}
    for row in rows:
        answer = quoted(Question(row["question"]), real)
        answered[row["wanted"]] += answer.abstained is None
        assert every_piece_stands(answer, real.store), row["question"]
    assert len(rows) == 80
    assert answered["answer"] >= 38  # of 40
    assert answered["abstain"] == 0  # of 40


@pytest.mark.shared
@pytest.mark.slow
def test_gaucher_disease_with_real_knowledge(real: Desk) -> None:
    answer = quoted(Question("What are the features of Gaucher disease type I and how frequent are they?"), real)
    subjects = {piece.fact.subject for piece in answer.evidence if isinstance(piece.fact, Relation)}
    assert subjects == {GAUCHER, "ORPHA:77259"}
    assert "Splenomegaly (HP:0001744)" in answer.text and "[1]" in answer.text
    chinese = quoted(Question("Marfan syndrome有哪些症状？"), real)
    assert any(piece.fact.subject == MARFAN for piece in chinese.evidence if isinstance(piece.fact, Relation))
    assert "漏斗胸" in chinese.text or "细长指" in chinese.text
    oslo = quoted(Question("What is the price of a bus ticket in Oslo?"), real)
    assert oslo.abstained is not None and oslo.abstained.startswith("off-topic:")


def test_nothing_is_quoted_from_a_retracted_paper(desk: Desk) -> None:
    def taken_back(question: Question, keep: int) -> list[Evidence]:
        said = ("status", "retracted")
        found = desk.retrieve(question, keep)
        return [replace(each, fact=replace(each.fact, qualifiers=(*each.fact.qualifiers, said))) for each in found]

    answer = quoted(Question("Is ectopia lentis a feature of Marfan syndrome?"), replace(desk, retrieve=taken_back))
    assert answer.abstained is not None and not answer.evidence
    assert any(step.what == "dropped" and "retracted" in step.said for step in answer.trace)


def test_what_texts_on_institutes_and_studies_say_in_passing_is_not_quoted(tmp_path: Path) -> None:
    at = Origin("made", "1", "r")
    texts = (
        ("What are the treatments for Morbus Rubens ?", "Morbus Rubens is treated with warm baths."),
        ("What research is being done for Morbus Rubens ?", "Our institute finds ways to treat Morbus Rubens."),
    )
    facts = [Passage(str(n), text, title, "en", at) for n, (title, text) in enumerate(texts)]
    write(tmp_path, [Release("made", "1", "CC0", "00"), *facts])
    with Store(tmp_path) as store:
        treated = quoted(Question("How is Morbus Rubens treated?"), lay(store))
        studied = quoted(Question("What research is there on treatments of Morbus Rubens?"), lay(store))
    assert "warm baths" in treated.text and "institute" not in treated.text
    assert "institute" in studied.text
