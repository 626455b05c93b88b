"""What a question asks for."""

import pytest

from probatum.text.questions import aspects, without_aspects, without_frame


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What are the features of it and how frequent are they?", ("phenotype", "frequency")),
        ("How is it inherited?", ("inheritance",)),
        ("Which gene is mutated?", ("gene",)),
        ("What is it?", ("definition",)),
        ("What is (are) gout ?", ("definition",)),
        ("Tell me about gout", ()),
        ("Which diseases show it?", ("diseases",)),
        ("How can it be treated?", ("treatment",)),
        ("Who is at risk?", ("risk",)),
        ("症状有哪些？", ("phenotype",)),
        ("它是由哪个基因引起的", ("gene", "cause")),
        ("见于哪些疾病", ("diseases",)),
        ("¿Cuáles son los síntomas?", ("phenotype",)),
        ("What is the right dose for children?", ("dose",)),
        ("How much of it should I take?", ("dose",)),
        ("Is it safe during pregnancy or while breastfeeding?", ("pregnancy",)),
        ("Who should not take it?", ("contraindication",)),
        ("What are its adverse reactions?", ("side_effect",)),
        ("How does it work?", ("mechanism",)),
        ("How does imatinib work in leukaemia?", ("mechanism",)),
        ("What does it contain?", ("composition",)),
        ("What is it used for?", ("benefit",)),
        ("Can I have it when it is cold? Does heat work?", ()),
        ("它的组成是什么", ("composition",)),
        ("副作用的定义是什么", ("definition", "side_effect")),
        ("有什么功效？", ("benefit",)),
        ("副作用有哪些", ("side_effect",)),
        ("与华法林有相互作用吗", ("interaction",)),
        ("禁忌是什么", ("contraindication",)),
        ("孕妇可以服用吗？", ("pregnancy",)),
        ("儿童的剂量是多少", ("dose",)),
        ("", ()),
    ],
)
def test_aspects(question: str, wanted: tuple[str, ...]) -> None:
    assert aspects(question) == wanted


def test_what_is_left_is_the_subject() -> None:
    assert without_frame("What is the price of a bus ticket in Oslo?") == "price bus ticket oslo?"
    assert without_frame(without_aspects("What are the symptoms of gout?")) == "gout?"
    assert without_frame(without_aspects("请问脾肿大的定义是什么？")) == "脾肿大 ?"
