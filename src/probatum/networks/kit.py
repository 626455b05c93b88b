"""What training works on: a tokenizer and a model, made small on the spot or read from a checkpoint's folder."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan, NeedsExtra, NeedsFile

PAD, UNKNOWN, BEGIN, END, MASK = "<pad>", "<unk>", "<s>", "</s>", "<mask>"
ROLES = ("<|system|>", "<|patient|>", "<|doctor|>")
SPECIAL = (PAD, UNKNOWN, BEGIN, END, MASK, *ROLES)
# How each architecture calls what its small form sets: width, layers, heads, inner width, longest text.
_LLAMA = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings")
_SHAPES: dict[str, tuple[str, ...]] = {
    "llama": _LLAMA, "mistral": _LLAMA, "mixtral": _LLAMA, "qwen2": _LLAMA, "glm": _LLAMA, "gpt_neox": _LLAMA,
    "gpt2": ("n_embd", "n_layer", "n_head", "n_inner", "n_positions"),
    "bloom": ("hidden_size", "n_layer", "n_head", "", ""),
    "bert": _LLAMA, "roberta": _LLAMA, "ernie": _LLAMA, "megatron-bert": _LLAMA,
    "t5": ("d_model", "num_layers", "num_heads", "d_ff", ""),
}  # fmt: skip
_GROUPED = {"glm", "mistral", "mixtral", "qwen2"}
MASKED = {"bert", "roberta", "ernie", "megatron-bert"}
SEQUENCE_TO_SEQUENCE = {"t5"}


@dataclass(frozen=True, slots=True)
class Kit:
    """A tokenizer with the model in training, and what later stages lay beside it."""

    tokenizer: Any  # a fast tokenizer of transformers
    model: Any  # the policy
    reference: Any = None  # a frozen copy of the policy, for preference stages
    reward: Any = None  # a model that scores a whole text
    history: tuple[str, ...] = ()  # the stages that were gone through, in their order
    courses: tuple[Any, ...] = ()  # what each of them came to (`loop.Trained`)

    @property
    def family(self) -> str:
        """The architecture, as its configuration names it: llama, bert, t5 ..."""
        return str(self.model.config.model_type)

    @property
    def objective(self) -> str:
        """causal, masked or sequence-to-sequence: what the architecture is made for."""
        if self.family in SEQUENCE_TO_SEQUENCE or getattr(self.model.config, "is_encoder_decoder", False):
            return "sequence-to-sequence"
        return "masked" if self.family in MASKED else "causal"

    def after(self, stage: str, course: Any = None, **changed: Any) -> Kit:
        """The kit behind a stage, with what its course came to."""
        return replace(self, history=(*self.history, stage), courses=(*self.courses, course), **changed)

    def with_reference(self) -> Kit:
        """The kit with a frozen copy of its model as reference."""
        frozen = copy.deepcopy(self.model).eval()
        for weight in frozen.parameters():
            weight.requires_grad_(False)
        return replace(self, reference=frozen)


def needed(module: str) -> Any:
    """A module of the training extra; raises `NeedsExtra` where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise NeedsExtra(f"{module} is needed to train", mend='pip install torch==2.13.0 "probatum[train]"') from error


def tiny(
    family: str,
    texts: Iterable[str],
    *,
    layers: int = 2,
    width: int = 64,
    heads: int = 4,
    vocabulary: int = 600,
    longest: int = 512,
    seed: int = 0,
) -> Kit:
    """A random model of an architecture, small enough for a test, with a tokenizer trained on the texts.

    `family` as transformers calls it: llama, mistral, qwen2, glm, gpt2, bloom, gpt_neox, bert, roberta, ernie, t5 ...
    Raises `BadPlan` for another.
    """
    if family not in _SHAPES:
        raise BadPlan(f"there is no small form of {family!r}", mend=f"one of: {', '.join(_SHAPES)}")
    torch, transformers = needed("torch"), needed("transformers")
    tokenizer = trained_tokenizer(texts, vocabulary)
    sizes = (width, layers, heads, 2 * width, longest)
    shape: dict[str, Any] = {name: size for name, size in zip(_SHAPES[family], sizes, strict=True) if name}
    if family in _GROUPED:  # these would look at fewer heads than they ask with
        shape |= {"num_key_value_heads": heads}
    if family == "glm":
        shape |= {"head_dim": width // heads}
    if family == "t5":
        shape |= {"d_kv": width // heads, "decoder_start_token_id": tokenizer.pad_token_id}
    config = transformers.AutoConfig.for_model(
        family,
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **shape,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = _maker(transformers, family).from_config(config)
    return Kit(tokenizer, model)


def _maker(transformers: Any, family: str) -> Any:
    if family in MASKED:
        return transformers.AutoModelForMaskedLM
    return transformers.AutoModelForSeq2SeqLM if family in SEQUENCE_TO_SEQUENCE else transformers.AutoModelForCausalLM


def trained_tokenizer(texts: Iterable[str], vocabulary: int = 600, special: Sequence[str] = SPECIAL) -> Any:
    """A byte-level BPE tokenizer trained on texts; every text of any language can be written with it."""
    tokenizers, transformers = needed("tokenizers"), needed("transformers")
    raw = tokenizers.Tokenizer(tokenizers.models.BPE())
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(special),
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(texts, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token=PAD,
        unk_token=UNKNOWN,
        bos_token=BEGIN,
        eos_token=END,
        mask_token=MASK,
        additional_special_tokens=[each for each in special if each in ROLES],
    )


def load(folder: Path) -> Kit:
    """The kit of a checkpoint's folder in Hugging Face's layout, safetensors alone; nothing is downloaded.

    A folder with an adapter of peft beside a base named in it is read with its base. Raises `NeedsFile`, `NeedsExtra`.
    """
    transformers = needed("transformers")
    if (folder / "adapter_config.json").is_file():
        base = Path(needed("peft").PeftConfig.from_pretrained(folder).base_model_name_or_path or "")
        # a path from the adapter's folder, as we write it, else from the working folder, as peft does
        return beside(load(base if not (folder / base).is_dir() and base.is_dir() else folder / base), folder)
    if not (folder / "config.json").is_file() or not list(folder.glob("*.safetensors")):
        raise NeedsFile(
            "there is no checkpoint", where=str(folder), mend="it needs config.json, *.safetensors and tokenizer.json"
        )
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    maker = _maker(transformers, config.model_type)
    if (config.architectures or [""])[0].endswith("SequenceClassification"):
        maker = transformers.AutoModelForSequenceClassification
    model = maker.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return Kit(transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True), model)


def beside(kit: Kit, folder: Path) -> Kit:
    """The kit with an adapter of peft's layout on its model."""
    peft = needed("peft")
    config = peft.PeftConfig.from_pretrained(folder)
    if not config.is_prompt_learning and config.task_type == "SEQ_2_SEQ_LM":
        config.task_type = None  # peft's wrapper for these asks a T5 for what transformers 5 took away; lora needs none
    config.inference_mode = config.is_prompt_learning  # virtual tokens are read to be used, others to be trained on
    model = peft.PeftModel.from_pretrained(kit.model, folder, config=config, is_trainable=not config.inference_mode)
    return replace(kit, model=model)


def save(kit: Kit, folder: Path) -> None:
    """Writes model (or adapter) and tokenizer in Hugging Face's layout."""
    folder.mkdir(parents=True, exist_ok=True)
    kit.model.save_pretrained(folder)
    kit.tokenizer.save_pretrained(folder)
