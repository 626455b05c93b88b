"""Encoder heads: each loss is transformers' own, each task is learnt on small texts, a saved head gives the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import transformers
from training_samples import made

from probatum.errors import BadPlan
from probatum.networks import heads as kinds
from probatum.networks import kit as kits
from probatum.networks.heads import Head, headed
from probatum.stages.heads import head_loss, heads
from probatum.types import Answer, Example, Mention, Origin, Question, Relation

ORIGIN = Origin("samples", "1", "1", reliability="generated")
DRUGS, ILLS = ("aspirin", "metformin", "warfarin", "insulin"), ("gout", "asthma", "anaemia", "migraine")


def note(number: int) -> Example:
    drug, ill, caused = DRUGS[number % 4], ILLS[number // 4 % 4], number % 3 == 0
    text = f"{drug} {'caused' if caused else 'preceded'} {ill} in patient {number}."
    found: list[Mention | Relation] = [
        Mention(0, len(drug), drug, f"D:{drug}", kind="Drug"),
        Mention(text.index(ill), text.index(ill) + len(ill), ill, f"I:{ill}", kind="Disease"),
    ]
    found += [Relation(f"D:{drug}", "biolink:causes", f"I:{ill}", ORIGIN)] if caused else []
    return Example(str(number), Question(context=(text,)), Answer(found=tuple(found)))


def pair(number: int) -> Example:
    """Whether the second text follows from the first, and how alike both are."""
    drug, same = DRUGS[number % 4], number % 2 == 0
    texts = (f"{drug} was given", "yes it was" if same else "no never")
    answer = Answer(choice="entailed" if same else "contradicted", fields=(("score", "4.0" if same else "1.0"),))
    return Example(str(number), Question(context=texts), answer)


def asked(number: int) -> Example:
    text = f"The dose was {number + 11} mg a day."
    answer = f"{number + 11} mg"
    return Example(str(number), Question("What dose?", context=(text,)), Answer(answer if number % 4 else ""))


NOTES, PAIRS, ASKED = ([make(number) for number in range(24)] for make in (note, pair, asked))
TEXTS = [text for each in (*NOTES, *PAIRS, *ASKED) for text in (each.question.text, *each.question.context)]


def bert() -> kits.Kit:
    return kits.tiny("bert", TEXTS, width=32, vocabulary=320)


def theirs(name: str, head: Head, **settings: object) -> object:
    """Their network with the weights of ours."""
    config = head.config.__class__(**{**head.config.to_dict(), **settings})
    model = getattr(transformers, f"BertFor{name}")(config)
    model.bert.load_state_dict(head.network.trunk.state_dict(), strict=False)
    if head.network.pooler is not None:
        model.bert.pooler.dense.load_state_dict(head.network.pooler.state_dict())
    getattr(model, "classifier", getattr(model, "qa_outputs", None)).load_state_dict(head.network.scores.state_dict())
    return model.eval()


@pytest.mark.parametrize(
    ("kind", "name", "gold"),
    [
        ("classes", "SequenceClassification", torch.tensor([0, 2, 1])),
        ("score", "SequenceClassification", torch.tensor([0.5, 4.0, 2.5])),
        ("span", "QuestionAnswering", torch.tensor([[1, 3], [0, 0], [2, 2]])),
        ("entities", "TokenClassification", torch.tensor([[-100, 1, 2, 0], [-100, 0, -100, 1], [0, 1, 2, -100]])),
    ],
)
def test_each_loss_is_that_of_transformers(kind: str, name: str, gold: torch.Tensor) -> None:
    head = headed(bert(), kind, ["a", "b", "c"])
    torch.nn.init.normal_(head.network.scores.weight)
    head.network.eval()
    rows = [head.laid("aspirin was", "given"), head.laid("no"), head.laid("gout", "asthma it is")]
    if kind == "entities":
        rows = [replace(row, ids=row.ids[:4], types=(0,) * 4) for row in (head.laid("patient number ten"),) * 3]
    batch = head.tensors(rows)
    settings = {"num_labels": {"score": 1, "span": 2}.get(kind, 3)}
    more = {"start_positions": gold[:, 0], "end_positions": gold[:, 1]} if kind == "span" else {"labels": gold}
    with torch.no_grad():
        expected = theirs(name, head, **settings)(**batch, **more).loss  # type: ignore[operator]
        assert float(head_loss(head.network(**batch), gold, kind)) == pytest.approx(float(expected), abs=1e-5)


def learnt(task: str, examples: list[Example], **course: float | str) -> kits.Kit:
    return heads(bert(), examples, task=task, **{"steps": 60, "rate": 5e-3, "batch": 12, "longest": 64, **course})


@pytest.fixture(scope="module")
def entities() -> kits.Kit:
    return learnt("entities", NOTES, steps=40)


def test_entities_stand_where_they_were_taught(entities: kits.Kit, tmp_path: Path) -> None:
    kits.save(entities, tmp_path)
    again = kinds.load(tmp_path).model
    hits = 0
    for example in NOTES:
        found = entities.model(example.question).found
        assert found == again(example.question).found
        gold = {(each.start, each.end, each.kind) for each in example.answer.found if isinstance(each, Mention)}
        hits += {(each.start, each.end, each.kind) for each in found} == gold
    assert hits > 0.9 * len(NOTES)


@pytest.mark.slow
def test_relations_are_read_between_marked_mentions() -> None:
    tuned = learnt("relations", NOTES)
    assert tuned.model.about["pairs"] == [["Drug", "Disease"]]
    assert tuned.model.about["labels"] == ["none", "biolink:causes"]
    hits = 0
    for example in NOTES:
        mentions = [each for each in example.answer.found if isinstance(each, Mention)]
        gold = {(each.subject, each.object) for each in example.answer.found if isinstance(each, Relation)}
        said = tuned.model.related(example.question.context[0], mentions)
        hits += {(each.subject, each.object) for each in said} == gold
        assert all(each.origin.reliability == "extracted" for each in said)
    assert hits > 0.9 * len(NOTES)


@pytest.mark.slow
def test_texts_are_classed_rated_and_searched() -> None:
    inferred = learnt("classes", PAIRS, steps=40)
    assert inferred.model.about["labels"] == ["contradicted", "entailed"]
    assert sum(inferred.model(each.question).choice == each.answer.choice for each in PAIRS) > 21
    rated = learnt("similarity", PAIRS, steps=70, schedule="constant")
    wrong = [
        abs(float(dict(rated.model(p.question).fields)["score"]) - float(dict(p.answer.fields)["score"])) for p in PAIRS
    ]
    assert sum(wrong) / len(wrong) < 0.5  # a mean of all would be 1.5 off
    found = learnt("span", [each for each in ASKED if each.answer.text], steps=60)
    answers = [(found.model(each.question), each.answer.text) for each in ASKED if each.answer.text]
    assert sum(given.text == gold for given, gold in answers) > 0.8 * len(answers)
    for given, _ in answers:
        for each in given.found:
            assert isinstance(each, Mention) and given.text == each.text


def test_what_stands_nowhere_is_taught_as_no_answer() -> None:
    from probatum.stages.heads import _answered

    head = headed(bert(), "span", longest=64)
    (none,), (some,) = (list(_answered(head, each)) for each in ASKED[:2])
    assert none.gold == (0, 0)
    start, end = (some.row.spans[place] for place in some.gold)
    assert ASKED[1].question.context[0][start[0] : end[1]].strip() == "12 mg"


def test_marks_name_the_kinds_and_a_long_text_is_cut_around_them() -> None:
    head = headed(bert(), "classes", ["none"], longest=64)
    example = NOTES[0]
    drug, ill = (each for each in example.answer.found if isinstance(each, Mention))
    assert head.marked(example.question.context[0], drug, ill).startswith(
        "@ * Drug * aspirin @ caused # ^ Disease ^ gout #"
    )
    long = "x " * 400 + example.question.context[0] + " y" * 400
    far = [replace(each, start=each.start + 800, end=each.end + 800) for each in (drug, ill)]
    cut = head.marked(long, *far)
    assert "@ * Drug * aspirin @" in cut and "# ^ Disease ^ gout #" in cut and len(cut) < 200


def test_what_does_not_go_together_is_said() -> None:
    with pytest.raises(BadPlan, match="task = 'poems'"):
        heads(made(), PAIRS, task="poems")
    with pytest.raises(BadPlan, match="no number"):
        heads(bert(), [replace(PAIRS[0], answer=Answer(choice="alike"))], task="similarity")
