"""Our stages beside an outside reference: difference and tolerance of each, as a table in Markdown.

    python bench/training_parity.py

References that run here are transformers and peft. What trl 1.12.0 and pytorch-crf reckoned on frozen tensors is read
from tests/networks/*_reference.json (the scripts that made these stand beside them).
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers.trainer  # noqa: F401 - before the next: it would take tests/datasets for a package

sys.path.append(str(Path(__file__).parents[1] / "tests"))
sys.path.append(str(Path(__file__).parents[1] / "tests" / "networks"))

from field_cases import case
from training_samples import DOCUMENTS, LORA, PAIRS, made

from probatum.networks import losses, reinforcing
from probatum.networks.adapters import adapted, merged, trainable
from probatum.networks.field import best, log_likelihood
from probatum.networks.packing import batched, packed, padded
from probatum.networks.rendering import IGNORED, Tokens, encoded, template_of
from probatum.preparing.mixing import replayed
from probatum.stages.dpo import dpo
from probatum.stages.sft import sft

HERE = Path(__file__).parents[1] / "tests"
Line = tuple[str, str, str, float, float]  # stage, what, reference, difference, tolerance


def main() -> None:
    """Prints the table; ends with 1 where a difference is above its tolerance."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    torch.set_num_threads(1)
    lines = [*tagging(), *pretraining(), *adapters(), *rewards(), *reinforced(), *preferences()]
    print("| stage | what | reference | difference | tolerance |\n|---|---|---|---:|---:|")
    for stage, what, reference, apart, bound in lines:
        print(
            f"| {stage} | {what} | {reference} | {apart:.1e} | {bound:.0e} |".replace("0.0e+00", "0").replace(
                "0e+00", "0"
            )
        )
    sys.exit(any(apart > bound for *_, apart, bound in lines))


def frozen(name: str) -> Any:
    """What a reference reckoned on tensors that stand with it."""
    return json.loads((HERE / "networks" / f"{name}_reference.json").read_text(encoding="utf-8"))


def far(ours: Any, theirs: Any) -> float:
    """The largest difference of two tensors or lists."""
    return float((torch.as_tensor(ours) - torch.as_tensor(theirs)).abs().max())


def tagging() -> Iterator[Line]:
    """The field of a BiLSTM-CRF."""
    found = frozen("field")["found"]
    apart, other = 0.0, 0
    for seed, expected in enumerate(found):
        scores, labels, mask, *steps = case(seed)
        apart = max(apart, far(log_likelihood(scores, labels, mask, tuple(steps)), expected["told"]))
        other += best(scores, mask, tuple(steps)) != expected["paths"]
    yield "tag", f"log-likelihood, {len(found)} cases", "pytorch-crf", apart, 1e-5
    yield "tag", "Viterbi paths that differ", "pytorch-crf", other, 0


def documents(kit: Any) -> list[Tokens]:
    """The sample documents as tokens."""
    told = [tuple(kit.tokenizer(each.answer.text)["input_ids"]) for each in DOCUMENTS]
    return [Tokens(ids, ids) for ids in told]


