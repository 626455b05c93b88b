"""PubMedQA's labelled questions without a language model: rules, and what is learned under cross-validation.

python bench/pubmedqa.py DATA [CURVE.csv]: accuracy and macro-F1 with 95% bootstrap intervals of the majority, of the
people whose answers are published with the questions (shown the abstract without its conclusion, and with it), of the
method `concluding` (fixed rules), and of logistic models (one against the rest) over the words of abstract and
question, and over words and cues, in five folds by a seed, with one penalty that was fixed beforehand. Then coverage
and risk, and the curve's points into CURVE.csv.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from probatum import verbs
from probatum.datasets.pubmedqa import pubmedqa
from probatum.methods.concluding import concluding, cues, read
from probatum.metrics.accuracy import accuracy
from probatum.metrics.classification import classification
from probatum.metrics.selective import confidence, kept_at, risk_coverage, selective
from probatum.networks.logistic import train
from probatum.store.reader import Store
from probatum.store.words import terms
from probatum.store.writer import write
from probatum.types import Answer, Candidate, Example, Release

FOLDS, SEED, PENALTY = 5, 20261122, 10.0
Row = dict[str, float]


def words_of(example: Example) -> Row:
    """The words of the abstract and, apart, of the question; each there or not."""
    found = {f"word {term}": 1.0 for text in example.question.context for term in terms(text)}
    return found | {f"asked {term}": 1.0 for term in terms(example.question.text)}


def words_and_cues(example: Example) -> Row:
    """The words, the cues of the whole and of the last section, and what the fixed rules make of them."""
    row, lines = words_of(example), read(example.question)
    last = len(example.question.context) - 1
    for name, some in (("all", lines), ("last", [line for line in lines if line.section == last])):
        for kind in ("affirms", "denies", "doubts"):
            row[f"{name} {kind}"] = float(np.log1p(sum(getattr(line, kind) for line in some)))
            row[f"{name} {kind} weighted"] = float(np.log1p(sum(line.weight * getattr(line, kind) for line in some)))
    row["last sentence denies"] = float(cues(example.question.context[-1][-300:])[1] > 0)
    return row


def crossed(examples: Sequence[Example], features: Callable[[Example], Row]) -> list[Answer]:
    """Answers out of fold: nobody's own label is learned from."""
    order = list(range(len(examples)))
    random.Random(SEED).shuffle(order)
    rows, gold = [features(each) for each in examples], [each.answer.choice for each in examples]
    given: dict[int, Answer] = {}
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        given |= _said(rows, gold, [place for place in order if place not in set(held)], held)
    return [given[place] for place in range(len(examples))]


def _said(rows: Sequence[Row], gold: Sequence[str], learned: Sequence[int], asked: Sequence[int]) -> dict[int, Answer]:
    models = {
        letter: train([rows[at] for at in learned], [gold[at] == letter for at in learned], penalty=PENALTY, about={})
        for letter in "ABC"
    }
    found = {}
    for place in asked:
        chances = {letter: model.chance(rows[place]) for letter, model in models.items()}
        total = sum(chances.values())
        ranked = sorted(chances, key=lambda letter: -chances[letter])
        candidates = tuple(Candidate(letter, letter, chances[letter] / total) for letter in ranked)
        found[place] = Answer(choice=ranked[0], candidates=candidates)
    return found


def of_people(data: Path, key: str) -> list[Answer]:
    """What the official file says that a person answered, by the order of the ids."""
    items = json.loads(next((data / "pubmedqa").rglob("ori_pqal*.json")).read_bytes())
    return [Answer(choice={"yes": "A", "no": "B", "maybe": "C"}[item[key]]) for _, item in sorted(items.items())]


def main(data: Path, curve: Path | None) -> None:
    """The tables in Markdown."""
    examples = list(pubmedqa(data / "pubmedqa"))
    most = Counter(each.answer.choice for each in examples).most_common(1)[0][0]
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), iter([Release("none", "1", "none", "0" * 64)]))
        with Store(Path(place)) as store:
            desk = verbs.lay(store, retriever="bm25")
            rules = [concluding(each.question, desk) for each in examples]
    systems = {
        "majority": [Answer(choice=most)] * len(examples),
        "person, without the conclusion": of_people(data, "reasoning_required_pred"),
        "person, with the conclusion": of_people(data, "reasoning_free_pred"),
        "rules (concluding)": rules,
        "words, cross-validated": crossed(examples, words_of),
        "words and cues, cross-validated": crossed(examples, words_and_cues),
    }
    print(f"{len(examples)} questions\n\n| | accuracy | 95% | macro-F1 | 95% | F1 yes, no, maybe |")
    print("|---|--:|---|--:|---|---|", flush=True)
    for name, given in systems.items():
        pairs = [(example.answer, answer) for example, answer in zip(examples, given, strict=True)]
        right, classes = accuracy(pairs)["accuracy"], classification(pairs, classes="ABC")
        macro = classes["macro_f1"]
        each = ", ".join(f"{classes[f'f1:{letter}'].value:.3f}" for letter in "ABC")
        print(f"| {name} | {right.value:.3f} | {right.low:.3f}-{right.high:.3f} | {macro.value:.3f} | "
              f"{macro.low:.3f}-{macro.high:.3f} | {each} |")  # fmt: skip
    print("\n| | area under risk-coverage | accuracy at coverage .25 | .5 | .8 | 1 |\n|---|--:|--:|--:|--:|--:|")
    lines = ["system,coverage,risk"]
    for name, given in list(systems.items())[3:]:
        pairs = [(example.answer, answer) for example, answer in zip(examples, given, strict=True)]
        sure = np.array([confidence(answer) for answer in given])
        right_ = np.array([gold.choice == answer.choice for gold, answer in pairs], float)
        at = " | ".join(f"{kept_at(sure, right_, share).mean():.3f}" for share in (0.25, 0.5, 0.8, 1.0))
        print(f"| {name} | {selective(pairs)['aurc'].value:.3f} | {at} |")
        lines += [f"{name.replace(',', '')},{x:.4f},{y:.4f}" for x, y in risk_coverage(sure, right_)]
    if curve:
        curve.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
