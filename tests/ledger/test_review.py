"""The review queue: proposals wait, are judged by somebody, and go out as facts and as training data."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.annotators import _learning
from probatum.annotators.patterns import patterns
from probatum.datasets.reviewed import reviewed as examples
from probatum.errors import BadPlan
from probatum.ledger import review
from probatum.sources.reviewed import reviewed
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Origin, Relation, Release

TEXT = "Cisplatin-induced hearing loss was seen. Lithium caused tremor."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def facts() -> list[Fact]:
        named = {
            "X:1": ("cisplatin", "Drug"),
            "X:2": ("lithium", "Drug"),
            "X:3": ("hearing loss", "Disease"),
            "X:4": ("tremor", "Disease"),
        }
        here = [Concept(id_, name, kind, Origin("own", "1", id_)) for id_, (name, kind) in named.items()]
        return [Release("own", "1", "CC0-1.0", "0" * 64), *here]

    write(tmp_path, iter(facts()))
    with Store(tmp_path) as store:
        assert review.propose(tmp_path, "PMID:1", TEXT, patterns(store)(TEXT)) == 2
        assert review.propose(tmp_path, "PMID:1", TEXT, patterns(store)(TEXT)) == 0  # nothing twice
    return tmp_path


def test_from_proposal_to_fact_and_lesson(folder: Path) -> None:
    waiting = {each.relation.subject: each for each in review.proposals(folder)}
    assert set(waiting) == {"X:1", "X:2"} and waiting["X:1"].relation.origin.reliability == "extracted"
    assert [(m.text, m.concept) for m in waiting["X:1"].mentions] == [("Cisplatin", "X:1"), ("hearing loss", "X:3")]
    review.decide(folder, waiting["X:1"].id, "accepted", "R1")
    review.decide(folder, waiting["X:2"].id, "accepted", "R1")
    held = review.decide(folder, waiting["X:2"].id, "rejected", "R2", "only in rats")
    assert (held.verdict, held.who, held.why) == ("rejected", "R2", "only in rats")
    assert not list(review.proposals(folder))
    file = folder / "reviewed.jsonl"
    assert review.export(folder, file) == 2
    done = write(folder, reviewed(file))
    assert (done.written, done.quarantined) == (1, 0)
    with Store(folder) as store:
        (claim,) = store.relations(subject="X:1", predicate="biolink:causes")
        assert (claim.origin.evidence, claim.origin.references) == ("accepted by R1", ("PMID:1",))
        assert claim.qualifier("read_by") == "patterns" and not list(store.relations(subject="X:2"))
        (lesson,) = examples(file)
        assert [each.subject for each in lesson.answer.found if isinstance(each, Relation)] == ["X:1"]
        assert _learning.learn(store, [lesson] * 6, folder / "model", rounds=10)["texts"] == 6


def test_who_decides_what_is_said(folder: Path) -> None:
    one = next(review.proposals(folder))
    for id_, verdict, who, why in (
        (one.id, "maybe", "R", "no verdict"),
        (one.id, "accepted", " ", "nobody"),
        ("x", "accepted", "R", "no proposal"),
    ):
        with pytest.raises(BadPlan, match=why):
            review.decide(folder, id_, verdict, who)
    assert list(review.proposals(folder / "elsewhere")) == []
