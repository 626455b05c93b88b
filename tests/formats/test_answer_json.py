"""A saved answer comes back as it was; what is none is refused with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_store import GAUCHER, small_store

from probatum import knowledge
from probatum.errors import BadFormat
from probatum.formats import answer_json
from probatum.types import Answer, Candidate, Evidence, Mention, Origin, Passage, Reason, Relation, Step, Verdict

ORIGIN = Origin("own", "1", "a#b", "PCS", ("PMID:1",), "2024-01-01", "extracted")
WHOLE = Answer(
    text="“A text.” [1]\nA claim [2].",
    choice="B",
    fields=(("dose", "5 mg"),),
    candidates=(Candidate("OMIM:1", "One", 0.5, (Reason("for", "HP:1", "Fits", 1.5, "3 of 7", ("PMID:1",)),)),),
    evidence=(
        Evidence(Passage("p", "A text. 文", "T", "en", ORIGIN, about=("OMIM:1",)), "A text.", 2.0, "bm25", 0, 7),
        Evidence(Relation("a", "biolink:treats", "b", ORIGIN, True, (("grade", "low"),)), "A claim", 1.0, "graph"),
    ),
    abstained=None,
    trace=(Step("found", "2"),),
    found=(Mention(0, 1, "A", "HP:1"), Relation("a", "biolink:treats", "b", ORIGIN)),
    verdicts=(Verdict(0, 13, "supported", "", (1,)), Verdict(14, 26, "partial", "words: few", (2,), "low")),
    knowledge="0" * 64,
)


def test_an_answer_survives_the_way_over_json() -> None:
    assert answer_json.read(json.dumps(knowledge.plain(WHOLE), ensure_ascii=False)) == WHOLE
    refused = Answer(abstained="no-concept: nothing is known")
    assert answer_json.read(json.dumps(knowledge.plain(refused))) == refused


def test_an_answer_pins_the_knowledge_that_it_was_given_from(tmp_path: Path) -> None:
    small_store(tmp_path).close()
    with knowledge.Knowledge(tmp_path) as kb:
        answer = kb.ask("What are the symptoms of Gaucher disease type 1?")
        assert answer.knowledge == kb.store.content != ""
        assert GAUCHER in answer.text or answer.evidence
        assert answer_json.read(json.dumps(knowledge.plain(answer))) == answer


def test_an_answer_of_an_earlier_version_is_read_without_verdicts() -> None:
    tree = knowledge.plain(WHOLE)
    del tree["verdicts"], tree["knowledge"], tree["found"]
    read = answer_json.read(json.dumps({**tree, "more": 1}))
    assert (read.text, read.evidence, read.verdicts, read.knowledge) == (WHOLE.text, WHOLE.evidence, (), "")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "a.json"),
        ("[]", "a.json: answer"),
        ('{"text": 1}', "a.json: answer.text"),
        ('{"evidence": [{}]}', "a.json: answer.evidence[0]"),
        ('{"fields": [["a"]]}', "a.json: answer.fields[0]"),
        ('{"verdicts": [{"start": true, "end": 1, "support": "x"}]}', "a.json: answer.verdicts[0].start"),
        ("[" * 100_000, "a.json"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(BadFormat) as raised:
        answer_json.read(text, "a.json")
    assert raised.value.where == where


json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "evidence", "fact", "trace", "origin", "verdicts"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_trees)
def test_any_json_is_an_answer_or_refused(tree: object) -> None:
    try:
        assert isinstance(answer_json.read(json.dumps(tree)), Answer)
    except BadFormat as error:
        assert error.where
