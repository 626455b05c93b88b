"""Anybody's saved outputs: run files, JSON lines of id and output, samples of lm-eval; and what is handed to others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import exp
from pathlib import Path
from typing import Any

from probatum import plans
from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.formats.reading import lines as lines_of
from probatum.formats.reading import loads
from probatum.trials.lines import Trial, extracted, given_in, trial
from probatum.types import Answer, Candidate, Example, Malformed, Question

LETTERS = "ABCDEFGHIJ"
ALONE, WRITTEN = ("accuracy",), ("rouge", "bleu")  # what outputs that carry their own gold are scored by


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of outputs, each an object with an id; raises `NeedsFile` and `BadFormat` with the line."""
    if not path.is_file():
        raise NeedsFile(f"no file {path}", mend="probatum evaluate BENCHMARK --out FILE writes a run")
    told: list[dict[str, Any]] = []
    seen: set[str] = set()
    for line in lines_of(path):
        if isinstance(line, Malformed):
            raise BadFormat(line.reason, where=f"{path}:{line.line}")
        number, text = line
        if not text.strip():
            continue
        row = loads(text.encode(), f"{path}:{number}")
        if not isinstance(row, dict):
            raise BadFormat("a line must be an object", where=f"{path}:{number}")
        row = from_lm_eval(row, f"{path}:{number}") if is_lm_eval(row) else row
        if not isinstance(row.get("id"), str | int) or str(row["id"]) in seen:
            raise BadFormat("a line must have an id of its own", where=f"{path}:{number}", mend='{"id", "output"}')
        seen.add(str(row["id"]))
        told.append(row | {"id": str(row["id"]), "where": f"{path}:{number}"})
    if not told:
        raise BadFormat("there are no outputs in this file", where=str(path))
    return told


def made_of(path: Path) -> dict[str, Any]:
    """What a run file was made of, as it stands beside it; nothing for other outputs. Raises `BadFormat`."""
    beside = path.with_name(path.name + ".run.json")
    told = loads(beside.read_bytes(), str(beside)) if beside.is_file() else {}
    if not isinstance(told, dict):
        raise BadFormat("an object was expected", where=str(beside))
    return told


def is_lm_eval(row: Mapping[str, Any]) -> bool:
    """Whether a line is of samples_*.jsonl as the evaluation harness of EleutherAI writes it."""
    return "doc_id" in row and ("filtered_resps" in row or "resps" in row)


