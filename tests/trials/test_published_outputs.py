"""What others published is scored as anybody's outputs are: people on PubMedQA, plain copies on ACI-Bench."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from probatum import verbs
from probatum.datasets.aci_bench import aci_bench
from probatum.errors import BadPlan
from probatum.metrics.rouge import rouge
from probatum.store.reader import Store
from probatum.types import Answer

# Published of the test set (doi:10.18653/v1/D19-1259, table 5): .780 and .721, .904 and .842. These are the other 500.
PEOPLE = {"reasoning_required_pred": 0.782, "reasoning_free_pred": 0.928}


@pytest.mark.slow
@pytest.mark.shared
def test_people_and_the_majority_on_pubmedqa(shared: Path, tmp_path: Path) -> None:
    figures = pytest.importorskip("sklearn.metrics")
    items = json.loads(next((shared / "pubmedqa").rglob("ori_pqal*.json")).read_bytes())
    gold = [item["final_decision"] for item in items.values()]
    most = Counter(gold).most_common(1)[0][0]
    said = {key: [item[key] for item in items.values()] for key in PEOPLE} | {"majority": [most] * len(gold)}
    for name, answers in said.items():
        out = tmp_path / f"{name}.jsonl"
        lines = [json.dumps({"id": id_, "output": text}) for id_, text in zip(items, answers, strict=True)]
        out.write_text("\n".join(lines), encoding="utf-8")
        made = verbs.score(out, "pubmedqa", shared / "pubmedqa")
        right, macro = made.scores["accuracy"], made.scores["macro_f1"]
        assert right.value == pytest.approx(PEOPLE.get(name, 276 / 500)) and (right.n, right.unparsed) == (500, 0)
        wanted = figures.f1_score(gold, answers, average="macro", zero_division=0)
        assert macro.value == pytest.approx(wanted, abs=1e-9)
        assert right.low is not None and right.high is not None and right.low < right.value < right.high
    rows = {row.measure: row for row in verbs.compare(*(tmp_path / f"{name}.jsonl" for name in PEOPLE))}
    assert rows["accuracy"].difference == pytest.approx(0.782 - 0.928) and rows["accuracy"].decides < 0.001


@pytest.mark.shared
@pytest.mark.slow
def test_copies_of_conversations_on_aci_bench(shared: Path, tiny: Path, tmp_path: Path) -> None:
    verbs.ingest(tmp_path / "kb", "hpo", tiny / "sources" / "hpo")
    valid = shared / "aci-bench" / "challenge_data" / "valid.csv"
    examples = list(aci_bench(valid, "valid"))
    assert len(examples) == 20
    with Store(tmp_path / "kb") as store:
        annotate = verbs.find("annotators", "dictionary")(store)
        for name, turns, lsum in (("copy", None, 0.323), ("lead-20", 20, 0.293)):
            texts = ["\n".join(text for _, text in each.question.turns[:turns]) for each in examples]
            out = tmp_path / f"{name}.jsonl"
            lines = [json.dumps({"id": each.id, "output": text}) for each, text in zip(examples, texts, strict=True)]
            out.write_text("\n".join(lines), encoding="utf-8")
            made = verbs.score(out, "aci_bench", valid, further=["medcon"], store=store)
            assert made.scores["rouge-Lsum"].value == pytest.approx(lsum, abs=0.0005)
            again = rouge([(each.answer, Answer(text)) for each, text in zip(examples, texts, strict=True)])
            assert all(made.scores[key].value == each.value for key, each in again.items())
            told = made.scores["medcon-hpo"]
            sets = [
                [{m.concept for m in annotate(text) if m.concept} for text in (each.answer.text, copied)]
                for each, copied in zip(examples, texts, strict=True)
            ]
            wanted = sum(2 * len(one & two) / max(len(one) + len(two), 1) for one, two in sets) / len(sets)
            assert told.value == pytest.approx(wanted) and told.n == 20 and "medcon" not in made.scores
            assert told.signature.endswith("|not comparable with MEDCON on UMLS") and "dictionary:HPO" in told.signature
            assert len(made.items["medcon-hpo"]) == 20
        with pytest.raises(BadPlan, match="no metric here takes 'colour'"):
            verbs.score(out, "aci_bench", valid, further=["medcon"], told={"colour": "red"}, store=store)
    with pytest.raises(BadPlan, match="names of a store"):
        verbs.score(out, "aci_bench", valid, further=["medcon"])
