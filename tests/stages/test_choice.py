"""Exams as a choice: the loss is transformers' own, the order of options says nothing, a saved head answers exams."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest
import torch
import transformers
from training_samples import made

from probatum.errors import BadFormat, BadPlan, ModelFailed, NeedsFile
from probatum.models.local import answering, local
from probatum.networks import heads
from probatum.networks import kit as kits
from probatum.networks.heads import Head, choices_of, headed
from probatum.stages.choice import Choice, choice, choice_loss, references
from probatum.types import Answer, Example, Question, Request

RIGHT, WRONG = ("water", "rest", "sleep"), ("fire", "poison", "much more fire", "long poisonous nights")


def exam(number: int) -> Example:
    """What does no harm is right, wherever it stands and however long the others are."""
    texts = [WRONG[(number + step) % 4] for step in range(3)]
    right = number * 7 % 4
    texts.insert(right, RIGHT[number % 3])
    question = Question(f"What helps patient {number}?", tuple(zip("ABCD", texts, strict=True)))
    return Example(str(number), question, Answer(choice="ABCD"[right]), groups=(f"g{number}",))


EXAMS = [exam(number) for number in range(48)]


def bert(**shape: int) -> kits.Kit:
    texts = [" ".join([each.question.text, *(text for _, text in each.question.options)]) for each in EXAMS]
    return kits.tiny("bert", texts, width=32, vocabulary=320, **shape)


def batch_of(head: Head, examples: list[Example]) -> dict[str, object]:
    items = [
        Choice(tuple(head.laid(*pair) for pair in choices_of(each.question)), "ABCDE".index(each.answer.choice))
        for each in examples
    ]
    told = head.tensors([row for item in items for row in item.rows])
    numbers = torch.tensor([len(item.rows) for item in items])
    return {**told, "numbers": numbers, "right": torch.tensor([item.right for item in items])}


@pytest.mark.parametrize("family", ["Bert", "Roberta", "Ernie"])
def test_the_loss_is_that_of_transformers(family: str) -> None:
    kit = kits.tiny(family.lower(), [each.question.text for each in EXAMS], width=32, vocabulary=300)
    head = headed(kit, "choice")
    torch.nn.init.normal_(head.network.scores.weight)  # scores far enough apart to tell
    theirs = getattr(transformers, f"{family}ForMultipleChoice")(kit.model.config)
    trunk = getattr(theirs, theirs.base_model_prefix)
    trunk.load_state_dict(head.network.trunk.state_dict(), strict=False)
    trunk.pooler.dense.load_state_dict(head.network.pooler.state_dict())
    theirs.classifier.load_state_dict(head.network.scores.state_dict())
    theirs.eval()
    head.network.eval()
    batch = batch_of(head, EXAMS[:5])
    shaped = {name: batch[name].view(5, 4, -1) for name in ("input_ids", "attention_mask", "token_type_ids")}
    if family == "Roberta":  # it knows one type of token
        shaped.pop("token_type_ids")
    with torch.no_grad():
        expected = theirs(**shaped, labels=batch["right"])
        assert abs(float(choice_loss(head.network, batch)) - float(expected.loss)) < 1e-5
    assert list(head.logs(EXAMS[0].question)) == pytest.approx(expected.logits[0].log_softmax(0).tolist(), abs=1e-5)


def test_rows_are_laid_as_berts_own_tokenizer_lays_pairs(tmp_path: Path) -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "which", "drug", "was", "it", "aspirin", "?"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = transformers.BertTokenizer(str(tmp_path / "vocab.txt"))
    theirs = tokenizer("which drug was it?", "aspirin")
    ours = heads.laid(tokenizer, "which drug was it?", "aspirin", 32)
    assert (list(ours.ids), list(ours.types)) == (theirs["input_ids"], theirs["token_type_ids"])
    cut = heads.laid(tokenizer, "which drug was it?", "aspirin", 6)
    assert len(cut.ids) == 6 and cut.ids[-2] == tokenizer.convert_tokens_to_ids("aspirin")
    assert ours.spans[-2] == (0, len("aspirin"))


def test_questions_with_fewer_options_stand_beside_others() -> None:
    head = headed(bert(), "choice")
    head.network.eval()
    short = replace(EXAMS[1], question=replace(EXAMS[1].question, options=EXAMS[1].question.options[:2]))
    short = replace(short, answer=Answer(choice="B"))
    with torch.no_grad():
        both = float(choice_loss(head.network, batch_of(head, [EXAMS[0], short])))
        alone = [float(choice_loss(head.network, batch_of(head, [each]))) for each in (EXAMS[0], short)]
    assert both == pytest.approx(sum(alone) / 2, abs=1e-5)
    with torch.no_grad():
        head.network.scores.weight.zero_()  # all options alike: the loss of a draw
        assert float(choice_loss(head.network, batch_of(head, [short]))) == pytest.approx(log(2), abs=1e-6)


@pytest.fixture(scope="module")
def taught() -> kits.Kit:
    return choice(bert(), EXAMS, steps=30, rate=5e-3, batch=12, held_out=0.25, longest=32)


def test_what_was_learnt_beats_chance_and_the_longest_option(taught: kits.Kit) -> None:
    told = taught.courses[-1].course
    assert told["chance"] == 0.25 and told["measured_on"] == "held-out"
    assert told["accuracy"] > max(told["chance"], told["longest_option"]) + 0.3
    assert taught.courses[-1].losses[0] == pytest.approx(log(4), abs=0.1) and taught.history == ("choice",)


def test_the_order_of_options_says_nothing(taught: kits.Kit) -> None:
    for example in EXAMS[:12]:
        options = example.question.options
        turned = tuple((letter, text) for letter, (_, text) in zip("ABCD", reversed(options), strict=True))
        asked = replace(example.question, options=turned)
        first = dict(options)[taught.model(example.question).choice]
        assert dict(turned)[taught.model(asked).choice] == first
        assert list(taught.model.logs(asked))[::-1] == pytest.approx(taught.model.logs(example.question), abs=1e-5)


def test_a_saved_head_answers_exams_as_a_model(taught: kits.Kit, tmp_path: Path) -> None:
    kits.save(taught, tmp_path)
    model = local(model=str(tmp_path))
    for example in EXAMS[:8]:
        chosen = taught.model(example.question)
        said = model(Request((("user", "Which?"),), example.question))
        assert said.text == f"The answer is {chosen.choice}."
        weighed = model(Request((), example.question, choices=("A", "B", "C", "D")))
        assert weighed.text == chosen.choice
        assert list(weighed.chances) == pytest.approx(list(taught.model.logs(example.question)), abs=1e-5)
    with pytest.raises(ModelFailed, match="options"):
        model(Request((("user", "Hello"),), Question("Hello")))
    (tmp_path / "head.safetensors").unlink()
    with pytest.raises(NeedsFile):
        heads.load(tmp_path)
    kits.save(taught, tmp_path)
    (tmp_path / "head.json").write_text("{}")
    with pytest.raises(BadFormat):
        heads.load(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["gpt2", "t5"])
def test_other_trunks_score_options_too(family: str) -> None:
    kit = kits.tiny(family, [each.question.text for each in EXAMS], width=32, vocabulary=300)
    tuned = choice(kit, EXAMS[:12], steps=25, rate=1e-2, batch=12, longest=48)
    assert sum(tuned.courses[-1].losses[-3:]) < sum(tuned.courses[-1].losses[:3])


def test_letters_are_weighed_as_their_log_likelihood_behind_the_prompt() -> None:
    kit = made()
    chances = answering(kit)(Request((("user", "Which?"),), choices=("A", "B", "no such word"))).chances
    head = [kit.tokenizer.bos_token_id, *kit.tokenizer("<|patient|>Which?<|doctor|>")["input_ids"]]
    for letter, chance in zip(("A", "B", "no such word"), chances, strict=True):
        said = kit.tokenizer(letter, add_special_tokens=False)["input_ids"]
        ids = torch.tensor([[*head, *said]])
        labels = ids.clone()
        labels[:, : len(head)] = -100
        with torch.no_grad():
            loss = kit.model(input_ids=ids, labels=labels).loss  # transformers' own mean over the letter's tokens
        assert chance == pytest.approx(-float(loss) * len(said), abs=1e-4)


def test_references_and_what_cannot_be_learnt_from() -> None:
    first = Example("1", Question("?", (("A", "short"), ("B", "much longer"))), Answer(choice="B"))
    second = Example("2", Question("?", (("A", "long"), ("B", "b"), ("C", "c"), ("D", "d"))), Answer(choice="D"))
    assert references([first, second]) == {"chance": 0.375, "longest_option": 0.5}
    with pytest.raises(BadPlan, match="one right answer"):
        choice(bert(), [replace(second, answer=Answer(choice="AD"))])
    with pytest.raises(BadPlan, match="no head"):
        headed(bert(), "oracle")
