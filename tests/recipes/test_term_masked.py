"""An encoder whose terms were masked whole: it finds terms, names them, and is scored on CBLUE's five families."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from probatum import verbs
from probatum.datasets.cblue import cblue
from probatum.metrics.accuracy import accuracy
from probatum.metrics.extraction import extraction
from probatum.metrics.retrieval import retrieval
from probatum.networks import kit as kits
from probatum.networks.heads import Head
from probatum.networks.kit import Kit
from probatum.networks.vectors import Nodes, encoder, nodes
from probatum.stages.heads import heads
from probatum.types import Answer, Candidate, Example, Mention, Relation

DRUGS = ("维洛林", "塔萨米", "阔拉斯", "本多灵", "米塔沃", "苏菲散")
ILLS = ("髓痒症", "沙热病", "玻璃咳", "云痛风", "河麻痹", "余烬疹")
COUNT = 36  # records a task; every fourth is kept to score by
COURSE: dict[str, Any] = {"steps": 50, "rate": 5e-3, "batch": 12, "longest": 64, "language": "zh"}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Records of own writing in the official layouts: entities, relations, standard terms, classes, pairs."""
    made: dict[str, list[dict[str, Any]]] = {"CMeEE": [], "CMeIE": [], "CHIP-CDN": [], "KUAKE-QIC": [], "CHIP-STS": []}
    for number in range(COUNT):
        drug, ill, odd = DRUGS[number % 6], ILLS[number // 6], (number + number // 6) % 2
        text = f"{drug}用于{ill}。" if odd else f"{ill}患者服{drug}。"
        marks = [(drug, "dru"), (ill, "dis")]
        made["CMeEE"].append({"text": text, "entities": [
            {"start_idx": text.index(each), "end_idx": text.index(each) + len(each) - 1, "type": kind, "entity": each}
            for each, kind in marks
        ]})  # fmt: skip
        said = f"{drug}治好了{ill}。" if odd else f"{drug}引起了{ill}。"
        made["CMeIE"].append({"text": said, "spo_list": [{
            "predicate": "治疗" if odd else "副作用", "subject": drug, "subject_type": "药物",
            "object": {"@value": ill}, "object_type": {"@value": "疾病"},
        }]})  # fmt: skip
        made["CHIP-CDN"].append({"text": f"{('左侧', '轻度', '复发性')[number % 3]}{ill}", "normalized_result": ill})
        asked = f"{ill}吃什么药？" if odd else f"{ill}是怎么引起的？"
        made["KUAKE-QIC"].append({"id": f"s{number}", "query": asked, "label": "治疗方案" if odd else "病因分析"})
        other = f"得了{ill}吃啥药？" if odd else "明天会下雨吗？"
        made["CHIP-STS"].append({"id": str(number), "text1": asked, "text2": other, "label": str(odd)})
    return made


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[Example], list[Example]]]:
    """(what is learnt, what is kept) of each task, as the loader reads them from their files."""
    folder, found = tmp_path_factory.mktemp("cblue"), {}
    for name, records in rows().items():
        (folder / name).mkdir()
        file = folder / name / f"{name}_train.json"
        file.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
        part = name.lower().replace("-", "_")
        examples = [replace(each, answer=_placed(each)) for each in cblue(folder, part)]
        found[part] = [each for n, each in enumerate(examples) if n % 4], examples[::4]
    return found


def _placed(example: Example) -> Answer:
    """The gold with the places of what relations name (CMeIE tells none)."""
    text, found = "".join(example.question.context), list(example.answer.found)
    for each in example.answer.found:
        if isinstance(each, Relation):
            kinds = dict(each.qualifiers)
            for name, kind in ((each.subject, kinds["subject_type"]), (each.object, kinds["object_type"])):
                found.append(Mention(text.index(name), text.index(name) + len(name), name, name, kind=kind))
    return replace(example.answer, found=tuple(found))


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoder that the recipe leaves, its terms masked whole."""
    folder = tmp_path_factory.mktemp("ernie")
    verbs.train("ernie_health", "tiny", folder, given={"steps": "30"})
    (line,) = (json.loads(each) for each in (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines())
    assert line["settings"]["unit"] == "entities" and sum(line["losses"][-5:]) < sum(line["losses"][:5])
    return folder / "1-mlm" / "model"


def tuned(folder: Path, learn: list[Example], task: str) -> Head:
    kit: Kit = heads(kits.load(folder), learn, task=task, **COURSE)
    model: Head = kit.model
    return model


def normalised(terms: Nodes, read: Any, names: list[str]) -> list[Answer]:
    """Standard terms for names, the nearest first."""
    found = terms.nearest(read(names), keep=len(terms.ids))
    return [Answer(candidates=tuple(Candidate(id, id, cosine) for id, cosine in each)) for each in found]


@pytest.mark.slow
def test_terms_are_found_and_named_and_five_families_are_scored(
    pretrained: Path, tasks: dict[str, tuple[list[Example], list[Example]]]
) -> None:
    """Term-masked pre-training; then entities, relations, standard terms, classes and pairs on records kept apart."""
    scores: dict[str, Any] = {}
    learn, kept = tasks["cmeee"]
    finder = tuned(pretrained, learn, "entities")
    found = [finder(each.question) for each in kept]
    scores["entities"] = extraction([(each.answer, said) for each, said in zip(kept, found, strict=True)])["mention_f1"]

    learn, kept = tasks["cmeie"]
    reader = tuned(pretrained, learn, "relations")
    given = []
    for each in kept:
        mentions = tuple(one for one in each.answer.found if isinstance(one, Mention))
        given.append(Answer(found=(*mentions, *reader.related("".join(each.question.context), mentions))))
    scores["relations"] = extraction([(each.answer, said) for each, said in zip(kept, given, strict=True)])[
        "relation_f1"
    ]

    learn, kept = tasks["chip_cdn"]
    read = encoder(pretrained)
    texts = ["".join(each.question.context) for each in learn]
    terms = nodes(read, {ill: (ill,) for ill in ILLS}, texts)
    named = normalised(terms, read, ["".join(each.question.context) for each in kept])
    scores["terms"] = retrieval([(each.answer, said) for each, said in zip(kept, named, strict=True)])["mrr"]

    for part in ("kuake_qic", "chip_sts"):
        learn, kept = tasks[part]
        chooser = tuned(pretrained, learn, "classes")
        scores[part] = accuracy([(each.answer, chooser(each.question)) for each in kept])["accuracy"]

    told = {name: score.value for name, score in scores.items()}
    assert set(told) == {"entities", "relations", "terms", "kuake_qic", "chip_sts"}
    assert all(score.n for score in scores.values())
    assert told["entities"] > 0.5 and told["relations"] > 0.8
    for part in ("kuake_qic", "chip_sts"):
        said = [each.answer.choice for each in tasks[part][1]]
        assert told[part] > max(map(said.count, said)) / len(said)  # always the commoner class
    assert told["terms"] > sum(1 / rank for rank in range(1, 7)) / 6 + 0.2  # the mean of a drawn order
    spoken = [one for answer in found for one in answer.found if isinstance(one, Mention) and one.kind == "dis"]
    names = normalised(terms, read, [each.text for each in spoken])
    right = [answer.candidates[0].id == each.text for each, answer in zip(spoken, names, strict=True)]
    assert spoken and sum(right) / len(right) > 0.5  # what was found is named too
