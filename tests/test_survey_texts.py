"""One test for each row of text sets of the survey that is said to work: it asserts what working means."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_desks import desk_with
from small_store import small_store

from probatum import plans, verbs
from probatum.datasets.gap_replay import PARTS, REPLAY
from probatum.formats.example_files import conversation
from probatum.formats.shards import write_shards
from probatum.formats.stage_files import write_stage
from probatum.makers.self_instruct import self_instruct
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.networks.rendering import IGNORED, encoded, template_of
from probatum.plans.recipes import recipe
from probatum.preparing.cleaning import cleaned
from probatum.preparing.mixing import mixture
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Example, Passage, Question, Request


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("texts")) as store:
        yield store


def read(tiny: Path, name: str, *given: Any) -> list[Example]:
    return list(find("datasets", name)(tiny / "datasets" / name, *given))


class Characters:
    """A tokenizer whose tokens are the characters of a text."""

    bos_token_id = None

    def __call__(self, text: str, **_: object) -> dict[str, list[int]]:
        return {"input_ids": [ord(character) for character in text]}


ENGLISH = {  # a measure of each member
    **dict.fromkeys(("medqa", "medmcqa", "pubmedqa", "mmlu", "bioasq"), "accuracy"),
    **dict.fromkeys(("liveqa", "medicationqa"), "rouge-L"),
    "healthsearchqa": "claims_supported",
    "liveqa_medquad": "ndcg@10",
}


@pytest.mark.slow
def test_english_question_sets(tiny: Path, tmp_path: Path) -> None:
    """Each layout loads; the suite runner reports a metric per member; MedQuAD's CUIs link to UMLS."""
    for source in ("medquad", "umls"):
        write(tmp_path / "kb", find("sources", source)(tiny / "sources" / source))
    model = scripted(says=lambda _: "A")
    with Store(tmp_path / "kb") as store:
        runs, absent = verbs.evaluate_all(store, "english_qa", tiny / "datasets", model=model, writer="a")
        assert not absent and {run.plan: set(run.scores) & {ENGLISH[run.plan]} for run in runs} == {
            name: {measure} for name, measure in ENGLISH.items()
        }
        (tmp_path / "own.csv").write_text("id,question\n1,What is Gaucher disease?\n")
        held = verbs.evaluate(store, "healthsearchqa", tmp_path / "own.csv").scores["claims_supported"]
        assert held.n >= 1 and held.value == 1.0  # the samples' own questions name nothing that the store knows
        assert set(plans.benchmark("multimedqa").members) == set(ENGLISH) - {"bioasq", "liveqa_medquad"}
        for run in runs:
            score = run.scores[ENGLISH[run.plan]]
            assert (score.n or run.plan == "healthsearchqa") and score.low is not None and score.high is not None
            assert 0 <= score.low <= score.value <= score.high <= 1
        (page,) = {each.about for each in store.passages() if each.id.startswith("GARD_0002396")}
        assert page == ("UMLS:C0017205",)
        assert {"SNOMEDCT:190794006", "MESH:D005776", "OMIM:230800"} <= set(store.same(page[0]))
        assert {each.origin.source for each in store.relations("UMLS:C0017205")} == {"umls"}


DIALOGUES = {  # the label that says who answers, where the layout tells it
    "meddialog": "department",
    "meddialog_cn": "department",
    "cmd": "department",
    "healthcaremagic_100k": "",
    "icliniq_10k": "",
    "genmedgpt_5k": "",
    "hybrid_sft": "",
    "bianque_corpus": "",
    "disc_med_sft": "",
    "huatuo_dialogue_220k": "",
}
SEVERAL = {"meddialog", "meddialog_cn", "hybrid_sft", "bianque_corpus", "disc_med_sft", "huatuo_dialogue_220k"}


