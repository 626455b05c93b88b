"""The copyist writes what is there, and nothing else."""

from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, LARGE_SPLEEN, MARFAN, claim, origin

from probatum.models.copyist import copyist
from probatum.types import Evidence, Passage, Question, Relation, Request


def said(fact: Relation, text: str) -> Evidence:
    return Evidence(fact, text, 1.0, "graph")


FIRST = said(
    claim(GAUCHER, LARGE_SPLEEN, "PCS", "PMID:11"), "Gaucher disease, type I: Large (HP:0001744), 3 of 7, PMID:11"
)
SECOND = said(claim(GAUCHER, LARGE_SPLEEN, "IEA", "X:1"), "Gaucher disease, type I: Large (HP:0001744), evidence IEA")
OTHER = said(claim(GAUCHER_ORPHA, LARGE_SPLEEN, "TAS", "X:2"), "Gaucher disease type 1: Large (HP:0001744), frequent")
MARFANS = said(claim(MARFAN, ECTOPIA, "PCS", "PMID:14"), "Marfan syndrome: Lens (HP:0001083)")
DENIED = said(claim(GAUCHER, LARGE_SPLEEN, "PCS", "Y", negated=True), "Gaucher disease, type I: not Large (HP:0001744)")
TEXT = Passage("t", "It is given. It helps.", "T", "en", origin("t"))
SENTENCE = Evidence(TEXT, "It is given.", 1.0, "bm25", 0, 12)


def write(*evidence: Evidence) -> list[str]:
    return copyist()(Request(question=Question("?"), evidence=tuple(evidence))).text.split("\n")


def test_a_sentence_is_quoted_and_marked() -> None:
    assert write(SENTENCE) == ["“It is given.” [1]"]


def test_claims_of_one_assertion_share_a_line_each_with_its_mark() -> None:
    assert write(FIRST, SECOND, OTHER) == [
        "Gaucher disease, type I: Large (HP:0001744), 3 of 7, PMID:11 [1]; evidence IEA [2]; frequent [3]"
    ]


def test_what_differs_stands_on_lines_of_its_own() -> None:
    assert write(FIRST, MARFANS, SENTENCE, SENTENCE, DENIED) == [
        f"{FIRST.text} [1]", f"{MARFANS.text} [2]", "“It is given.” [3]", "“It is given.” [4]", f"{DENIED.text} [5]",
    ]  # fmt: skip


def test_a_claim_that_adds_nothing_gives_its_mark_alone() -> None:
    assert write(MARFANS, MARFANS) == [f"{MARFANS.text} [1] [2]"]


def test_nothing_for_nothing() -> None:
    assert copyist()(Request(question=Question("?"), evidence=())).text == ""
