"""Many texts are read at once as they are read one by one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probatum.annotators import dictionary as wing
from probatum.annotators.cooccurrence import cooccurrence
from probatum.annotators.dictionary import dictionary
from probatum.annotators.patterns import patterns
from probatum.cli import given as cli
from probatum.errors import BadFormat
from probatum.shapes import AnnotatesMany, annotated
from tests.annotators.names_store import names_store
from tests.annotators.test_dictionary import WORDS

NOTE = "She has short fingers and toes but no fever."


@pytest.fixture(scope="module")
def annotate(tmp_path_factory):
    with names_store(tmp_path_factory.mktemp("names")) as store:
        yield dictionary(store)


TEXTS = st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=9).map(" ".join), max_size=6)


@settings(deadline=None)
@given(texts=TEXTS, block=st.sampled_from([1, 60, 100_000]), long=st.sampled_from([-1, 1500]))
def test_many_texts_read_as_each_alone(annotate, texts, block, long):
    alone = [annotate(text) for text in texts]
    names = [next(annotate.names([text])) for text in texts]
    with patch.object(wing, "_BLOCK", block), patch("probatum.annotators._find._LONG", long):
        assert list(annotate.many(texts)) == alone
        assert list(annotate.names(texts)) == names


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Her liver is", "enlarged."), ("No", "fever."), ("fever", "was denied."), ("Short", "fingers"),
        ("short fingers and", "toes"), ("cystic", "fibrosis"), ("Fever,", ", and cough"), ("fever \x01", "\x01 no"),
        ("autistic behavior", "ASD"), ("LONG HEADING", "ASD"), ("无", "发热"), ("e\u0301 fever", "no fever"),
    ],
)  # fmt: skip
def test_nothing_reaches_from_one_text_into_the_next(annotate, before, after):
    wanted = [annotate(before), annotate(after), annotate(before)]
    assert list(annotate.many([before, after, before])) == wanted


def test_an_abbreviation_is_settled_by_its_own_text(annotate):
    texts = ["Autistic behavior (ASD) was seen.", "ASD was seen.", "Atrial septal defect, ASD."]
    settled = [{(m.text, m.concept) for m in found if m.text == "ASD"} for found in annotate.many(texts)]
    assert settled == [{("ASD", "HP:0000729")}, set(), {("ASD", "HP:0001631")}]


def test_languages_are_told_text_by_text(annotate):
    texts = ["El paciente tiene fiebre y cefalea.", "Fever, fiebre.", "发热，无头痛。", "La fiebre de la paciente."]
    assert [[m.text for m in found] for found in annotate.many(texts)] == [
        ["fiebre", "cefalea"],
        ["Fever"],
        ["发热", "头痛"],
        ["fiebre"],
    ]


def test_empty_texts_keep_their_places(annotate):
    assert list(annotate.many([])) == []
    assert list(annotate.many([""])) == [[]] == [annotate("")]
    assert [len(found) for found in annotate.many(["", NOTE, "", " \n", NOTE, ""])] == [0, 3, 0, 0, 3, 0]


def test_a_huge_text_among_small_ones(annotate):
    huge = f"{NOTE}\n\n" * 5_000
    first, second, third, fourth = annotate.many([NOTE, huge, "nothing", NOTE])
    assert first == fourth == annotate(NOTE)
    assert third == [] and len(second) == 5_000 * len(first)
    assert second[-1].end == len(f"{NOTE}\n\n") * 4_999 + first[-1].end


def test_texts_are_read_as_they_come(annotate):
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield NOTE

    stream = annotate.many(texts())
    assert len(next(stream)) == 3
    assert taken <= wing._BLOCK / len(NOTE) + 1


def test_annotators_over_it_read_many_too(drugs):
    texts = ["Cisplatin caused hearing loss.", "", "Lithium.", "Hearing loss due to cisplatin."]
    for annotator in (cooccurrence(drugs), patterns(drugs)):
        assert isinstance(annotator, AnnotatesMany)
        found = list(annotated(annotator, texts))
        assert found == [annotator(text) for text in texts]
        assert len(found[0]) == 3


def test_an_annotator_that_reads_one_by_one_is_asked_so():
    assert list(annotated(lambda text: [], ["a", "b"])) == [[], []]


@pytest.mark.parametrize("chunk", [1, 3, 1 << 17])
def test_lines_arrive_whole(chunk):
    with patch.object(cli, "_CHUNK", chunk):
        for text, wanted in [
            ("", []),
            ("\n", [""]),
            ("a\nb", ["a", "b"]),
            ("a\r\n\nfé\n", ["a", "", "fé"]),
            ("x" * 10, ["x" * 10]),
        ]:
            stream = io.BytesIO(text.encode())
            assert [line for arrived in cli.arriving(stream, "f") for line in arrived] == wanted
        heard = []
        with pytest.raises(BadFormat, match="f:2"):
            for arrived in cli.arriving(io.BytesIO(b"good\n\xff\n"), "f"):
                heard += arrived
        assert heard == ["good"]
