"""The same forty questions through every method of the wing: calls, tokens, time, answers, abstentions, support.

python bench/methods.py KB [METHOD ...] [--model NAME] [--set KEY=VALUE ...] [--seconds N]: Markdown on standard output.
Questions: tests/golden/forty_questions.jsonl. The copyist writes where no model is named; methods that need one then
abstain and say so. A method that has taken N seconds (60) is stopped, and the questions that it did not reach are told.
Supported: of all sentences that cite something those that stand on it; beside them how many cite nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from probatum import verbs
from probatum.desk import Desk, usage_of
from probatum.errors import ProbatumError
from probatum.naming import call, names
from probatum.store.reader import Store
from probatum.types import Answer, Question

QUESTIONS = Path(__file__).parents[1] / "tests" / "golden" / "forty_questions.jsonl"


def main() -> None:
    """One row a method, and beneath each table why it abstained."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("kb", type=Path)
    said.add_argument("methods", nargs="*")
    said.add_argument("--model", default="copyist")
    said.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    said.add_argument("--seconds", type=float, default=60.0)
    given = said.parse_args()
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = [Question(row["text"], language=row["language"]) for row in asked]
    with Store(given.kb) as store:
        model = call("models", given.model, **dict(each.split("=", 1) for each in given.set))
        desk = replace(verbs.lay(store), model=model)
        print(f"{len(questions)} questions, model {given.model}, knowledge {store.content[:12]}\n")
        print(
            "| method | file | asked | calls | tokens | seconds "
            "| answered | abstained | sentences supported | why not |"
        )
        print("|---|---|--:|--:|--:|--:|--:|--:|--:|---|", flush=True)
        for name in given.methods or names("methods"):
            print(row(name, questions, desk, given.seconds), flush=True)


def row(name: str, questions: list[Question], desk: Desk, seconds: float) -> str:
    """The line of one method."""
    answers, begun = list[Answer](), time.monotonic()
    for question in questions:
        if time.monotonic() - begun > seconds:
            break
        try:
            answers.append(verbs.ask(desk.store, question, name, desk=desk))
        except ProbatumError as error:
            answers.append(Answer(abstained=f"{type(error).__name__}: {error}"))
    taken = time.monotonic() - begun
    used = [usage_of(answer) for answer in answers]
    said = [verdict for answer in answers for verdict in answer.verdicts]
    verdicts = [verdict.support for verdict in said if verdict.marks]
    silent = len(said) - len(verdicts)  # a ranking's lines, a model's own words: nothing that a source could bear out
    why = Counter((answer.abstained or "").partition(":")[0] for answer in answers if answer.abstained)
    told = ", ".join(f"{code} {count}" for code, count in why.most_common(4))
    supported = f"{verdicts.count('supported')} of {len(verdicts)}" if verdicts else ""
    supported += f"{', ' if verdicts else ''}{silent} cite nothing" if silent else ""
    calls, tokens = sum(each[0] for each in used), sum(each[1] + each[2] for each in used)
    answered = sum(not answer.abstained for answer in answers)
    return (
        f"| {name} | methods/{name}.py | {len(answers)} | {calls} | {tokens} | {taken:.0f} "
        f"| {answered} | {sum(why.values())} | {supported} | {told} |"
    )


if __name__ == "__main__":
    main()