def from_lm_eval(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A sample as a line: `output` is what was generated, or an answer whose candidates are the options' likelihoods.

    The id is the document's own (`id`) where it has one, else its number. `gold` is the target where it can be read.
    Layout: lm_eval/evaluator.py of the harness, `samples`: doc_id, doc, target, arguments, resps, filtered_resps.
    """
    doc = row.get("doc") if isinstance(row.get("doc"), dict) else {}
    responses = row.get("filtered_resps") or row.get("resps")
    if not isinstance(responses, list) or not responses:
        raise BadFormat("the sample has no responses", where=where)
    flat = [each[0] if isinstance(each, list) and each and isinstance(each[0], list) else each for each in responses]
    id_ = str((doc or {}).get("id", row["doc_id"]))
    told: dict[str, Any] = {"id": id_, "doc_id": row["doc_id"], "target": row.get("target")}
    if isinstance(flat[0], list) and len(flat[0]) == 2 and len(flat) > 1:
        try:
            chances = [float(each[0]) for each in flat]
        except (TypeError, ValueError, IndexError) as error:
            raise BadFormat(f"not likelihoods of options: {error}", where=where) from error
        best = LETTERS[chances.index(max(chances))]
        candidates = [
            {"id": letter, "name": "", "score": share} for letter, share in zip(LETTERS, _shares(chances), strict=False)
        ]
        return told | {"output": {"choice": best, "candidates": candidates}, "chances": [chances]}
    first = flat[0][0] if isinstance(flat[0], list) and flat[0] else flat[0]
    return told | {"output": str(first)}


def _shares(chances: Sequence[float]) -> list[float]:
    highest = max(chances)
    weights = [exp(each - highest) for each in chances]
    return [each / sum(weights) for each in weights]


def matched(examples: Sequence[Example], told: Sequence[Mapping[str, Any]], extractor: str) -> tuple[list[Trial], int]:
    """The items of a benchmark with somebody's outputs, in the benchmark's order, and how many had none.

    What nobody answered counts with an empty output. Where ids are numbers of lm-eval that name no example, they are
    places in the data. Raises `BadPlan` where an output belongs to no item.
    """
    by_id: dict[str, Mapping[str, Any]] = {row["id"]: row for row in told}
    ids = {example.id for example in examples}
    if not ids & set(by_id) and all(isinstance(row.get("doc_id"), int) for row in told):
        places = {row["doc_id"]: row for row in told}
        by_id = {example.id: places[place] for place, example in enumerate(examples) if place in places}
        if len(by_id) < len(places):
            raise BadPlan("there are more samples than items in the data", mend="give the data that were asked")
    elif stray := sorted(set(by_id) - ids):
        mend = "are these outputs of this benchmark, and of this part of its data?"
        raise BadPlan(f"{len(stray)} outputs belong to no item, as {stray[0]!r}", mend=mend)
    none: dict[str, Any] = {"output": ""}
    return [
        trial(example, row, extractor, str(row.get("where", "")))
        for example in examples
        for row in (by_id.get(example.id, none),)
    ], sum(example.id not in by_id for example in examples)


def alone(told: Sequence[Mapping[str, Any]]) -> list[Trial]:
    """The items of outputs that carry their own gold (lm-eval's `target`, or `gold` as a text or letters)."""
    made = []
    for row in told:
        gold = row.get("target", row.get("gold"))
        gold = gold[0] if isinstance(gold, list) and gold else gold
        if gold is None or gold == []:
            where = str(row.get("where", ""))
            raise BadFormat("the line has no gold", where=where, mend="name the benchmark: --benchmark NAME")
        given = given_in(row, str(row.get("where", "")))
        if isinstance(gold, int) or (str(gold).isdigit() and given.choice):
            letter = LETTERS[int(gold)] if int(gold) < len(LETTERS) else ""
        else:
            letter = str(gold).strip(" ().") if str(gold).strip(" ().") in set(LETTERS) else ""
        options = tuple((each, "") for each in LETTERS[:5]) if letter else ()
        question = Question(str(row.get("question", "")), options)
        answer = Answer("" if letter else str(gold), letter)
        made.append(Trial(row["id"], question, answer, extracted(given, question, "choice" if letter else "")))
    return made


def trec_run(told: Sequence[Mapping[str, Any]], tag: str, keep: int = 1000) -> Iterator[str]:
    """A run as TREC's tools read it: query, Q0, document, rank, score, tag; best first, ties by falling id."""
    for row in told:
        given = given_in(row, str(row.get("where", "")))
        best: dict[str, Candidate] = {}
        for each in given.candidates:
            if each.id not in best or each.score > best[each.id].score:
                best[each.id] = each
        ordered = sorted(sorted(best, reverse=True), key=lambda id_: -best[id_].score)[:keep]
        for place, id_ in enumerate(ordered, 1):
            yield f"{_word(row['id'])} Q0 {_word(id_)} {place} {best[id_].score!r} {_word(tag)}"


def trec_qrels(examples: Sequence[Example]) -> Iterator[str]:
    """Judgements as TREC's tools read them: query, 0, document, grade."""
    for example in examples:
        for each in example.answer.candidates:
            yield f"{_word(example.id)} 0 {_word(each.id)} {round(each.score)}"


def _word(text: str) -> str:
    return "_".join(text.split()) or "_"


def lm_eval_task(plan: plans.Benchmark, examples: Sequence[Example], folder: Path) -> list[Path]:
    """Writes a task of lm-eval: NAME.yaml and its documents NAME.jsonl; the paths.

    Exams become `multiple_choice` with accuracy, the rest `generate_until`. Its `dataset_path` is json and its file
    stands beside it, so lm-eval runs where the two lie. Layout: docs/task_guide.md of the harness.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name, exam = f"probatum_{plan.name}", all(example.question.options for example in examples)
    if exam and any(len(example.answer.choice) != 1 for example in examples):
        raise BadPlan(f"{plan.name} has items with several or no right options", mend="lm-eval has no such task")
    documents = folder / f"{name}.jsonl"
    with documents.open("w", encoding="utf-8") as stream:
        for example in examples:
            stream.write(json.dumps(_document(example, exam), ensure_ascii=False) + "\n")
    said: dict[str, Any] = {
        "task": name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": documents.name}},
        "test_split": "test",
        "doc_to_text": "{{query}}",
        "output_type": "multiple_choice" if exam else "generate_until",
        "doc_to_target": "gold",
        **({"doc_to_choice": "letters"} if exam else {"generation_kwargs": {"until": ["\n\n"], "do_sample": False}}),
        "metric_list": [{"metric": "acc" if exam else "exact_match", "aggregation": "mean", "higher_is_better": True}],
        "metadata": {"version": plan.version, "title": plan.title, "reference": plan.reference},
    }
    task = folder / f"{name}.yaml"
    # JSON with one key a line is YAML too (YAML 1.2, section 1.3)
    body = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    task.write_text(body + "\n", encoding="utf-8")
    return [task, documents]


def _document(example: Example, exam: bool) -> dict[str, Any]:
    question = example.question
    listed = [f"{letter}. {text}" for letter, text in question.options]
    query = "\n".join([*question.context, question.text, *listed, "Answer:"])
    letters = [letter for letter, _ in question.options]
    told = {"id": example.id, "query": query, "labels": dict(example.labels)}
    if exam:
        return told | {"letters": letters, "gold": letters.index(example.answer.choice)}
    return told | {"gold": example.answer.text}
