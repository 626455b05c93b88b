"""Generative extraction: an untrained model writes what can be read, a trained one what stands in the text."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.networks import kit as kits
from probatum.networks import structures
from probatum.networks.sel import Schema, read, schema_of, spots_of
from probatum.networks.structures import Grammar, Structurer, compact, marked, written_as
from probatum.stages.generative import generative, lined
from probatum.types import Answer, Example, Mention, Origin, Question, Relation

ORIGIN = Origin("samples", "1", "1", reliability="generated")
DRUGS, ILLS = ("aspirin", "metformin", "warfarin"), ("gout", "asthma", "anaemia")


def note(number: int) -> Example:
    drug, ill = DRUGS[number % 3], ILLS[number // 3 % 3]
    text = f"{drug} caused {ill} (bed {number})."
    at = text.index(ill)
    found = (
        Mention(0, len(drug), drug, f"D:{drug}", kind="Drug"),
        Mention(at, at + len(ill), ill, f"I:{ill}", kind="Disease"),
        Relation(f"D:{drug}", "causes", f"I:{ill}", ORIGIN),
    )
    return Example(str(number), Question(context=(text,)), Answer(found=found))


NOTES = [note(number) for number in range(27)]
TEXTS = [*(each.question.context[0] for each in NOTES), "Drug Disease causes"]
SCHEMA = Schema(("Disease", "Drug"), ("causes",))


def kit(family: str, seed: int = 0) -> kits.Kit:
    return marked(kits.tiny(family, TEXTS, width=32, vocabulary=330, seed=seed))


@pytest.mark.parametrize("family", ["t5", "llama"])
def test_what_an_untrained_model_writes_under_the_grammar_always_reads(family: str) -> None:
    parsed = 0
    for seed, text in enumerate((NOTES[4].question.context[0], "头痛 wurde übersehen 🙂.", "a")):
        model = kit(family, seed)
        told = Structurer(model, SCHEMA, longest=16 + 8 * seed).read(text)
        parsed += not told.faults
        for spot in told.spots:
            assert spot.kind in SCHEMA.spots and spot.span in text
            assert all(kind == "causes" and span in text for kind, span in spot.associations)
    assert parsed == 3
    assert Structurer(model, SCHEMA, longest=16, held=False).read("a").faults  # without the grammar it is noise


def test_drawn_at_random_every_line_reads_and_ends_in_time() -> None:
    """The grammar alone: whatever is chosen among what it allows, the line is whole within its length."""
    tokenizer = kit("llama").tokenizer
    draws = torch.Generator().manual_seed(0)
    deep = 0
    for longest in (3, 9, 14, 30, 60) * 6:
        grammar, said = Grammar(tokenizer, SCHEMA, "aspirin caused 头痛", longest), []
        while not said or said[-1] != grammar.end:
            allowed = grammar.allowed(said)
            said.append(allowed[int(torch.randint(len(allowed), (1,), generator=draws))])
        told = read(tokenizer.decode(said[:-1]), SCHEMA)
        assert not told.faults and len(said) <= longest, tokenizer.decode(said)
        deep += any(spot.associations for spot in told.spots)
    assert deep


def test_source_and_line_of_an_example() -> None:
    model = kit("llama")
    line = lined(model, NOTES[4], SCHEMA, 128)
    assert line is not None
    whole = model.tokenizer.decode(line.ids)
    learnt = model.tokenizer.decode([label for label in line.labels if label >= 0])
    assert whole.endswith(f"metformin caused asthma (bed 4).<extra_id_2>{learnt}")
    assert whole.startswith("<s><spot> Disease <spot> Drug <asoc> causes <extra_id_2> metformin")
    assert list(read(learnt.removesuffix("</s>")).spots) == spots_of(NOTES[4].answer.found)
    assert compact("<extra_id_0> a <extra_id_1>") == "<extra_id_0> a<extra_id_1>"
    assert lined(model, NOTES[4], SCHEMA, 20) is None and schema_of([NOTES[4].answer.found]) == SCHEMA
    assert [written_as(each) for each in ("Ġfever", "▁fever", "<0xE5>", "å")] == [
        b" fever",
        b" fever",
        b"\xe5",
        b"\xe5",
    ]


@pytest.mark.slow
def test_what_was_taught_is_found_in_other_texts_and_after_saving(tmp_path: Path) -> None:
    trained = generative(kit("llama"), NOTES, steps=80, rate=8e-3, batch=14, longest=96)
    reader = Structurer(trained, SCHEMA, longest=40)
    reader.save(tmp_path)
    again = structures.load(tmp_path)
    assert again.schema == SCHEMA
    right = 0
    for number in range(30, 38):
        example = note(number)
        text = example.question.context[0]
        found = reader(text)
        assert found == again(text)
        spans = {(each.start, each.end, each.kind) for each in found if isinstance(each, Mention)}
        right += spans == {(m.start, m.end, m.kind) for m in example.answer.found if isinstance(m, Mention)}
    assert right >= 5 and trained.history == ("generative",)


def test_a_folder_that_is_none_and_a_model_that_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        structures.load(tmp_path)
    (tmp_path / "schema.json").write_text("{}")
    with pytest.raises(BadFormat):
        structures.load(tmp_path)
    with pytest.raises(BadPlan, match="writes nothing"):
        generative(kits.tiny("bert", TEXTS, width=32), NOTES)
