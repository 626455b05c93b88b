"""Sentence spans in three languages, each with what must not be cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.text.sentences import sentences

CASES = [
    ("The patient has hepatosplenomegaly and no seizures. His brother had short stature.", 2),
    ("Dr. Ruiz saw him at 3.5 years. He weighed 12.4 kg.", 2),
    ("Symptoms vary, e.g. fever or rash. See fig. 3 for details.", 2),
    ("1. Fever and cough. 2. Rash", 2),
    ("He carries hepatitis C. The liver is large.", 2),
    ("Mary J. Smith described it. It is rare.", 2),
    ("Is it serious? my son has it. he is four.", 3),
    ("Is the dose no. 5 correct? No.", 2),
    ("Does she have it? No. The mother does.", 3),
    ("Findings:\n- large liver\n- no rash\nPlan", 4),
    ("Heart: normal\nLungs: clear", 2),
    ("a line of running text that was wrapped by an editor after\nEnglish words goes on here", 1),
    ("First paragraph without a stop\n\nsecond paragraph", 2),
    ("患者有肝脾肿大和癫痫发作。无发热！有家族史吗？", 3),
    ("他说：“我头痛。”然后离开。", 2),
    ("血红蛋白 9.5 g/dL。体温38.5℃。", 2),
    ("¿Tiene fiebre? ¡Sí! La Dra. Gómez lo vio.", 3),
    ("Pesa aprox. 12,5 kg. Tiene tos.", 2),
    ("He was ill... then he recovered.", 1),
    ("It was approved in the U.S. for children. It is given once a day.", 2),
    ("The U.S. Food and Drug Administration warns of it.", 1),
    ("Few live in the U.S. The disease is rarer still in Asia.", 2),
    ("He wrote to the N.I.H. about it, i.e. Bethesda, at 5 p.m. on Friday.", 1),
    ("Jane Roe, M.D., and John Doe, Ph.D. of Leeds, saw 3 vs. 4 cases.", 1),
    ("Smith et al. (2009) saw it, and Jones et al. 2011 did not. Both were right.", 2),
    ("St. Louis encephalitis is spread by C. Tarsalis mosquitoes. They bite at dusk.", 2),
    ("It takes approx. 2.5 hours. See Fig. 2, ref. 14 and p. 3 there.", 2),
    ("Vitamin D. Children need it. Take vol. 3 of Sept. 2009.", 3),
    ("Salmonella sp. and E. coli were grown. The dose was 1.5 mg b.i.d. The fever fell.", 3),
    ("Washington, D.C. has few cases.", 1),
    ("见Fig. 2及No. 5方案。Smith et al. 报道了3例。", 2),
    ("白细胞3.5×10^9/L。Dr. 王认为是U.S. FDA批准的药。", 2),
    ("", 0),
    (" \n ", 0),
]


@pytest.mark.parametrize(("text", "count"), CASES)
def test_number_of_sentences(text, count):
    assert len(sentences(text)) == count, [text[a:b] for a, b in sentences(text)]


def test_spans_slice_the_sentences():
    text = "  One here.  Two\nhere!  "
    assert [text[a:b] for a, b in sentences(text)] == ["One here.", "Two\nhere!"]


def test_a_quotation_mark_stays_with_its_sentence():
    text = "他说：“我头痛。”然后离开。"
    assert [text[a:b] for a, b in sentences(text, "zh")] == ["他说：“我头痛。”", "然后离开。"]


def test_the_language_is_known_or_not():
    for language, text in (("en", "The U.S. Senate met. It rose."), ("zh", "参见 Smith et al. 的报道。无发热。")):
        assert len(sentences(text, language)) == len(sentences(text)) == 2


@given(st.text(alphabet="aA.1 \n?!。，(\"')-：x中é", max_size=60))
def test_nothing_is_lost_and_nothing_overlaps(text):
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