def pretraining() -> Iterator[Line]:
    """Packed rows, replay, the loss of the next token."""
    kit = made()
    texts = documents(kit)
    rows = packed(texts, 64)
    tokens = [
        sorted(token for part in parts for token in part.ids) for parts in (texts, [t for row in rows for t in row])
    ]
    yield "cpt", "tokens that are missing or come twice", "the corpus", float(tokens[0] != tokens[1]), 0
    model, apart = kit.model.eval(), 0.0
    for row in rows:
        batch = batched([row], pad=0)
        with torch.no_grad():
            whole = model(**{name: batch[name] for name in ("input_ids", "attention_mask", "position_ids")}).logits[0]
            at = 0
            for text in row:
                alone = model(input_ids=torch.tensor([text.ids])).logits[0]
                apart, at = max(apart, far(whole[at : at + len(alone)], alone)), at + len(alone)
    yield "cpt", "logits in a packed row and alone", "transformers", apart, 1e-5
    batch = padded(texts[:8], 0)
    shown = {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
    labels = batch["labels"].masked_fill(batch["attention_mask"] == 0, IGNORED)
    with torch.no_grad():
        told = model(**shown, labels=labels)
    yield "cpt, sft", "loss of a batch", "transformers", far(losses.token_loss(told.logits, labels), told.loss), 1e-5
    wrong = 0.0
    for share in (0.01, 0.05, 0.2):
        mixed = replayed(["own"] * 990, ["general"] * 7, share)
        wrong = max(wrong, abs(mixed.count("general") - round(share * len(mixed))))
    yield "cpt", "rows of replay beside 1, 5, 20%", "the share", wrong, 0


def adapters() -> Iterator[Line]:
    """Adapters, laid in and merged."""
    for name, adapter in (
        ("LoRA", LORA),
        ("prompt", {"kind": "prompt", "tokens": 5}),
        ("prefix", {"kind": "prefix", "tokens": 5}),
    ):
        base = made()
        before = {name: each.clone() for name, each in base.model.state_dict().items()}
        kit = sft(base, PAIRS, longest=64, steps=4, batch=8, rate=1e-2, adapter=dict(adapter))
        layers = base.model.config.num_hidden_layers
        formula = {"LoRA": layers * 2 * 2 * 32 * 4, "prompt": 5 * 32, "prefix": 5 * layers * 2 * 32}[name]
        yield f"sft, {name}", "trained weights", "the formula", abs(trainable(kit)[0] - formula), 0
        after = {key.replace(".base_layer", ""): each for key, each in kit.model.get_base_model().state_dict().items()}
        moved = max(far(after[key], each) for key, each in before.items())
        yield f"sft, {name}", "weights of the base", "before", moved, 0
        if name == "LoRA":
            ids = kit.tokenizer(PAIRS[0].question.text, return_tensors="pt")["input_ids"]
            with torch.no_grad():
                laid = kit.model.eval()(input_ids=ids).logits
                whole = merged(kit).model.eval()(input_ids=ids).logits
            yield "sft, LoRA", "logits of adapter and merged model", "peft", far(laid, whole), 1e-5


def rewards() -> Iterator[Line]:
    """The loss of a reward model."""
    torch.manual_seed(0)
    one, other = torch.randn(64) * 3, torch.randn(64) * 3
    mirrored = torch.exp(-losses.reward_loss(one[:1], other[:1])) + torch.exp(-losses.reward_loss(other[:1], one[:1]))
    yield "reward", "chances of a pair and its mirror", "1", far(mirrored, 1.0), 1e-6


def reinforced() -> Iterator[Line]:
    """What PPO and its kin reckon of frozen rollouts."""
    apart: dict[str, float] = {}
    for each in frozen("ppo")["cases"]:
        told = {name: torch.tensor(value) for name, value in each["told"].items()}
        judged = reinforcing.judged(told, each["settings"])
        loss = reinforcing.actor_critic_loss(judged, told["now"], told["new_values"], each["settings"])
        found = dict(zip(("loss", "pg_loss", "vf_loss", "pg_clipfrac"), loss, strict=False))
        for name, value in ({name: judged[name] for name in ("rewards", "advantages", "returns")} | found).items():
            apart[name] = max(apart.get(name, 0.0), far(value, each["found"][name]))
        begun = reinforcing.actor_critic_loss(judged, told["policy"], told["values"], each["settings"])
        apart["first ratio"] = max(apart.get("first ratio", 0.0), far(begun[4], 1.0), far(begun[3], 0.0))
    for name, value in apart.items():
        reference = "1, nothing clipped" if name == "first ratio" else "trl 1.12.0 PPO"
        yield "ppo", name, reference, value, 0 if name == "first ratio" else 1e-5
    groups = frozen("group")
    settings = groups["settings"]
    for kind in ("rloo", "grpo"):
        advantages = loss = 0.0
        for rollout, found in zip(groups["rollouts"], groups[kind], strict=True):
            told = {name: torch.tensor(value) for name, value in rollout.items()}
            judged = reinforcing.group_judged(told, kind, settings["group"], settings["leash"])
            value = reinforcing.group_loss(judged, told["now"], kind, settings["clip"], settings["leash"])[0]
            advantages = max(advantages, far(judged["advantages"], found["advantages"]))
            loss = max(loss, far(value, found["loss"]))
        yield kind, "advantages", f"trl {groups['trl']}", advantages, 1e-5
        yield kind, "loss", f"trl {groups['trl']}", loss, 1e-5
    apart["kto"] = 0.0
    for each in groups["kto"]:
        told = {name: torch.tensor(value) for name, value in each["told"].items()}
        from_reference = (told["other"] - told["theirs"]).mean().clamp(min=0)
        loss = losses.kto_loss(
            told["policy"], told["reference"], told["liked"], from_reference, beta=0.1, gain=1.2, loss=0.8
        )
        apart["kto"] = max(apart["kto"], far(loss, each["loss"]))
    yield "kto", "loss", f"trl {groups['trl']}", apart["kto"], 1e-5


def preferences() -> Iterator[Line]:
    """DPO from its first step on."""
    kit = dpo(made().with_reference(), PAIRS, longest=64, steps=1, batch=8)
    yield "dpo", "first loss", "ln 2", abs(kit.courses[-1].losses[0] - math.log(2)), 1e-6
    kit = made(1)
    texts = [encoded(each, kit.tokenizer, template_of("roles"), longest=64, supervise="last") for each in PAIRS[:4]]
    batch = padded(texts, 0)
    shown = {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
    with torch.no_grad():
        logits = kit.model.eval()(**shown).logits
        ours = losses.sequence_logps(logits, batch["labels"])
        theirs = [
            -float(kit.model(input_ids=torch.tensor([text.ids]), labels=torch.tensor([text.labels])).loss)
            * sum(label != IGNORED for label in text.labels)
            for text in texts
        ]
    yield "dpo", "log-probabilities of answers", "transformers", far(ours, theirs), 1e-4
    kit = adapted(made(), dict(LORA))
    with torch.no_grad(), kit.model.disable_adapter():
        off = kit.model.eval()(**shown).logits
    with torch.no_grad():
        yield (
            "dpo",
            "reference: adapter off and a frozen copy",
            "peft",
            far(off, made().model.eval()(**shown).logits),
            0,
        )


if __name__ == "__main__":
    main()
