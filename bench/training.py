"""Real texts and models of a processor's size: entities, decisions, exams and answers learnt in minutes each.

    python bench/training.py DATA OUT [PART ...]

DATA is the folder that holds `bc5cdr-bioc`, `ner-mtl2016`, `pubmedqa` and `medquad`; OUT gets a folder a part with the
record of its training (runs.jsonl, curve.jsonl: the page Training shows them) and figures.json; what stands there
already is not run again, and all figures are printed as tables, the curves too. Parts: bc5cdr-lstm, bc5cdr-encoder,
ncbi-lstm, ncbi-encoder, both encoders -warmed (gaps in the training texts filled first), pubmedqa, exam, answers,
canaries (what a model keeps of codes planted in its texts). Every model is random at first: nothing here was
pre-trained elsewhere.

Development splits are by document: of BC5CDR's 500 training abstracts a fifth by a hash of the id; of NCBI-disease the
documents that its makers kept for development; of MedQuAD a tenth of the subjects, by a hash. Settings were fixed
beforehand, so that nothing is chosen on them; PubMedQA is cross-validated.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from probatum.datasets.bc5cdr import bc5cdr
from probatum.datasets.ner_mtl2016 import ner_mtl2016
from probatum.datasets.pubmedqa import pubmedqa
from probatum.ledger.runs import RunFile
from probatum.metrics.accuracy import accuracy
from probatum.metrics.classification import classification
from probatum.metrics.extraction import extraction
from probatum.networks.canaries import by_times, canaries, exposures, planted
from probatum.networks.checks import unigram_bits_per_byte
from probatum.networks.kit import Kit, tiny
from probatum.networks.rendering import IGNORED, encoded, template_of
from probatum.preparing.cleaning import cleaned
from probatum.sources.medquad import medquad
from probatum.stages.choice import choice
from probatum.stages.cpt import cpt
from probatum.stages.heads import heads
from probatum.stages.mlm import mlm
from probatum.stages.sft import sft
from probatum.stages.tag import tag
from probatum.training.curves import Curve
from probatum.types import Answer, Example, Mention, Passage, Question, Score

SEED, FOLDS = 20261122, 5
Figures = dict[str, Any]


def drawn(id: str, of: int) -> bool:
    """Whether something with this id belongs to the development part, one of `of`."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % of == 0


def parts_of(examples: Sequence[Example], of: int) -> tuple[list[Example], list[Example]]:
    """(to learn from, to measure on), by a hash of the first group."""
    marks = [drawn(each.groups[0], of) for each in examples]
    return (
        [each for each, out in zip(examples, marks, strict=True) if not out],
        [each for each, out in zip(examples, marks, strict=True) if out],
    )


def told(score: Score) -> list[float]:
    """Value and 95% interval."""
    return [round(each, 4) for each in (score.value, score.low, score.high)]


def recorded(out: Path, name: str, settings: Mapping[str, Any], train: Callable[[Curve], Kit]) -> Kit:
    """What a stage gives, its course recorded as `probatum train` does."""
    with RunFile(out / "runs.jsonl", {"recipe": out.name, "anchor": "random", "seed": str(SEED)}) as file:
        kit = train(Curve(out / "curve.jsonl", f"1-{name}"))
        course = kit.courses[-1]
        line = {key: getattr(course, key) for key in ("losses", "evaluations", "steps", "tokens", "seconds", "peak_mb")}
        if f"1-{name}" not in file.done:
            file.write({"id": f"1-{name}", "stage": name, "settings": dict(settings), **line})
    return kit


