"""One test for each training or model row of the survey that is said to work: it asserts what working means for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from model_server import Server, whole

import probatum
from probatum.models.openai import openai
from probatum.models.scripted import scripted
from probatum.naming import card_of, find
from probatum.networks import kit as kits
from probatum.networks.adapters import adapted, merged, trainable
from probatum.plans.recipes import recipe
from probatum.store import consent
from probatum.store.reader import Store
from probatum.types import Question, Request
from probatum.verbs import ask, lay

EXAM = Question("Burning feet: which disease is it?", (("A", "Pompe disease"), ("B", "Fabry disease")))


def _writes(request: Request) -> str:
    """What one and the same model says, whichever method asks."""
    if request.schema:
        return json.dumps({"terms": ["burning feet"]})
    if request.evidence:
        return "Fabry disease has burning feet [1].\nThe answer is B."
    return "Feet burn in storage diseases. The answer is B."


def test_prompt_and_retrieval_models_answer_offline_by_one_interface(tiny: Path, tmp_path: Path) -> None:
    """Retrieval (ChatDoctor), refinement (Med-PaLM 2), prompts alone (OpenMedLM), calls (Graph-ToolFormer): sources."""
    source = "chatdoctor_diseases"
    consent.accept(tmp_path / "kb", source, card_of(find("sources", source)), "A clinic")
    probatum.ingest(tmp_path / "kb", source, tiny / "sources" / source)
    with Store(tmp_path / "kb") as store:

        def told(question: Question, method: str, **settings: object) -> probatum.Answer:
            model = scripted(says=_writes)
            desk = lay(store)
            given = type(desk)(**{**{name: getattr(desk, name) for name in desk.__slots__}, "model": model})
            answer = ask(store, question, method, desk=given, **settings)  # type: ignore[arg-type]
            assert model.asked or method == "graph-toolformer", method
            return answer

        retrieved = told(EXAM, "disease-table")
        assert retrieved.choice == "B" and {each.origin.source for each in retrieved.evidence} == {source}
        assert re.search(r"\[1\]", retrieved.text)
        refined = told(EXAM, "ensemble-refinement", samples=2, refinements=3)
        prompted = told(EXAM, "self-consistency", samples=3)
        for answer in (refined, prompted):
            basis = next(step.said for step in answer.trace if step.what == "basis")
            assert answer.choice == "B" and basis and not answer.evidence  # it says that no source stands behind it
        called = told(Question("What is the degree of Fabry disease?"), "graph-toolformer")
        assert float(dict(called.fields)["result"]) > 0
        assert f'GL("store", {{"{source}:' in called.text  # the answer shows the nodes of which source it counts


# Backbones whose weights can be loaded: their architecture here, and the layers that adapters of the recipes change.
OPEN: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "bb_gpt2": ("biomedlm", "gpt2", ("c_attn",)),
    "bb_glm": ("doctorglm", "glm", ("q_proj", "v_proj")),
    "bb_llama": ("bentsao", "llama", ("q_proj", "v_proj")),
    "bb_alpaca": ("chatdoctor", "llama", ("q_proj", "v_proj")),
    "bb_bloom": ("pulse", "bloom", ("query_key_value",)),
    "bb_baichuan": ("qilin_med", "llama", ("q_proj", "v_proj")),
    "bb_internlm": ("sunsimiao", "qwen2", ("q_proj", "v_proj")),
    "bb_chinese_llama": ("chatmed_consult", "llama", ("q_proj", "v_proj")),
    "bb_cama": ("qizhengpt", "llama", ("q_proj", "v_proj")),
    "bb_ziya": ("medicalgpt", "llama", ("q_proj", "v_proj")),
    "bb_openchina_llama": ("chatmed_consult", "llama", ("q_proj", "v_proj")),
    "bb_bert": ("pubmedbert", "bert", ("query", "value")),
    "bb_qwen": ("sunsimiao", "qwen2", ("q_proj", "v_proj")),
}


@pytest.mark.parametrize("backbone", OPEN)
def test_a_backbone_has_its_tiny_equivalent_and_adapters(backbone: str, tmp_path: Path) -> None:
    """A recipe trains it; a random model of its architecture loads in the official layout, adapts and merges."""
    torch = pytest.importorskip("torch")
    name, family, targets = OPEN[backbone]
    made = recipe(name)
    assert made.family == family
    kits.save(kits.tiny(family, ["fever and cough"], width=32, vocabulary=300), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert config["model_type"] == family and list(tmp_path.glob("*.safetensors"))
    kit = kits.load(tmp_path)
    ids = kit.tokenizer("fever", return_tensors="pt")["input_ids"]
    with torch.no_grad():
        before = kit.model.eval()(input_ids=ids).logits
        fine = adapted(kit, {"kind": "lora", "rank": 2, "alpha": 4, "targets": list(targets)})
        free, every = trainable(fine)
        assert 0 < free < every
        assert torch.equal(fine.model.eval()(input_ids=ids).logits, before)  # an adapter begins as nothing
        assert (merged(fine).model.eval()(input_ids=ids).logits - before).abs().max() < 1e-5


@pytest.mark.parametrize("backbone", ["gpt-3", "gpt-3.5-turbo", "gpt-4", "palm", "palm-2"])
def test_closed_backbones_answer_through_a_server_alone(backbone: str, model_server: Server, tmp_path: Path) -> None:
    """There are no weights to load: the OpenAI-shaped client asks a server, here a mock on this machine."""
    body = {"choices": [{"message": {"content": "The answer is B."}, "finish_reason": "stop"}], "usage": None}
    model_server.handle = lambda handler, _: whole(handler, 200, body)
    reply = openai(url=model_server.url, model=backbone, seconds=5)(Request((("user", "Which?"),)))
    assert reply.text == "The answer is B." and model_server.asked[0]["model"] == backbone
