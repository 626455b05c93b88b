"""The questions of KG-RAG on a store, beside probes that take away what an answer should rest on.

python bench/bias.py KB DATA [PART]: multiple choice by kg_rag (copyist, words), true/false by stated; each on the
graph, with the options shuffled, by the options alone, without claims, on a graph whose claims were dealt out anew
(seed 1); and two rules that read nothing. Abstentions count as wrong; beside them the share that was answered and what
of it is right. Works on the part of the store within one step of what the questions name.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from probatum import probes, verbs
from probatum.naming import call, find
from probatum.statistics import wilson
from probatum.store.linking import linker
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Example, Fact, Question, Relation, Release

SEEDS = (1,)
Row = tuple[str, int, int, int]  # name, right, answered, asked


def main(folder: Path, data: Path, only: str) -> None:
    """Two tables in Markdown."""
    with Store(folder) as store:
        whole = verbs.lay(store, retriever="bm25")
        for part, method, settings in (
            ("mcq", "kg_rag", {"least": 0.0, "percentile": 0.0}),
            ("true_false", "stated", {"unknown": "false"}),
        ):
            if only not in {"", part}:
                continue
            examples = list(find("datasets", "biomixqa")(data / "kg-rag-biomixqa", part))
            facts = probes.around(whole, _texts(examples))
            print(f"\n{part}, {len(examples)} questions, method {method} {settings or ''}, {len(facts)} facts\n")
            if part == "mcq":
                print(f"within reach: {_within_reach(store, examples)} of {len(examples)}\n")
            print("| | right | 95% interval | answered | right of these |\n|---|--:|---|--:|--:|", flush=True)
            for name, right, answered, asked in _rows(examples, facts, method, settings):
                low, high = wilson(right, asked)
                of_these = f"{right / answered:.3f}" if answered else ""
                print(
                    f"| {name} | {right / asked:.3f} | {low:.3f}-{high:.3f} | {answered / asked:.3f} | {of_these} |",
                    flush=True,
                )


def _texts(examples: Sequence[Example]) -> list[str]:
    return [
        text for each in examples for text in (each.question.text, *(option for _, option in each.question.options))
    ]


def _within_reach(store: Store, examples: Sequence[Example]) -> int:
    """For how many questions the store has any claim between the right option and a concept of the question.

    No method can answer more of them from the claims of this store.
    """
    link, count = linker(store), 0
    for each in examples:
        named = {same for one in link(each.question.text) for same in store.same(one.concept)}
        text = dict(each.question.options).get(each.answer.choice, "")
        right = {same for one in link(text) for same in store.same(one.concept)} - named
        beside = (claim for id in right for side in ("subject", "object") for claim in store.relations(**{side: id}))
        count += any(claim.subject in named or claim.object in named for claim in beside)
    return count


def _rows(examples: list[Example], facts: list[Fact], method: str, settings: dict[str, object]) -> Iterator[Row]:
    def on(
        of: Iterable[Fact], asked: Sequence[tuple[str, Sequence[Example], Callable[[Question], Question]]]
    ) -> list[Row]:
        with tempfile.TemporaryDirectory() as place:
            _written(Path(place), of)
            with Store(Path(place)) as store:
                desk = verbs.lay(store, retriever="bm25")
                return [
                    _counted(
                        name, some, [call("methods", method, seen(each.question), desk, **settings) for each in some]
                    )
                    for name, some, seen in asked
                ]

    def same(question: Question) -> Question:
        return question

    mixed = [("", [probes.shuffled(each, seed) for each in examples], same) for seed in SEEDS]
    own, *mixed_rows, alone = on(
        facts, [("graph", examples, same), *mixed, ("options alone", examples, probes.without_question)]
    )
    yield own
    yield _mean("options shuffled", mixed_rows)
    yield alone
    yield from on(probes.without_claims(facts), [("no graph", examples, same)])
    yield _mean("random graph", [on(probes.permuted(facts, seed), [("", examples, same)])[0] for seed in SEEDS])
    yield _counted("letter right most often", examples, probes.prior_only(examples))
    yield _counted("option right most often", examples, probes.options_by_habit(examples))


def _counted(name: str, asked: Sequence[Example], given: Sequence[Answer]) -> Row:
    right = sum(example.answer.choice == answer.choice for example, answer in zip(asked, given, strict=True))
    return name, right, sum(bool(answer.choice) for answer in given), len(asked)


def _mean(name: str, rows: Sequence[Row]) -> Row:
    return (
        name,
        round(sum(row[1] for row in rows) / len(rows)),
        round(sum(row[2] for row in rows) / len(rows)),
        rows[0][3],
    )


def _written(place: Path, facts: Iterable[Fact]) -> None:
    """The facts as releases of their sources."""
    by_source: dict[str, list[Fact]] = {}
    for fact in facts:
        if isinstance(fact, Release):
            by_source.setdefault(fact.source, []).append(fact)
        elif not isinstance(fact, Relation) or fact.origin.source in by_source:
            by_source.setdefault(getattr(fact, "origin").source, []).append(fact)  # noqa: B009
    for _, each in sorted(by_source.items()):
        write(place, iter(each))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
