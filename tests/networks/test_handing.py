"""A trained kit in a folder for others: the same answers, token for token, and words that each of them knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

import ctranslate2
import torch
import transformers
from training_samples import LORA, PAIRS, made

from probatum.errors import BadPlan
from probatum.models.local import answering, local
from probatum.networks.adapters import adapted
from probatum.networks.handing import handed, jinja
from probatum.networks.kit import Kit, load, save, tiny
from probatum.networks.rendering import TEMPLATES, Template, prompt, template_of
from probatum.stages.sft import sft
from probatum.types import Question, Request

SAID = ["What helps drug 3?", "What helps drug 11?", "fire"]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, an adapter of it that was taught by a template of its own, and both merged for others."""
    folder = tmp_path_factory.mktemp("taught")
    kit = made()
    save(kit, folder / "base")
    kit = sft(load(folder / "base"), PAIRS, adapter={**LORA, "rank": 8, "targets": "all-linear"}, longest=96, steps=40,
              batch=16, rate=2e-2, template="alpaca")  # fmt: skip
    save(kit, folder / "adapter")
    handed(load(folder / "adapter"), folder / "merged", template_of("alpaca"))
    return folder


def greedy(kit: Kit, ids: list[int], count: int) -> list[int]:
    with torch.no_grad():
        out = kit.model.eval().generate(
            input_ids=torch.tensor([ids]), max_new_tokens=count, min_new_tokens=count, do_sample=False
        )
    return list(out[0, len(ids) :].tolist())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "base"),
    [("llama", 1e4), ("llama", 20.0), ("mistral", 1e4), ("qwen2", 20.0), ("gpt2", 0.0), ("bloom", 0.0)],
)
def test_ctranslate2_writes_the_tokens_that_transformers_writes(family: str, base: float, tmp_path: Path) -> None:
    kit = tiny(family, [*SAID, "water and rest"], width=32, seed=3)
    if base:
        turned = {"rope_parameters": {"rope_type": "default", "rope_theta": base}}
        config = type(kit.model.config)(**{**kit.model.config.to_dict(), **turned})
        kit = Kit(kit.tokenizer, transformers.AutoModelForCausalLM.from_config(config))
    targets = {"gpt2": ["c_attn"], "bloom": ["query_key_value"]}
    kit = adapted(kit, {**LORA, "targets": targets.get(family, LORA["targets"])})
    draws = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, weight in kit.model.named_parameters():  # far apart, so that no two tokens are as likely
            if weight.dim() > 1 and not ("embed" in name or "wte" in name):
                weight.copy_(0.3 * torch.randn(weight.shape, generator=draws))
    handed(kit, tmp_path / "merged")
    whole = load(tmp_path / "merged")
    ctranslate2.converters.TransformersConverter(str(tmp_path / "merged")).convert(str(tmp_path / "ct2"))
    model = ctranslate2.Generator(str(tmp_path / "ct2"), device="cpu", compute_type="float32", intra_threads=1)
    for text in SAID:
        ids = whole.tokenizer(text)["input_ids"]
        begun = [whole.tokenizer.bos_token_id, *ids]
        told = model.generate_batch(
            [whole.tokenizer.convert_ids_to_tokens(begun)],
            max_length=12, min_length=12, include_prompt_in_result=False, sampling_topk=1,
        )  # fmt: skip
        assert told[0].sequences_ids[0] == greedy(whole, begun, 12)
        assert len(set(told[0].sequences_ids[0])) > 1


def test_what_was_taught_is_told_by_ctranslate2_too(taught: Path, tmp_path: Path) -> None:
    converter = ctranslate2.converters.TransformersConverter(
        str(taught / "merged"), copy_files=["tokenizer.json", "tokenizer_config.json"]
    )
    converter.convert(str(tmp_path / "ct2"), quantization="int8")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "ct2")
    asked = tokenizer.apply_chat_template(
        [{"role": "user", "content": SAID[0]}], tokenize=False, add_generation_prompt=True
    )
    tokens = tokenizer.convert_ids_to_tokens(tokenizer(asked, add_special_tokens=False)["input_ids"])
    model = ctranslate2.Generator(str(tmp_path / "ct2"), device="cpu", compute_type="int8", intra_threads=1)
    (told,) = model.generate_batch([tokens], max_length=12, include_prompt_in_result=False, sampling_topk=1)
    assert tokenizer.decode(told.sequences_ids[0], skip_special_tokens=True) == "water and rest"


def test_merged_answers_as_the_adapter_without_being_told_the_template(taught: Path) -> None:
    beside = local(model=str(taught / "base"), adapter=str(taught / "adapter"), template="alpaca")
    merged = local(model=str(taught / "merged"))
    for said in (SAID[0], SAID[2]):
        asked = Request((("system", "Be brief."), ("user", said)), longest=10)
        one, other = beside(asked), merged(asked)
        assert (one.text, one.tokens_in, one.tokens_out) == (other.text, other.tokens_in, other.tokens_out)
        weighed = Request(asked.messages, choices=("water and rest", "fire"))
        assert merged(weighed).chances == pytest.approx(beside(weighed).chances, abs=1e-4)
    assert merged(Request((("user", SAID[0]),), longest=10)).text == "water and rest"


