"""One test for each answering method of the survey that is said to work: it asserts what working means for its row."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from small_store import small_store
from walked import ARDEN, ARDEN_ONCE, ARDENOL, BOREAL, BOREALINE, CHILL, TREMOR, laid, walked

from probatum.desk import Desk
from probatum.methods.dalk import dalk
from probatum.methods.dialogue_coach import dialogue_coach
from probatum.methods.graph_guided_diagnosis import graph_guided_diagnosis
from probatum.methods.graph_toolformer import graph_toolformer
from probatum.methods.kg_rag import kg_rag
from probatum.methods.knowledge_solver import knowledge_solver, tuned_on, turns
from probatum.methods.medagents import medagents
from probatum.methods.think_on_graph import think_on_graph
from probatum.models.copyist import copyist
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.store.reader import Store
from probatum.types import Answer, Pairs, Question, Relation, Request


def _clinic(request: Request) -> str:
    """What a discussion's next speaker says; who objects, in which round, hangs on what is before them alone."""
    task, told = request.messages[0][1].rpartition("\n\n")[2], request.messages[1][1]
    drawn = hashlib.sha256(f"{task}{told}".encode()).digest()[0]
    if '"domains"' in task:
        taken = "weigh the options" in task
        named = ("Surgery", "Nursing") if taken else ("Anatomy", "Genetics", "Neurology", "Radiology", "Pathology")
        return json.dumps({"domains": named})
    if '"key_knowledge"' in task:
        return json.dumps({"key_knowledge": f"fact {drawn}", "total_analysis": f"view {drawn}"})
    if "one word: yes or no" in task:
        return "no" if drawn < 40 else "I see both sides" if drawn < 60 else "yes"
    return f"The answer is {request.question.options[drawn % 4][0]}." if "Decide" in task else f"thought {drawn}"


@pytest.mark.shared
def test_medagents(shared: Path, tmp_path: Path) -> None:
    """Five steps replay on 20 exam items; votes, revisions, consensus and final report stored."""
    asked: list[Question] = []
    for file in sorted((shared / "mmlu-medical-dev").glob("*.yaml")):
        for item in re.findall(r"- question: (.*?)\n +target:", file.read_text(encoding="utf-8"), re.DOTALL):
            stem, *parts = re.split(r"\(([A-D])\)", " ".join(item.strip("'\"").replace("''", "'").split()))
            options: Pairs = tuple((parts[at], parts[at + 1].strip()) for at in range(0, len(parts), 2))
            if len(options) == 4:
                asked.append(Question(stem.strip(), options, language="en"))
    assert len(asked) >= 20
    with small_store(tmp_path) as store:
        desk = Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), copyist())
        told = recording(scripted(says=_clinic), tmp_path / "told.jsonl")
        first = [medagents(question, replace(desk, model=told)) for question in asked[:20]]
        again = replay(file=str(tmp_path / "told.jsonl"))
        assert [medagents(question, replace(desk, model=again)) for question in asked[:20]] == first
    seen = set()
    for answer in first:
        order = [step.what for step in answer.trace]
        fields = dict(answer.fields)
        assert order[:2] == ["domains", "option_domains"] and order[9] == "report" and answer.choice in set("ABCD")
        rounds = int(fields["rounds"])
        for number in range(1, rounds + 1):
            assert sum(what.startswith(f"round {number} vote: ") for what in order) >= 7
            (votes,) = [step.said for step in answer.trace if step.what == f"round {number} votes"]
            against = int(votes.rpartition(" ")[2].split("/")[1])
            assert sum(what.startswith(f"round {number} advice: ") for what in order) == against
            assert order.count(f"round {number} report") == (1 if against else 0)
        assert order[-3:] == ["decision", "basis", "cost"]
        reports = [json.loads(step.said) for step in answer.trace if step.what.endswith("report")]
        assert set(reports[-1]) == {"key_knowledge", "total_analysis"}
        seen.add((fields["consensus"], rounds))
    assert {consensus for consensus, _ in seen} == {"full", "partial", "none"} and {n for _, n in seen} == {1, 2, 3}


