"""What the survey asks of data, held row by row: cleaned, freed of persons, reported on, sampled, covered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from text.test_scrubbing import marked, measured
from typer.testing import CliRunner

from probatum import plans, verbs
from probatum.cli.data import app
from probatum.cli.given import Place
from probatum.errors import ProbatumError
from probatum.formats.example_files import json_line
from probatum.ledger import audit
from probatum.naming import find, names
from probatum.preparing import overlaps
from probatum.preparing.quality import coverage, quality
from probatum.store.reader import Store
from probatum.trials import running
from probatum.types import Example

NOTES = Path(__file__).parent / "golden" / "deid" / "notes.jsonl"


def said(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, ProbatumError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Place, "folder", tmp_path / "kb")


def notes(folder: Path) -> Path:
    """The marked notes, without their marks, as a set of ACI-Bench's layout, one of them twice."""
    rows = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()]
    lines = ["dataset,encounter_id,dialogue,note"]
    for row in [*rows, {**rows[0], "id": "again"}]:
        note = marked(row["text"])[0].replace('"', '""')
        lines.append(f'own,{row["id"]},"[doctor] How are you?\n[patient] My number is {row["id"]}.","{note}"')
    (folder / "train.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_set_is_cleaned_and_freed_of_persons_with_a_report(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    report = json.loads(said("clean", f"aci_bench:{notes(tmp_path)}", "--scrub", "--out", out, "--json"))
    assert report["read"] == 15 and report["kept"] == 14 == len(out.read_text(encoding="utf-8").splitlines())
    assert {reason: told["ids"] for reason, told in report["dropped"].items()} == {"near-duplicate": ["again"]}
    assert set(report["removed"]) == {"name", "place", "date", "age", "number", "contact"}
    assert report["changed"]["persons taken out"] == 15
    text = out.read_text(encoding="utf-8")
    assert all(person not in text for person in ("Ottoline", "7781204", "欧阳静宜", "m.etxe", "48 Pinfold"))
    assert "Metformin 500 mg twice daily" in text and "Parkinson disease" in text
    assert "near-duplicate: again" in said("clean", f"aci_bench:{tmp_path}")


def test_identifiers_are_found_and_what_is_done_with_data_is_on_record(tmp_path: Path) -> None:
    precision, recall, f1, _ = measured("held-out")
    assert f1 >= 0.94 and precision >= 0.95 and recall >= 0.94
    said("clean", f"aci_bench:{notes(tmp_path)}", "--scrub", "--by", "Ada Example", "--out", tmp_path / "kept.jsonl")
    (entry,) = audit.entries(Place.folder)
    told = json.loads(entry.said)
    assert (entry.who, entry.what) == ("Ada Example", "scrubbed") and told["kept"] == 14 and told["sha256"]
    assert "Ottoline" not in entry.said and audit.verify(Place.folder)[0] == 1


def test_planted_faults_and_persons_are_all_found_and_nothing_else(tmp_path: Path) -> None:
    """Text cleaning: what was planted into notes is put right and counted, persons found with precision and recall."""
    texts = [marked(json.loads(line)["text"])[0] for line in NOTES.read_text(encoding="utf-8").splitlines()]
    plain = [" ".join(text.split()) for text in texts]
    faults = {
        "misread encoding": ("Sjögren", "SjÃ¶gren"),
        "entities and mark-up": ("below 5 & above 3", "below 5 &amp; above 3"),
        "composed": ("café", "cafe\u0301"),
        "control characters": ("tablet", "tab\u200blet"),
        "blanks": ("one a day", "one  a   day"),
    }
    rows = []
    for number, text in enumerate(plain):
        _, wrong = list(faults.values())[number % len(faults)]
        note = f"{text} {wrong}".replace('"', '""')
        rows.append(f'own,n{number},"[doctor] Well {number}?","{note}"')
    head = "dataset,encounter_id,dialogue,note\n"
    (tmp_path / "train.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    out = tmp_path / "kept.jsonl"
    report = json.loads(said("clean", f"aci_bench:{tmp_path}", "--scrub", "--out", out, "--json"))
    assert report["kept"] == len(plain) == 14
    planted = {name: len(range(at, 14, len(faults))) for at, name in enumerate(faults)}
    assert {name: report["changed"][name] for name in faults} == planted  # each found once, none where none is
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(told):
        right, wrong = list(faults.values())[number % len(faults)]
        kept = json.dumps(row, ensure_ascii=False)
        assert right in kept and wrong not in kept
    for half, least in (("development", 0.98), ("held-out", 0.94)):
        precision, recall, _, _ = measured(half)
        assert precision >= 0.95 and recall >= least


def test_every_data_set_gets_a_report_of_its_quality(tiny: Path) -> None:
    told = json.loads(said("quality", f"pubmedqa:{tiny / 'datasets/pubmedqa'}", "--json"))
    assert told["coverage"]["items"] == 3 and told["gold"]["different"] >= 2 and told["reliability"] == {"curated": 3}
    for name in names("datasets"):
        examples = sample(tiny, name)
        report = quality(examples)
        assert report.coverage.items == len(examples) and sum(report.reliability.values()) == len(examples), name
        assert sum(report.faults.values()) <= len(examples), (name, report.faults)


def test_annotators_and_balance_are_reported(tiny: Path, tmp_path: Path) -> None:
    first = tiny / "datasets" / "pubmedqa"
    rows = json.loads(next(first.rglob("ori_pqal*.json")).read_text(encoding="utf-8"))
    for row in rows.values():
        row["final_decision"] = {"yes": "yes", "no": "maybe", "maybe": "maybe"}[row["final_decision"]]
    (tmp_path / "ori_pqal.json").write_text(json.dumps(rows), encoding="utf-8")
    told = json.loads(said("quality", f"pubmedqa:{first}", "--again", f"pubmedqa:{tmp_path}", "--json"))
    assert told["agreement"]["alpha"]["value"] < 1 and told["agreement"]["alpha"]["n"] == 3
    assert len(told["disputed"]) >= 1 and set(told["disputed"]) < set(rows)
    assert 0 < told["gold"]["evenness"] <= 1 and sum(told["gold"]["values"].values()) == 3
    assert "evenness" in said("quality", f"pubmedqa:{first}")


def sample(tiny: Path, name: str) -> list[Example]:
    """The examples of a data set's own sample."""
    found = sorted((tiny / "datasets").glob(f"{name}*"), key=lambda each: len(each.name))
    own = [each for each in found if each.name.partition(".")[0] == name]
    loader = find("datasets", name)
    return list(loader(own[0])) if own else list(loader())


def test_every_data_set_has_a_sample_in_its_official_format(tiny: Path) -> None:
    for name in names("datasets"):
        examples = sample(tiny, name)
        assert len(examples) >= 3, name
        for example in examples:
            assert json.loads(json_line(example))["id"] == example.id


def test_coverage_is_told_for_every_benchmark(tiny: Path) -> None:
    verbs.ingest(Place.folder, "hpo", tiny / "sources" / "hpo")
    with Store(Place.folder) as store:
        annotate = find("annotators", "dictionary")(store)
        for name in names("benchmarks"):
            plan = plans.benchmark(name)
            if plan.members:
                continue
            samples = sorted((tiny / "datasets").glob(f"{plan.dataset}*"))
            examples = running.examples_of(plan, samples[0] if plan.dataset != "ten_cases" else None)
            told = coverage(examples, annotate=annotate)
            assert told.items == len(examples) and told.groups == len({g for e in examples for g in e.groups})
            if plan.dataset in ("phenopackets", "ten_cases"):
                assert told.gold == len({c.id for e in examples for c in e.answer.candidates}) > 1
    one = json.loads(said("coverage", "phenopackets", "--data", tiny / "datasets/phenopackets", "--json"))
    assert one["items"] == 10 and one["gold"] >= 2
    two = json.loads(said("coverage", "pubmedqa", "--data", tiny / "datasets/pubmedqa", "--json"))
    assert two["items"] == two["groups"] == 3 and set(two["subjects"]) == {"mesh", "sections", "year"}


def test_a_training_is_held_against_a_test_set(tiny: Path, tmp_path: Path) -> None:
    medqa = tiny / "datasets" / "medqa"
    found = json.loads(said("contaminated", f"medqa:{medqa}", f"medqa:{medqa}", "--json"))
    assert found["share"] == 1.0 and found["judged"] == len(found["overlaps"])
    overlaps.index(sample(tiny, "medqa")).save(tmp_path / overlaps.FILE)
    assert json.loads(said("contaminated", tmp_path, f"medqa:{medqa}", "--json")) == found
    assert json.loads(said("contaminated", tmp_path, f"pubmedqa:{tiny / 'datasets/pubmedqa'}", "--json"))["share"] == 0
    with pytest.raises(ProbatumError, match="no training"):
        said("contaminated", tiny, f"medqa:{medqa}")
    with pytest.raises(ProbatumError, match="does not name a set"):
        said("quality", "medqa")


def test_what_is_outside_of_the_domain_is_kept_out_of_what_is_learnt_from(tiny: Path, tmp_path: Path) -> None:
    examples = sample(tiny, "medmcqa")
    label, value = next(
        (key, one) for key, one in examples[0].labels if len({dict(e.labels)[key] for e in examples}) > 1
    )
    given = ("split", f"medmcqa:{tiny / 'datasets/medmcqa'}", tmp_path / "parts", "--by", label, "--outside", value)
    told = json.loads(said(*given, "--json"))
    parts = {
        name: [json.loads(line) for line in (tmp_path / "parts" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("inside", "outside")
    }
    assert told["inside"] == len(parts["inside"]) > 0 and told["outside"] == len(parts["outside"]) > 0
    assert {dict(row["labels"])[label] for row in parts["outside"]} == {value}
    assert all(dict(row["labels"])[label] != value for row in parts["inside"])
    assert told["inside"] + told["outside"] + told["left out"] == len(examples)
    groups = [{group for row in part for group in row["groups"]} for part in parts.values()]
    assert not groups[0] & groups[1]
