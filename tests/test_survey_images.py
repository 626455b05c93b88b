"""Rows of the survey: sets of images with questions, reports and captions, each held to what working means for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
from PIL import Image
from sklearn import metrics
from test_vqa_med import RECORDED, drawn
from typer.testing import CliRunner

from probatum import cli, verbs
from probatum.cli import data, kb
from probatum.cli.given import Place
from probatum.datasets._chest import FINDINGS
from probatum.errors import NeedsConsent
from probatum.formats.image_folder import prepare
from probatum.metrics.auc import auc
from probatum.metrics.bleu import bleu
from probatum.metrics.classification import classification
from probatum.metrics.vqa import vqa
from probatum.metrics.vqa_med import vqa_med
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.text.personal import identifying
from probatum.types import Answer, Candidate, Example

runner = CliRunner()
CATEGORY = {"pathvqa": "yes/no", "vqa_rad": "POS", "vqa_med": "modality", "slake": "KG"}


def test_vqa_sets(tiny: Path, tmp_path: Path) -> None:
    """Samples load with open and closed and their category; SLAKE's triples enter the graph; scores as evaluators'."""
    for name, category in CATEGORY.items():
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name))
        assert {dict(each.labels)["open"] for each in found} == {"yes", "no"}, name
        assert category in {dict(each.labels)["type"] for each in found}, name
        assert all(each.question.media and each.answer.text and each.groups for each in found), name
        scores = vqa([(each.answer, each.answer) for each in found], groups=[each.groups for each in found])
        assert scores["closed_accuracy"].value == scores["open_accuracy"].value == 1
        assert scores["closed_accuracy"].n + scores["open_accuracy"].n == len(found)
        none = vqa([(each.answer, Answer("none of these")) for each in found])
        assert none["closed_accuracy"].value == 0
    write(tmp_path, find("sources", "slake")(tiny / "sources/slake"))
    (asked,) = (each for each in find("datasets", "slake")(tiny / "datasets/slake") if dict(each.labels).get("triple"))
    with Store(tmp_path) as store:
        walked = {each.qualifier("original_predicate") for each in store.relations(subject="slake:Kidney")}
        assert dict(asked.labels)["triple"] in walked
        assert "biolink:has_phenotype" in {each.predicate for each in store.relations(subject="slake:Renal_cyst")}
    assert vqa_med(drawn(500))["vqa_med_accuracy"].value == pytest.approx(RECORDED, abs=1e-6)


def test_chest_radiographs(tiny: Path) -> None:
    """DICOM and JPG trees pair with report sections; the fourteen findings join; each image has its report."""
    pairs: list[Example] = list(find("datasets", "mimic_cxr")(tiny / "datasets/mimic_cxr"))
    assert [each.kind for each in pairs[0].question.media] == ["application/dicom"]
    assert {"findings", "impression", "indication"} <= set(dict(pairs[0].answer.fields))
    labelled: list[Example] = list(find("datasets", "mimic_cxr_jpg")(tiny / "datasets/mimic_cxr_jpg"))
    assert labelled[0].question.media[0].kind == "image/jpeg" and len(FINDINGS) == 14
    assert dict(labelled[0].answer.fields) == {
        "Cardiomegaly": "present",
        "Edema": "uncertain",
        "Pneumothorax": "absent",
    }
    assert {group for each in pairs for group in each.groups} >= set(labelled[0].groups)  # the same studies
    for name in ("openi", "xray_report_zh"):
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name))
        assert all(each.answer.text for each in found) and any(each.question.media for each in found), name
    for name in ("mimic_cxr", "mimic_cxr_jpg"):
        (made,) = prepare(tiny / "datasets" / name)
        assert [step.name for step in made.steps] == ["read", "denoise", "normalise", "resample", "enhance"]
        assert made.sha256 in {each.question.media[0].sha256 for each in (pairs[0], labelled[0])}


def test_images_are_denoised_resampled_enhanced_and_normalised(tiny: Path, tmp_path: Path) -> None:
    """The pipeline on DICOM and on JPG, from the file to the made image, in a terminal."""
    for name in ("mimic_cxr", "mimic_cxr_jpg"):
        done = runner.invoke(cli.app, ["data", "images", str(tiny / "datasets" / name), "--out", str(tmp_path / name)])
        assert done.exit_code == 0 and "median" in done.output and "CLAHE" in done.output and "224" in done.output
        (made,) = (tmp_path / name).rglob("*.png")
        image = np.asarray(Image.open(made))
        assert image.shape == (224, 224) and image.min() < 40 and image.max() > 200


def test_mimic_records(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Official headers become timelines; notes are freed of what identifies; nobody reads without accepted terms."""
    for name in ("mimic_iii", "mimic_iv", "mimic_iv_note"):
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name))
        assert {each.origin.release for each in found if each.origin} == {"synthetic"} and len(found) == 3
        people = [each.question.patient for each in found if each.question.patient]
        assert len(people) == 3 and any(person.observations or person.notes for person in people)
        for person in people:
            ages = [each.onset for each in person.observations]
            assert ages == sorted(ages, key=lambda age: [int(n) for n in re.findall(r"\d+", age)])
            assert not any(identifying(note.replace("Name: ___", "")) for note in person.notes)
            assert not re.search(r"\d{4}-\d\d-\d\d|\[\*\*", repr(person))
        folder, place = tmp_path / name, str(tiny / "datasets" / name)
        folder.mkdir()
        monkeypatch.setattr(Place, "folder", folder)
        refused = runner.invoke(data.app, ["export", name, place])
        assert isinstance(refused.exception, NeedsConsent) and not refused.stdout
        assert runner.invoke(kb.app, ["accept", name, "--by", "a clinic"]).exit_code == 0
        assert len(runner.invoke(data.app, ["export", name, place]).stdout.splitlines()) == 3


