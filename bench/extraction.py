"""How well chemicals, diseases and their relations are read out of abstracts: trained annotators beside simple ones.

    python bench/extraction.py DATA --kb DIR [--keep MODEL]

DATA is the folder that holds `bc5cdr-bioc` (and `ner-mtl2016`, where the development part of the corpus has mentions);
DIR a store with names of diseases and chemicals. Of the 500 training abstracts a fifth, drawn by a hash of the id, is
kept for development: nothing is learned or chosen on it. Mentions count by exact span and kind, concepts by MeSH id and
relations by both ids, each once a text; a baseline's concepts are translated to MeSH by the store's mappings.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from probatum.annotators import _learning, _names
from probatum.annotators._reading import CHEMICALS, mentions_by
from probatum.datasets.bc5cdr import bc5cdr
from probatum.metrics.extraction import extraction
from probatum.naming import call
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Answer, Example, Mention, Relation

PREFIX = "MESH:"


def development(example: Example) -> bool:
    """Whether an abstract belongs to the development fifth."""
    return int(hashlib.sha256(example.id.encode()).hexdigest(), 16) % 5 == 0


def translated(read: Annotate, mesh: dict[str, tuple[str, ...]]) -> Annotate:
    """The annotator with its concepts as MeSH ids; what corresponds to none bears none."""

    def id_of(concept: str) -> str:
        return concept if concept.startswith(PREFIX) else next(iter(mesh.get(concept, ())), "")

    def found(text: str) -> list[Mention | Relation]:
        said: list[Mention | Relation] = []
        for each in read(text):
            if isinstance(each, Mention):
                kind = "ChemicalEntity" if each.kind in CHEMICALS else "Disease"
                said.append(replace(each, concept=id_of(each.concept), kind=kind))
            elif id_of(each.subject) and id_of(each.object):
                said.append(replace(each, subject=id_of(each.subject), object=id_of(each.object)))
        return said

    return found


def main() -> None:
    """Trains, tags, scores, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="folder for the trained model")
    asked = parser.parse_args()
    examples = list(bc5cdr(asked.data / "bc5cdr-bioc"))
    held = [example for example in examples if development(example)]
    shown = [example for example in examples if not development(example)]
    with tempfile.TemporaryDirectory() as scratch, Store(asked.kb) as store:
        model = asked.keep or Path(scratch)
        began = time.process_time()
        told = _learning.learn(store, shown, model)
        spent = time.process_time() - began
        print(f"{len(shown)} texts to learn from, {len(held)} to score; learned in {spent:.0f} s CPU")
        print(f"threshold {told['threshold']}, F1 of relations out of fold, mentions given: {told['f1_out_of_fold']}")
        mesh = _names._mapped(store, PREFIX)
        trained = {"mentions": "tagger", "model": str(model / "tagger")}
        systems: dict[str, Annotate] = {
            "dictionary": translated(mentions_by(store, "dictionary", ""), mesh),
            "dictionary + co-occurrence": translated(call("annotators", "cooccurrence", store), mesh),
            "dictionary + patterns": translated(call("annotators", "patterns", store), mesh),
            "tagger + co-occurrence": call("annotators", "cooccurrence", store, **trained),
            "tagger + patterns": call("annotators", "patterns", store, **trained),
            "tagger + classifier": call("annotators", "relations", store, model=str(model)),
        }
        print("| system | mention P | R | F1 | concept P | R | F1 | relation P | R | F1 | texts/s |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for name, read in systems.items():
            print(row(name, read, held))


def row(name: str, read: Annotate, held: Sequence[Example]) -> str:
    """One line of the table."""
    began = time.process_time()
    pairs = [(example.answer, Answer(found=causes(read(example.question.context[0])))) for example in held]
    speed = len(held) / (time.process_time() - began)
    scores = extraction(pairs)
    cells = []
    for what in ("mention", "concept", "relation"):
        for measure in ("precision", "recall", "f1"):
            score = scores.get(f"{what}_{measure}")
            cells.append("" if score is None else f"{score.value:.3f}")
        score = scores.get(f"{what}_f1")
        if score is not None:
            cells[-1] += f" [{score.low:.3f}, {score.high:.3f}]"
    return f"| {name} | {' | '.join(cells)} | {speed:.0f} |"


def causes(found: Sequence[Mention | Relation]) -> tuple[Mention | Relation, ...]:
    """What was found, a relation that only says "together" being taken as the one that is asked for."""
    wanted = "biolink:causes"
    kept: dict[tuple[str, str], Relation] = {}
    for each in found:
        if isinstance(each, Relation) and not each.negated and each.predicate != "biolink:treats":
            kept[each.subject, each.object] = replace(each, predicate=wanted)
    return (*(each for each in found if isinstance(each, Mention)), *kept.values())


if __name__ == "__main__":
    main()
