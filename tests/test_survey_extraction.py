"""The row of extraction sets: every layout loads, and F1 of entities and relations is that of reference scorers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer
from test_extraction import RECORDED
from test_extraction import test_500_random_items_as_seqeval as entities_as_seqeval

from probatum.metrics.extraction import extraction
from probatum.naming import find
from probatum.types import Answer, Example, Mention, Origin, Relation

HERE = Origin("own", "1", "x")


def as_pubtator(examples: list[Example]) -> str:
    """What people marked, as the corpus writes it in PubTator: a line a mention, ids of a composite one behind bars."""
    blocks = []
    for each in examples:
        text, rows, marked = each.question.context[0], [], dict[tuple[int, int, str], list[str]]()
        kinds = {"ChemicalEntity": "Chemical"}
        for found in each.answer.found:
            if isinstance(found, Mention):
                key = (found.start, found.end, kinds.get(found.kind, found.kind))
                marked.setdefault(key, []).append(found.concept.removeprefix("MESH:") or "-1")
        cut = text.index(". ") + 1 if ". " in text else len(text)
        for (start, end, kind), ids in marked.items():
            rows.append(f"{each.id}\t{start}\t{end}\t{text[start:end]}\t{kind}\t{'|'.join(ids)}")
        for found in each.answer.found:
            if isinstance(found, Relation):
                ends = (found.subject.removeprefix("MESH:"), found.object.removeprefix("MESH:"))
                rows.append(f"{each.id}\tCID\t{ends[0]}\t{ends[1]}")
        blocks.append("\n".join([f"{each.id}|t|{text[:cut]}", f"{each.id}|a|{text[cut + 1 :]}", *rows]))
    return "\n\n".join(blocks) + "\n"


def test_extraction_sets(tiny: Path, tmp_path: Path) -> None:
    """Tags, PubTator and prompts load; entity F1 is seqeval's and relation F1 scikit-learn's, within 1e-6."""
    for name, part, kinds in (
        ("ner_mtl2016", "", {"Chemical", "Disease"}), ("ccks_2019", "", {"疾病和诊断", "药物"}),
        ("chimst", "", {"DIS", "DRU"}), ("clingen_16", "bc5cdr_disease", {"Disease"}),
        ("cblue", "cmeee", {"dis", "bod", "sym"}),
    ):  # fmt: skip
        place = next(each for each in (tiny / "datasets").glob(f"{name}*") if each.name.partition(".")[0] == name)
        found: list[Example] = list(find("datasets", name)(place, *([part] if part else [])))
        assert kinds <= {m.kind for each in found for m in each.answer.found if isinstance(m, Mention)}, name
        scores = extraction([(each.answer, each.answer) for each in found])
        assert scores["mention_f1"].value == 1
    abstracts: list[Example] = list(find("datasets", "bc5cdr")(tiny / "datasets/bc5cdr.BioC.xml"))
    (tmp_path / "CDR_Sample.PubTator.txt").write_text(as_pubtator(abstracts), encoding="utf-8")
    again = list(find("datasets", "bc5cdr")(tmp_path))
    assert [(each.id, each.question, each.answer) for each in again] == [
        (each.id, each.question, each.answer) for each in abstracts
    ]
    (relations,) = find("datasets", "cblue")(tiny / "datasets/cblue", "cmeie")
    assert extraction([(relations.answer, relations.answer)])["relation_f1"].value == 1
    prompts = list(find("datasets", "promptcblue")(tiny / "datasets/promptcblue.jsonl"))
    assert dict(prompts[0].labels)["type"] == "ner" and prompts[0].question.text and prompts[0].answer.text
    entities_as_seqeval()
    assert 0 < RECORDED[2] < 1
    test_500_random_items_as_scikit_learn()  # relations


def test_500_random_items_as_scikit_learn() -> None:
    draws = np.random.default_rng(5)
    pairs, golds, givens = [], [], []
    for _ in range(500):
        gold = {tuple(map(str, draws.integers(0, 4, 3))) for _ in range(int(draws.integers(0, 5)))}
        given = {each for each in gold if draws.random() < 0.6}
        given |= {tuple(map(str, draws.integers(0, 4, 3))) for _ in range(int(draws.integers(0, 3)))}
        golds.append(gold)
        givens.append(given)
        sides = (tuple(Relation(a, f"p{b}", c, HERE) for a, b, c in sorted(side)) for side in (gold, given))
        pairs.append(tuple(Answer(found=side) for side in sides))
    classes = sorted({each for side in (*golds, *givens) for each in side})
    table = MultiLabelBinarizer(classes=classes).fit([])
    wanted = precision_recall_fscore_support(table.transform(golds), table.transform(givens), average="micro")[:3]
    scores = extraction([(gold, given) for gold, given in pairs])
    told = [scores[f"relation_{measure}"].value for measure in ("precision", "recall", "f1")]
    assert told == pytest.approx(wanted, abs=1e-6) and 0.3 < wanted[2] < 0.9


@pytest.mark.shared
def test_the_real_corpus_in_pubtator_is_the_corpus_in_bioc(shared: Path, tmp_path: Path) -> None:
    abstracts: list[Example] = list(find("datasets", "bc5cdr")(shared / "bc5cdr-bioc"))
    (tmp_path / "CDR_TrainingSet.PubTator.txt").write_text(as_pubtator(abstracts), encoding="utf-8")
    again: list[Example] = list(find("datasets", "bc5cdr")(tmp_path))
    assert len(again) == 500 and [set(each.answer.found) for each in again] == [
        set(each.answer.found)
        for each in abstracts  # one composite mention has an id twice in BioC
    ]