CAPTIONS = (
    ("pmc_oa", ""), ("pmc_15m", "captions"), ("pmc_casereport", "captions"), ("pmc_casereport", "report"), ("roco", ""),
    ("medpix", "captions"), ("chimed_vl", "alignment"),
)  # fmt: skip


def test_images_and_captions(tiny: Path, tmp_path: Path) -> None:
    """Packages of PMC give pairs with PMID and PMCID; each set gives pairs; figures are found, and recall counted."""
    for name, part in CAPTIONS:
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name, *([part] if part else [])))
        assert found and all(each.question.media and each.answer.text and each.groups for each in found), (name, part)
    package = tiny / "datasets/pmc_15m"
    for each in find("datasets", "pmc_15m")(package):
        assert {group.partition(":")[0] for group in each.groups} == {"PMC", "PMID"}
    write(tmp_path, find("sources", "pmc")(next(package.glob("*.tar.gz"))))
    with Store(tmp_path) as store:
        run = verbs.evaluate(store, "pmc_figures", package)
    assert run.scores["recall@10"].n == 2
    assert {name: run.scores[name].value for name in ("recall@10", "recall@100")} == {"recall@10": 1, "recall@100": 1}


@pytest.mark.shared
def test_real_figures_are_found_by_the_sentences_that_name_them(shared: Path, tmp_path: Path) -> None:
    write(tmp_path, find("sources", "pmc")(shared / "pmc-oa-nxml"))
    with Store(tmp_path) as store:
        scores = verbs.evaluate(store, "pmc_figures", shared / "pmc-oa-nxml").scores
    assert scores["recall@100"].value > 0.9 and scores["recall@10"].value > 0.5


def scored(found: Sequence[Example]) -> list[tuple[Answer, Answer]]:
    """Each example with made-up scores for its options: the second best is right, or the best of every other item."""
    pairs = []
    for place, each in enumerate(found):
        names = [letter for letter, _ in each.question.options]
        scores = {
            name: (7 * place + 3 * at) % 5 / 5 + (name == each.answer.choice) * 0.3 for at, name in enumerate(names)
        }
        told = tuple(Candidate(name, name, score) for name, score in scores.items())
        pairs.append((each.answer, Answer(choice=max(names, key=lambda name: scores[name]), candidates=told)))
    return pairs


def test_multimedbench_and_molecules(tiny: Path) -> None:
    """Each member's licence and state is listed; those there run; AUC, F1 and BLEU of made-up answers as sklearn's."""
    suite = tiny / "datasets/multimedbench"
    states = {each.id: dict(each.answer.fields) for each in find("datasets", "multimedbench")(suite, "licences")}
    assert len(states) >= 12 and all(each["licence"] and each["state"] for each in states.values())
    by_task: dict[str, list[Example]] = {}
    for each in find("datasets", "multimedbench")(suite):
        by_task.setdefault(dict(each.labels)["task"], []).append(each)
    assert {name for name, each in states.items() if each["state"] == "there"} == {
        dict(each.labels)["member"] for examples in by_task.values() for each in examples
    }
    for name in ("pad_ufes_20", "cbis_ddsm_mass"):
        pairs = scored(list(find("datasets", "multimedbench")(suite, name)))
        classes = sorted({gold.choice for gold, _ in pairs})
        truth = np.array([[gold.choice == one for one in classes] for gold, _ in pairs])
        given = np.array([[{c.id: c.score for c in said.candidates}[one] for one in classes] for _, said in pairs])
        wanted = metrics.roc_auc_score(truth, given, average="macro")
        assert auc(pairs)["auc_macro"].value == pytest.approx(wanted, abs=1e-6)
        said = [each.choice for _, each in pairs]
        wanted = metrics.f1_score(
            [gold.choice for gold, _ in pairs], said, average="macro", labels=classes, zero_division=0
        )
        assert classification(pairs)["macro_f1"].value == pytest.approx(wanted, abs=1e-6)
    for task in ("report summarisation", "report generation"):
        pairs = [(each.answer, Answer(each.answer.text)) for each in by_task[task]]
        assert bleu(pairs)["bleu-1"].value == pytest.approx(100)
    for name in ("chebi_20", "uniprotqa"):
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name))
        said_ = [" ".join(each.answer.text.split()[:-1]) for each in found]
        told = bleu([(each.answer, Answer(text)) for each, text in zip(found, said_, strict=True)], tokens="13a")
        reference = sacrebleu.corpus_bleu(said_, [[each.answer.text for each in found]])
        assert told["bleu-4"].value == pytest.approx(reference.score, abs=1e-6) and reference.score > 0