@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogue_sets(name: str, tiny: Path) -> None:
    """Turn-level schema; roles, department, specialty kept; export to SFT with loss on doctor turns."""
    found = read(tiny, name)
    assert any(each.question.turns for each in found) == (name in SEVERAL)
    assert not DIALOGUES[name] or any(dict(each.labels).get(DIALOGUES[name]) for each in found)
    assert name != "cmd" or {dict(each.labels)["specialty"] for each in found} == {"内科"}
    for each in found:
        assert {role for role, _ in each.question.turns} <= {"patient", "doctor"}
        told = conversation(each)
        assert told and told["conversations"][-1] == {"from": "gpt", "value": each.answer.text}
        assert [turn["from"] for turn in told["conversations"]] == ["human", "gpt"] * (len(told["conversations"]) // 2)
        made = encoded(each, Characters(), template_of("roles"), longest=10_000)
        learnt = "".join(chr(label) for label in made.labels if label != IGNORED)
        end = template_of("roles").end
        doctor = [text for role, text in each.question.turns if role == "doctor"]
        assert learnt == "".join(f"{text}{end}" for text in (*doctor, each.answer.text))
        assert len(made.ids) == len(made.labels) > len(learnt)


def test_instruction_and_preference_sets(tiny: Path, small: Store) -> None:
    """Alpaca/ShareGPT/reward JSON load; generator pipeline adds, filters, deduplicates; reliability tag."""
    for name in ("alpaca_instructions", "huatuo_instructions", "chatmed_consult_dataset", "medc_i"):
        found = read(tiny, name)
        assert len(found) == 3 and all(each.question.text and each.answer.text for each in found)
        assert {each.origin.reliability for each in found if each.origin} == {"generated"}
    *_, shared = read(tiny, "self_instruct")
    assert shared.question.turns and (shared.question.text, shared.answer.text) == ("Very.", "Take it off.")
    assert len(read(tiny, "shibing624_medical")) == 3
    rewards = read(tiny, "shibing624_medical", "reward")
    assert all(each.rejected[0].text not in {"", each.answer.text} for each in rewards) and len(rewards) == 3
    good = {"question": "Which eyes has Marfan syndrome?", "answer": "Ectopia lentis is seen."}
    odd = {"question": "What is Marfan syndrome?", "answer": "A kind of hair."}

    def says(request: Request) -> str:
        return json.dumps({"items": [good, good, odd] if "Marfan" in request.messages[1][1] else []})

    counts = Counter[str]()
    (made,) = self_instruct(desk_with(small, scripted(says=says)), counts=counts)
    assert counts == {"kept": 1, "alike": 1, "unsupported": 1}
    assert made.origin and made.origin.reliability == "generated" and made.question.text == good["question"]


CHIMED = {  # of which of the four types a member is; its records to read, its conversations, its preferences
    "huatuo_26m": ("", "QA", 4, 3, 0),
    "medqa_textbooks": ("", "text", 4, 0, 0),
    "chimed_cpt": ("", "text", 4, 0, 0),
    "cpubmed_kg": ("", "KG", 3, 0, 0),
    "xywy_kg": ("", "KG", 3, 0, 0),
    "health39_kg": ("", "KG", 3, 0, 0),
    "medical_dialogue_system": ("", "dialogue", 3, 3, 0),
    "chimed": ("sft", "QA", 3, 3, 0),
    "chimed/dpo": ("dpo", "QA", 2, 2, 2),
}


@pytest.mark.parametrize("member", CHIMED)
def test_chimed_and_its_members(member: str, tiny: Path, tmp_path: Path) -> None:
    """Each of four part types converts to CPT/SFT/DPO records; KG triples verbalised; counts asserted."""
    part, kind, *wanted = CHIMED[member]
    found = read(tiny, member.partition("/")[0], *([part] if part else []))
    counted = [write_stage(found, stage, tmp_path / f"{stage}.jsonl") for stage in ("cpt", "sft", "dpo")]
    assert counted == wanted and {each[1] for each in CHIMED.values()} == {"QA", "text", "KG", "dialogue"}
    if kind == "KG":
        triples = sum(int(dict(each.labels)["triples"]) for each in found)
        sentences = [each for one in found for each in one.answer.text.split("。") if "的" in each and "是" in each]
        assert len(sentences) == triples == {"cpubmed_kg": 4, "xywy_kg": 6, "health39_kg": 4}[member]


LITERATURE = {  # documents and tokens of the shards, counted by hand
    "pubmed": ("", 3, 18),
    "the_pile": ("", 6, 30),
    "the_pile/PubMed Abstracts": ("PubMed Abstracts", 2, 10),
    "pile_pubmed_central": ("", 3, 16),
    "pile_pubmed_abstracts": ("", 2, 10),
    "s2orc": ("", 3, 21),
    "wikipedia_bookcorpus": ("", 3, 20),
}


@pytest.mark.parametrize("corpus", LITERATURE)
def test_literature_and_general_corpora(corpus: str, tiny: Path, tmp_path: Path) -> None:
    """Official-layout samples become deduplicated training shards; subset filter and token counts match hand count."""
    part, documents, tokens = LITERATURE[corpus]
    found = read(tiny, corpus.partition("/")[0], *([part] if part else []))
    kept, report = cleaned(found)
    shards = write_shards(kept, tmp_path, most=2)
    assert (sum(each.documents for each in shards), sum(each.tokens for each in shards)) == (documents, tokens)
    assert len(shards) == -(-documents // 2) and len(found) - len(kept) == (
        "pile" in corpus and "central" not in corpus
    )
    lines = [json.loads(row) for each in shards for row in (tmp_path / each.name).read_text("utf-8").splitlines()]
    assert len({row["text"] for row in lines}) == documents and {row["source"] for row in lines} == {
        corpus.partition("/")[0]
    }
    if part or corpus.startswith("pile_"):
        assert len({dict(each.labels)["set"] for each in found}) == 1
    assert [*report.dropped] == ["equal to an earlier one"] * (len(found) - len(kept))


def test_gap_replay(tiny: Path, tmp_path: Path) -> None:
    """Mixture recipe builds four parts with 1% replay; proportions tested; guidelines citable in RAG."""
    parts = {part: read(tiny, "gap_replay", part) for part in PARTS}
    assert {part: len(found) for part, found in parts.items()} == dict(zip(PARTS, (3, 3, 3, 2), strict=True))
    whole = read(tiny, "gap_replay")
    assert len({each.id for each in whole}) == 11 and dict(whole[0].labels)["part"] == "guidelines"
    wanted = {"guidelines": 0.09, "abstracts": 0.3, "papers": 0.6, "replay": REPLAY}
    mixed = [dict(each.labels)["part"] for each in mixture(parts, wanted, 1_000)]
    assert Counter(mixed) == {"guidelines": 90, "abstracts": 300, "papers": 600, "replay": 10}
    assert [mixed[at : at + 100].count("replay") for at in range(0, 1_000, 100)] == [1] * 10
    made = recipe("meditron")
    assert {each.name for each in made.data} >= set(PARTS)
    write(tmp_path / "kb", find("sources", "clinical_guidelines")(tiny / "sources/clinical_guidelines"))
    with Store(tmp_path / "kb") as store:
        answer = find("methods", "rag")(Question("Care of the invented thumb"), desk_with(store))
    (first, *_) = answer.evidence
    assert "[1]" in answer.text and "Rest the invented thumb for a week" in answer.text
    assert first.origin.source == "clinical_guidelines" and first.origin.at == "GUIDELINE:own1#1"
    assert isinstance(first.fact, Passage) and dict(first.fact.qualifiers)["url"] == "https://example.org/thumb"