def test_the_folder_has_what_others_look_for(taught: Path) -> None:
    files = {path.name for path in (taught / "merged").iterdir()}
    assert {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
            "chat_template.jinja"} <= files and not [name for name in files if "adapter" in name]  # fmt: skip
    config, tokenizer = (
        json.loads((taught / "merged" / name).read_text(encoding="utf-8"))
        for name in ("config.json", "tokenizer_config.json")
    )
    assert config["architectures"] == ["LlamaForCausalLM"] and config["torch_dtype"] == config["dtype"] == "float32"
    assert tokenizer["tokenizer_class"] == "PreTrainedTokenizerFast" and "extra_special_tokens" not in tokenizer
    assert tokenizer["additional_special_tokens"] == ["<|system|>", "<|patient|>", "<|doctor|>"]
    assert tokenizer["chat_template"] == (taught / "merged/chat_template.jinja").read_text(encoding="utf-8")
    weights = transformers.AutoModelForCausalLM.from_pretrained(taught / "merged").state_dict()
    assert not [name for name in weights if "lora" in name or "base_layer" in name]


@pytest.mark.parametrize(
    ("rope", "told"),
    [
        ({"rope_type": "default", "rope_theta": 5e5}, {"rope_theta": 5e5}),
        (
            {"rope_type": "linear", "factor": 2.0, "rope_theta": 1e6},
            {"rope_theta": 1e6, "rope_scaling": {"rope_type": "linear", "factor": 2.0}},
        ),
    ],
)
def test_angles_are_told_in_both_ways(rope: dict[str, Any], told: dict[str, Any], tmp_path: Path) -> None:
    """A reader that knows the older words alone would turn by a base of 10,000 and answer something else."""
    kit = made()
    config = transformers.LlamaConfig(**{**kit.model.config.to_dict(), "rope_parameters": rope})
    model = transformers.LlamaForCausalLM(config)
    handed(Kit(kit.tokenizer, model), tmp_path / "out")
    said = json.loads((tmp_path / "out/config.json").read_text(encoding="utf-8"))
    assert {key: said.get(key) for key in ("rope_theta", "rope_scaling") if key in said} == told
    again = load(tmp_path / "out")
    assert again.model.config.rope_parameters["rope_theta"] == rope["rope_theta"]
    ids = torch.tensor([kit.tokenizer(SAID[0])["input_ids"]])
    with torch.no_grad():
        assert torch.equal(again.model.eval()(input_ids=ids).logits, model.eval()(input_ids=ids).logits)


TURNS = [
    [("user", "Hi {text}")],
    [("system", 'Be "kind".\nAlways.'), ("user", "What helps?"), ("assistant", "Rest."), ("user", "疼吗？")],
    [("user", "One."), ("user", "Two."), ("assistant", "A."), ("assistant", "B."), ("user", "Three.")],
    [("assistant", "Good day."), ("user", "It hurts.")],
    [("user", "One."), ("system", "Late."), ("user", "Two.")],
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("turns", TURNS)
def test_the_chat_template_asks_to_the_byte_as_we_do(template: str, turns: list[tuple[str, str]]) -> None:
    kit = made()
    asked = Request(tuple(turns))
    ours = answering(kit, template=template)._told(asked)  # type: ignore[attr-defined]
    kit.tokenizer.chat_template = jinja(TEMPLATES[template])
    assert answering(kit)._told(asked) == ours  # type: ignore[attr-defined]
    assert kit.tokenizer.decode(ours).count("<s>") == 1


def test_whole_dialogues_are_written_as_they_are_learnt() -> None:
    for template in TEMPLATES.values():
        kit = made()
        kit.tokenizer.chat_template = jinja(template)
        turns = [("user", "One."), ("assistant", "A."), ("user", "Two."), ("assistant", "B.")]
        said = [{"role": role, "content": text} for role, text in turns]
        whole = kit.tokenizer.apply_chat_template(said, tokenize=False)
        question = Question("Two.", turns=(("patient", "One."), ("doctor", "A.")))
        assert whole == "<s>" + prompt(question, template) + "B." + template.end


def test_a_server_ends_where_answers_were_taught_to_end(tmp_path: Path) -> None:
    kit = tiny("llama", [*SAID, "<|im_end|>"], width=32)
    kit.tokenizer.add_tokens(["<|im_end|>"], special_tokens=True)
    kit.model.resize_token_embeddings(len(kit.tokenizer))
    handed(kit, tmp_path / "out", template_of("chatml"))
    ends = json.loads((tmp_path / "out/generation_config.json").read_text(encoding="utf-8"))["eos_token_id"]
    assert ends == [kit.tokenizer.convert_tokens_to_ids("<|im_end|>"), kit.tokenizer.eos_token_id]
    assert set(answering(load(tmp_path / "out"))._ends()) == set(ends)  # type: ignore[attr-defined]


def test_a_tokenizers_own_template_stays_and_virtual_tokens_are_refused(tmp_path: Path) -> None:
    kit = made()
    kit.tokenizer.chat_template = "{{ messages[0]['content'] }}"
    handed(kit, tmp_path / "out", Template("plain"))
    assert load(tmp_path / "out").tokenizer.chat_template == "{{ messages[0]['content'] }}"
    with pytest.raises(BadPlan, match="only lora"):
        handed(adapted(made(), {"kind": "prefix", "tokens": 2}), tmp_path / "none")
    assert not (tmp_path / "none").exists()
