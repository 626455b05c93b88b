"""Ten thousand items through the copyist, and the run scored: evaluation.py [N]; time, memory, size of the run file.

Run it as `python bench/evaluation.py 10000`. The store holds a few facts of our own; the items are made here. What is
measured is the machinery: laying, answering, writing lines, reading choices, scoring with intervals.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from probatum import verbs
from probatum.naming import card, into
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Concept, Example, Fact, Name, Origin, Question, Relation, Release

HAS = "biolink:has_phenotype"


def facts() -> Iterator[Fact]:
    """Two diseases and a sign."""
    origin = Origin("own", "1", "own:1", "PCS", ("PMID:1",))
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    for id_, name, kind in (
        ("HP:0001744", "Splenomegaly", "PhenotypicFeature"),
        ("OMIM:230800", "Gaucher disease, type I", "Disease"),
    ):
        yield Concept(id_, name, kind, origin, (Name(name, "en"),))
    yield Relation("OMIM:230800", HAS, "HP:0001744", origin, qualifiers=(("aspect", "P"),))


def main(items: int) -> None:
    """Prints what the run took."""

    @card("Made items", licence="CC0-1.0", languages=("en",), where="here")
    def pubmedqa(path: Path | None = None, part: str = "") -> Iterator[Example]:
        for number in range(items):
            asked = Question(
                f"Is splenomegaly a feature of Gaucher disease, type I? ({number})", (("A", "yes"), ("B", "no"))
            )
            yield Example(str(number), asked, Answer(choice="AB"[number % 2]), (f"d{number // 10}",))

    into("datasets", "pubmedqa", pubmedqa)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "kb", facts())
        out = Path(folder) / "run.jsonl"
        with Store(Path(folder) / "kb") as store:
            begun = time.perf_counter()
            run = verbs.evaluate(store, "pubmedqa", out=out, method="quoted")
            answered = time.perf_counter() - begun
            begun = time.perf_counter()
            verbs.score(out)
            again = time.perf_counter() - begun
        size = out.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{run.counts['items']:,} items: {answered:.1f} s ({items / answered:,.0f}/s), scored again {again:.1f} s")
    print(f"peak memory {peak:.0f} MiB, run file {size:.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
