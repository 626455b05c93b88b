"""Extraction from end to end: a corpus, a model trained on it by one command, its marks scored by one command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_extraction import test_500_random_items_as_seqeval as strict_f1_as_seqeval

from probatum import cli
from probatum.errors import ReplyUnusable
from probatum.metrics.structures import structures
from probatum.naming import card_of, find
from probatum.networks import kit as kits
from probatum.networks.sel import Schema, read, written
from probatum.networks.structures import Structurer, marked
from probatum.stages.generative import generative
from probatum.store.writer import write
from probatum.types import Answer, Concept, Example, Fact, Mention, Name, Origin, Question, Relation, Release

HERE = Origin("own", "1", "x")
NAMES = {"MESH:D008094": ("lithium", "ChemicalEntity"), "MESH:D005839": ("gentamicin", "ChemicalEntity"),
         "MESH:D014202": ("tremor", "Disease"), "MESH:D007674": ("nephrotoxicity", "Disease")}  # fmt: skip
# row of the survey: (file of the corpus, its loader and benchmark, language)
CORPORA = {
    "task:ie": ("bc5cdr.BioC.xml", "bc5cdr", "en"),
    "task:concept_extraction": ("ccks_2019.jsonl", "ccks_2019", "zh"),
    "task:cap_ie": ("chimst", "chimst", "zh"),
}
LEARNT = ("steps=60", "rate=2e-2", "batch=12", "width=32", "held_out=0")


def called(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """What one command prints, run in this process."""
    before, sys.argv = sys.argv, ["probatum", *map(str, words)]
    capsys.readouterr()
    try:
        cli.main()
    except SystemExit as end:
        assert not end.code, words
    finally:
        sys.argv = before
    return capsys.readouterr().out


def facts() -> Iterator[Fact]:
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    for id_, (name, kind) in NAMES.items():
        yield Concept(id_, name, kind, Origin("own", "1", id_), (Name(name.title(), scope="exact"),))


def trained(
    task: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[Path, dict[str, dict[str, float]]]:
    """The folder of the tagger that one command trained, and what the next one measured on the same sample."""
    file, name, language = CORPORA[task]
    write(tmp_path / "kb", facts())
    kb, sample, run = ("--kb", tmp_path / "kb"), tiny / "datasets" / file, tmp_path / "run"
    settings = [word for each in (*LEARNT, f"language={language}") for word in ("--set", each)]
    data = ("--data", f"corpus={name}:{sample}")
    if card_of(find("datasets", name)).gated:  # the sample is our own writing, its terms are those of the real set
        called(capsys, *kb, "kb", "accept", name, "--by", "a test")
    called(capsys, *kb, "train", "bilstm_crf", "--anchor", "tiny", *data, *settings, "--out", run)
    (line,) = (json.loads(each) for each in (run / "runs.jsonl").read_text(encoding="utf-8").splitlines())
    assert line["examples"] and 0 < line["losses"][-1] < line["losses"][0] / 4
    model = run / "1-tag" / "model"
    asked = ("--method", "tagger", "--set", f"trained={model}", "--json")
    told = json.loads(called(capsys, *kb, "evaluate", name, "--data", sample, *asked))
    assert told["counts"]["items"] == line["examples"]
    return model, told["scores"]


@pytest.mark.slow
def test_labels_are_learnt_scored_as_seqeval_does_and_lead_to_proposals(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """BIOES, BiLSTM and field on a processor; strict F1 is seqeval's; its mentions become relations under review."""
    model, scores = trained("task:ie", tiny, tmp_path, capsys)
    about = json.loads((model / "about.json").read_text(encoding="utf-8"))
    assert about["body"] == "lstm" and {"O", "B-Disease", "I-Disease", "E-Disease", "S-Disease"} <= set(about["labels"])
    assert scores["mention_f1"]["value"] > 0.8  # of what it was trained on: that the marks arrive, not how good it is
    assert scores["concept_f1"]["value"] > 0  # named by the store
    strict_f1_as_seqeval()
    texts = tmp_path / "texts.tsv"
    texts.write_text("PMID:1\tLithium caused tremor in two patients.\nPMID:2\tGentamicin-induced nephrotoxicity.\n")
    kb = ("--kb", tmp_path / "kb", "kb", "review")
    by = ("--annotator", "patterns", "--set", "mentions=tagger", "--set", f"model={model}")
    assert json.loads(called(capsys, *kb, "propose", texts, *by, "--json"))["new"] == 2
    waiting = [json.loads(each) for each in called(capsys, *kb, "list", "--json").splitlines()]
    said = {(each["reference"], each["relation"]["subject"], each["relation"]["object"]) for each in waiting}
    assert said == {("PMID:1", "MESH:D008094", "MESH:D014202"), ("PMID:2", "MESH:D005839", "MESH:D007674")}
    assert {each["relation"]["predicate"] for each in waiting} == {"biolink:causes"}


