"""A trained kit as a folder that others read: weights merged, configuration and tokenizer in their words too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from probatum.networks.adapters import merged
from probatum.networks.kit import Kit, save
from probatum.networks.rendering import Template

CONFIG, TOKENIZER = "config.json", "tokenizer_config.json"


def handed(kit: Kit, out: Path, template: Template | None = None) -> None:
    """Writes the kit in Hugging Face's layout, an adapter of lora merged into its base (the kit's model is used up).

    `template` becomes the tokenizer's chat template where it has none, so that a server asks as training did. What
    transformers 5 writes in words of its own stands there in those of 4 as well: readers that know only these
    (the ones that convert, the ones that serve) would else fall back to rotary angles that the model was not trained
    with. Raises `BadPlan` for virtual tokens, which have no place in a base.
    """
    whole = merged(kit)
    if template is not None and not getattr(whole.tokenizer, "chat_template", None):
        whole.tokenizer.chat_template = jinja(template)
        _ending(whole, template)
    save(whole, out)
    _rewritten(out / CONFIG, _told_of_model)
    chat = getattr(whole.tokenizer, "chat_template", None)
    _rewritten(out / TOKENIZER, lambda said: _told_of_tokenizer(said) | ({"chat_template": chat} if chat else {}))


def jinja(template: Template) -> str:
    """The template in the language of tokenizers: turns of system, user and assistant, to the byte as we ask.

    A system turn goes before all others wherever it stands. Turns of one side in a row are one, but for the last: what
    is asked now stands alone.
    """
    before, after = template.asked.split("{text}")
    answer, end, between = (_quoted(each) for each in (template.answer, template.end, template.between))
    return (
        "{{- bos_token -}}"
        f"{{{{- {_quoted(template.system)} -}}}}"
        "{%- for turn in messages if turn['role'] == 'system' -%}{{- turn['content'] + '\\n' -}}{%- endfor -%}"
        "{%- set turns = messages | rejectattr('role', 'equalto', 'system') | list -%}"
        "{%- for turn in turns -%}"
        "{%- set here = turn['role'] -%}"
        "{%- set now = loop.last and here != 'assistant' -%}"
        "{%- set again = not loop.first and not now and turns[loop.index0 - 1]['role'] == here -%}"
        "{%- set same = not loop.last and turns[loop.index0 + 1]['role'] == here -%}"
        "{%- set next_now = loop.index == turns | length - 1 and turns[-1]['role'] != 'assistant' -%}"
        "{%- set more = same and not next_now -%}"
        "{%- if again -%}{{- '\\n' -}}{%- endif -%}"
        "{%- if turn['role'] == 'assistant' -%}"
        f"{{%- if loop.first -%}}{{{{- {answer} -}}}}{{%- endif -%}}"
        "{{- turn['content'] -}}"
        f"{{%- if not more -%}}{{{{- {end} -}}}}{{%- if not loop.last -%}}{{{{- {between} -}}}}"
        "{%- endif -%}{%- endif -%}"
        "{%- else -%}"
        f"{{%- if not again -%}}{{{{- {_quoted(before)} -}}}}{{%- endif -%}}{{{{- turn['content'] -}}}}"
        f"{{%- if not more -%}}{{{{- {_quoted(after)} -}}}}"
        f"{{%- if not loop.last or add_generation_prompt -%}}{{{{- {answer} -}}}}{{%- endif -%}}"
        f"{{%- if same -%}}{{{{- {end} -}}}}{{{{- {between} -}}}}{{%- endif -%}}"
        "{%- endif -%}{%- endif -%}{%- endfor -%}"
    )


def _ending(kit: Kit, template: Template) -> None:
    """Has a server end where an answer was taught to end, where that is one token and not the tokenizer's own end."""
    said = kit.tokenizer(template.end, add_special_tokens=False)["input_ids"] if template.end else []
    own = kit.tokenizer.eos_token_id
    generation = getattr(kit.model, "generation_config", None)
    if len(said) == 1 and said[0] != own and generation is not None:
        generation.eos_token_id = [said[0], *([] if own is None else [own])]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _rewritten(path: Path, change: Any) -> None:
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(said), indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _told_of_model(said: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with the words of transformers 4 beside those of 5; what is there already stays."""
    told = {"torch_dtype": said["dtype"]} if "dtype" in said else {}
    rope = said.get("rope_parameters") or {}
    if "rope_theta" in rope:  # where layers differ it holds one such table for each kind, and 4 has no word for it
        told |= {"rope_theta": rope["rope_theta"]}
        if "partial_rotary_factor" in rope:
            told |= {"partial_rotary_factor": rope["partial_rotary_factor"]}
        if said.get("model_type") == "gpt_neox":
            told |= {"rotary_emb_base": rope["rope_theta"], "rotary_pct": rope.get("partial_rotary_factor", 1.0)}
        scaled = {key: value for key, value in rope.items() if key not in {"rope_theta", "partial_rotary_factor"}}
        if scaled.get("rope_type", "default") != "default":
            told |= {"rope_scaling": scaled}
    return {**told, **said}


def _told_of_tokenizer(said: Mapping[str, Any]) -> dict[str, Any]:
    """A tokenizer's configuration that transformers 4 reads as 5 does: a class and a list that both know."""
    told = {key: value for key, value in said.items() if key not in {"backend", "is_local"}}
    if told.get("tokenizer_class") == "TokenizersBackend":
        told["tokenizer_class"] = "PreTrainedTokenizerFast"
    if isinstance(told.get("extra_special_tokens"), list):
        told["additional_special_tokens"] = told.pop("extra_special_tokens")
    return told