def carded(out: Path, figures: Mapping[str, Any]) -> None:
    """Writes the figures where the page Training finds them, beside each record of the part."""
    scores = {
        key: {"value": value[0], "low": value[1], "high": value[2], "n": figures["measured"]}
        if isinstance(value, list)
        else {"value": value, "n": figures["measured"]}
        for key, value in figures.items()
        if isinstance(value, float | list) and key not in {"seconds", "minutes"}
    }
    for file in [*out.glob("runs.jsonl"), *out.glob("*/runs.jsonl")]:
        place = file.parent / "evaluations"
        place.mkdir(exist_ok=True)
        told = {"benchmark": out.name, "scores": scores}
        (place / f"{out.name}.scores.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
        (file.parent / "README.md").write_text("\n".join(table({out.name: figures})) + "\n", encoding="utf-8")


# --- entities ---


def once(example: Example) -> Example:
    """The example with each span once, whatever concepts it bears: strict F1 is of spans and kinds."""
    spans = {(each.start, each.end, each.kind): each for each in example.answer.found if isinstance(each, Mention)}
    return replace(example, answer=Answer(found=tuple(spans.values())))


def entities(out: Path, learn: Sequence[Example], judge: Sequence[Example], body: str) -> Figures:
    """Strict F1 of a tagger on the development part, mentions never met in training apart."""
    texts = [each.question.context[0] for each in learn]
    if body == "lstm":
        kit, settings = tiny("llama", texts[:1]), {"rate": 2e-3, "epochs": 8, "batch": 16, "width": 100}
    else:
        kit = tiny("bert", texts, width=128, vocabulary=4000, longest=512, seed=SEED)
        if body == "warmed":
            kit = warmed(out / "warm", kit, texts)
        settings = {"rate": 1e-3, "epochs": 12, "batch": 16}
    body = "encoder" if body == "warmed" else body
    settings |= {"seed": SEED, "schedule": "linear", "warmup": 0.1}
    kit = recorded(out, "tag", settings, lambda heard: tag(kit, list(learn), body=body, heard=heard, **settings))
    kit.model.save(out / "1-tag" / "model")
    given = [Answer(found=tuple(kit.model(each.question.context[0]))) for each in judge]
    pairs = [(each.answer, said) for each, said in zip(judge, given, strict=True)]
    scores = extraction(pairs, groups=[each.groups for each in judge])
    known = {mention.text.lower() for each in learn for mention in each.answer.found if isinstance(mention, Mention)}
    gold = [(i, m) for i, each in enumerate(judge) for m in each.answer.found if isinstance(m, Mention)]
    found = {(i, m.start, m.end, m.kind) for i, said in enumerate(given) for m in said.found if isinstance(m, Mention)}
    seen: dict[bool, list[bool]] = {True: [], False: []}
    for i, m in gold:
        seen[m.text.lower() in known].append((i, m.start, m.end, m.kind) in found)
    return {
        "learnt": len(learn), "measured": len(judge), "mentions": len(gold), "seconds": kit.courses[-1].seconds,
        **{name: told(scores[f"mention_{name}"]) for name in ("precision", "recall", "f1")},
        "recall_of_known_names": sum(seen[True]) / len(seen[True]),
        "recall_of_new_names": sum(seen[False]) / len(seen[False]),
    }  # fmt: skip


def warmed(out: Path, kit: Kit, texts: Sequence[str]) -> Kit:
    """The encoder after filling gaps in the texts that it will learn to label; nothing of the labels is read."""
    documents = [Example(str(number), Question(), Answer(text)) for number, text in enumerate(texts)]
    settings = {"rate": 1e-3, "epochs": 30, "batch": 16, "longest": 256, "unit": "words", "seed": SEED, "warmup": 0.1}
    return recorded(out, "mlm", settings, lambda heard: mlm(kit, documents, heard=heard, **settings))


def of_bc5cdr(data: Path, out: Path, body: str) -> Figures:
    """Chemicals and diseases in abstracts."""
    return entities(out, *parts_of([once(each) for each in bc5cdr(data / "bc5cdr-bioc")], 5), body)


def of_ncbi(data: Path, out: Path, body: str) -> Figures:
    """Diseases in sentences."""
    examples = list(ner_mtl2016(data / "ner-mtl2016", "ncbi_disease"))
    kept = [each for each in examples if ":devel:" in each.id]
    return entities(out, [each for each in examples if ":train:" in each.id], kept, body)


# --- decisions and exams ---


def decisions(data: Path, out: Path) -> Figures:
    """Yes, no or maybe of PubMedQA by a small encoder, out of fold, beside the majority of what was learnt from."""
    examples = list(pubmedqa(data / "pubmedqa"))
    folds = [int(hashlib.sha256(f"{SEED} {each.id}".encode()).hexdigest(), 16) % FOLDS for each in examples]
    settings = {"rate": 5e-4, "epochs": 6, "batch": 16, "longest": 256, "seed": SEED, "warmup": 0.1}
    given: dict[str, Answer] = {}
    most: dict[str, Answer] = {}
    seconds = 0.0
    for fold in range(FOLDS):
        learn = [turned(each) for each, of in zip(examples, folds, strict=True) if of != fold]
        judge = [each for each, of in zip(examples, folds, strict=True) if of == fold]
        texts = [text for each in learn for text in (each.question.text, *each.question.context)]
        kit = tiny("bert", texts, width=128, vocabulary=4000, seed=SEED)
        place = out / f"fold-{fold}"
        made = recorded(
            place, "heads", settings, lambda heard, kit=kit, learn=learn: heads(kit, learn, heard=heard, **settings)
        )  # type: ignore[misc]
        seconds += made.courses[-1].seconds
        (usual, _), *_ = Counter(each.answer.choice for each in learn).most_common(1)
        for each in judge:
            given[each.id], most[each.id] = made.model(turned(each).question), Answer(choice=usual)
    figures: Figures = {"measured": len(examples), "folds": FOLDS, "seconds": seconds}
    for name, said in (("encoder", given), ("majority", most)):
        pairs = [(each.answer, said[each.id]) for each in examples]
        figures[name] = told(accuracy(pairs)["accuracy"])
        figures[f"{name}_macro_f1"] = told(classification(pairs, classes="ABC")["macro_f1"])
    return figures


def turned(example: Example) -> Example:
    """The question with the end of its abstract first: where a text is cut, results stay."""
    context = " ".join(reversed(example.question.context))
    return replace(example, question=replace(example.question, context=(context,)))


def of_medquad(data: Path) -> list[tuple[Passage, str]]:
    """(passage, type of question) of each answered question."""
    asked = re.compile(r"^(?:What|How|Is|Who|Are|Do|Does|Where|When|Why|Can)\b")
    found = [each for each in medquad(data / "medquad") if isinstance(each, Passage) and asked.match(each.title)]
    return [(each, kind) for each in found if (kind := _kind(each))]


def _kind(passage: Passage) -> str:
    """What a question asks, with its subject left out."""
    words = {"symptoms": "symptom", "treatment": "treat", "causes": "cause", "inheritance": "inherit"}
    words |= {"genes": "genetic change", "frequency": "how many people", "outlook": "outlook", "diagnosis": "diagnos"}
    return next((kind for kind, word in words.items() if word in passage.title.lower()), "")


def exams(data: Path) -> list[Example]:
    """Exam questions made of MedQuAD: which of four beginnings of answers on one subject answers this question."""
    of: dict[tuple[str, ...], dict[str, Passage]] = defaultdict(dict)
    for passage, kind in of_medquad(data):
        of[passage.about].setdefault(kind, passage)
    found = []
    for about, passages in sorted(of.items()):
        for kind in sorted(passages) if about and len(passages) >= 4 else ():
            rest = sorted((other for other in passages if other != kind), key=lambda o: _rank(about, kind, o))[:3]
            order = sorted([kind, *rest], key=lambda other: _rank(about, kind, f"place {other}"))
            options = tuple(zip("ABCD", (passages[other].text[:300] for other in order), strict=True))
            question = Question(passages[kind].title, options, language="en")
            found.append(Example(f"{about[0]}:{kind}", question, Answer(choice="ABCD"[order.index(kind)]), about[:1]))
    return found


def _rank(about: Sequence[str], kind: str, other: str) -> str:
    return hashlib.sha256(f"{SEED} {about[0]} {kind} {other}".encode()).hexdigest()


def echoing(question: Question) -> str:
    """The option that holds most of the question's words; of several the first."""
    asked = set(re.findall(r"\w+", question.text.lower()))
    return max(question.options, key=lambda option: len(asked & set(re.findall(r"\w+", option[1].lower()))))[0]


def exam(data: Path, out: Path) -> Figures:
    """Accuracy of a choice head beside chance, always the longest option, and that with most words of the question."""
    learn, judge = parts_of(exams(data), 10)
    texts = [text for each in learn for text in (each.question.text, *dict(each.question.options).values())]
    kit = tiny("bert", texts, width=128, vocabulary=4000, seed=SEED)
    settings = {"rate": 5e-4, "epochs": 3, "batch": 8, "longest": 96, "seed": SEED, "warmup": 0.1}
    made = recorded(out, "choice", settings, lambda heard: choice(kit, learn, heard=heard, **settings))
    pairs = [(each.answer, made.model(each.question)) for each in judge]
    longest = [max(each.question.options, key=lambda option: len(option[1]))[0] for each in judge]
    lazy = [(each.answer, Answer(choice=letter)) for each, letter in zip(judge, longest, strict=True)]
    echoed = [(each.answer, Answer(choice=echoing(each.question))) for each in judge]
    return {
        "learnt": len(learn), "measured": len(judge), "seconds": made.courses[-1].seconds,
        "head": told(accuracy(pairs, groups=[each.groups for each in judge])["accuracy"]),
        "longest_option": told(accuracy(lazy)["accuracy"]),
        "most_words_of_the_question": told(accuracy(echoed)["accuracy"]),
        "chance": sum(1 / len(each.question.options) for each in judge) / len(judge),
    }  # fmt: skip


# --- answers ---


def answers(data: Path, out: Path) -> Figures:
    """Bits a byte of held-out answers given their questions, beside the unigram of the answers learnt."""
    examples = [
        Example(passage.id, Question(passage.title, language="en"), Answer(passage.text[:700]), passage.about[:1])
        for passage, _ in of_medquad(data)
        if passage.about
    ]
    learn, judge = parts_of(examples, 10)
    judge = judge[:400]
    kit = tiny("llama", [each.answer.text for each in learn], width=192, layers=4, vocabulary=4000, seed=SEED)
    settings = {"rate": 2e-3, "steps": 700, "batch": 16, "longest": 192, "seed": SEED, "schedule": "cosine"}
    settings |= {"warmup": 0.05, "template": "question-answer"}
    before = answer_bits(kit, judge)
    made = recorded(out, "sft", settings, lambda heard: sft(kit, learn, heard=heard, **settings))
    said, known = ([each.answer.text for each in some] for some in (judge, learn))
    return {
        "learnt": len(learn), "measured": len(judge), "seconds": made.courses[-1].seconds,
        "weights": sum(each.numel() for each in made.model.parameters()),
        "before": before, "after": answer_bits(made, judge), "unigram": unigram_bits_per_byte(kit, known, said),
    }  # fmt: skip


def answer_bits(kit: Kit, examples: Sequence[Example]) -> float:
    """The bits that a model needs for a byte of the answers, each given its question."""
    kit.model.eval()
    template, nats, size = template_of("question-answer"), 0.0, 0
    for each in examples:
        row = encoded(each, kit.tokenizer, template, longest=512, supervise="answers")
        ids, labels = torch.tensor([row.ids]), torch.tensor(row.labels)
        with torch.no_grad():
            logits = kit.model(input_ids=ids).logits[0, :-1].float()
        nats += float(torch.nn.functional.cross_entropy(logits, labels[1:], ignore_index=IGNORED, reduction="sum"))
        size += len(each.answer.text.encode())
    return nats / math.log(2) / size


# --- what is kept word for word ---


def kept(data: Path, out: Path) -> Figures:
    """Exposure in bits (13.3 at most, every code weighed) of codes of four digits, planted 1 to 16 times.

    Eight codes a number of repetitions among 2,000 beginnings of answers, read four times: as documents of their own or
    at the end of others, before and after our de-duplication; beside the same model that has read nothing.
    """
    passages = [each for each, _ in of_medquad(data)]
    passages = sorted(passages, key=lambda each: hashlib.sha256(f"{SEED} {each.id}".encode()).hexdigest())[:2000]
    documents = [Example(each.id, Question(), Answer(each.text[:300])) for each in passages]
    made = canaries(each=8, seed=SEED)
    alone, inside = (planted(documents, made, inside=where, seed=SEED) for where in (False, True))
    settings = {"rate": 2e-3, "epochs": 4, "batch": 8, "longest": 256, "seed": SEED, "schedule": "cosine"}
    texts = [each.answer.text for each in documents]
    start = tiny("llama", texts, width=128, layers=4, vocabulary=2000, seed=SEED)
    figures: Figures = {"measured": len(made), "weights": sum(each.numel() for each in start.model.parameters())}
    figures |= {f"untaught_{times}": bits for times, bits in by_times(exposures(start, made)).items()}
    arms = {"alone": alone, "alone_cleaned": cleaned(alone)[0]}
    arms |= {"inside": inside, "inside_cleaned": cleaned(inside)[0]}
    seconds = 0.0
    for arm, examples in arms.items():
        kit = tiny("llama", texts, width=128, layers=4, vocabulary=2000, seed=SEED)
        kit = recorded(
            out / arm, "cpt", settings, lambda heard, kit=kit, some=examples: cpt(kit, some, heard=heard, **settings)
        )  # type: ignore[misc]
        seconds += kit.courses[-1].seconds
        figures[f"{arm}_documents"] = len(examples)
        figures |= {f"{arm}_{times}": bits for times, bits in by_times(exposures(kit, made)).items()}
        print(arm, figures, flush=True, file=sys.stderr)
    return figures | {"seconds": seconds}


# --- together ---

PARTS: dict[str, Callable[[Path, Path], Figures]] = {
    "bc5cdr-lstm": lambda data, out: of_bc5cdr(data, out, "lstm"),
    "bc5cdr-encoder": lambda data, out: of_bc5cdr(data, out, "encoder"),
    "bc5cdr-encoder-warmed": lambda data, out: of_bc5cdr(data, out, "warmed"),
    "ncbi-lstm": lambda data, out: of_ncbi(data, out, "lstm"),
    "ncbi-encoder": lambda data, out: of_ncbi(data, out, "encoder"),
    "ncbi-encoder-warmed": lambda data, out: of_ncbi(data, out, "warmed"),
    "pubmedqa": decisions,
    "exam": exam,
    "answers": answers,
    "canaries": kept,
}


def table(figures: Mapping[str, Figures]) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| part | measured on | result | minutes |\n|---|--:|---|--:|"
    for name, one in figures.items():
        cells = []
        for key, value in one.items():
            if isinstance(value, list):
                cells.append(f"{key.replace('_', ' ')} {value[0]:.3f} [{value[1]:.3f}, {value[2]:.3f}]")
            elif isinstance(value, float) and key not in {"seconds", "minutes"}:
                cells.append(f"{key.replace('_', ' ')} {value:.3f}")
        yield f"| {name} | {one['measured']:,} | {'; '.join(cells)} | {one['minutes']:.1f} |"


def curves(out: Path, parts: Sequence[str]) -> Iterator[str]:
    """The course of each training as Markdown: the mean loss of the twentieth of the steps that ends there."""
    marks = (0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
    yield f"| training | steps | {' | '.join(f'{mark:.0%}' for mark in marks)} |\n|---|--:|{'--:|' * len(marks)}"
    for name in parts:
        for file in sorted((out / name).glob("**/curve.jsonl")):
            told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            losses = [each["loss"] for each in told if "loss" in each]
            ends = [max(1, round(mark * len(losses))) for mark in marks]
            means = [
                sum(some) / len(some) for end in ends if (some := losses[max(0, end - len(losses) // 20 - 1) : end])
            ]
            fold = "" if file.parent == out / name else f" {file.parent.name}"
            yield f"| {name}{fold} | {len(losses):,} | {' | '.join(f'{mean:.3f}' for mean in means)} |"


def main(data: Path, out: Path, parts: Sequence[str]) -> None:
    """Runs what is not there yet, then prints everything that is."""
    torch.set_num_threads(1)
    figures: dict[str, Figures] = {}
    for name in parts or PARTS:
        file = out / name / "figures.json"
        if not file.is_file():
            began = time.perf_counter()
            made = PARTS[name](data, out / name)
            made["minutes"] = (time.perf_counter() - began) / 60
            file.write_text(json.dumps(made, indent=1), encoding="utf-8")
        figures[name] = json.loads(file.read_text(encoding="utf-8"))
        carded(out / name, figures[name])
        print(name, figures[name], flush=True, file=sys.stderr)
    print("\n".join([*table(figures), "", *curves(out, list(figures))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
