"""Requirements, agents and prompted models of the survey that are met by several parts together, one test for a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asked_desks import desk_with
from fastapi.testclient import TestClient
from proof_injection import outcomes
from small_store import small_store
from walked import laid, walked

from probatum import knowledge, verbs
from probatum.formats import answer_json
from probatum.ledger import accounts, audit, rating
from probatum.ledger.rating import Round
from probatum.metrics.accuracy import accuracy
from probatum.metrics.citations import citations
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.store.reader import Store
from probatum.types import Answer, Observation, Patient, Question, Request, Score
from probatum.web.app import build

TREATED = Question("How is Gaucher disease type 1 treated?")
GRAPHS = ("kg_rag", "think_on_graph", "knowledge_solver", "dalk", "filtered", "structured_thought", "rag")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("use")) as store:
        yield store


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("walks")) as store:
        yield store


def test_the_rate_of_unsupported_claims_is_reported_and_falls(small: Store) -> None:
    """Unsupported claim rate reported."""
    true = "Enzyme replacement is given every two weeks [1]."
    says = [f"{true} It cures the disease for ever [1]. It is given every two months [1]. Nobody needs it."]
    rates: dict[str, Score] = {}
    for policy in ("mark", "drop"):
        desk = desk_with(small, scripted(says=says * 2))
        given = [verbs.ask(small, TREATED, "rag", desk=desk, proof=policy) for _ in range(2)]
        rates[policy] = citations([(Answer(text=true), each) for each in given])["claims_unsupported"]
    assert (rates["mark"].value, rates["mark"].n) == (0.75, 8) and 0 <= rates["mark"].low <= 0.75 <= rates["mark"].high
    assert (rates["drop"].value, rates["drop"].n) == (0.0, 2)


ASKED = (
    ("Which drug treats Boreal syndrome?", ("Ardenol", "Borealine", "Lonelin"), "B"),
    ("Which drug affects ARDA1?", ("Borealine", "Lonelin", "Ardenol"), "C"),
    ("Which gene is associated with Arden disease?", ("ARDA1", "BORE2"), "A"),
    ("Which gene is associated with Boreal syndrome?", ("ARDA1", "BORE2"), "B"),
    ("Which disease has Grey cough?", ("Boreal syndrome", "Arden disease"), "B"),
    ("哪种疾病有灰咳？", ("北风综合征", "阿登病"), "B"),
)


def test_ways_of_putting_a_graph_to_use_are_compared_on_one_benchmark(walks: Store) -> None:
    """Compare KG methods on one benchmark."""
    questions = [
        (Question(text, tuple(zip("ABC", options, strict=False)), language="zh" if "疾" in text else "en"), gold)
        for text, options, gold in ASKED
    ]
    table: dict[str, tuple[float, int]] = {}
    for method in GRAPHS:
        desk = laid(walks)
        pairs = [(Answer(choice=gold), verbs.ask(walks, asked, method, desk=desk)) for asked, gold in questions]
        score = accuracy(pairs)["accuracy"]
        table[method] = (round(score.value, 2), sum(bool(given.choice) for _, given in pairs))
        assert score.n == len(ASKED)
        with Store() as empty:
            bare = [verbs.ask(empty, asked, method, desk=laid(empty)) for asked, _ in questions]
        assert not any(each.choice for each in bare), method  # it is the graph that answers
    assert table.pop("kg_rag") == (0.5, 3)  # it keeps what resembles the question: half of these are told by one edge
    assert set(table.values()) == {(1.0, len(ASKED))}, table


def test_two_doors_are_locked_and_no_document_opens_them(tmp_path: Path) -> None:
    """Access control, prompt-injection tests."""
    small_store(tmp_path).close()
    now = "2099-01-05T10:00:00+00:00"
    rating.begin(tmp_path, Round("r1", "Title", '{"sheets": {}}', "0" * 64, now), ("ana",), "org")
    app = build(tmp_path)
    try:
        client = TestClient(app, raise_server_exceptions=False)
        assert client.post("/rate/1", json={"correct": "5.0"}).status_code == 401
        client.cookies.set("probatum_rater", "guessed")
        assert client.post("/rate/1", json={"correct": "5.0"}).status_code == 401
        key = accounts.invite(tmp_path, "r1", "ana", "org", now)
        assert accounts.enter(tmp_path, key, now)
        assert not accounts.enter(tmp_path, key, now)
    finally:
        app.state.reception.close()
    assert rating.marks(tmp_path, "r1") == [] and audit.verify(tmp_path)[0] >= 2
    tried = list(outcomes(tmp_path / "kb", 40, 11))
    assert len(tried) == 40 and len({each.kind for each in tried}) >= 5
    assert all((each.told, each.calls) == ((), 0) for each in tried)


def test_a_conversation_is_followed_and_a_patient_remembered(small: Store) -> None:
    """Context test."""
    since = tuple(
        ("user" if number % 2 else "assistant", f"Thank you, and number {number}.") for number in range(1, 40)
    )
    for first, text, wanted in (
        ("What is Gaucher disease type 1?", "How is it treated?", "Enzyme replacement"),
        ("什么是脾肿大？", "它见于哪些疾病？", "Gaucher disease"),
    ):
        turns = (("user", first), ("assistant", "A disease of the lysosome [1]."), *since)
        answer = verbs.ask(small, Question(text, turns=turns), desk=desk_with(small))
        assert answer.abstained is None and answer.trace[0].what == "context"
        assert wanted in answer.text and {each.support for each in answer.verdicts} == {"supported"}
    new = Question("How is Marfan syndrome treated?", turns=turns)
    assert "Gaucher" not in verbs.ask(small, new, desk=desk_with(small)).text


def test_an_agent_is_evaluated_in_complex_contexts(small: Store) -> None:
    """Agent evaluation."""

    def measured(name: str) -> Patient:
        seen = [Observation("laboratory", "", text=name, value=value, unit="mmol/L") for value in ("5", "7", "9")]
        return Patient("1", observations=tuple(seen))

    told = {
        "Is my glucose rising? I am afraid.": measured("glucose"),
        "我的血糖在升高吗？": measured("血糖"),
        "Is my glucose rising?": Patient("1"),
    }
    given = [
        verbs.ask(small, Question(text, patient=patient), "health_agent", desk=desk_with(small))
        for text, patient in told.items()
    ]
    assert [(each.abstained or "").partition(":")[0] for each in given] == ["", "", "no-data"]
    for each in given[:2]:
        result = dict(each.fields)["result:1"]
        assert result.startswith("data:1 trend: ") and result.endswith(("+4 mmol/L", "of 3 values")) and "+4" in result
        assert "data:1 trend" in each.text and len(each.trace) >= 3


def _expert(request: Request) -> str:
    """What an expert of a discussion says: all agree, and decide by the evidence before them."""
    task = request.messages[0][1].rpartition("\n\n")[2]
    if '"domains"' in task:
        return json.dumps({"domains": ["Genetics", "Haematology", "Surgery", "Nursing", "Radiology"]})
    if '"key_knowledge"' in task:
        return json.dumps({"key_knowledge": "infusions", "total_analysis": "replace the enzyme"})
    if "one word: yes or no" in task:
        return "yes"
    return "Enzyme replacement is given every two weeks [1]."


def test_experts_in_discussion_cite_and_replay(small: Store, tmp_path: Path) -> None:
    """Each agent runs offline with replayed tools; full trace and citations stored."""
    file, saved = tmp_path / "told.jsonl", tmp_path / "answer.json"
    desk = desk_with(small, recording(scripted(says=_expert), file))
    first = verbs.ask(small, TREATED, "medagents", desk=desk, snippets_kept=4)
    again = verbs.ask(small, TREATED, "medagents", desk=replace(desk, model=replay(file=str(file))), snippets_kept=4)
    assert again == first and first.text == "Enzyme replacement is given every two weeks [1]."
    assert [each.support for each in first.verdicts] == ["supported"] and first.evidence
    order = [step.what for step in first.trace]
    assert {"domains", "report", "round 1 votes", "answer"} <= set(order)
    saved.write_text(json.dumps(knowledge.plain(first)), encoding="utf-8")
    stored = answer_json.read(saved.read_text(encoding="utf-8"), "answer.json")
    assert (stored.trace, stored.evidence, stored.verdicts) == (first.trace, first.evidence, first.verdicts)


def test_a_companion_for_autistic_people_replays_with_its_trace(small: Store) -> None:
    """Each agent runs offline with replayed tools; full trace and citations stored."""
    turns = (("user", "Hello, good to meet you today."), ("user", "I like swimming in the cold lake."))
    asked = Question("My homework is too hard for me.", turns=turns)
    first, again = (verbs.ask(small, asked, "dialogue_coach", desk=desk_with(small)) for _ in range(2))
    assert again == first and first.text and len(first.trace) >= 3
    assert [step.what for step in first.trace][-1] == "said" and "gist" in {step.what for step in first.trace}
    stored = answer_json.read(json.dumps(knowledge.plain(first)), "answer.json")
    assert stored.trace == first.trace and stored.fields == first.fields
    cited = dict(stored.fields)["script"]  # no source speaks here: what is said rests on a script, told by its checksum
    assert re.fullmatch(
        r"methods/_dialogue_coach\.toml sha256:[0-9a-f]{16}, after doi:10\.1145/3383652\.3423900", cited
    )
