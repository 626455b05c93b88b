"""How well and how fast passages are found on the judged consumer questions: ours, and other programs in the same run.

    python bench/retrieval.py DATA [--kb DIR] [--dense] [--others] [--copies 18]

DATA is the folder that holds `medquad` (and `hpo`); DIR a store that holds them already, else one is built for the
run. Quality: nDCG@10, MAP and MRR over the questions of LiveQA-Med 2017 (labels 1 to 4 are gains 0 to 3; conflicting
judgments count as the lowest), 95% bootstrap intervals, and for each system the difference to `bm25` with a paired
randomisation test (10,000 sign flips), corrected by Holm. Speed: seconds to build, milliseconds a question.
`--others` adds bm25s and rank_bm25, `--dense` the vectors, `--copies` the index alone over so many copies of the texts.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from probatum.datasets.liveqa_medquad import liveqa_medquad
from probatum.metrics.retrieval import per_question, retrieval
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.words import Words, words, write_index
from probatum.store.writer import write
from probatum.text.normal import fold
from probatum.text.questions import without_frame
from probatum.types import Answer, Candidate, Example, Passage, Question

Search = Callable[[str], Sequence[tuple[str, float]]]
KEEP, ROUNDS, FLIPS, SEED = 100, 5, 10_000, 17
BASE = "bm25"


@dataclass(frozen=True, slots=True)
class System:
    """One contestant: how long it took to be ready, and what it finds."""

    name: str
    seconds: float
    search: Search


@contextmanager
def store_of(data: Path, kb: Path | None) -> Iterator[Store]:
    """The given store, or a new one with the sources that stand in the data folder."""
    with tempfile.TemporaryDirectory() as folder:
        if kb is None:
            for name in ("hpo", "medquad"):
                if (data / name).is_dir():
                    write(Path(folder), find("sources", name)(data / name))
        with Store(kb or Path(folder)) as store:
            yield store


def ours(store: Store, name: str, retriever: str, **settings: object) -> System:
    """One of our retrievers, its indexes built (or opened) and asked once."""
    begun = time.perf_counter()
    retrieve = find("retrievers", retriever)(store, **settings)
    retrieve(Question("warm"), 1)
    seconds = time.perf_counter() - begun

    def search(text: str) -> list[tuple[str, float]]:
        found = retrieve(Question(text, language="en"), KEEP)
        return [(each.fact.id, each.score) for each in found if isinstance(each.fact, Passage)]

    return System(name, seconds, search)


def index_alone(store: Store) -> System:
    """The word index without reading the passages it finds."""
    begun = time.perf_counter()
    index = words(store, title=3)
    seconds = time.perf_counter() - begun
    return System("words alone", seconds, lambda text: pairs(index, text))


def pairs(index: Words, text: str) -> list[tuple[str, float]]:
    """What the index finds, as (id, score)."""
    return [(hit.id, hit.score) for hit in index.search(without_frame(text), KEEP)]


def copied(store: Store, copies: int) -> System:
    """The word index over so many copies of the texts, to see how it grows."""
    folder = Path(tempfile.mkdtemp())
    held = list(store.passages(kind="document"))
    rows = (
        {"id": f"{passage.id}#{copy}", "text": f"{fold(passage.title)}\n{fold(passage.text)}"}
        for copy in range(copies)
        for passage in held
    )
    begun = time.perf_counter()
    write_index(folder, rows, stored=("id",), searched={"text": "words"})
    index = Words(folder, stemming="")
    return System(f"words alone, {len(index)} texts", time.perf_counter() - begun, lambda text: pairs(index, text))


def others(store: Store) -> Iterator[System]:
    """bm25s and rank_bm25 over the same titles and texts, words in lower case, their own default settings."""
    import bm25s  # type: ignore[import-untyped]  # noqa: PLC0415
    from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]  # noqa: PLC0415

    held = list(store.passages(kind="document"))
    ids = [passage.id for passage in held]
    texts = [f"{passage.title} {passage.text}" for passage in held]
    begun = time.perf_counter()
    sparse = bm25s.BM25()
    sparse.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    seconds = time.perf_counter() - begun

    def by_bm25s(text: str) -> list[tuple[str, float]]:
        asked = bm25s.tokenize([text], stopwords="en", show_progress=False)
        places, scores = sparse.retrieve(asked, k=KEEP, show_progress=False)
        return [(ids[place], float(score)) for place, score in zip(places[0], scores[0], strict=True)]

    yield System("bm25s", seconds, by_bm25s)
    begun = time.perf_counter()
    okapi = BM25Okapi([re.findall(r"\w+", text.lower()) for text in texts])
    seconds = time.perf_counter() - begun

    def by_rank_bm25(text: str) -> list[tuple[str, float]]:
        scores = okapi.get_scores(re.findall(r"\w+", text.lower()))
        return [(ids[place], float(scores[place])) for place in np.argsort(-scores, kind="stable")[:KEEP]]

    yield System("rank_bm25", seconds, by_rank_bm25)


def answered(system: System, examples: Sequence[Example], rounds: int) -> tuple[list[Answer], list[float]]:
    """What a system finds for each question, and the milliseconds of each search, all rounds."""
    found: list[Answer] = []
    spent: list[float] = []
    for turn in range(rounds):
        for example in examples:
            begun = time.perf_counter()
            ranked = system.search(example.question.text)
            spent.append(1000 * (time.perf_counter() - begun))
            if turn == 0:
                found.append(Answer(candidates=tuple(Candidate(id, "", score) for id, score in ranked)))
    return found, spent


def chance(differences: Sequence[float]) -> float:
    """Two-sided p of a paired randomisation test of the mean difference."""
    values = np.asarray(differences)
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), (FLIPS, len(values)))
    beyond = np.abs((signs * values).mean(axis=1)) >= abs(values.mean()) - 1e-12
    return float((beyond.sum() + 1) / (FLIPS + 1))


def holm(chances: dict[str, float]) -> dict[str, float]:
    """The p values corrected for their number, by Holm."""
    corrected, least = {}, 0.0
    for rank, name in enumerate(sorted(chances, key=chances.__getitem__)):
        least = max(least, min(1.0, (len(chances) - rank) * chances[name]))
        corrected[name] = least
    return corrected


def quality(examples: Sequence[Example], found: dict[str, list[Answer]]) -> None:
    """Prints the scores of each system and how they differ from the base."""
    gold = [example.answer for example in examples]
    gains = {
        name: [per_question(right, given)["ndcg@10"] for right, given in zip(gold, answers, strict=True)]
        for name, answers in found.items()
    }
    apart = {
        name: [own - base for own, base in zip(values, gains[BASE], strict=True)]
        for name, values in gains.items()
        if name != BASE
    }
    corrected = holm({name: chance(differences) for name, differences in apart.items()})
    head = "".join(f"{word:>{width}}" for word, width in (("nDCG@10", 22), ("MAP", 7), ("MRR", 7), ("R@100", 7)))
    print(f"\n{f'{len(examples)} questions':34}{head}{'diff':>8}{'p (Holm)':>10}")
    for name, answers in found.items():
        scores = retrieval(list(zip(gold, answers, strict=True)), seed=SEED)
        gain = scores["ndcg@10"]
        row = f"{name:34}{gain.value:8.4f} [{gain.low:.3f}, {gain.high:.3f}]"
        row += "".join(f"{scores[key].value:7.3f}" for key in ("map", "mrr", "recall@100"))
        if name != BASE:
            row += f"{np.mean(apart[name]):+8.4f}{corrected[name]:10.4f}"
        print(row)


def speed(systems: Sequence[System], spent: dict[str, list[float]]) -> None:
    """Prints what each system takes."""
    print(f"\n{'system':34}{'ready s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for system in systems:
        p50, p99 = np.percentile(spent[system.name], [50, 99])
        print(f"{system.name:34}{system.seconds:9.2f}{p50:9.2f}{p99:9.2f}")


def main() -> None:
    """Builds the systems, asks them, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kb", type=Path)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--copies", type=int, default=0)
    given = parser.parse_args()
    examples = list(liveqa_medquad(given.data / "medquad"))
    with store_of(given.data, given.kb) as store:
        systems = [
            ours(store, BASE, "bm25"),
            ours(store, "bm25, stemmed", "bm25", stemming="english"),
            ours(store, "bm25, title once", "bm25", title=1),
            ours(store, "bm25, without names", "bm25", names=0),
            ours(store, "bm25, text alone", "bm25", title=0, names=0),
            ours(store, "graph", "graph"),
            ours(store, "fused (bm25, graph)", "fused"),
        ]
        if given.dense:
            systems.append(ours(store, "dense", "dense"))
            systems.append(ours(store, "fused (bm25, dense)", "fused", of=("bm25", "dense")))
            systems.append(ours(store, "fused (bm25, graph, dense)", "fused", of=("bm25", "graph", "dense")))
        systems.extend(others(store) if given.others else ())
        results = {system.name: answered(system, examples, ROUNDS) for system in systems}
        quality(examples, {name: found for name, (found, _) in results.items()})
        quick = [index_alone(store), *([copied(store, given.copies)] if given.copies else [])]
        spent = {name: times for name, (_, times) in results.items()}
        spent |= {system.name: answered(system, examples, 40)[1] for system in quick}
        speed([*systems, *quick], spent)


if __name__ == "__main__":
    main()