def test_asd_dialogue_agent(tmp_path: Path) -> None:
    """Feedback of a hidden Markov model on labelled turns; the topic manager switches topics; a session summary."""
    long = "There is always a lot to tell about it, I think."
    labelled = (
        ("Hello, good to meet you today.", "fit", "interests"),
        ("I like swimming in the cold lake.", "fit", "interests"),
        ("Yes.", "fit", "interests"),
        (long, "fit", "school"),
        ("My homework is too hard for me.", "fit", "school"),
        ("No.", "low", "school"),
        ("Hm.", "low", "feelings"),
        ("Yes.", "low", "feelings"),
        ("Maybe.", "low", "feelings"),
    )
    turns: Pairs = ()
    topics, cues = [], []
    with small_store(tmp_path) as store:
        desk = Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), copyist())
        for text, _, _ in labelled:
            answer = dialogue_coach(Question(text, turns=turns, language="en"), desk)
            turns = (*turns, ("user", text), ("assistant", answer.text))
            topics.append(dict(answer.fields)["topic"])
            cues.append(dict(answer.fields)["cue"])
        states = next(step.said for step in answer.trace if step.what == "states length").partition(" (")[0].split()
        last = dialogue_coach(Question("Goodbye.", turns=turns, language="en"), desk)
    assert states == [state for _, state, _ in labelled] and cues[-1] == "length low" and not any(cues[:4])
    assert topics == [topic for _, _, topic in labelled]
    assert last.text.startswith("What went well: ") and "To practise: the length of your turns." in last.text
    assert dict(last.fields)["ended"] == "yes" and last.trace[-2].what == "summary"


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The small graph that methods walk."""
    with walked(tmp_path_factory.mktemp("walks")) as store:
        yield store


def _step(answer: Answer, what: str) -> str:
    return next(step.said for step in answer.trace if step.what == what)


def test_graph_toolformer(walks: Store) -> None:
    """The call grammar is parsed and carried out on sample graphs; answers equal networkx; the trace is kept."""
    desk = laid(walks)
    whole = nx.Graph([(each.subject, each.object) for each in walks.relations() if each.subject != ARDEN_ONCE])
    whole.add_edge(ARDEN, CHILL)  # asserted of the former id of the same disease
    ranks = nx.pagerank(whole, tol=1e-13, max_iter=5_000)
    for id, name in ((ARDEN, "Arden disease"), (BOREAL, "Boreal syndrome"), (TREMOR, "Blue tremor")):
        asked = {
            f"What is the degree of {name}?": whole.degree(id),
            f"What is the PageRank of {name}?": ranks[id],
            f"What is the diameter of the graph around {name}?": nx.diameter(whole),
            f"How far is it from Ardenol to {name}?": nx.shortest_path_length(whole, ARDENOL, id),
        }
        for text, wanted in asked.items():
            answer = graph_toolformer(Question(text), desk, hops=9)
            assert float(dict(answer.fields)["result"]) == pytest.approx(wanted, rel=1e-5), text
            assert _step(answer, "calls").startswith('[GR(GL("store", {"') and " = " in _step(answer, "result")
    nested = '[GR(GL("store", {"Ardenol"}), "node:degree", GR(GL("store", {"Ardenol"}), "property:center")) --> r]'
    answer = graph_toolformer(Question("How linked is the middle?"), laid(walks, (nested,)), scorer="model", hops=9)
    assert float(dict(answer.fields)["result"]) == whole.degree(min(nx.center(whole)))


def test_knowledge_solver(walks: Store, tmp_path: Path) -> None:
    """A walk of several hops reaches the known answer node; the full path is told; untrained and tuned."""
    asked = Question("Which drug acts on the gene of Arden disease?", (("A", "Borealine"), ("B", "Ardenol")))
    zero_shot = knowledge_solver(asked, laid(walks))
    path = "ARDA1 --> gene associated with --> Arden disease | Ardenol --> affects --> ARDA1"
    assert (zero_shot.choice, dict(zero_shot.fields)["path"]) == ("B", path)
    by_model = knowledge_solver(asked, laid(walks, ("ARDA1", "Ardenol", "Ardenol affects ARDA1 [2].")), scorer="model")
    assert (by_model.choice, dict(by_model.fields)["path"]) == ("B", path)
    other = Question("Which drug acts on the gene of Boreal syndrome?", (("A", "Borealine"), ("B", "Ardenol")))
    gold = [(other.text, turn) for turn in turns(laid(walks), other, BOREAL, ARDENOL)]
    gold += [(asked.text, turn) for turn in turns(laid(walks), asked, ARDEN, ARDENOL)]
    assert gold
    tuned_on(gold).save(tmp_path / "weights.npz")
    tuned = knowledge_solver(asked, laid(walks), scorer="tuned", weights=str(tmp_path / "weights.npz"))
    assert (tuned.choice, dict(tuned.fields)["path"]) == ("B", path)


def test_graph_guided_diagnosis(walks: Store) -> None:
    """Concepts of a note rank paths of the graph; diagnoses prompted with them have a better recall than without."""

    def reads(request: Request) -> str:
        told = "\n".join(text for _, text in request.messages)
        named = [name for name in ("Arden disease", "Boreal syndrome") if name in told]
        return json.dumps({"diagnoses": named or ["Common cold"]})

    notes = (("A grey cough and a blue tremor.", ARDEN), ("Night chill; a blue tremor too.", BOREAL))
    found, bare = 0, 0
    for text, gold in notes:
        answer = graph_guided_diagnosis(Question(text), laid(walks, reads))
        assert " <-- has phenotype <-- " in _step(answer, "path")
        found += gold in [each.id for each in answer.candidates]
        bare += walks.name_of(gold) in reads(Request((("user", text),)))
    assert (found, bare) == (2, 0)


def test_think_on_graph(walks: Store) -> None:
    """A beam over relations and entities finds the gold path; width and depth are settings; it stops in time."""
    asked = Question("Borealine treats a disease; how does it connect with Night chill?")
    answer = think_on_graph(asked, laid(walks))
    facts = {(each.fact.subject, each.fact.object) for each in answer.evidence if isinstance(each.fact, Relation)}
    assert {(BOREALINE, BOREAL), (BOREAL, CHILL)} <= facts
    assert _step(answer, "ended") == "enough" and not any(step.what == "beam 3" for step in answer.trace)
    assert think_on_graph(asked, laid(walks), depth=1).abstained is not None
    narrow = think_on_graph(asked, laid(walks), width=1, at_end="partial")
    assert all("; " not in step.said for step in narrow.trace if step.what.startswith("beam "))


def test_kg_rag(walks: Store) -> None:
    """Concepts matched, subgraph fetched, context pruned by similarity; the source of each edge; what it saves."""
    answer = kg_rag(Question("What are the symptoms of Arden disease?"), laid(walks))
    assert "MONDO:9000001 (Arden disease), 1.00" in _step(answer, "entities")
    assert _step(answer, "context").startswith("MONDO:9000001: 1 of 4 edges; percentile 75 is ")
    assert [(each.origin.source, each.origin.references) for each in answer.evidence] == [("walked", ("PMID:9001",))]
    saved = re.fullmatch(r"records 4 -> 1; words (\d+) -> (\d+); saved ([\d.]+)%", _step(answer, "saving"))
    assert saved is not None
    before, after = int(saved[1]), int(saved[2])
    assert float(saved[3]) == pytest.approx(100 * (before - after) / before, abs=0.05)


def test_dalk(tmp_path: Path) -> None:
    """The graph grows by year; coarse, then fine sampling; the self-aware filter on questions as JSON, replayed."""
    items = json.loads(
        '[{"question": "Which disease goes with the gene that Ardenol affects?", "answer_idx": "B",'
        ' "options": {"A": "Boreal syndrome", "B": "Arden disease"}},'
        ' {"question": "Which drug treats Boreal syndrome?", "answer_idx": "A",'
        ' "options": {"A": "Borealine", "B": "Ardenol"}}]'
    )
    questions = [Question(item["question"], tuple(sorted(item["options"].items()))) for item in items]
    offered = []
    for year in ("2012", "2015", "2018", "2019"):
        with walked(tmp_path / "kb", as_of=f"{year}-12-31") as then:
            answers = [dalk(question, laid(then)) for question in questions]
            offered.append(sum(int(_step(answer, "triples").split()[0]) for answer in answers))
    assert offered == sorted(set(offered))

    def says(request: Request) -> str:
        if request.schema:
            return '{"keep": [1, 2]}'
        return "The answer is " + ("B" if "Ardenol affects" in request.question.text else "A")

    with walked(tmp_path / "kb") as store:
        told = recording(scripted(says=says), tmp_path / "replies.jsonl")
        first = [dalk(each, replace(laid(store), model=told), scorer="model") for each in questions]
        again = replace(laid(store), model=replay(file=str(tmp_path / "replies.jsonl")))
        replayed = [dalk(each, again, scorer="model") for each in questions]
    assert replayed == first and [each.choice for each in replayed] == [item["answer_idx"] for item in items]
    for answer in replayed:
        coarse = len(_step(answer, "paths").split("; ")), len(_step(answer, "kept").split("; "))
        assert coarse[0] <= 5 and coarse[1] == 2 and _step(answer, "dropped") != "nothing"