@pytest.mark.slow
@pytest.mark.parametrize("task", CORPORA)
def test_corpus_training_and_measure_by_one_command_each(
    task: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, scores = trained(task, tiny, tmp_path, capsys)
    score = scores["mention_f1"]
    assert score["n"] > 0 and score["low"] <= score["value"] <= score["high"] and score["value"] > 0.5


DRUGS, ILLS = ("aspirin", "metformin", "warfarin"), ("gout", "asthma", "anaemia")
SCHEMA = Schema(("Disease", "Drug", "Harm"), ("agent", "causes"), ("Harm",))


def note(number: int) -> Example:
    """A drug, an ill, the relation of the two, and the event that the verb stands for with its agent."""
    drug, ill = DRUGS[number % 3], ILLS[number // 3 % 3]
    text = f"{drug} caused {ill}."
    at = text.index("caused")
    found = (
        Mention(0, len(drug), drug, "", kind="Drug"),
        Mention(at, at + 6, "caused", "", kind="Harm"),
        Mention(at + 7, at + 7 + len(ill), ill, "", kind="Disease"),
        Relation(drug, "causes", ill, HERE, qualifiers=(("subject_type", "Drug"),)),
        Relation("caused", "agent", drug, HERE, qualifiers=(("subject_type", "Harm"),)),
    )
    return Example(str(number), Question(context=(text,)), Answer(found=found))


NOTES = [note(number) for number in range(9)]
HOSTILE = (
    "", "aspirin", "<extra_id_0>", "<extra_id_1><extra_id_1>", "<extra_id_0><extra_id_0> Drug<extra_id_5> aspirin",
    "<extra_id_0><extra_id_0> Poison<extra_id_5> aspirin<extra_id_1><extra_id_1>",
    "<extra_id_0>" * 5 + " Drug" + "<extra_id_1>" * 5, "<extra_id_6>", "{\"entities\": []}",
)  # fmt: skip


class Says(Structurer):
    """A model that writes whatever the test lays into its mouth."""

    def line(self, text: str) -> str:
        return text


def test_what_does_not_read_is_rejected() -> None:
    reader = Says(kits.tiny("llama", ["a"], width=16), SCHEMA)
    for line in HOSTILE:
        assert read(line, SCHEMA).faults, line
        with pytest.raises(ReplyUnusable, match="does not read"):
            reader(line)
    assert reader(written([])) == []  # nothing found is a line too


@pytest.mark.slow
def test_structures_by_schema_read_or_are_rejected_and_are_scored() -> None:
    """Every line of a trained and of an untrained model reads; F1 of entities, relations and events is reported."""
    texts = [each.question.context[0] for each in NOTES]
    kit = marked(kits.tiny("llama", [*texts, "Drug Disease Harm causes agent"], width=32, vocabulary=330))
    untrained = Structurer(kit, SCHEMA, longest=24)
    assert not any(untrained.read(text).faults for text in ("头痛 kam 🙂.", texts[0]))
    test_what_does_not_read_is_rejected()
    made = generative(kit, NOTES, schema=SCHEMA, steps=70, rate=8e-3, batch=9, longest=96)
    reader = Structurer(made, SCHEMA, longest=64)
    scores = structures([(each.answer, Answer(found=tuple(reader(each.question.context[0])))) for each in NOTES[::2]],
                        events=SCHEMA.events)  # fmt: skip
    told = {name: scores[f"{name}_f1"] for name in ("entity", "relation", "trigger", "argument")}
    assert all(score.n == 5 and not score.unparsed for score in told.values())
    assert told["entity"].value > 0.5 and told["trigger"].value > 0.5 and told["relation"].value > 0
    assert told["argument"].value > 0
