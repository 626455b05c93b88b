"""UIE's language: what is written is read back as it was, and nothing that a model writes breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.errors import BadFormat
from probatum.networks.sel import MARKS, Read, Schema, Spot, found_of, instructed, read, schema_of, spots_of, written
from probatum.types import Mention, Origin, Relation

ORIGIN = Origin("samples", "1", "1", reliability="generated")
pieces = st.sampled_from([*"ab (){}[]<>\\/_0156x", "extra_id_", *MARKS, "头痛"])
words = st.lists(pieces, max_size=8).map(lambda parts: " ".join("".join(parts).split()))
kinds = words.filter(bool)
spots = st.builds(Spot, kinds, words, st.lists(st.tuples(kinds, words), max_size=3).map(tuple))


@given(st.lists(spots, max_size=4))
def test_what_is_written_is_read_back(said: list[Spot]) -> None:
    assert read(written(said)) == Read(tuple(said))


@given(st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=4)), max_size=14).map(" ".join))
def test_no_line_breaks_the_reader_and_what_it_keeps_is_sound(line: str) -> None:
    told = read(line)
    assert read(written(told.spots)) == Read(told.spots)
    known = read(line, Schema(("Drug",), ("causes",)))
    assert all(each.kind == "Drug" and {kind for kind, _ in each.associations} <= {"causes"} for each in known.spots)


LINE = (
    "<extra_id_0> <extra_id_0> Drug <extra_id_5> aspirin <extra_id_0> causes <extra_id_5> gastric (upper) bleeding "
    "<extra_id_1> <extra_id_1> <extra_id_0> Disease <extra_id_5> gastric (upper) bleeding <extra_id_1> <extra_id_1>"
)
SPOTS = (
    Spot("Drug", "aspirin", (("causes", "gastric (upper) bleeding"),)),
    Spot("Disease", "gastric (upper) bleeding"),
)


def test_a_line_in_the_papers_form() -> None:
    assert read(LINE) == Read(SPOTS) and written(SPOTS) == LINE
    assert written([]) == "<extra_id_0> <extra_id_1>" and read("<extra_id_0> <extra_id_1>") == Read(())
    assert (
        written([Spot("Drug", "")])
        == "<extra_id_0> <extra_id_0> Drug <extra_id_5> <extra_id_6> <extra_id_1> <extra_id_1>"
    )
    with pytest.raises(BadFormat):
        written([Spot(" ", "aspirin")])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "empty"),
        ("I see no drug.", "words outside"),
        (LINE.removesuffix("<extra_id_1>"), "not closed"),
        ("<extra_id_1>", "nothing is open"),
        (f"{LINE} and more", "words outside"),
        (LINE.replace("Disease", ""), "without a kind"),
        (LINE.replace("Disease", "Planet"), "no kind here: Planet"),
        (LINE.replace("causes", "eats"), "no kind here: eats"),
        ("<extra_id_0> " * 4 + "a <extra_id_5> b" + " <extra_id_1>" * 4, "deeper"),
    ],
)
def test_what_is_wrong_is_told(line: str, fault: str) -> None:
    assert fault in "; ".join(read(line, Schema(("Drug", "Disease"), ("causes",))).faults)


def test_the_instruction_names_what_is_asked_for() -> None:
    schema = Schema(("Disease", "Drug"), ("causes",))
    assert instructed("It <extra_id_1> hurts.", schema) == (
        "<spot> Disease <spot> Drug <asoc> causes <extra_id_2> It <\\extra_id_1> hurts."
    )


def test_found_things_become_spots_and_stand_in_the_text_again() -> None:
    text = "Old aspirin. New aspirin caused gout; gout passed."
    found = [
        Mention(4, 11, "aspirin", "M:1", kind="Drug"),
        Mention(17, 24, "aspirin", "M:1", kind="Drug"),
        Mention(32, 36, "gout", "M:2", kind="Disease"),
        Relation("M:1", "causes", "M:2", ORIGIN),
    ]
    assert spots_of(found) == [Spot("Drug", "aspirin", (("causes", "gout"),)), Spot("Disease", "gout")]
    assert schema_of([found]) == Schema(("Disease", "Drug"), ("causes",))
    again = found_of([*spots_of(found), Spot("Drug", "aspirin"), Spot("Drug", "heparin")], text, ORIGIN)
    assert [(each.start, each.kind) for each in again if isinstance(each, Mention)] == [
        (4, "Drug"), (17, "Drug"), (32, "Disease"),
    ]  # fmt: skip
    (relation,) = (each for each in again if isinstance(each, Relation))
    assert (relation.subject, relation.predicate, relation.object) == ("aspirin", "causes", "gout")
    assert dict(relation.qualifiers) == {"subject_start": "4", "object_start": "32", "subject_type": "Drug"}
    alone = Relation("头痛", "药物治疗", "阿司匹林", ORIGIN, qualifiers=(("subject_type", "疾病"),))
    assert spots_of([alone]) == [Spot("疾病", "头痛", (("药物治疗", "阿司匹林"),))]
