"""One test for each way of the survey to train on text that is said to work: it asserts what working means for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from asked_desks import desk_with
from small_store import small_store
from typer.testing import CliRunner

import probatum
from probatum import verbs
from probatum.cli import data
from probatum.cli.given import Place
from probatum.datasets.disc_med_sft import disc_med_sft
from probatum.datasets.examples import examples
from probatum.datasets.self_instruct import self_instruct as loaded
from probatum.makers.self_instruct import self_instruct
from probatum.metrics.bleu import bleu
from probatum.metrics.rouge import rouge
from probatum.models.local import answering, local
from probatum.models.scripted import scripted
from probatum.networks import kit as kits
from probatum.networks.rendering import TEMPLATES, prompt
from probatum.plans.recipes import TrainingStage
from probatum.stages.text_to_text import text_to_text
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.training.settling import mixed
from probatum.types import Answer, Concept, Example, Origin, Question, Relation, Release, Request

AT = Origin("more", "1", "x")
SHORT = {"steps": "2", "adapter": '{ kind = "full" }'}


def _file(path: Path, examples: Sequence[Example]) -> Path:
    """Instruction pairs in the layout of Self-Instruct, one a line."""
    rows = (
        {"instruction": e.question.text, "input": "\n".join(e.question.context), "output": e.answer.text}
        for e in examples
    )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _lines(folder: Path) -> list[dict[str, list[float]]]:
    return [json.loads(line) for line in (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()]


NO_INPUT = (
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    "### Instruction:\nWhat helps {context}?\n\n### Response:"
)
WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\nWhat helps {context}?\n\n### Input:\nRest helps, says a {text}.\n\n### Response:"
)


def test_alpacas_template_to_the_byte_with_and_without_what_was_found() -> None:
    question = Question("What helps {context}?")
    template = TEMPLATES["stanford-alpaca"]
    assert prompt(question, template).encode() == NO_INPUT.encode()
    found = replace(question, context=("Rest helps, says a {text}.",))
    assert prompt(found, template).encode() == WITH_INPUT.encode()


def test_instructions_out_of_any_graph(tmp_path: Path, tiny: Path) -> None:
    """BenTsao: pairs of two different graphs, counted, each once, each with its triple; the recipe learns from them."""
    probatum.ingest(tmp_path / "kb", "shennong_tcm", tiny / "sources" / "shennong_tcm")
    made: list[Example] = []
    with small_store(tmp_path / "small") as english, Store(tmp_path / "kb") as chinese:
        for store, kind, language in ((english, "Disease", "en"), (chinese, "Drug", "zh")):
            counts = Counter[str]()
            some = list(self_instruct(desk_with(store), kind=kind, language=language, counts=counts))
            assert some and counts["kept"] == len(some) == len({(e.question.text, e.answer.text) for e in some})
            for each in some:
                (claim,) = (piece.fact for piece in each.answer.evidence)
                assert isinstance(claim, Relation) and claim.object in each.answer.text
                assert each.origin is not None and each.origin.reliability == "generated"
            again = Counter[str]()
            twice = tuple(f"{each.question.text} {each.answer.text}" for each in some)
            assert not list(self_instruct(desk_with(store), kind=kind, language=language, avoid=twice, counts=again))
            assert again["leaked"] + again["alike"] == len(some)  # what is there already is not made again
            made += some
    file = _file(tmp_path / "pairs.jsonl", made)
    verbs.train("bentsao", "tiny", tmp_path / "run", data={"cmekg_8k": f"self_instruct:{file}"}, given={"steps": "8"})
    (line,) = _lines(tmp_path / "run")
    assert line["examples"] == len(made) and line["losses"][-1] < line["losses"][0]


def test_questions_around_herbs(tmp_path: Path, tiny: Path) -> None:
    """ShenNong: entities of its own triples, a report of what was filtered, and its recipe trains on what was made."""
    probatum.ingest(tmp_path / "kb", "shennong_tcm", tiny / "sources" / "shennong_tcm")
    counts = Counter[str]()
    written = [
        {"question": "人参有什么作用？", "answer": "人参用于治疗气虚。"},
        {"question": "人参的药味是什么？", "answer": "人参味甘。"},
        {"question": "人参归哪条经？", "answer": "人参归肝经。"},  # no triple says so
        {"question": "它归哪条经？", "answer": "归脾经。"},  # names no herb
    ]
    with Store(tmp_path / "kb") as store:
        model = scripted(says=lambda _: json.dumps({"items": written}, ensure_ascii=False))
        desk = desk_with(store, model)
        made = list(self_instruct(desk, kind="Drug", language="zh", counts=counts))
        told = model.asked[0].messages[-1][1]
    assert "人参" in told and [each.question.text for each in made] == [one["question"] for one in written[:2]]
    assert counts["kept"] == 2 and counts["nameless"] == 1 and counts["unsupported"] == 1
    file = _file(tmp_path / "tcm.jsonl", made * 4)
    where = {"shennong_tcm_dataset": f"self_instruct:{file}"}
    verbs.train("shennong_tcm", "tiny", tmp_path / "run", data=where, given={"steps": "8"})
    (line,) = _lines(tmp_path / "run")
    assert line["examples"] == 8 and line["losses"][-1] < line["losses"][0]


def test_parts_for_several_goals_mixed_by_ratio(tmp_path: Path, tiny: Path) -> None:
    """DISC-MedLLM: rewritten dialogues, questions over a graph and preferred behaviour, in exact shares."""
    dialogues = list(disc_med_sft(tiny / "datasets" / "disc_med_sft"))
    with small_store(tmp_path / "small") as store:
        questions = list(self_instruct(desk_with(store), goal="knowledge"))
    at = Origin("behaviour", "own", "1", reliability="curated")
    liked = [
        Example(
            f"b{n}", Question(f"Shall I stop drug {n}?"), Answer("Ask first."), rejected=(Answer("Yes."),), origin=at
        )
        for n in range(4)
    ]
    data = {"dialogues": dialogues * 4, "graph": questions * 3, "behaviour": liked}
    stage = TrainingStage("sft", tuple(data), {}, weights={"dialogues": 3, "graph": 2, "behaviour": 1})
    whole = mixed(stage, data)
    counts = Counter(each.origin.source for each in whole if each.origin)
    unit = counts["behaviour"]
    assert unit and counts == {"disc_med_sft": 3 * unit, "self_instruct": 2 * unit, "behaviour": unit}
    half = Counter(each.origin.source for each in whole[: len(whole) // 2] if each.origin)
    assert all(abs(half[name] - count / 2) <= 1 for name, count in counts.items())  # in every stretch too
    assert {each.origin.reliability for each in whole if each.origin} == {"generated", "curated"}
    assert all(dict(each.labels).get("goal") == "knowledge" for each in whole if each.id.startswith("ORPHA"))


DRUGS = ("aspirin", "metformin", "warfarin", "insulin")


@pytest.mark.slow
@pytest.mark.parametrize("context", [True, False])
def test_answers_are_learnt_with_and_without_a_context(context: bool, tmp_path: Path) -> None:
    """The recipe of a model that answers, on questions with a text beside them and on questions alone; then scored."""
    made = [
        Example(
            str(n),
            Question(f"What did bed {n} get?", context=(f"Bed {n} got {DRUGS[n % 4]}.",) if context else ()),
            Answer(f"It was {DRUGS[n % 4]}."),
        )
        for n in range(16)
    ]
    file = _file(tmp_path / "pairs.jsonl", made)
    where = {"cmekg_8k": f"self_instruct:{file}"}
    given = {"steps": "40", "adapter": '{ kind = "full" }'}
    verbs.train("bentsao", "tiny", tmp_path / "run", data=where, given=given)
    (line,) = _lines(tmp_path / "run")
    assert line["losses"][-1] < line["losses"][0] / 2
    model = local(model=str(tmp_path / "run" / "1-sft" / "model"), template="alpaca")
    pairs = []
    for each in list(loaded(file))[:4]:
        read = prompt(each.question, TEMPLATES["plain"])
        reply = model(Request((("user", read),), longest=12))
        pairs.append((each.answer, Answer(reply.text)))
    scores = {**bleu(pairs), **rouge(pairs)}
    assert {"rouge-1", "rouge-L"} <= set(scores) and any(name.startswith("bleu") for name in scores)
    assert scores["rouge-1"].value > 0.3  # the answers' common words at least


TASKS = ("Summarise:", "Rewrite for a patient:", "Write a note about:")


def _task(number: int) -> Example:
    drug, task = DRUGS[number % 4], TASKS[number % 3]
    text = f"Bed {number}, quiet night, was started on {drug} by day." if number % 3 < 2 else drug
    said = {0: f"started on {drug}", 1: f"you now take {drug}", 2: f"{drug} was given today"}[number % 3]
    return Example(str(number), Question(task, context=(text,)), Answer(said))


@pytest.mark.slow
def test_texts_become_summaries_plain_words_and_notes(tmp_path: Path) -> None:
    """Instruction pairs of three kinds out of one file; ROUGE of each, beside the source copied."""
    made = list(loaded(_file(tmp_path / "pairs.jsonl", [_task(number) for number in range(36)])))
    texts = [text for each in made for text in (each.question.text, *each.question.context, each.answer.text)]
    kit = kits.tiny("llama", texts, width=32, vocabulary=330)
    tuned = text_to_text(kit, made, template="question-answer", steps=100, rate=1e-2, batch=12, longest=96)
    model = answering(tuned, template="question-answer")
    for place, task in enumerate(TASKS):
        some = [each for each in made if each.question.text == task][:4]
        given = []
        for each in some:
            whole = prompt(each.question, TEMPLATES["question-answer"]).removesuffix("\nAnswer: ")
            given.append(model(Request((("user", whole.replace("Question: ", "", 1)),), longest=14)).text)
        ours = rouge([(each.answer, Answer(text)) for each, text in zip(some, given, strict=True)])["rouge-L"]
        copied = rouge([(each.answer, Answer(each.question.context[0])) for each in some])["rouge-L"]
        assert ours.value > copied.value + 0.1, (place, given)


@pytest.mark.slow
def test_one_version_of_the_knowledge_from_training_to_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One KG version id used by training, retrieval and answer check; shown in model card."""
    monkeypatch.setattr(Place, "folder", tmp_path)
    with small_store(tmp_path) as store:
        version = store.content
    made = tmp_path / "made.jsonl"
    done = CliRunner().invoke(data.app, ["make", "verbalised", "--out", str(made), "--set", "form=question", "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["knowledge"] == version
    read = list(examples(made))
    assert read and {each.answer.knowledge for each in read} == {version}
    assert all(each.origin and each.origin.reliability == "curated" and each.answer.evidence for each in read)
    verbs.train("bentsao", "tiny", tmp_path / "run", data={"cmekg_8k": f"examples:{made}"}, given=SHORT)
    assert f"Made from knowledge `{version}`" in (tmp_path / "run" / "README.md").read_text(encoding="utf-8")
    with Store(tmp_path) as store:
        desk = replace(verbs.lay(store), model=local(model=str(tmp_path / "run" / "1-sft" / "model")))
        answer = verbs.ask(store, Question("Which eyes has Marfan syndrome?"), "rag", desk=desk)
        quoted = verbs.ask(store, Question("What are the features of Marfan syndrome?"))
        assert answer.knowledge == quoted.knowledge == version and quoted.evidence
        again = verbs.prove(store, quoted)
        assert again.before == again.now == version and not again.changes
    write(tmp_path, iter([Release("more", "1", "CC0-1.0", "7" * 64), Concept("X:1", "Anything", "Disease", AT)]))
    with Store(tmp_path) as store:
        later = verbs.prove(store, quoted)
        assert later.before == version != later.now == store.content
